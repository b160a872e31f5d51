"""Backup and restore: `python -m models.backup save [FILE]` while people work, `… restore FILE` with the server stopped.

A backup is one .zip: `manifest.json` (when, which revision, which database, SHA-256, rows per table, audit heads) and the
database as SQLite file or as PostgreSQL archive. It holds no secret: keep `secret` of the data folder (or BURDEN_SECRET)
beside it, or the audit trail can no longer be verified. A file that is damaged, of the other database or of a newer program is
refused before anything is touched; what is replaced is backed up first.
"""

import hashlib
import hmac
import json
import os
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from models import backup_postgresql, backup_sqlite, heads
from models.db import engine
from models.heads import Heads
from models.migrate import config, newest
from models.settings import data_folder, secret

FORMAT = 2  # 1 had no audit heads
MANIFEST, CONTENT = "manifest.json", "database"
CHUNK = 1 << 20
STORES: dict[str, ModuleType] = {"sqlite": backup_sqlite, "postgresql": backup_postgresql}


class BackupRefused(Exception):
    """Nothing was done; the text says why and is meant for the person at the command line."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself. `rows` counts per table; `secret_mark` tells whether the installation's secret fits.

    `heads`: the newest link of every audit chain, (seq, hash) by chain code.
    """

    format: int
    created_at: str
    dialect: str
    revision: str
    sha256: str
    rows: dict[str, int]
    secret_mark: str
    heads: Heads = field(default_factory=dict)


@dataclass(frozen=True)
class Restored:
    """What a restore did. `safety_copy` is the former database, None when there was none."""

    manifest: Manifest
    revision: str
    safety_copy: Path | None
    same_secret: bool


def save(bind: Engine, now: datetime, target: Path | None = None) -> Path:
    """Write a consistent copy of the database to `target`, else into the data folder's `backups`; the path written.

    BackupRefused when the database is empty or missing, or when the file exists: a backup is never overwritten.
    """
    target = target or _free_name(data_folder() / "backups", now)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _reserved(target), _workshop(target.parent) as folder:
        revision, rows, found = _store(bind).copy(bind, folder / CONTENT)
        if revision is None:
            raise BackupRefused("the database is empty: there is nothing to back up")
        manifest = Manifest(
            FORMAT, now.isoformat(), bind.dialect.name, revision, _sha256(folder / CONTENT), rows, _secret_mark(), found
        )  # fmt: skip
        _pack(folder, manifest)
        (folder / "packed").replace(target)
        _sync(target.parent)
    return target


def restore(bind: Engine, source: Path, now: datetime) -> Restored:
    """Put a backup in the database's place, migrated to the newest revision; the former one is backed up first.

    BackupRefused, with the database as it was, when the file is damaged, foreign or newer, or the database is in use.
    """
    store, restores = _store(bind), heads.read().restores
    with _workshop(data_folder()) as folder:
        manifest = _unpack(source, folder)
        if manifest.dialect != bind.dialect.name:
            raise BackupRefused(f"{source} is a backup of {manifest.dialect}; this installation uses {bind.dialect.name}")
        if manifest.revision not in _known_revisions(bind):
            raise BackupRefused(
                f"{source} was made by a newer version (revision {manifest.revision}); this one knows {newest()}: update first"
            )
        if problem := store.damage(folder / CONTENT, manifest.rows):
            raise BackupRefused(f"{source} is damaged: {problem}")
        store.prepare(folder / CONTENT)
        with store.alone(bind) as free:
            if not free:
                raise BackupRefused("the database is in use: stop the server, then restore")
            kept = store.keep(bind, lambda: save(bind, now), data_folder() / "backups")
            store.replace(bind, folder / CONTENT, manifest.rows)
    with bind.connect() as connection:
        heads.write_restored(restores, heads.heads(connection), now, manifest.created_at)
    return Restored(manifest, newest(), kept, hmac.compare_digest(manifest.secret_mark, _secret_mark()))


def _store(bind: Engine) -> ModuleType:
    return STORES[bind.dialect.name]


def _known_revisions(bind: Engine) -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config(bind)).walk_revisions()}


def _secret_mark() -> str:
    return hmac.new(secret().encode(), b"backup", "sha256").hexdigest()[:16]


def _free_name(folder: Path, now: datetime) -> Path:
    name = f"burden-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    free = (folder / f"{name}{f'-{n}' if n else ''}.zip" for n in range(1000))
    return next(path for path in free if not path.exists())


@contextmanager
def _reserved(target: Path) -> Iterator[None]:
    """The name is ours from here on, or refused; given back when nothing came of it."""
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise BackupRefused(f"{target} exists: a backup is never overwritten") from None
    try:
        yield
    except BaseException:
        target.unlink(missing_ok=True)
        raise


@contextmanager
def _workshop(beside: Path) -> Iterator[Path]:
    """A private folder on the same disk, so that the last step is one rename."""
    folder = Path(tempfile.mkdtemp(prefix=".backup-", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pack(folder: Path, manifest: Manifest) -> None:
    """Both members into `packed`, readable by its owner alone and on disk before it gets its name."""
    path = folder / "packed"
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
            packed.write(folder / CONTENT, CONTENT)
            packed.writestr(MANIFEST, json.dumps(asdict(manifest), indent=2))
        file.flush()
        os.fsync(file.fileno())


def _unpack(source: Path, folder: Path) -> Manifest:
    """The manifest, with the content in `folder`, whole and as the manifest says."""
    if not source.is_file():
        raise BackupRefused(f"{source} does not exist")
    try:
        with zipfile.ZipFile(source) as packed:
            manifest = _read_manifest(packed.read(MANIFEST), source)
            with packed.open(CONTENT) as content, (folder / CONTENT).open("wb") as file:
                shutil.copyfileobj(content, file, CHUNK)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise BackupRefused(f"{source} is damaged or not a backup of this program ({error})") from error
    if _sha256(folder / CONTENT) != manifest.sha256:
        raise BackupRefused(f"{source} is damaged: its content is not what its manifest says (SHA-256)")
    return manifest


def _read_manifest(text: bytes, source: Path) -> Manifest:
    try:
        said = json.loads(text)
        if said["format"] > FORMAT:
            raise BackupRefused(f"{source} was made by a newer version (format {said['format']}): update first")
        return Manifest(**said)
    except (TypeError, KeyError, UnicodeDecodeError) as error:
        raise ValueError(f"no valid manifest: {error}") from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def main(arguments: list[str]) -> int:
    """The command; 0 when done, 1 when refused, 2 when misspelled."""
    now = datetime.now(UTC)
    try:
        match arguments:
            case ["save"]:
                sys.stdout.write(f"{save(engine(), now)}\n")
            case ["save", name]:
                sys.stdout.write(f"{save(engine(), now, Path(name))}\n")
            case ["restore", name] if name:
                sys.stdout.write(_told(restore(engine(), Path(name), now)))
            case _:
                sys.stderr.write("usage: python -m models.backup save [FILE] | restore FILE\n")
                return 2
    except BackupRefused as refusal:
        sys.stderr.write(f"refused: {refusal}\n")
        return 1
    except (OSError, RuntimeError) as failure:
        sys.stderr.write(f"failed: {failure}\n")
        return 1
    return 0


def _told(done: Restored) -> str:
    lines = [f"restored: {sum(done.manifest.rows.values())} rows of {done.manifest.created_at}, revision {done.revision}"]
    if done.safety_copy:
        lines.append(f"the database that was here is kept in {done.safety_copy}")
    if not done.same_secret:
        lines.append("this installation's secret is not the one of the backup: put that one back, or `make verify` fails")
    lines.append("next: `make verify` checks the audit trail")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
