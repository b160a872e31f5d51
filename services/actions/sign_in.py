"""Signing in and out: attempts counted in the database, sessions kept on the server.

The password itself is compared by streamlit-authenticator in `ui/sign_in.py`. An unknown name is treated like a known one
in every way: it is counted, it is locked, and it gets a hash to compare with.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import bcrypt
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.rules.errors import InvalidInput, NotAllowedNow, SignedOut
from models.rules.password import check_password
from models.settings import session_limits
from models.tables import Account, LoginSession, SignInFailure
from services import audit
from services.access import Actor, Permission, actor_of
from services.usecase import action, query

MAX_FAILURES = 5
LOCK = timedelta(minutes=15)
TICKET_LIFE = timedelta(seconds=30)
SEEN_EVERY = timedelta(minutes=1)
HASH_COST = 12


@dataclass(frozen=True)
class Opened:
    """A session just opened; the ticket buys its cookie once, within 30 seconds."""

    session_id: str
    ticket: str


def digest(token: str) -> str:
    """What the database keeps of a cookie or ticket."""
    return hashlib.sha256(token.encode()).hexdigest()


def hash_password(password: str) -> str:
    """bcrypt, the format streamlit-authenticator compares with."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(HASH_COST)).decode()


@cache
def nobody_hash() -> str:
    """What a name without an account is compared with: the same cost, and no password fits."""
    return hash_password(bcrypt.gensalt().decode()[:40])


@action(Permission.SIGN_IN)
def attempt(session: Session, actor: Actor, *, username: str) -> str:
    """Counts one try and returns the hash to compare with. NotAllowedNow(locked_out) after five failures in a row.

    Counted before the comparison, so that tries sent at the same moment do not slip past the lock.
    """
    key = username.strip().lower()[:64]
    failed = session.get(SignInFailure, key, with_for_update=True)
    if failed is None:
        failed = SignInFailure(username=key, failures=0, last_at=actor.now, locked_until=None)
        session.add(failed)
    if failed.locked_until and failed.locked_until > actor.now:
        minutes = -(-(failed.locked_until - actor.now).seconds // 60)
        raise NotAllowedNow("locked_out", minutes=minutes)
    if failed.locked_until or actor.now - failed.last_at > LOCK:
        failed.failures, failed.locked_until = 0, None
    failed.failures += 1
    failed.last_at = actor.now
    if failed.failures >= MAX_FAILURES:
        failed.locked_until = actor.now + LOCK
    account = session.get(Account, key)
    return account.password_hash if account and account.active else nobody_hash()


@action(Permission.SIGN_IN)
def refuse(session: Session, actor: Actor, *, username: str) -> bool:
    """Writes a failed try to the audit trail (the count was taken by `attempt`)."""
    key = username.strip().lower()[:64]
    failed = session.get(SignInFailure, key)
    locked = failed is not None and failed.locked_until is not None
    audit.record(session, actor, "sign_in.refuse", key, new={"locked": locked})
    return locked


@action(Permission.SIGN_IN)
def succeed(session: Session, actor: Actor, *, username: str, session_id: str, ticket: str) -> Opened:
    """Opens a session after the right password. `session_id` and `ticket` are random and made by the caller."""
    account = session.get(Account, username.strip().lower())
    if account is None or not account.active:
        raise SignedOut("wrong_password")
    if failed := session.get(SignInFailure, account.username):
        session.delete(failed)
    session.add(
        LoginSession(
            id=session_id,
            username=account.username,
            ticket_hash=digest(ticket),
            ticket_until=actor.now + TICKET_LIFE,
            created_at=actor.now,
            seen_at=actor.now,
            ends_at=actor.now + timedelta(hours=session_limits().hours),
        )
    )
    session.flush()
    signed_in = actor_of(session, session_id, actor.now)
    audit.record(session, signed_in, "sign_in.succeed", account.username)
    return Opened(session_id, ticket)


@action(Permission.SIGN_IN)
def claim_cookie(session: Session, actor: Actor, *, ticket: str, cookie: str) -> bool:
    """Binds a cookie value to the ticket's session; the UPDATE is the lock, so a ticket works once."""
    claimed = session.execute(
        update(LoginSession)
        .where(
            LoginSession.ticket_hash == digest(ticket),
            LoginSession.ticket_until > actor.now,
            LoginSession.ended_at.is_(None),
        )
        .values(ticket_hash=None, cookie_hash=digest(cookie))
        .returning(LoginSession.id)
    )
    return claimed.one_or_none() is not None


@query(Permission.SIGN_IN)
def session_of_cookie(session: Session, _actor: Actor, *, cookie: str) -> str | None:
    """The id of the session a cookie stands for; whether it still lives is `actor_of`'s question."""
    return session.scalar(select(LoginSession.id).where(LoginSession.cookie_hash == digest(cookie)))


def touch(session: Session, session_id: str, now: datetime) -> None:
    """Notes that the session is in use, at most once a minute; the caller commits."""
    session.execute(
        update(LoginSession).where(LoginSession.id == session_id, LoginSession.seen_at < now - SEEN_EVERY).values(seen_at=now)
    )


def end_sessions(session: Session, username: str, now: datetime, *, keep: str = "") -> None:
    """Ends every session of an account but `keep`; part of another action, which commits."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.username == username, LoginSession.id != keep, LoginSession.ended_at.is_(None))
        .values(ended_at=now)
    )


@action(Permission.EDIT_OWN_ACCOUNT)
def sign_out(session: Session, actor: Actor) -> bool:
    """Ends this session in every tab."""
    session.execute(update(LoginSession).where(LoginSession.id == actor.session_id).values(ended_at=actor.now))
    audit.record(session, actor, "sign_in.sign_out", actor.username)
    return True


@action(Permission.EDIT_OWN_ACCOUNT)
def change_password(session: Session, actor: Actor, *, old_is_right: bool, new: str, repeated: str) -> bool:
    """Sets a new password and ends the account's other sessions. `old_is_right`: compared by the caller's library."""
    if not old_is_right:
        raise InvalidInput("wrong_password", field="old")
    check_password(new, actor.username)
    if new != repeated:
        raise InvalidInput("passwords_differ", field="repeated")
    account = session.get_one(Account, actor.username)
    if bcrypt.checkpw(new.encode(), account.password_hash.encode()):
        raise InvalidInput("password_unchanged", field="new")
    account.password_hash, account.must_change, account.changed_at = hash_password(new), False, actor.now
    end_sessions(session, actor.username, actor.now, keep=actor.session_id)
    session.execute(delete(SignInFailure).where(SignInFailure.username == actor.username))
    audit.record(session, actor, "sign_in.change_password", actor.username)
    return True


@action(Permission.EDIT_OWN_ACCOUNT)
def set_preferences(session: Session, actor: Actor, *, language: str, large_type: bool) -> bool:
    """Remembers the language and the type size of the actor's own screen."""
    if language not in ("zh_CN", "en"):
        raise InvalidInput("bad_language", field="language")
    account = session.get_one(Account, actor.username)
    old = {"language": account.language, "large_type": account.large_type}
    account.language, account.large_type = language, large_type
    audit.record(
        session,
        actor,
        "sign_in.set_preferences",
        actor.username,
        old=old,
        new={"language": language, "large_type": large_type},
    )
    return True
