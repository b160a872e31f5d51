"""What is kept is its owner's alone, also where the folder was there before and others may enter it."""

import os

import pytest

from models import backup
from models.db import make_engine
from models.migrate import upgrade
from models.settings import secret
from tests.durability.conftest import NOW


@pytest.fixture
def open_folder(data_folder):
    """A folder that everybody may read, and a umask as on most machines."""
    before = os.umask(0o022)
    data_folder.mkdir(mode=0o755)
    yield data_folder
    os.umask(before)


def readable_by_others(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and path.stat().st_mode & 0o077)


def test_a_new_database_its_side_files_the_secret_and_a_backup_are_the_owners_alone(open_folder, monkeypatch):
    monkeypatch.delenv("BURDEN_SECRET")
    secret.cache_clear()
    engine = make_engine(f"sqlite:///{open_folder / 'burden.db'}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (x)")
        backup.save(engine, NOW)
        there = {path.name for path in open_folder.iterdir()}
        assert {"burden.db", "burden.db-wal", "burden.db-shm", "secret", "backups"} <= there
        assert readable_by_others(open_folder) == []
    engine.dispose()
    secret.cache_clear()


def test_what_an_earlier_start_left_readable_is_taken_back(open_folder, monkeypatch):
    monkeypatch.delenv("BURDEN_SECRET")
    secret.cache_clear()
    (open_folder / "secret").write_text("x" * 64)
    database = open_folder / "burden.db"
    first, second = (make_engine(f"sqlite:///{database}") for _ in range(2))
    with first.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE kept (x)")
        for path in open_folder.iterdir():
            path.chmod(0o644)
        with second.connect():
            secret()
            assert readable_by_others(open_folder) == []
    first.dispose()
    second.dispose()
    secret.cache_clear()
