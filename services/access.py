"""Who may do what, and whose rows they may see. The only such place; docs/permissions.md is printed from it.

Deny by default: a role without a permission, an actor without a county, a row outside the scope all come back as
refusals. `python -m services.access` prints the table.
"""

import sys
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.rules.area import Level, ancestor, last_within, level_of, pad
from models.rules.errors import InvalidInput, NotFound, PermissionDenied, SignedOut
from models.settings import session_limits
from models.tables import Account, Area, LoginSession
from services.once import once

OPERATOR = "command-line"  # the user name of what the machine does by itself, and of whoever owns it
SYSTEM_CHAIN = "0" * 12  # the audit chain of what belongs to no single county


class Permission(StrEnum):
    """`verb_noun`, alphabetical."""

    COMPARE_DEPARTMENTS = "compare_departments"
    CREATE_ACCOUNTS = "create_accounts"
    DECLARE_EVENTS = "declare_events"
    EDIT_OWN_ACCOUNT = "edit_own_account"
    EDIT_POINTS = "edit_points"
    EDIT_QUOTAS = "edit_quotas"
    EDIT_TARGETS = "edit_targets"
    EDIT_WEEKLY_LOG = "edit_weekly_log"
    FILL_SHEETS = "fill_sheets"
    GRANT_ROLES = "grant_roles"
    REOPEN_WEEKS = "reopen_weeks"
    SIGN_IN = "sign_in"
    VIEW_ACCOUNTS = "view_accounts"
    VIEW_AUDIT = "view_audit"
    VIEW_DECLARED = "view_declared"
    VIEW_DEPARTMENTS = "view_departments"
    VIEW_OMISSIONS = "view_omissions"
    VIEW_OVERVIEW = "view_overview"
    VIEW_POINTS = "view_points"
    VIEW_TARGETS = "view_targets"
    VIEW_TRENDS = "view_trends"
    VIEW_WEEKLY_LOG = "view_weekly_log"


class Role(StrEnum):
    """What an account is for. Three administrators, so that nobody both grants a right and uses it unseen."""

    VILLAGE_RECORDER = "village_recorder"
    TOWNSHIP_LIAISON = "township_liaison"
    TASK_FORCE = "task_force"
    COMPLIANCE_OFFICER = "compliance_officer"
    DEPARTMENT = "department"
    PREFECTURE_VIEWER = "prefecture_viewer"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class RoleRights:
    """What a role may do, at which area level its scope lies (`wider`: or may lie), and whether it needs a department."""

    purpose: str
    level: Level
    permissions: frozenset[Permission]
    needs_department: bool = False
    wider: frozenset[Level] = frozenset()

    @property
    def levels(self) -> frozenset[Level]:
        """Every level at which an account of this role may stand."""
        return self.wider | {self.level}


_OWN = frozenset({Permission.EDIT_OWN_ACCOUNT})
_ANALYSE = _OWN | {Permission.VIEW_OVERVIEW, Permission.VIEW_TRENDS, Permission.VIEW_POINTS}
_JUDGE = _ANALYSE | {
    Permission.VIEW_DEPARTMENTS, Permission.COMPARE_DEPARTMENTS, Permission.VIEW_DECLARED, Permission.VIEW_TARGETS
}  # fmt: skip
_ABOVE = frozenset({Level.PREFECTURE})  # administrators exist in prefectures too: they open the counties' first accounts

ROLES: dict[Role, RoleRights] = {
    Role.VILLAGE_RECORDER: RoleRights(
        "logs the week of one village",
        Level.VILLAGE,
        _OWN | {Permission.VIEW_WEEKLY_LOG, Permission.EDIT_WEEKLY_LOG, Permission.FILL_SHEETS},
    ),
    Role.TOWNSHIP_LIAISON: RoleRights(
        "completeness and trends of one township; takes in its villages' sheets",
        Level.TOWNSHIP,
        _ANALYSE | {Permission.VIEW_OMISSIONS, Permission.FILL_SHEETS},
    ),
    Role.TASK_FORCE: RoleRights(
        "sees whether the burden falls; keeps targets, quotas and points",
        Level.COUNTY,
        _JUDGE
        | {Permission.EDIT_TARGETS, Permission.EDIT_QUOTAS, Permission.EDIT_POINTS, Permission.REOPEN_WEEKS}
        | {Permission.VIEW_OMISSIONS},
    ),
    Role.COMPLIANCE_OFFICER: RoleRights("spots departments over quota and acts", Level.COUNTY, _JUDGE),
    Role.DEPARTMENT: RoleRights(
        "sees its own standing and declares its own events, never a village",
        Level.COUNTY,
        _OWN | {Permission.VIEW_DEPARTMENTS, Permission.DECLARE_EVENTS},
        needs_department=True,
    ),
    Role.PREFECTURE_VIEWER: RoleRights("the same screens for every county of a prefecture", Level.PREFECTURE, _JUDGE),
    Role.SYSTEM_ADMIN: RoleRights(
        "creates accounts and resets passwords; no business data",
        Level.COUNTY,
        _OWN | {Permission.VIEW_ACCOUNTS, Permission.CREATE_ACCOUNTS},
        wider=_ABOVE,
    ),
    Role.SECURITY_ADMIN: RoleRights(
        "enables and disables accounts, grants roles, ends sessions; no business data",
        Level.COUNTY,
        _OWN | {Permission.VIEW_ACCOUNTS, Permission.GRANT_ROLES},
        wider=_ABOVE,
    ),
    Role.AUDITOR: RoleRights(
        "reads the audit trail; changes nothing",
        Level.COUNTY,
        _OWN | {Permission.VIEW_AUDIT, Permission.VIEW_ACCOUNTS},
        wider=_ABOVE,
    ),
}


@dataclass(frozen=True)
class Actor:
    """Somebody at a moment: `now` is when they act, so nothing below the screen reads a clock."""

    now: datetime
    username: str = ""
    name: str = ""
    role: Role | None = None
    session_id: str = ""
    area_code: str = ""
    department_code: str | None = None
    county_codes: tuple[str, ...] = ()
    language: str = "zh_CN"
    large_type: bool = False
    must_change: bool = False

    def can(self, permission: Permission) -> bool:
        """Whether the role holds the permission; before the first password change only the own account is open."""
        if self.role is None:
            return permission is Permission.SIGN_IN
        if self.must_change and permission not in _OWN:
            return False
        return permission in ROLES[self.role].permissions

    @property
    def chain_code(self) -> str:
        """The audit chain this actor writes to: its county's, or the system's for who stands above the counties."""
        return chain_of(self.area_code)

    @property
    def scope(self) -> tuple[str, ...]:
        """Everything that decides which rows and which answer this actor gets: part of every cache key."""
        return (self.username, str(self.role), self.area_code, self.department_code or "", *self.county_codes)


def anonymous(now: datetime) -> Actor:
    """Nobody yet: may only try to sign in."""
    return Actor(now)


def operator(county_code: str, now: datetime, role: Role = Role.TASK_FORCE) -> Actor:
    """Somebody at this machine's command line, who owns the database anyway. No session can produce it."""
    return Actor(now, OPERATOR, OPERATOR, role, "", county_code, None, (county_code,))


_WHO = (  # built once: asking who is looking is a part of every rerun
    select(
        Account.username, Account.name, Account.role, Account.area_code, Account.department_code, Account.language,
        Account.large_type, Account.must_change, LoginSession.seen_at,
    )
    .join(LoginSession, LoginSession.username == Account.username)
    .where(
        LoginSession.id == bindparam("session_id"), LoginSession.ended_at.is_(None), LoginSession.ends_at > bindparam("now"),
        Account.active,
    )
)  # fmt: skip


@once
def actor_of(session: Session, session_id: str, now: datetime) -> Actor:
    """The actor behind a signed-in browser, read afresh. SignedOut when the session or the account has ended."""
    row = session.execute(_WHO, {"session_id": session_id, "now": now}).one_or_none()
    if row is None or now - row.seen_at >= timedelta(minutes=session_limits().idle_minutes):
        raise SignedOut("signed_out")
    if row.role not in ROLES:  # a word that this version does not know gives no rights at all
        raise SignedOut("signed_out")
    return Actor(
        now=now,
        username=row.username,
        name=row.name,
        role=Role(row.role),
        session_id=session_id,
        area_code=row.area_code,
        department_code=row.department_code,
        county_codes=_counties(session, row.area_code),
        language=row.language,
        large_type=row.large_type,
        must_change=row.must_change,
    )


def refresh(session: Session, actor: Actor, permission: Permission) -> Actor:
    """The actor as the database has it now, allowed to do this. Callbacks and fragments bypass the page's guard."""
    return allowed(actor_of(session, actor.session_id, actor.now) if actor.session_id else replace(actor), permission)


def allowed(actor: Actor, permission: Permission) -> Actor:
    """The actor, if allowed to do this. PermissionDenied otherwise."""
    if not actor.can(permission):
        raise PermissionDenied("permission_denied", permission=permission.value)
    return actor


def county_of(actor: Actor, county_code: str) -> str:
    """The county, if it is the actor's; asking for it is being allowed to. NotFound otherwise."""
    if county_code not in actor.county_codes:
        raise NotFound("no_such_county")
    return county_code


def chain_of(area_code: str) -> str:
    """The audit chain of what concerns an area: its county's, or the system's for anything wider (or nothing)."""
    wider = area_code in ("", SYSTEM_CHAIN) or level_of(area_code) in (Level.PROVINCE, Level.PREFECTURE)
    return SYSTEM_CHAIN if wider else ancestor(area_code, Level.COUNTY)


def chains_of(actor: Actor) -> tuple[str, ...]:
    """The audit chains an actor's area covers; the system's only for those above the counties."""
    return actor.county_codes if chain_of(actor.area_code) != SYSTEM_CHAIN else (*actor.county_codes, SYSTEM_CHAIN)


def check_fit(role: str, area_code: str, department_area: str | None) -> Role:
    """The role, if an account of it may stand at this area, with a department of `department_area` (None: without one).

    InvalidInput at `role`, `area_code` or `department_code` otherwise.
    """
    if role not in ROLES:
        raise InvalidInput("no_such_role", field="role")
    rights = ROLES[Role(role)]
    if level_of(area_code) not in rights.levels:
        raise InvalidInput("role_level", field="area_code")
    if rights.needs_department and (department_area is None or chain_of(department_area) != chain_of(area_code)):
        raise InvalidInput("department_missing", field="department_code")
    if not rights.needs_department and department_area is not None:
        raise InvalidInput("department_needless", field="department_code")
    return Role(role)


def in_area(area_code: str, village: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Condition: the village lies in the area (a range on the code, no LIKE)."""
    return village.between(pad(area_code), last_within(area_code))


def in_scope(
    actor: Actor, county: InstrumentedAttribute[Any], village: InstrumentedAttribute[Any] | None = None
) -> ColumnElement[bool]:
    """Condition: the row is the actor's to see. `village` is needed for rows that belong to one village."""
    mine: ColumnElement[bool] = county.in_(actor.county_codes)
    if village is not None and level_of(actor.area_code) in (Level.TOWNSHIP, Level.VILLAGE):
        return and_(mine, in_area(actor.area_code, village))
    return mine


def _counties(session: Session, area_code: str) -> tuple[str, ...]:
    if level_of(area_code) not in (Level.PROVINCE, Level.PREFECTURE):
        return (ancestor(area_code, Level.COUNTY),)
    codes = select(Area.code).where(Area.level == Level.COUNTY, Area.code.between(area_code, last_within(area_code)))
    return tuple(session.scalars(codes.order_by(Area.code)))


if __name__ == "__main__":
    from services.permissions_page import permissions_page

    sys.stdout.write(permissions_page())
