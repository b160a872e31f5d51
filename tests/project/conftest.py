"""A copy of the full world for every test, on SQLite: what is proved here does not depend on the database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

import models.db
from models.db import make_engine, open_session
from tests.project import full_world


@pytest.fixture(scope="session")
def full_template(sqlite_template: Path) -> Path:
    """A file with the full world in it."""
    path = sqlite_template.with_name("full.db")
    shutil.copy(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    with open_session(engine, write=True) as session:
        full_world.fill(session)
        session.commit()
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def full(full_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The test's own copy; the whole app uses it while the test runs."""
    path = tmp_path / "full.db"
    shutil.copy(full_template, path)
    engine = make_engine(f"sqlite:///{path}")
    monkeypatch.setattr(models.db, "engine", lambda: engine)
    yield engine
    engine.dispose()
