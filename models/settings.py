"""Where things are kept, from the environment; the only reader of it below `ui`. Secrets never stand in the repository."""

import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
LEAST_SECRET = 16  # characters


def data_folder() -> Path:
    """Where the database, the secret and the backups live: DATA_DIR, else `var/` beside app.py. Made when missing."""
    folder = Path(os.environ.get("DATA_DIR") or ROOT / "var")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def database_url() -> str:
    """DATABASE_URL, else an SQLite file in the data folder. `postgresql://` is served by psycopg."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{data_folder() / 'burden.db'}"
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def private(path: Path, *, make: bool = False) -> None:
    """Takes a file from everybody but its owner, and makes it first where it is missing and wanted. Another's is left alone."""
    if make and not path.exists():
        path.touch(mode=0o600)
    with suppress(FileNotFoundError, PermissionError):
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)


@cache
def secret() -> str:
    """The installation's secret: BURDEN_SECRET, else a file only its owner reads, made whole at the first start.

    ValueError when it is too short to keep anything secret: everything it keys would have to be trusted blindly.
    """
    if given := os.environ.get("BURDEN_SECRET"):
        return _long_enough(given, "BURDEN_SECRET")
    path = data_folder() / "secret"
    if not path.exists():
        _make_secret(path)
    private(path)
    return _long_enough(path.read_text("ascii"), str(path))


def _make_secret(path: Path) -> None:
    """Under its name it is whole and on disk, or not there; of several processes one wins and all read the same."""
    descriptor, written = tempfile.mkstemp(prefix=".secret-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(written)
    finally:
        Path(written).unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _long_enough(value: str, source: str) -> str:
    clean = value.strip()
    if len(clean) < LEAST_SECRET:
        raise ValueError(
            f"{source} holds {len(clean)} characters and must hold at least {LEAST_SECRET}: put the right secret back"
        )
    return clean


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
