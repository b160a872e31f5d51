"""What a file would change, before it does: plans for departments, points, declarations and accounts."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.rules.week import today_at
from services.access import Actor, Permission, county_of
from services.imports.accounts import plan_accounts
from services.imports.declarations import own_department, plan_declarations
from services.imports.departments import plan_departments
from services.imports.plan import Plan, plan_of
from services.imports.points import plan_points
from services.usecase import query


@query(Permission.EDIT_POINTS)
def departments_plan(session: Session, actor: Actor, *, county_code: str, content: bytes, filename: str) -> Plan:
    """What the file would do to the departments of the county and its townships.

    ImportRefused with one problem per wrong line. `filename` only names the file.
    """
    return plan_of(plan_departments(session, county_of(actor, county_code), content))


@query(Permission.EDIT_POINTS)
def points_plan(session: Session, actor: Actor, *, county_code: str, content: bytes, filename: str, as_of: datetime) -> Plan:
    """What the file would do to the county's observation points; `as_of` decides which weeks are closed.

    ImportRefused with one problem per wrong line.
    """
    return plan_of(plan_points(session, county_of(actor, county_code), content, as_of))


@query(Permission.DECLARE_EVENTS)
def declarations_plan(
    session: Session, actor: Actor, *, county_code: str, content: bytes, filename: str, as_of: datetime
) -> Plan:
    """What the file would add to what the actor's own department declared; `as_of` decides which days are plausible.

    ImportRefused with one problem per wrong line, NotFound(no_such_county, no_such_department).
    """
    county = county_of(actor, county_code)
    return plan_of(plan_declarations(session, county, own_department(actor), content, today_at(as_of)))


@query(Permission.CREATE_ACCOUNTS)
def accounts_plan(session: Session, actor: Actor, *, content: bytes, filename: str) -> Plan:
    """Which accounts of the actor's area the file would make or rename.

    ImportRefused with one problem per wrong line.
    """
    return plan_of(plan_accounts(session, actor, content))
