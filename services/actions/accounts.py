"""Accounts: made by the system administrator, enabled and given their role by the security administrator.

Two people are needed for every new account, and nobody does anything of this to their own. Whatever takes a right away
ends the account's sessions in the same transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.rules.account import check_name, check_reason, check_username
from models.rules.errors import Conflict, InvalidInput, NotAllowedNow, NotFound
from models.tables import Account, Area, AuditEvent, Department, SignInFailure
from services import audit, sessions
from services.access import ROLES, Actor, Permission, Role, chain_of, check_fit, in_area
from services.passwords import check_hash
from services.usecase import action

WATCHING = {Permission.GRANT_ROLES, Permission.VIEW_AUDIT}


@dataclass(frozen=True)
class Receipt:
    """What was done to whom, and how many browsers were signed out by it."""

    username: str
    sessions_ended: int = 0


@action(Permission.CREATE_ACCOUNTS)
def create(
    session: Session,
    actor: Actor,
    *,
    username: str,
    name: str,
    role: str,
    area_code: str,
    department_code: str | None,
    password_hash: str,
) -> Receipt:
    """Makes an account that is disabled and must choose an own password: the security administrator enables it.

    `password_hash`: of a random password that the caller made and shows once; hashed before, since the county's other
    writers would wait for it. InvalidInput at the field that is wrong, NotFound(no_such_area) for an area outside the
    actor's, NotAllowedNow(username_taken).
    """
    username, name = check_username(username), check_name(name)
    granted = _check_place(session, actor, role, area_code, department_code)
    audit.lock(session, actor.chain_code, chain_of(area_code))
    if session.get(Account, username) is not None:
        raise NotAllowedNow("username_taken", field="username")
    session.add(
        Account(
            username=username,
            name=name,
            role=granted,
            area_code=area_code,
            department_code=department_code,
            password_hash=check_hash(password_hash),
            must_change=True,
            active=False,
            changed_at=actor.now,
        )
    )
    session.flush()
    place = {"name": name, "role": granted, "area_code": area_code, "department_code": department_code}
    audit.record(session, actor, "accounts.create", username, new=place, chain_code=chain_of(area_code))
    return Receipt(username)


@action(Permission.CREATE_ACCOUNTS)
def reset_password(session: Session, actor: Actor, *, username: str, password_hash: str) -> Receipt:
    """Gives an account a random password, to be changed at the next sign-in; its sessions end and it is unlocked.

    An account that grants rights or reads the trail is disabled as well, until a security administrator enables it: who
    knows the new password must not become the one who watches them. `password_hash`: as for `create`.
    NotFound(no_such_account), NotAllowedNow(own_account).
    """
    account = _account(session, actor, username)
    old = {"active": account.active}
    account.password_hash, account.must_change, account.changed_at = check_hash(password_hash), True, actor.now
    account.active = account.active and not _watches(account)
    session.execute(delete(SignInFailure).where(SignInFailure.username == account.username))
    return _ended(session, actor, "accounts.reset_password", account, old, {"active": account.active, "must_change": True})


@action(Permission.GRANT_ROLES)
def enable(session: Session, actor: Actor, *, username: str) -> Receipt:
    """Lets an account sign in; one that watches only when somebody else granted it that role (docs/adr/0020).

    NotFound(no_such_account), NotAllowedNow(own_account, account_already, granted_by_you).
    """
    account = _account(session, actor, username)
    if _watches(account) and _granter(session, account) == actor.username:
        raise NotAllowedNow("granted_by_you")
    _set_active(account, actor, active=True)
    chain = chain_of(account.area_code)
    audit.record(
        session, actor, "accounts.enable", account.username, old={"active": False}, new={"active": True}, chain_code=chain
    )
    return Receipt(account.username)


@action(Permission.GRANT_ROLES)
def disable(session: Session, actor: Actor, *, username: str, reason: str) -> Receipt:
    """Keeps an account from signing in and ends its sessions at once. A reason is needed. Errors as for `enable`."""
    account, why = _account(session, actor, username), check_reason(reason)
    _set_active(account, actor, active=False)
    return _ended(session, actor, "accounts.disable", account, {"active": True}, {"active": False}, why)


@action(Permission.GRANT_ROLES)
def change_role(
    session: Session,
    actor: Actor,
    *,
    username: str,
    role: str,
    area_code: str,
    department_code: str | None,
    reason: str,
) -> Receipt:
    """Gives an account another role, area or department, and ends its sessions. A reason is needed.

    An account that now grants rights or reads the trail is disabled, until another security administrator enables it.
    NotFound(no_such_account, no_such_area), InvalidInput at the field, NotAllowedNow(own_account, account_already).
    """
    why = check_reason(reason)
    granted = _check_place(session, actor, role, area_code, department_code)
    account = _account(session, actor, username, chain_of(area_code))
    old, was_active = _place(account), account.active
    account.role, account.area_code, account.department_code, account.changed_at = granted, area_code, department_code, actor.now
    new = _place(account)
    if new == old:
        raise NotAllowedNow("account_already")
    if was_active and _watches(account):
        account.active, old["active"], new["active"] = False, True, False
    if chain_of(area_code) != chain_of(str(old["area_code"])):  # both counties read of it
        there = chain_of(str(old["area_code"]))
        audit.record(session, actor, "accounts.change_role", account.username, old=old, new=new, reason=why, chain_code=there)
    return _ended(session, actor, "accounts.change_role", account, old, new, why)


@action(Permission.GRANT_ROLES)
def unlock(session: Session, actor: Actor, *, username: str) -> Receipt:
    """Forgets an account's wrong passwords, so that it may try again. NotAllowedNow(account_already) when there were none."""
    account = _account(session, actor, username)
    failed = session.get(SignInFailure, account.username)
    if failed is None:
        raise NotAllowedNow("account_already")
    old = {"failures": failed.failures, "locked_until": failed.locked_until}
    session.delete(failed)
    audit.record(session, actor, "accounts.unlock", account.username, old=old, chain_code=chain_of(account.area_code))
    return Receipt(account.username)


@action(Permission.GRANT_ROLES)
def end_sessions(session: Session, actor: Actor, *, username: str) -> Receipt:
    """Signs an account out everywhere; it may sign in again. NotFound(no_such_account), NotAllowedNow(own_account)."""
    return _ended(session, actor, "accounts.end_sessions", _account(session, actor, username), {}, {})


def _account(session: Session, actor: Actor, username: str, *chain_codes: str) -> Account:
    """Somebody else's account inside the actor's area, held until the transaction ends, and before it the chains.

    Those are the actor's, the account's and `chain_codes`. Conflict when the account moved while we waited for them.
    """
    mine = Account.username == username, in_area(actor.area_code, Account.area_code)
    area_code = session.scalar(select(Account.area_code).where(*mine))
    if area_code is None:
        raise NotFound("no_such_account")
    if username == actor.username:
        raise NotAllowedNow("own_account")
    audit.lock(session, actor.chain_code, chain_of(area_code), *chain_codes)
    account = session.scalar(select(Account).where(*mine).with_for_update())
    if account is None or chain_of(account.area_code) != chain_of(area_code):
        raise Conflict("saved_elsewhere")
    return account


def _check_place(session: Session, actor: Actor, role: str, area_code: str, department_code: str | None) -> str:
    if not area_code:
        raise InvalidInput("area_missing", field="area_code")
    area = session.scalar(select(Area.code).where(Area.code == area_code, in_area(actor.area_code, Area.code)))
    if area is None:
        raise NotFound("no_such_area", field="area_code")
    department = session.get(Department, department_code) if department_code is not None else None
    if department_code is not None and department is None:
        raise InvalidInput("department_missing", field="department_code")
    return check_fit(role, area, department.area_code if department else None).value


def _set_active(account: Account, actor: Actor, *, active: bool) -> None:
    if account.active is active:
        raise NotAllowedNow("account_already")
    account.active, account.changed_at = active, actor.now


def _watches(account: Account) -> bool:
    return bool(ROLES[Role(account.role)].permissions & WATCHING)


def _granter(session: Session, account: Account) -> str | None:
    """Who gave the account its present role, as the trail tells; None once it was enabled with it, or was made with it."""
    told = select(AuditEvent.action, AuditEvent.username).where(
        AuditEvent.county_code == chain_of(account.area_code),
        AuditEvent.subject == account.username,
        AuditEvent.action.in_(("accounts.change_role", "accounts.enable")),
    )
    last = session.execute(told.order_by(AuditEvent.seq.desc()).limit(1)).one_or_none()
    return last.username if last and last.action == "accounts.change_role" else None


def _place(account: Account) -> dict[str, object]:
    return {"role": account.role, "area_code": account.area_code, "department_code": account.department_code}


def _ended(
    session: Session,
    actor: Actor,
    action_name: str,
    account: Account,
    old: Mapping[str, object],
    new: Mapping[str, object],
    reason: str = "",
) -> Receipt:
    ended = sessions.end_all(session, account.username, actor.now)
    facts = {**new, "sessions_ended": ended}
    chain = chain_of(account.area_code)
    audit.record(session, actor, action_name, account.username, old=old, new=facts, reason=reason, chain_code=chain)
    return Receipt(account.username, ended)
