"""Signed-in browsers: rows that live, are seen and end. Parts of actions; the action or the screen commits."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.settings import session_limits
from models.tables import LoginSession

TICKET_LIFE = timedelta(seconds=30)
SEEN_EVERY = timedelta(minutes=1)


def digest(token: str) -> str:
    """What the database keeps of a cookie or ticket."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(session: Session, username: str, session_id: str, ticket: str, now: datetime) -> None:
    """A session whose cookie can be fetched with the ticket, once, within 30 seconds."""
    session.add(
        LoginSession(
            id=session_id,
            username=username,
            ticket_hash=digest(ticket),
            ticket_until=now + TICKET_LIFE,
            created_at=now,
            seen_at=now,
            ends_at=now + timedelta(hours=session_limits().hours),
        )
    )
    session.flush()


def forget(session: Session, username: str, now: datetime) -> None:
    """Removes the account's sessions that are past their end, once a newer one tells when it was last here."""
    session.execute(delete(LoginSession).where(LoginSession.username == username, LoginSession.ends_at < now))


def touch(session: Session, session_id: str, now: datetime) -> None:
    """Notes that a living session is in use, at most once a minute."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.id == session_id, LoginSession.seen_at < now - SEEN_EVERY, LoginSession.ended_at.is_(None))
        .values(seen_at=now)
    )


def end_all(session: Session, username: str, now: datetime, *, keep: str = "") -> int:
    """Ends every living session of an account but `keep`; how many there were."""
    ended = session.scalars(
        update(LoginSession)
        .where(LoginSession.username == username, LoginSession.id != keep, LoginSession.ended_at.is_(None))
        .values(ended_at=now)
        .returning(LoginSession.id)
    )
    return len(ended.all())


def end_one(session: Session, session_id: str, now: datetime) -> None:
    """Ends one session, in every tab."""
    session.execute(
        update(LoginSession).where(LoginSession.id == session_id, LoginSession.ended_at.is_(None)).values(ended_at=now)
    )


def open_count(session: Session, username: str, now: datetime) -> int:
    """How many browsers an account is signed in on."""
    idle_since = now - timedelta(minutes=session_limits().idle_minutes)
    living = select(LoginSession.id).where(
        LoginSession.username == username,
        LoginSession.ended_at.is_(None),
        LoginSession.ends_at > now,
        LoginSession.seen_at > idle_since,
    )
    return len(session.scalars(living).all())
