"""A session that reads asks a thing once; a session that writes asks every time, and sees what it wrote."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.db import open_session
from models.tables import Account
from services.once import once


@once
def accounts(session: Session, role: str, *, active: bool = True) -> int:
    return session.scalar(select(func.count()).where(Account.role == role, Account.active == active)) or 0


@once
def languages(session: Session, role: str) -> set[str]:
    return set(session.scalars(select(Account.language).where(Account.role == role)))


def test_a_reading_session_keeps_each_answer_by_its_question(sqlite_engine):
    with open_session(sqlite_engine) as session:
        assert accounts(session, "auditor") == 1
        assert (accounts(session, "nobody"), accounts(session, "auditor", active=False)) == (0, 0)
        first = languages(session, "auditor")
        assert languages(session, "auditor") is first
        assert accounts(session, "auditor") == 1


def test_a_writing_session_and_the_next_reading_one_see_what_changed(sqlite_engine):
    with open_session(sqlite_engine) as reader:
        assert accounts(reader, "auditor") == 1
    with open_session(sqlite_engine, write=True) as session:
        assert accounts(session, "auditor") == 1
        session.scalars(select(Account).where(Account.role == "auditor")).one().active = False
        session.flush()
        assert accounts(session, "auditor") == 0
        session.commit()
    with open_session(sqlite_engine) as reader:
        assert accounts(reader, "auditor") == 0
