"""What a file would change, before it does: plans for departments, points and accounts."""

from datetime import datetime

from sqlalchemy.orm import Session

from services.access import Actor, Permission, county_of
from services.imports.accounts import plan_accounts
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


@query(Permission.CREATE_ACCOUNTS)
def accounts_plan(session: Session, actor: Actor, *, content: bytes, filename: str) -> Plan:
    """Which accounts of the actor's area the file would make or rename.

    ImportRefused with one problem per wrong line.
    """
    return plan_of(plan_accounts(session, actor, content))
