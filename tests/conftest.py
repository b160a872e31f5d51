"""Engines, sessions and personas. Each test gets its own copy of a database that was built once."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session
from xdist.scheduler import LoadScopeScheduling

import models.db
from models.db import make_engine, open_session
from models.migrate import upgrade
from services.access import Actor
from tests import postgres, world

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


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A private copy of the small world, on each database; the whole app uses it while the test runs."""
    made, drop = _copy(request, tmp_path, request.param)
    monkeypatch.setattr(models.db, "engine", lambda: made)
    yield made
    made.dispose()
    drop()


@pytest.fixture
def sqlite_engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The same, on SQLite only: for screens, where the database makes no difference."""
    made, drop = _copy(request, tmp_path, "sqlite")
    monkeypatch.setattr(models.db, "engine", lambda: made)
    yield made
    made.dispose()
    drop()


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


def _copy(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> tuple[Engine, Callable[[], None]]:
    if kind == "sqlite":
        path = tmp_path / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return make_engine(f"sqlite:///{path}"), lambda: None
    server, name = request.getfixturevalue("postgres_template"), f"t{uuid.uuid4().hex}"
    _admin(server, f"CREATE DATABASE {name} TEMPLATE template_world")
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    return make_engine(url), lambda: _admin(server, f"DROP DATABASE {name} WITH (FORCE)")


def _admin(url: str, statement: str) -> None:
    engine = make_engine(url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
