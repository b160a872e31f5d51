"""A backup is whole, private and never overwritten; a bad one is refused and changes nothing."""

import hashlib
import json
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE
from threading import Timer

import pytest
from alembic.config import Config
from sqlalchemy import Engine, func, inspect, select

from models import backup, migrate
from models.backup import BackupRefused, restore, save
from models.db import make_engine, open_session
from models.migrate import newest, upgrade
from models.settings import ROOT
from models.tables import Account, AuditChain, Base
from services import audit
from tests import world
from tests.durability.conftest import NOW


def _names(engine: Engine) -> set[str]:
    with open_session(engine) as session:
        return set(session.scalars(select(Account.name)))


def _rename(engine: Engine, name: str) -> None:
    with open_session(engine, write=True) as session:
        session.get_one(Account, "auditor").name = name
        session.commit()


def _repacked(path: Path, target: Path, *, content: bytes | None = None, **manifest: object) -> Path:
    with zipfile.ZipFile(path) as packed:
        said, held = json.loads(packed.read("manifest.json")), packed.read("database")
    with zipfile.ZipFile(target, "w") as packed:
        packed.writestr("manifest.json", json.dumps(said | manifest))
        packed.writestr("database", held if content is None else content)
    return target


def test_a_backup_is_private_and_tells_what_it_holds(engine, data_folder):
    path = save(engine, NOW)
    assert path.parent == data_folder / "backups"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as packed:
        manifest = json.loads(packed.read("manifest.json"))
    assert manifest["revision"] == newest()
    assert manifest["dialect"] == engine.dialect.name
    with open_session(engine) as session:
        counted = {t.name: session.scalar(select(func.count()).select_from(t)) for t in Base.metadata.sorted_tables}
    assert manifest["rows"] == counted | {"alembic_version": 1}
    assert [file.name for file in path.parent.iterdir()] == [path.name], "nothing half-made is left beside it"


def test_the_secret_is_not_in_the_backup(engine, monkeypatch):
    monkeypatch.setattr(backup, "secret", lambda: "a secret that nobody may find")
    path = save(engine, NOW)
    with zipfile.ZipFile(path) as packed:
        assert all(b"a secret that nobody may find" not in packed.read(name) for name in packed.namelist())


def test_restore_brings_back_what_was_saved_and_keeps_what_was_there(engine):
    _rename(engine, "before")
    path = save(engine, NOW)
    _rename(engine, "after")
    done = restore(engine, path, NOW + timedelta(hours=1))
    assert "before" in _names(engine)
    assert done.same_secret
    assert done.safety_copy is not None
    restore(engine, done.safety_copy, NOW + timedelta(hours=2))
    assert "after" in _names(engine)


def _act(engine: Engine, subject: str) -> None:
    with open_session(engine, write=True) as session:
        audit.record(session, world.persona(session, "task_force"), "test.act", subject)
        session.commit()


def test_the_manifest_holds_the_heads_of_the_audit_chains(engine):
    _act(engine, "one")
    with zipfile.ZipFile(save(engine, NOW)) as packed:
        said = json.loads(packed.read("manifest.json"))["heads"]
    with open_session(engine) as session:
        rows = session.scalars(select(AuditChain)).all()
        assert said == {row.county_code: [row.seq, row.hash] for row in rows}
    assert said[world.COUNTY][0] == 1


def test_after_the_restore_of_an_older_backup_the_check_explains_the_missing_links(engine, capsys):
    _act(engine, "one")
    older = save(engine, NOW)
    _act(engine, "two")
    assert audit.verify(NOW) == 0
    restore(engine, older, NOW + timedelta(hours=1))
    capsys.readouterr()
    assert audit.verify(NOW + timedelta(hours=2)) == 0
    told = capsys.readouterr().out
    assert f"restored {(NOW + timedelta(hours=1)).isoformat()} from the backup of {NOW.isoformat()}" in told


def test_a_backup_that_was_made_before_manifests_held_heads_is_restored(engine, tmp_path):
    path = save(engine, NOW)
    with zipfile.ZipFile(path) as packed:
        said, content = json.loads(packed.read("manifest.json")), packed.read("database")
    del said["heads"]
    old = tmp_path / "old.zip"
    with zipfile.ZipFile(old, "w") as packed:
        packed.writestr("manifest.json", json.dumps(said | {"format": 1}))
        packed.writestr("database", content)
    assert restore(engine, old, NOW).manifest.heads == {}


def test_another_secret_is_told(engine, monkeypatch):
    path = save(engine, NOW)
    monkeypatch.setattr(backup, "secret", lambda: "another")
    assert not restore(engine, path, NOW).same_secret


def test_a_backup_is_never_overwritten(engine, tmp_path):
    path = save(engine, NOW, tmp_path / "mine.zip")
    before = path.read_bytes()
    with pytest.raises(BackupRefused, match="never overwritten"):
        save(engine, NOW, path)
    assert path.read_bytes() == before


def test_two_backups_in_one_second_are_two_files(engine):
    assert save(engine, NOW) != save(engine, NOW)


def test_a_backup_that_fails_leaves_no_file(engine, tmp_path, monkeypatch):
    monkeypatch.setattr(backup, "_pack", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        save(engine, NOW, tmp_path / "mine.zip")
    assert not (tmp_path / "mine.zip").exists()


DAMAGES = {
    "truncated": lambda whole: whole[: len(whole) // 2],
    "cut by a byte": lambda whole: whole[:-1],
    "a flipped byte": lambda whole: whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:],
    "not a zip": lambda _: b"SQLite format 3\x00 but not in a zip",
    "empty": lambda _: b"",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_refused_and_nothing_changes(engine, tmp_path, damage):
    path = save(engine, NOW, tmp_path / "whole.zip")
    bad = tmp_path / "bad.zip"
    bad.write_bytes(DAMAGES[damage](path.read_bytes()))
    _rename(engine, "still here")
    with pytest.raises(BackupRefused, match="damaged"):
        restore(engine, bad, NOW)
    assert "still here" in _names(engine)


def test_content_that_is_not_what_the_manifest_says_is_refused(engine, tmp_path):
    bad = _repacked(save(engine, NOW), tmp_path / "bad.zip", content=b"something else")
    with pytest.raises(BackupRefused, match="SHA-256"):
        restore(engine, bad, NOW)


def test_content_that_is_no_database_is_refused_even_with_a_fitting_sum(engine, tmp_path):
    rubbish = b"rubbish" * 1000
    bad = _repacked(save(engine, NOW), tmp_path / "bad.zip", content=rubbish, sha256=hashlib.sha256(rubbish).hexdigest())
    _rename(engine, "still here")
    with pytest.raises(BackupRefused, match="damaged"):
        restore(engine, bad, NOW)
    assert "still here" in _names(engine)


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ({"revision": "9999"}, "newer"),
        ({"format": 3}, "newer"),
        ({"dialect": "oracle"}, "backup of oracle"),
        ({"surprise": 1}, "damaged"),
    ],
)
def test_a_newer_or_foreign_file_is_refused(engine, tmp_path, manifest, said):
    bad = _repacked(save(engine, NOW), tmp_path / "bad.zip", **manifest)
    _rename(engine, "still here")
    with pytest.raises(BackupRefused, match=said):
        restore(engine, bad, NOW)
    assert "still here" in _names(engine)


def test_a_missing_file_is_refused(engine, tmp_path):
    with pytest.raises(BackupRefused, match="does not exist"):
        restore(engine, tmp_path / "nowhere.zip", NOW)


def test_a_wrong_row_count_is_refused_and_nothing_changes(engine, tmp_path):
    path = save(engine, NOW)
    with zipfile.ZipFile(path) as packed:
        rows = json.loads(packed.read("manifest.json"))["rows"]
    bad = _repacked(path, tmp_path / "bad.zip", rows=rows | {"account": 1})
    _rename(engine, "still here")
    with pytest.raises((BackupRefused, RuntimeError), match="row count"):
        restore(engine, bad, NOW)
    assert "still here" in _names(engine)


IDLE = """
import sys
from models.db import make_engine
connection = make_engine(sys.argv[1]).connect()
print("open", flush=True)
sys.stdin.read()
"""


def test_a_database_that_another_process_has_open_is_not_replaced(engine):
    path = save(engine, NOW)
    url = engine.url.render_as_string(hide_password=False)
    with subprocess.Popen([sys.executable, "-c", IDLE, url], cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True) as other:
        assert other.stdout.readline() == "open\n"
        with pytest.raises(BackupRefused, match="in use"):
            restore(engine, path, NOW)
        other.stdin.close()
    restore(engine, path, NOW)


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)  # a file that is closed is closed at once
def test_a_connection_that_is_just_being_closed_does_not_refuse_a_restore(engine):
    path, other = save(engine, NOW), make_engine(engine.url.render_as_string(hide_password=False))
    leaving = other.connect()
    hang_up = Timer(0.3, lambda: (leaving.close(), other.dispose()))
    hang_up.start()
    restore(engine, path, NOW)
    hang_up.join()


def test_a_damaged_database_can_be_replaced_and_is_kept(sqlite_engine):
    path, file = save(sqlite_engine, NOW), Path(sqlite_engine.url.database)
    sqlite_engine.dispose()
    rubbish = b"what a broken disk leaves" * 100
    file.write_bytes(rubbish)
    done = restore(sqlite_engine, path, NOW)
    assert (done.safety_copy / file.name).read_bytes() == rubbish
    assert "task_force" in _names(sqlite_engine)


def test_a_missing_database_is_put_in_place(sqlite_engine):
    path, file = save(sqlite_engine, NOW), Path(sqlite_engine.url.database)
    sqlite_engine.dispose()
    file.unlink()
    assert restore(sqlite_engine, path, NOW).safety_copy is None
    assert "task_force" in _names(sqlite_engine)


def test_an_empty_database_is_not_worth_a_backup(tmp_path):
    empty = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(BackupRefused, match="empty"):
        save(empty, NOW)


def _command(*arguments: str, data: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(data)}
    command = [sys.executable, "-m", "models.backup", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_command_saves_restores_and_says_what_it_refuses(data_folder, tmp_path):
    assert _command("save", data=data_folder).returncode == 1
    upgrade(made := make_engine(f"sqlite:///{data_folder / 'burden.db'}"))
    made.dispose()
    saved = _command("save", data=data_folder)
    assert saved.returncode == 0, saved.stderr
    path = Path(saved.stdout.strip())
    assert path.is_file()
    restored = _command("restore", str(path), data=data_folder)
    assert restored.returncode == 0, restored.stderr
    assert "make verify" in restored.stdout
    (tmp_path / "bad.zip").write_bytes(path.read_bytes()[:500])
    refused = _command("restore", str(tmp_path / "bad.zip"), data=data_folder)
    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert _command("restore", data=data_folder).returncode == 2


@pytest.fixture
def later_version(tmp_path, monkeypatch):
    """`with later_version():` this program is a later one, with one more migration."""
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "models" / "migrations", folder)
    (folder / "versions" / "9999_more.py").write_text(MORE.replace("HEAD", newest()))
    original = migrate.config

    def later(bind: Engine) -> Config:
        made = original(bind)
        made.set_main_option("script_location", str(folder))
        return made

    @contextmanager
    def become() -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(migrate, "config", later)
            patch.setattr(backup, "config", later)
            yield

    return become


MORE = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "9999", "HEAD", None, None
def upgrade(): op.create_table("more", sa.Column("id", sa.Integer, primary_key=True))
def downgrade(): op.drop_table("more")
"""


def test_a_backup_of_an_older_version_is_restored_and_migrated(engine, later_version):
    _rename(engine, "older")
    path = save(engine, NOW)
    with later_version():
        upgrade(engine)
        assert restore(engine, path, NOW).revision == "9999"
        assert migrate.current(engine) == "9999"
    assert "more" in inspect(engine).get_table_names()
    assert "older" in _names(engine)


def test_a_backup_of_a_later_version_is_refused(engine, later_version):
    with later_version():
        upgrade(engine)
        path = save(engine, NOW)
    with pytest.raises(BackupRefused, match="newer"):
        restore(engine, path, NOW)
