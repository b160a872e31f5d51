"""What departments are allowed: every version of every quota, and the departments that can have one."""

from datetime import date

import pandas as pd
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.rules.area import Level, ancestor, last_within
from models.tables import Account, Department, Quota
from services.access import Actor, Permission, county_of, in_scope
from services.in_force import newest_quota
from services.usecase import query

COLUMNS = [
    "department_code", "department", "department_en", "measure", "version", "in_force", "allowance", "basis", "basis_checked",
    "reason", "created_at", "created_by",
]  # fmt: skip


@query(Permission.VIEW_TARGETS)
def listing(session: Session, actor: Actor, *, county_code: str, year: int) -> pd.DataFrame:
    """All quotas of a calendar year with all their versions, by department, measure and newest version first.

    allowance: events per year (groups: open at a time). `in_force`: the version that holds. `created_by`: the person's name,
    or the account's where it is gone. NotFound for a county that is not the actor's.
    """
    county_of(actor, county_code)
    found = session.execute(
        select(Quota, newest_quota(), Department.name, Department.name_en, Account.name)
        .join(Department, Department.code == Quota.department_code)
        .outerjoin(Account, Account.username == Quota.created_by)
        .where(Quota.county_code == county_code, in_scope(actor, Quota.county_code), Quota.year == year)
        .order_by(Quota.department_code, Quota.measure, Quota.version.desc())
    )
    rows = [
        (
            quota.department_code, name, name_en, quota.measure, quota.version, bool(in_force), quota.allowance, quota.basis,
            quota.basis_checked, quota.reason, quota.created_at, person or quota.created_by,
        )
        for quota, in_force, name, name_en, person in found
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


@query(Permission.VIEW_TARGETS)
def departments(session: Session, actor: Actor, *, county_code: str, year: int) -> pd.DataFrame:
    """The departments that can send work to the county's villages in that year: its own, its townships' and those above it.

    Columns code, name, name_en, initials; by code. NotFound for a county that is not the actor's.
    """
    county_of(actor, county_code)
    above = (ancestor(county_code, Level.PROVINCE), ancestor(county_code, Level.PREFECTURE))
    found = session.execute(
        select(Department.code, Department.name, Department.name_en, Department.initials)
        .where(
            or_(Department.area_code.in_(above), Department.area_code.between(county_code, last_within(county_code))),
            or_(Department.valid_until.is_(None), Department.valid_until >= date(year, 1, 1)),
        )
        .order_by(Department.code)
    )
    return pd.DataFrame([tuple(row) for row in found], columns=["code", "name", "name_en", "initials"], dtype=object)
