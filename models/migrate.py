"""Bring the database to the newest revision: `python -m models.migrate`. Idempotent."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from models.db import engine
from models.settings import ROOT


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
    """Upgrade to the newest revision; nothing happens when it is already there."""
    bind = bind or engine()
    command.upgrade(config(bind), "head")


if __name__ == "__main__":
    upgrade()
