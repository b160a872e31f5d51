"""What was promised: every version of the county's reduction targets."""

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.measure import Measure
from models.tables import Account, Target
from services.access import Actor, Permission, county_of, in_scope
from services.in_force import last_revision
from services.usecase import query

COLUMNS = [
    "measure", "version", "in_force", "reduction", "baseline_from", "baseline_until", "starts", "ends", "basis",
    "basis_checked", "reason", "created_at", "created_by", "revision",
]  # fmt: skip


@query(Permission.VIEW_TARGETS)
def listing(session: Session, actor: Actor, *, county_code: str) -> pd.DataFrame:
    """The county's targets with all their versions: in the order of the measures, newest version first.

    reduction: share 0–1 of the baseline's weekly rate per point, reached at `ends`. The baseline runs from the Monday
    `baseline_from` through the Sunday `baseline_until`. `in_force`: the version that holds. `created_by`: the person's name,
    or the account's where it is gone. `revision`: for the version that holds, the last change of its figures.
    NotFound for a county that is not the actor's.
    """
    county_of(actor, county_code)
    found = session.execute(
        select(Target, Account.name)
        .outerjoin(Account, Account.username == Target.created_by)
        .where(Target.county_code == county_code, Target.area_code == county_code, in_scope(actor, Target.county_code))
        .order_by(Target.version.desc())
    ).all()
    rows = []
    for measure in Measure:
        versions = [row for row in found if row[0].measure == measure]
        revision = last_revision([row[0] for row in versions])
        for n, (target, person) in enumerate(versions):
            rows.append((
                target.measure, target.version, n == 0, target.reduction, target.baseline_from, target.baseline_until,
                target.starts, target.ends, target.basis, target.basis_checked, target.reason, target.created_at,
                person or target.created_by, None if n else revision,
            ))  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)
