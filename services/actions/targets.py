"""Setting a county's reduction target for a measure. A revision is a new version; the old one stays as it was."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.basis import check_basis, check_reason
from models.rules.errors import Conflict, InvalidInput
from models.rules.measure import Measure
from models.rules.target import Promise, check_target, softens
from models.tables import Target
from services.access import Actor, Permission, county_of
from services.in_force import Revised, put_in_force
from services.usecase import action


@action(Permission.EDIT_TARGETS)
def revise(
    session: Session,
    actor: Actor,
    *,
    county_code: str,
    measure: str,
    reduction: float,
    baseline_from: date,
    baseline_weeks: int,
    starts: date,
    ends: date,
    basis: str,
    basis_checked: bool = False,
    reason: str = "",
    seen_version: int,
) -> Revised:
    """Promises that the measure falls by `reduction` (share 0–1) of its baseline by `ends`: version 1, or the next one.

    The baseline is `baseline_weeks` whole weeks from the Monday `baseline_from`, over before `starts`. `seen_version` is the
    version the actor looked at (0: none); Conflict(target_revised) when it is not the newest any more. Less,
    later or from another baseline than before needs a reason of at least 10 characters. InvalidInput at measure, reduction,
    baseline, length, ends, basis, reason. NotFound for a county that is not the actor's.
    """
    county_of(actor, county_code)
    if measure not in set(Measure):
        raise InvalidInput("bad_measure", field="measure", value=measure[:20])
    baseline_until = check_target(reduction, baseline_from, baseline_weeks, starts, ends)
    now = _newest(session, county_code, measure)
    if seen_version != (now.version if now else 0):
        raise Conflict("target_revised", version=now.version if now else 0)
    target = Target(
        county_code=county_code, area_code=county_code, measure=measure, version=seen_version + 1, reduction=reduction,
        baseline_from=baseline_from, baseline_until=baseline_until, starts=starts, ends=ends, basis=check_basis(basis),
        basis_checked=basis_checked, created_at=actor.now, created_by=actor.username,
    )  # fmt: skip
    target.reason = check_reason(reason, needed=now is not None and softens(_promise(now), _promise(target)))
    return put_in_force(session, actor, "targets.revise", measure, now, target)


def _newest(session: Session, county_code: str, measure: str) -> Target | None:
    mine = (Target.county_code == county_code, Target.area_code == county_code, Target.measure == measure)
    return session.scalar(select(Target).where(*mine).order_by(Target.version.desc()).limit(1))


def _promise(target: Target) -> Promise:
    return Promise(target.reduction, target.baseline_from, target.baseline_until, target.starts, target.ends)
