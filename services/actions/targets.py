"""Setting a county's reduction target for a measure. A revision is a new version; the old one stays as it was."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.basis import check_basis, check_reason
from models.rules.errors import Conflict, InvalidInput
from models.rules.measure import Measure
from models.rules.target import check_target
from models.tables import Target
from services import audit
from services.access import Actor, Permission, county_of
from services.in_force import Revised, newest_target
from services.usecase import action

FACTS = ("version", "reduction", "baseline_from", "baseline_until", "starts", "ends", "basis", "basis_checked")


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
    version the actor looked at (0: none); Conflict(target_revised) when it is not the newest any more. InvalidInput at
    measure, reduction, baseline, length, ends, basis, reason. NotFound for a county that is not the actor's.
    """
    county_of(actor, county_code)
    if measure not in set(Measure):
        raise InvalidInput("bad_measure", field="measure", value=measure[:20])
    baseline_until = check_target(reduction, baseline_from, baseline_weeks, starts, ends)
    target = Target(
        county_code=county_code, area_code=county_code, measure=measure, version=seen_version + 1, reduction=reduction,
        baseline_from=baseline_from, baseline_until=baseline_until, starts=starts, ends=ends, basis=check_basis(basis),
        basis_checked=basis_checked, reason=check_reason(reason, needed=False), created_at=actor.now,
        created_by=actor.username,
    )  # fmt: skip
    now = _newest(session, county_code, measure)
    if seen_version != (now.version if now else 0):
        raise Conflict("target_revised", version=now.version if now else 0)
    if now and all(getattr(now, name) == getattr(target, name) for name in FACTS[1:]):
        return Revised(now.version, changed=False)
    session.add(target)
    session.flush()
    old, new = _facts(now), _facts(target)
    audit.record(session, actor, "targets.revise", measure, old=old, new=new, reason=target.reason, chain_code=county_code)
    return Revised(target.version, changed=True)


def _newest(session: Session, county_code: str, measure: str) -> Target | None:
    mine = (Target.county_code == county_code, Target.area_code == county_code, Target.measure == measure)
    return session.scalar(select(Target).where(*mine, newest_target()))


def _facts(target: Target | None) -> dict[str, object] | None:
    return None if target is None else {name: getattr(target, name) for name in FACTS}
