"""What departments are allowed: every version of every quota, and the departments that can have one."""

from datetime import date
from itertools import groupby

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Account, Department, Quota
from services.access import Actor, Permission, county_of, in_area, in_scope
from services.in_force import last_revision
from services.senders import senders
from services.usecase import query

COLUMNS = [
    "department_code", "department", "department_en", "measure", "version", "in_force", "allowance", "basis", "basis_checked",
    "reason", "created_at", "created_by", "revision",
]  # fmt: skip


@query(Permission.VIEW_TARGETS)
def listing(session: Session, actor: Actor, *, county_code: str, year: int) -> pd.DataFrame:
    """All quotas of a calendar year with all their versions: by level of area, department's name and measure, newest first.

    allowance: events per year (groups: open at a time). `in_force`: the version that holds. `created_by`: the person's name,
    or the account's where it is gone. `revision`: for the version that holds, the last change of the allowance.
    NotFound for a county that is not the actor's.
    """
    county_of(actor, county_code)
    found = session.execute(
        select(Quota, Department.name, Department.name_en, Account.name)
        .join(Department, Department.code == Quota.department_code)
        .outerjoin(Account, Account.username == Quota.created_by)
        .where(Quota.county_code == county_code, in_scope(actor, Quota.county_code), Quota.year == year)
        .order_by(Department.area_code, Department.initials, Department.code, Quota.measure, Quota.version.desc())
    ).all()
    rows = []
    for _, same in groupby(found, key=lambda row: (row[0].department_code, row[0].measure)):
        versions = list(same)
        revision = last_revision([row[0] for row in versions])
        for n, (quota, name, name_en, person) in enumerate(versions):
            rows.append((
                quota.department_code, name, name_en, quota.measure, quota.version, n == 0, quota.allowance, quota.basis,
                quota.basis_checked, quota.reason, quota.created_at, person or quota.created_by, None if n else revision,
            ))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


@query(Permission.VIEW_TARGETS)
def departments(session: Session, actor: Actor, *, county_code: str, year: int) -> pd.DataFrame:
    """The departments a county may limit in that year: its own and its townships'. What comes from above it cannot.

    Columns code, name, name_en, initials; by the level of their area, then by name. NotFound for a county that is not the
    actor's.
    """
    county = county_of(actor, county_code)
    found = session.execute(senders(county, from_day=date(year, 1, 1)).where(in_area(county, Department.area_code)))
    return pd.DataFrame([tuple(row) for row in found], columns=["code", "name", "name_en", "initials"], dtype=object)
