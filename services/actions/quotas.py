"""Setting a department's quota. A revision is a new version; the old one stays as it was."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.basis import check_basis, check_reason
from models.rules.errors import Conflict, InvalidInput
from models.rules.measure import Measure
from models.rules.quota import YEARS, check_quota
from models.tables import Department, Quota
from services.access import Actor, Permission, county_of, in_area
from services.in_force import Revised, put_in_force
from services.senders import senders
from services.usecase import action


@action(Permission.EDIT_QUOTAS)
def revise(
    session: Session,
    actor: Actor,
    *,
    county_code: str,
    department_code: str,
    measure: str,
    year: int,
    allowance: int,
    basis: str,
    basis_checked: bool = False,
    reason: str = "",
    seen_version: int,
) -> Revised:
    """Sets how many events (groups: open groups) a department may use in a year: version 1, or the next one.

    `seen_version` is the version the actor looked at (0: none); Conflict(quota_revised) when it is not the newest any more.
    More than before (this year's version, else last year's) needs a reason of at least 10 characters. InvalidInput at
    department, measure, year, allowance, basis, reason. NotFound for a county that is not the actor's.
    """
    county_of(actor, county_code)
    _check_cell(session, county_code, department_code, measure, year)
    check_quota(allowance, year)
    basis = check_basis(basis)
    now = _newest(session, county_code, department_code, measure, year)
    if seen_version != (now.version if now else 0):
        raise Conflict("quota_revised", allowance=now.allowance if now else 0, version=now.version if now else 0)
    before = now or _newest(session, county_code, department_code, measure, year - 1)
    reason = check_reason(reason, needed=before is not None and allowance > before.allowance)
    quota = Quota(
        county_code=county_code, department_code=department_code, measure=measure, year=year, version=seen_version + 1,
        allowance=allowance, basis=basis, basis_checked=basis_checked, reason=reason, created_at=actor.now,
        created_by=actor.username,
    )  # fmt: skip
    return put_in_force(session, actor, "quotas.revise", f"{department_code} {measure} {year}", now, quota)


def _check_cell(session: Session, county_code: str, department_code: str, measure: str, year: int) -> None:
    """The department is one of the county's or of its townships' in that year, and the measure is one of ours."""
    if measure not in set(Measure):
        raise InvalidInput("bad_measure", field="measure", value=measure[:20])
    first = date(min(max(year, YEARS[0]), YEARS[1]), 1, 1)
    own = in_area(county_code, Department.area_code)
    known = session.scalar(senders(county_code, from_day=first).where(Department.code == department_code, own))
    if known is None:
        raise InvalidInput("unknown_department", field="department")


def _newest(session: Session, county_code: str, department_code: str, measure: str, year: int) -> Quota | None:
    mine = (Quota.county_code == county_code, Quota.department_code == department_code, Quota.measure == measure)
    return session.scalar(select(Quota).where(*mine, Quota.year == year).order_by(Quota.version.desc()).limit(1))
