"""Bring the database to the newest revision: `python -m models.migrate`. Idempotent."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, select

from models.db import engine
from models.settings import ROOT, private

ADVISORY = 0x62757264656E  # any number that nobody else locks


def config(bind: Engine) -> Config:
    """Alembic's settings (pyproject.toml) with our engine."""
    made = Config(toml_file=str(ROOT / "pyproject.toml"))
    made.attributes["engine"] = bind
    return made


def current(bind: Engine) -> str | None:
    """The revision the database is at; None when it is empty."""
    with bind.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision this code needs."""
    head = ScriptDirectory.from_config(config(engine())).get_current_head()
    if head is None:
        raise RuntimeError("models/migrations/versions is empty")
    return head


def upgrade(bind: Engine | None = None) -> None:
    """Upgrade to the newest revision; nothing happens when it is already there. Processes that start together queue."""
    bind = bind or engine()
    with alone(bind):
        command.upgrade(config(bind), "head")


@contextmanager
def alone(bind: Engine) -> Iterator[None]:
    """One process at a time that migrates or fills: a file lock beside an SQLite file, an advisory lock on PostgreSQL."""
    if bind.dialect.name == "sqlite":
        lock = Path(f"{bind.url.database}.migrating")
        private(lock, make=True)
        with lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with bind.connect() as connection:
        connection.execute(select(func.pg_advisory_lock(ADVISORY)))
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(ADVISORY)))


if __name__ == "__main__":
    upgrade()
