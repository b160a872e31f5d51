"""How an SQLite file is copied while people write, checked, and replaced in one step."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine

from models.db import SIDE_FILES, make_engine
from models.heads import Heads
from models.migrate import upgrade


def copy(bind: Engine, target: Path) -> tuple[str | None, dict[str, int], Heads]:
    """A consistent copy (SQLite's online backup, in one step: writers go on); its revision, rows per table and audit heads."""
    source = _path(bind)
    if not source.exists():
        return None, {}, {}
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    _one_file(target)
    with closing(sqlite3.connect(target)) as made:
        revision = _revision(made)
        chains = made.execute("SELECT county_code, seq, hash FROM audit_chain ORDER BY county_code") if revision else ()
        return revision, _rows(made), {code: (seq, mark) for code, seq, mark in chains}


def damage(path: Path, rows: dict[str, int]) -> str | None:
    """What is wrong with a copy; None when nothing is."""
    try:
        with closing(sqlite3.connect(path)) as database:
            found = database.execute("PRAGMA integrity_check").fetchone()[0]
            if found != "ok":
                return f"integrity check: {found}"
            if orphan := database.execute("PRAGMA foreign_key_check").fetchone():
                return f"a row of {orphan[0]} refers to a missing row of {orphan[2]}"
            if _rows(database) != rows:
                return "its row counts are not those of its manifest"
    except sqlite3.DatabaseError as error:
        return str(error)
    return None


def prepare(path: Path) -> None:
    """Migrate the copy to the newest revision before it takes the database's place."""
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    _one_file(path)


@contextmanager
def alone(bind: Engine) -> Iterator[bool]:
    """Whether nobody else has the database open; held exclusively, and its write-ahead log folded in, until the block ends."""
    bind.dispose()
    path = _path(bind)
    if not path.exists():
        yield True
        return
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as held:
        try:
            held.execute("PRAGMA journal_mode=DELETE")  # refused while any other connection is open
            held.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                yield False
                return
        except sqlite3.DatabaseError:
            pass  # what is here is no database any more: that is what a restore is for
        yield True


def keep(bind: Engine, save: Callable[[], Path], folder: Path) -> Path | None:
    """Keep the former database: as a backup, or, when it is too damaged for that, as the files that are there."""
    path = _path(bind)
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        with closing(sqlite3.connect(path)) as database:
            whole = _revision(database) is not None
        if whole:
            return save()
    except sqlite3.DatabaseError:
        pass
    kept = folder / f"damaged-{path.stat().st_mtime_ns}"
    kept.mkdir(mode=0o700, parents=True)
    for file in (path, *_side_files(path)):
        shutil.copy2(file, kept / file.name)
    return kept


def replace(bind: Engine, copied: Path, _rows: dict[str, int]) -> None:
    """The copy takes the database's place in one rename; no write-ahead log of the old one may survive it."""
    path = _path(bind)
    with copied.open("rb") as content:
        os.fsync(content.fileno())
    copied.chmod(0o600)
    for file in _side_files(path):
        file.unlink()
    copied.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _path(bind: Engine) -> Path:
    return Path(bind.url.database or "")


def _side_files(path: Path) -> list[Path]:
    beside = [path.with_name(path.name + ending) for ending in SIDE_FILES]
    return [file for file in beside if file.exists()]


def _one_file(path: Path) -> None:
    """Out of WAL mode, so that the file alone is the database."""
    with closing(sqlite3.connect(path)) as database, suppress(sqlite3.DatabaseError):
        database.execute("PRAGMA journal_mode=DELETE")


def _revision(database: sqlite3.Connection) -> str | None:
    if not database.execute("SELECT 1 FROM sqlite_master WHERE name='alembic_version'").fetchone():
        return None
    row = database.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _rows(database: sqlite3.Connection) -> dict[str, int]:
    names = database.execute("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in names.fetchall()}
