"""Where things are kept, from the environment; the only reader of it below `ui`. Secrets never stand in the repository."""

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent


def data_folder() -> Path:
    """Where the database, the secret and the backups live: DATA_DIR, else `var/` beside app.py. Made when missing."""
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "var")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def database_url() -> str:
    """DATABASE_URL, else an SQLite file in the data folder. `postgresql://` is served by psycopg."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{data_folder() / 'burden.db'}"
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@cache
def secret() -> str:
    """The installation's secret: BURDEN_SECRET, else a file only its owner reads, written at the first start."""
    if given := os.environ.get("BURDEN_SECRET"):
        return given
    path = data_folder() / "secret"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    return path.read_text("ascii")


@dataclass(frozen=True)
class SessionLimits:
    """How long a signed-in browser lasts: unused, and in all."""

    idle_minutes: float
    hours: float


@cache
def session_limits() -> SessionLimits:
    """SESSION_IDLE_MINUTES (default 30) and SESSION_HOURS (default 12). ValueError when not a positive number."""
    return SessionLimits(_positive("SESSION_IDLE_MINUTES", 30), _positive("SESSION_HOURS", 12))


def _positive(name: str, default: float) -> float:
    value = float(os.environ.get(name) or default)
    if not 0 < value < float("inf"):
        raise ValueError(f"{name} must be a positive number, not {value}")
    return value
