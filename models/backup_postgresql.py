"""How a PostgreSQL database is copied, checked and replaced, with the server's own pg_dump, pg_restore and psql."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.migration import MigrationContext
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, inspect, text

from models.heads import Heads, heads
from models.migrate import upgrade


def copy(bind: Engine, target: Path) -> tuple[str | None, dict[str, int], Heads]:
    """A consistent archive; revision, rows per table and audit heads are read in the very snapshot that is dumped."""
    with bind.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is None:
            return None, {}, {}
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        _run(bind, "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}")
        return revision, _rows(connection), heads(connection)


def damage(path: Path, _rows: dict[str, int]) -> str | None:
    """What is wrong with an archive; None when nothing is. Reads all of it; rows are counted as it is put in place."""
    try:
        _script(path)
    except RuntimeError as error:
        return str(error)
    return None


def prepare(_path: Path) -> None:
    """Nothing: an archive is migrated once it is in the database."""


@contextmanager
def alone(bind: Engine, leaving: float = 3.0) -> Iterator[bool]:
    """Whether nobody else is connected; a connection just hung up has `leaving` seconds to vanish from the server's list."""
    bind.dispose()
    others = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    with bind.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:  # in one transaction it stands still
        for _ in range(round(leaving / 0.1)):
            if not connection.scalar(others):
                break
            connection.execute(text("SELECT pg_sleep(0.1)"))
        busy = connection.scalar(others)
    yield not busy


def keep(bind: Engine, save: Callable[[], Path], _folder: Path) -> Path | None:
    """Keep the former database as a backup; None when it is empty."""
    with bind.connect() as connection:
        if MigrationContext.configure(connection).get_current_revision() is None:
            return None
    return save()


def replace(bind: Engine, copied: Path, rows: dict[str, int]) -> None:
    """Our tables out, the archive in and its rows counted, in one transaction; then migrated."""
    with bind.connect() as connection:
        names = ", ".join(f'"{name}"' for name in inspect(connection).get_table_names())
    drop = f"DROP TABLE IF EXISTS {names} CASCADE;\n" if names else ""
    script = copied.with_suffix(".sql")
    script.write_bytes(b"\n".join((drop.encode(), _script(copied), *(_count(name, n) for name, n in rows.items()))))
    bind.dispose()
    _run(bind, "psql", "-X", "-q", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={script}", "--output=/dev/null")
    upgrade(bind)


def _count(name: str, expected: int) -> bytes:
    """Undoes everything when a table does not hold what the manifest says."""
    unlike = f'(SELECT count(*) FROM public."{name}") <> {expected}'
    return f"DO $$ BEGIN IF {unlike} THEN RAISE EXCEPTION 'row count of {name}'; END IF; END $$;".encode()


def _script(archive: Path) -> bytes:
    return _run(None, "pg_restore", "--no-owner", "--no-privileges", "--file=-", str(archive))


def _run(bind: Engine | None, name: str, *arguments: str) -> bytes:
    """One of PostgreSQL's programs; the password goes through the environment, where `ps` does not show it."""
    environment = dict(os.environ)
    command = [str(_program(name)), *arguments]
    if bind is not None:
        url = bind.url
        named = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
        options = {name: str(value) for name, value in named.items() if value} | {k: str(v) for k, v in url.query.items()}
        command.append(f"--dbname={make_conninfo('', **options)}")
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603 (our own arguments)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _program(name: str) -> Path:
    """Debian keeps one folder per version: the newest can read what the others wrote."""
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    if newest := max(versions, key=lambda path: int(path.parts[-3]), default=None):
        return newest
    found = shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is not installed: install PostgreSQL's client programs")
    return Path(found)


def _rows(connection: Connection) -> dict[str, int]:
    names = sorted(inspect(connection).get_table_names())
    return {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}
