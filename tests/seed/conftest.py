"""Databases without rows, and with the demo in them: made once on each engine, and copied."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

import models.db
from models.db import make_engine
from models.migrate import upgrade
from models.rules.week import ZONE
from seed.start import prepare
from tests.conftest import _admin

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=ZONE)
Fill = Callable[[Engine], object]


@pytest.fixture(scope="session")
def templates(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], str]:
    """`templates("sqlite", "demo")`: what to copy, made at the first call."""
    folder, made = tmp_path_factory.mktemp("seed"), {}
    fills: dict[str, Fill] = {"empty": upgrade, "demo": lambda engine: prepare(NOW, engine)}

    def template(kind: str, content: str) -> str:
        if (kind, content) not in made:
            if kind == "sqlite":
                place = str(folder / f"{content}.db")
                engine = make_engine(f"sqlite:///{place}")
            else:
                place, server = f"seed_{content}", request.getfixturevalue("postgres_template")
                _admin(server, f"CREATE DATABASE {place}")
                engine = make_engine(make_url(server).set(database=place).render_as_string(hide_password=False))
            fills[content](engine)
            if kind == "sqlite":
                with engine.connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            engine.dispose()
            made[kind, content] = place
        return made[kind, content]

    return template


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(
    request: pytest.FixtureRequest, templates: Callable[[str, str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """Tables without rows; the whole app uses them while the test runs."""
    yield from _copied(request, templates, tmp_path, monkeypatch, "empty")


@pytest.fixture(params=["sqlite", "postgresql"])
def demo_engine(
    request: pytest.FixtureRequest, templates: Callable[[str, str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """The demo as the app's first start leaves it."""
    yield from _copied(request, templates, tmp_path, monkeypatch, "demo")


def _copied(
    request: pytest.FixtureRequest,
    templates: Callable[[str, str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: str,
) -> Iterator[Engine]:
    place = templates(request.param, content)
    if request.param == "sqlite":
        made = make_engine(f"sqlite:///{shutil.copy(place, tmp_path / 'copy.db')}")
    else:
        server, name = request.getfixturevalue("postgres_template"), f"t{uuid.uuid4().hex}"
        _admin(server, f"CREATE DATABASE {name} TEMPLATE {place}")
        made = make_engine(make_url(server).set(database=name).render_as_string(hide_password=False))
    monkeypatch.setattr(models.db, "engine", lambda: made)
    monkeypatch.setattr("seed.start.engine", lambda: made)
    monkeypatch.setattr("seed.commands.upgrade", lambda: None)  # done, and it would look for the real one
    yield made
    made.dispose()
    if request.param == "postgresql":
        _admin(server, f"DROP DATABASE {name} WITH (FORCE)")
