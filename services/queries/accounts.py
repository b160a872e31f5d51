"""Accounts inside the actor's own area: a page of the list, how many there are in each state, one of them."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.rules.area import Level, level_of
from models.rules.errors import NotFound
from models.tables import Account, Area, Department, LoginSession, SignInFailure
from services import sessions
from services.access import Actor, Permission, in_area
from services.usecase import query

STATES = ("active", "locked", "must_change", "never", "waiting", "disabled")
MOST = 200  # rows of one answer


@dataclass(frozen=True)
class AccountCard:
    """One account: where it stands, what state it is in (one of STATES), and on how many browsers it is signed in."""

    username: str
    name: str
    role: str
    area_code: str
    department_code: str | None
    state: str
    active: bool
    failures: int
    locked_until: datetime | None
    last_seen: datetime | None
    open_sessions: int


@query(Permission.VIEW_ACCOUNTS)
def listing(
    session: Session,
    actor: Actor,
    *,
    as_of: datetime,
    search: str = "",
    role: str = "",
    state: str = "",
    limit: int = 20,
    offset: int = 0,
) -> pd.DataFrame:
    """A page of accounts by area and user name, at most 200 rows: who, role, area, department, state, when last seen.

    `search` is part of the user name, the person's name, or the name of the area or the one above it. Columns: username,
    name, role, area, area_en, above, above_en, department, department_en, state, last_seen (None: never).
    """
    found = _found(actor, as_of, search, role).add_columns(
        Account.username, Account.name, Account.role, Account.area_code, _last_seen().label("last_seen")
    )
    if state:
        found = found.where(_state(as_of) == state)
    rows = session.execute(found.order_by(Account.area_code, Account.username).limit(min(limit, MOST)).offset(offset))
    return pd.DataFrame(rows.mappings().all(), columns=list(rows.keys()), dtype=object)


@query(Permission.VIEW_ACCOUNTS)
def tally(session: Session, actor: Actor, *, as_of: datetime, search: str = "", role: str = "") -> dict[str, int]:
    """State → how many accounts are in it; every state is there, also with 0."""
    found = _found(actor, as_of, search, role).subquery()
    counted = session.execute(select(found.c.state, func.count()).group_by(found.c.state))
    return dict.fromkeys(STATES, 0) | {str(state): n for state, n in counted}


@query(Permission.VIEW_ACCOUNTS)
def one(session: Session, actor: Actor, *, username: str, as_of: datetime) -> AccountCard:
    """One account of the actor's area. NotFound(no_such_account)."""
    row = session.execute(
        select(Account, SignInFailure, _state(as_of).label("state"), _last_seen().label("last_seen"))
        .outerjoin(SignInFailure, SignInFailure.username == Account.username)
        .where(Account.username == username, in_area(actor.area_code, Account.area_code))
    ).one_or_none()
    if row is None:
        raise NotFound("no_such_account")
    account, failed = row.Account, row.SignInFailure
    return AccountCard(
        username=account.username,
        name=account.name,
        role=account.role,
        area_code=account.area_code,
        department_code=account.department_code,
        state=row.state,
        active=account.active,
        failures=failed.failures if failed else 0,
        locked_until=failed.locked_until if failed else None,
        last_seen=row.last_seen,
        open_sessions=sessions.open_count(session, account.username, as_of),
    )


@query(Permission.VIEW_ACCOUNTS)
def areas(session: Session, actor: Actor, *, level: str, parent_code: str = "") -> dict[str, tuple[str, str | None]]:
    """Areas of a level in the actor's area, below `parent_code` if one is given: code → (name, English name), by code."""
    found = select(Area.code, Area.name, Area.name_en).where(
        Area.level == level, in_area(actor.area_code, Area.code), Area.valid_until.is_(None)
    )
    if parent_code:
        level_of(parent_code)
        found = found.where(in_area(parent_code, Area.code))
    return {code: (name, name_en) for code, name, name_en in session.execute(found.order_by(Area.code))}


@query(Permission.VIEW_ACCOUNTS)
def departments(session: Session, actor: Actor, *, county_code: str) -> dict[str, tuple[str, str | None]]:
    """Departments of a county and its townships, inside the actor's area: code → (name, English name), by code."""
    found = select(Department.code, Department.name, Department.name_en).where(
        in_area(county_code, Department.area_code),
        in_area(actor.area_code, Department.area_code),
        Department.valid_until.is_(None),
    )
    return {code: (name, name_en) for code, name, name_en in session.execute(found.order_by(Department.code))}


def _found(actor: Actor, as_of: datetime, search: str, role: str) -> Select[str]:
    above = aliased(Area)
    found = (
        select(
            _state(as_of).label("state"),
            Area.name.label("area"),
            Area.name_en.label("area_en"),
            case((Area.level == Level.VILLAGE, above.name)).label("above"),
            case((Area.level == Level.VILLAGE, above.name_en)).label("above_en"),
            Department.name.label("department"),
            Department.name_en.label("department_en"),
        )
        .select_from(Account)
        .join(Area, Area.code == Account.area_code)
        .outerjoin(above, above.code == Area.parent_code)
        .outerjoin(Department, Department.code == Account.department_code)
        .where(in_area(actor.area_code, Account.area_code))
    )
    if role:
        found = found.where(Account.role == role)
    if wanted := search.strip().lower():
        upper = (case((Area.level == Level.VILLAGE, name)) for name in (above.name, above.name_en))
        places = (Area.name, Area.name_en, *upper, Department.name)
        words = (Account.username, Account.name, *places)
        found = found.where(or_(*(func.lower(word).contains(wanted, autoescape=True) for word in words)))
    return found


def _state(as_of: datetime) -> ColumnElement[str]:
    """The first that is true: waiting (never enabled), disabled, locked, never signed in, must choose a password; else active."""
    failed = SignInFailure.username == Account.username
    locked = select(SignInFailure.username).where(failed, SignInFailure.locked_until > as_of).correlate(Account)
    return case(
        (and_(~Account.active, ~_sessions().exists()), "waiting"),
        (~Account.active, "disabled"),
        (locked.exists(), "locked"),
        (~_sessions().exists(), "never"),
        (Account.must_change, "must_change"),
        else_="active",
    )


def _sessions() -> Select[str]:
    return select(LoginSession.id).where(LoginSession.username == Account.username)


def _last_seen() -> ScalarSelect[datetime]:
    seen = select(func.max(LoginSession.seen_at)).where(LoginSession.username == Account.username)
    return seen.correlate(Account).scalar_subquery()
