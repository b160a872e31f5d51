"""Engines, sessions and personas. Each test gets its own copy of a database that was built once."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import Connection, Engine, make_url, text
from sqlalchemy.orm import Session
from xdist.scheduler import LoadScopeScheduling

import models.db
from models.db import SIDE_FILES, make_engine, open_session
from models.migrate import upgrade
from services.access import Actor
from tests import postgres, world

# The same examples at every run: a red run is about what was changed. `--hypothesis-profile=default` looks for new ones.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")
os.environ.setdefault("BURDEN_SECRET", "only-for-tests-and-long-enough")

ROOMS = (
    "tests/browser/test_accessibility",  # these three write nothing that others read, or have servers of their own
    "tests/browser/test_roles",
    "tests/browser/test_replicas",
    "tests/browser/",
    "tests/seed/",
)


class ByRoom(LoadScopeScheduling):
    """What stands in one room is done by one worker, in order: its server or its databases are made once."""

    def _split_scope(self, nodeid: str) -> str:
        return next((room for room in ROOMS if nodeid.startswith(room)), nodeid)


@pytest.hookimpl(optionalhook=True)  # also where pytest-xdist is left out
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByRoom:
    """Whatever --dist says. (Marks of groups are lost: pytest-xdist 3.8 writes them where pytest 9.2 does not read them.)"""
    return ByRoom(config, log)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the small world in it."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = make_engine(f"sqlite:///{path}")
    _fill(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """The URL of a server whose database `template_world` holds the small world."""
    programs = postgres.server_programs()
    if programs is None:
        pytest.skip("PostgreSQL's server is not installed: run `make tools` where packages may be installed")
    with postgres.running(programs) as url:
        _admin(url, "CREATE DATABASE template_world")
        engine = make_engine(str(make_url(url).set(database="template_world").render_as_string(hide_password=False)))
        _fill(engine)
        engine.dispose()
        yield url


@pytest.fixture(scope="session")
def worlds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Engine]]:
    """`worlds("sqlite")`: the small world as it was built, on the one engine of its kind, which knows its statements already."""
    made: dict[str, SqliteCopy | PostgresCopy] = {}

    def fresh(kind: str) -> Engine:
        if kind not in made:
            if kind == "sqlite":
                made[kind] = SqliteCopy(request.getfixturevalue("sqlite_template"), tmp_path_factory.mktemp("world") / "world.db")
            else:
                made[kind] = PostgresCopy(request.getfixturevalue("postgres_template"))
        return made[kind].fresh()

    yield fresh
    for copy in made.values():
        copy.forget()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, worlds: Callable[[str], Engine], monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A private copy of the small world, on each database; the whole app uses it while the test runs."""
    yield from _used(worlds(request.param), monkeypatch)


@pytest.fixture
def sqlite_engine(worlds: Callable[[str], Engine], monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The same, on SQLite only: for screens, where the database makes no difference."""
    yield from _used(worlds("sqlite"), monkeypatch)


def _used(made: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(models.db, "engine", lambda: made)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A writing session on the test's database."""
    with open_session(engine, write=True) as opened:
        yield opened


@pytest.fixture
def as_(session: Session) -> Callable[..., Actor]:
    """`as_("task_force")`: the persona, at the tests' moment or another."""

    def persona(username: str, now: datetime = world.NOW) -> Actor:
        return world.persona(session, username, now)

    return persona


def _fill(engine: Engine) -> None:
    upgrade(engine)
    with open_session(engine, write=True) as session:
        world.build(session)
        session.commit()


class SqliteCopy:
    """A file that is put back for every test."""

    def __init__(self, template: Path, path: Path) -> None:
        self.template, self.path, self.engine = template, path, make_engine(f"sqlite:///{path}")

    def fresh(self) -> Engine:
        """A view of the engine: what a test listens to is forgotten with it."""
        for ending in ("", *SIDE_FILES):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        shutil.copy(self.template, self.path)
        return self.engine.execution_options()

    def forget(self) -> None:
        """No connection is left."""
        self.engine.dispose()


class PostgresCopy:
    """A database that is made anew when the test before it committed something."""

    def __init__(self, server: str) -> None:
        self.server = make_engine(server).execution_options(isolation_level="AUTOCOMMIT")
        self.engine = make_engine(make_url(server).set(database="world").render_as_string(hide_password=False))
        self.mark: object = None

    def fresh(self) -> Engine:
        """A view of the engine: what a test listens to is forgotten with it."""
        with self.server.connect() as admin:
            if self.mark is None or self.mark != self._last_commit(admin):
                admin.execute(text("DROP DATABASE IF EXISTS world WITH (FORCE)"))
                quick = " STRATEGY file_copy" if (admin.dialect.server_version_info or ()) >= (15,) else ""
                admin.execute(text(f"CREATE DATABASE world TEMPLATE template_world{quick}"))
                self.mark = self._last_commit(admin)
        return self.engine.execution_options()

    def forget(self) -> None:
        """No connection is left."""
        self.engine.dispose()
        self.server.dispose()

    def _last_commit(self, admin: Connection) -> object:
        """Of the whole server: it is one worker's, and no clerk of its own commits anything."""
        return admin.scalar(text("SELECT pg_last_committed_xact()::text"))


def _admin(url: str, statement: str) -> None:
    engine = make_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
