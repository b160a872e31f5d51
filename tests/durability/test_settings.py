"""What an acknowledged save rests on: the database's own promises, as set on our engine."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from models.db import BUSY_MS, open_session


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", BUSY_MS)]
)
def test_sqlite_writes_every_commit_to_disk_before_it_is_told(sqlite_engine, pragma, value):
    with sqlite_engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


ORPHAN = "INSERT INTO department (code, area_code, name, kind, initials) VALUES ('x', '999999999999', 'x', 'party', '')"


def test_a_row_that_refers_to_nothing_is_refused(engine):
    with open_session(engine, write=True) as session, pytest.raises(IntegrityError):
        session.execute(text(ORPHAN))


def test_a_writer_takes_the_lock_at_once_and_a_reader_does_not_wait_for_it(sqlite_engine):
    with open_session(sqlite_engine, write=True) as writer:
        writer.connection().exec_driver_sql("UPDATE account SET name = 'half' WHERE username = 'auditor'")
        with open_session(sqlite_engine) as reader:
            name = reader.connection().exec_driver_sql("SELECT name FROM account WHERE username = 'auditor'").scalar()
        assert name == "auditor"
