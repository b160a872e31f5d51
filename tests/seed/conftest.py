"""An empty, migrated database on each engine."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

import models.db
from models.db import make_engine
from models.migrate import upgrade
from tests.conftest import _admin


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Tables without rows; the whole app uses them while the test runs."""
    if request.param == "sqlite":
        made = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        server, name = request.getfixturevalue("postgres_template"), f"t{uuid.uuid4().hex}"
        _admin(server, f"CREATE DATABASE {name}")
        made = make_engine(make_url(server).set(database=name).render_as_string(hide_password=False))
    upgrade(made)
    monkeypatch.setattr(models.db, "engine", lambda: made)
    monkeypatch.setattr("seed.commands.upgrade", lambda: None)  # done, and it would look for the real one
    yield made
    made.dispose()
    if request.param == "postgresql":
        _admin(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_only(request: pytest.FixtureRequest) -> None:
    """For tests whose answer no database changes."""
    if "postgresql" in request.node.name:
        pytest.skip("the same on both")
