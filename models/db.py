"""Where the rows are: one engine per process, short sessions. SQLite by default, PostgreSQL by DATABASE_URL."""

from functools import cache
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

from models.settings import database_url, private
from models.turns import take_turns

SIDE_FILES = ("-wal", "-shm", "-journal")
READ = "read"  # in a session's `info`: it was opened to read, and may keep what it has read (services/once.py)
BUSY_MS = 15_000  # a burst of writers queues this long instead of failing


@cache
def engine() -> Engine:
    """The process's engine."""
    return make_engine(database_url())


def make_engine(url: str) -> Engine:
    """An engine with this house's settings: on SQLite foreign keys, WAL, and every commit on disk before it is told.

    An error says its statement without the values, among them hashes of passwords: it is written to the log.
    """
    made = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True)
    if made.dialect.name == "sqlite":
        event.listen(made, "do_connect", _keep_private)
        event.listen(made, "connect", _configure)
        take_turns(made, BUSY_MS / 1000)
        event.listen(made, "begin", _begin)
    return made


def open_session(bind: Engine | None = None, *, write: bool = False) -> Session:
    """A session for one piece of work. A writing one takes SQLite's write lock at once: it queues and never deadlocks."""
    bind = bind or engine()
    begun = bind.execution_options(sqlite_begin="IMMEDIATE" if write else "DEFERRED")
    return Session(begun, expire_on_commit=False, info={} if write else {READ: {}})


def learn_sizes(bind: Engine, *, filled: bool = False) -> None:
    """Gives SQLite's planner the sizes of tables and indexes; without them a plan can be forty times slower.

    Looks at a thousand rows per index, so it costs milliseconds whatever the data. PostgreSQL keeps its own, but too late for
    what reads in the minute after a database was `filled`.
    """
    if bind.dialect.name == "sqlite" or filled:
        with bind.connect() as connection:
            if bind.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA analysis_limit=1000")
            connection.exec_driver_sql("ANALYZE")
            connection.commit()


def _keep_private(_dialect: object, _record: object, arguments: tuple[str, ...], _options: object) -> None:
    """Readable by its owner only, also in a folder that others may enter; SQLite makes the side files as the database is."""
    database = Path(arguments[0])
    if database.parent.is_dir() and arguments[0] != ":memory:":
        private(database, make=True)
        for ending in SIDE_FILES:
            private(database.with_name(database.name + ending))


def _configure(connection: SqliteConnection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")
