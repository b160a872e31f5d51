"""Signing in and out: attempts counted in the database, sessions kept on the server.

The password itself is compared by streamlit-authenticator in `ui/sign_in.py`. An unknown name is treated like a known one
in every way: it is counted, it is locked, and it gets a hash to compare with. What was typed is kept as a keyed hash only,
since it may be a password in the wrong field.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.rules.errors import InvalidInput, NotAllowedNow, SignedOut
from models.rules.password import check_new_password
from models.settings import secret
from models.tables import Account, LoginSession, SignInFailure
from services import audit, sessions
from services.access import Actor, Permission, actor_of, chain_of
from services.passwords import check_hash, nobody_hash
from services.usecase import action, query

MAX_FAILURES = 5
LOCK = timedelta(minutes=15)
UNKNOWN = "?"  # no user name begins with it
MOST_FORGOTTEN = 100  # old counters at once


@dataclass(frozen=True)
class Opened:
    """A session just opened; the ticket buys its cookie once, within 30 seconds."""

    session_id: str
    ticket: str


@action(Permission.SIGN_IN)
def attempt(session: Session, actor: Actor, *, username: str) -> str:
    """Counts one try and returns the hash to compare with. NotAllowedNow(locked_out) after five failures in a row.

    Counted before the comparison, so that tries sent at the same moment do not slip past the lock. No audit event: a
    wrong password gets one from `refuse`, a right one from `succeed`.
    """
    account = session.get(Account, _name(username))
    failed = _failures(session, _kept_name(account, username), actor.now)
    if failed.locked_until and failed.locked_until > actor.now:
        raise NotAllowedNow("locked_out", minutes=-(-(failed.locked_until - actor.now) // timedelta(minutes=1)))
    if failed.locked_until or actor.now - failed.last_at > LOCK:
        failed.failures, failed.locked_until = 0, None
    failed.failures += 1
    failed.last_at = actor.now
    if failed.failures >= MAX_FAILURES:
        failed.locked_until = actor.now + LOCK
    _forget_failures(session, actor.now)
    return account.password_hash if account and account.active else nobody_hash()


@action(Permission.SIGN_IN)
def refuse(session: Session, actor: Actor, *, username: str) -> bool:
    """Writes a failed try to the audit trail, of the account's county if there is such an account; whether it is locked now.

    The count was taken by `attempt`. A name that no account has stands there as `?` and a keyed hash.
    """
    account = session.get(Account, _name(username))
    name = _kept_name(account, username)
    failed = session.get(SignInFailure, name)
    locked = failed is not None and failed.locked_until is not None
    chain = chain_of(account.area_code if account else "")
    audit.record(session, actor, "sign_in.refuse", name, new={"locked": locked}, chain_code=chain, changes_data=False)
    return locked


@action(Permission.SIGN_IN)
def succeed(
    session: Session, actor: Actor, *, username: str, compared: str, session_id: str, ticket: str, renewed: str = ""
) -> Opened:
    """Opens a session after the right password. `session_id` and `ticket` are random and made by the caller.

    `compared`: the hash the password was compared with. `renewed`: the same password at today's cost, when that hash has
    another one. SignedOut(wrong_password) if the account was disabled or its password reset while it was being compared.
    """
    area_code = session.scalar(select(Account.area_code).where(Account.username == _name(username)))
    audit.lock(session, chain_of(area_code or ""))  # before the account, as administrators do
    account = session.get(Account, _name(username), with_for_update=True)
    if account is None or not account.active or account.password_hash != compared or account.area_code != area_code:
        raise SignedOut("wrong_password")
    if renewed:
        account.password_hash = renewed
    sessions.begin(session, account.username, session_id, ticket, actor.now)
    sessions.forget(session, account.username, actor.now)
    signed_in = actor_of(session, session_id, actor.now)
    audit.record(session, signed_in, "sign_in.succeed", account.username, changes_data=False)
    session.execute(delete(SignInFailure).where(SignInFailure.username == account.username))
    return Opened(session_id, ticket)


@action(Permission.SIGN_IN)
def claim_cookie(session: Session, actor: Actor, *, ticket: str, cookie: str) -> bool:
    """Binds a cookie value to the ticket's session; the UPDATE is the lock, so a ticket works once. No audit event of its own."""
    claimed = session.execute(
        update(LoginSession)
        .where(
            LoginSession.ticket_hash == sessions.digest(ticket),
            LoginSession.ticket_until > actor.now,
            LoginSession.ended_at.is_(None),
        )
        .values(ticket_hash=None, cookie_hash=sessions.digest(cookie))
        .returning(LoginSession.id)
    )
    return claimed.one_or_none() is not None


@query(Permission.SIGN_IN)
def session_of_cookie(session: Session, _actor: Actor, *, cookie: str) -> str | None:
    """The id of the session a cookie stands for; whether it still lives is `actor_of`'s question."""
    return session.scalar(select(LoginSession.id).where(LoginSession.cookie_hash == sessions.digest(cookie)))


@action(Permission.EDIT_OWN_ACCOUNT)
def sign_out(session: Session, actor: Actor) -> bool:
    """Ends this session in every tab."""
    sessions.end_one(session, actor.session_id, actor.now)
    audit.record(session, actor, "sign_in.sign_out", actor.username, changes_data=False)
    return True


@action(Permission.EDIT_OWN_ACCOUNT)
def change_password(
    session: Session, actor: Actor, *, old: str, compared: str | None, new: str, repeated: str, new_hash: str
) -> bool:
    """Sets a new password and ends the account's other sessions.

    `compared`: the hash that `old` fits, None if it does not. `new_hash`: of `new`, made before, since the county's other
    writers would wait for it. InvalidInput at `old` when it is wrong, at `new` or `repeated` when the new one breaks a rule.
    """
    account = session.get_one(Account, actor.username, with_for_update=True)
    if compared is None or compared != account.password_hash:  # wrong, or reset while it was being compared
        raise InvalidInput("wrong_old_password", field="old")
    check_new_password(new, repeated, old=old, username=actor.username)
    account.password_hash, account.must_change, account.changed_at = check_hash(new_hash), False, actor.now
    ended = sessions.end_all(session, actor.username, actor.now, keep=actor.session_id)
    session.execute(delete(SignInFailure).where(SignInFailure.username == actor.username))
    audit.record(session, actor, "sign_in.change_password", actor.username, new={"sessions_ended": ended}, changes_data=False)
    return True


@action(Permission.EDIT_OWN_ACCOUNT)
def set_preferences(session: Session, actor: Actor, *, language: str, large_type: bool) -> bool:
    """Remembers the language and the type size of the actor's own screen. InvalidInput(bad_language)."""
    if language not in ("zh_CN", "en"):
        raise InvalidInput("bad_language", field="language")
    account = session.get_one(Account, actor.username)
    old = {"language": account.language, "large_type": account.large_type}
    new = {"language": language, "large_type": large_type}
    account.language, account.large_type = language, large_type
    audit.record(session, actor, "sign_in.set_preferences", actor.username, old=old, new=new, changes_data=False)
    return True


def _name(typed: str) -> str:
    """What was typed as a name, in the form that tables keep: lower case, without what no name holds."""
    return "".join(c for c in typed.strip().lower() if c.isprintable())[:64]


def _kept_name(account: Account | None, typed: str) -> str:
    """An account's own name, or `?` and a hash that is the same for the same name and tells nothing without our secret."""
    if account is not None:
        return account.username
    return UNKNOWN + hmac.new(secret().encode(), f"unknown name {_name(typed)}".encode(), hashlib.sha256).hexdigest()[:32]


def _forget_failures(session: Session, now: datetime) -> None:
    """Removes counters that count no more; not those that somebody else holds, so nobody waits for it."""
    old = select(SignInFailure.username).where(SignInFailure.last_at < now - LOCK)
    some = old.order_by(SignInFailure.last_at).limit(MOST_FORGOTTEN).with_for_update(skip_locked=True)
    session.execute(delete(SignInFailure).where(SignInFailure.username.in_(some)))


def _failures(session: Session, name: str, now: datetime) -> SignInFailure:
    """The name's counter, locked until the transaction ends; made if there is none, also when two tries come first at once."""
    query = select(SignInFailure).where(SignInFailure.username == name).with_for_update()
    failed = session.scalar(query)
    if failed is None:
        try:
            with session.begin_nested():
                session.add(SignInFailure(username=name, failures=0, last_at=now, locked_until=None))
        except IntegrityError:
            pass  # another try made it first
        failed = session.scalars(query).one()
    return failed
