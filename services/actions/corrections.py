"""Opening a closed village-week again: for a reason, for some days, and published anew when it is done.

While it is open, the county's figures of that week are counted live and marked as provisional; afterwards every area whose
figures changed carries the day since when they are revised.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.rules.basis import check_reason
from models.rules.errors import NotAllowedNow, NotFound
from models.rules.measure import Measure
from models.rules.week import Week
from models.tables import Correction, WeekClosing
from services import audit, closing
from services.access import Actor, Permission, county_of
from services.log.village_week import corrections_of, own_village, reports_in
from services.thresholds import threshold
from services.usecase import action


@action(Permission.REOPEN_WEEKS)
def reopen(session: Session, actor: Actor, *, county_code: str, village_code: str, week: Week, reason: str) -> datetime:
    """Lets a village change a closed week for `correction_days` (a threshold); until when.

    NotAllowedNow(week_not_closed, already_reopened) at week, NotFound(no_such_point) at village, InvalidInput at reason.
    """
    county = county_of(actor, county_code)
    why = check_reason(reason, needed=True)
    if not reports_in(session, county, village_code, week):
        raise NotFound("no_such_point", field="village")
    if session.get(WeekClosing, (county, week.monday)) is None:
        raise NotAllowedNow("week_not_closed", field="week")
    if week in corrections_of(session, county, village_code):
        raise NotAllowedNow("already_reopened", field="week")
    until = actor.now + timedelta(days=threshold(session, county, "correction_days", week.sunday))
    session.add(
        Correction(
            county_code=county, week=week.monday, village_code=village_code, number=_next(session, county, village_code, week),
            reason=why, opened_at=actor.now, opened_by=actor.username, until=until,
        )
    )  # fmt: skip
    session.flush()
    subject = f"{week.label}/{village_code}"
    audit.record(session, actor, "corrections.reopen", subject, new={"open_until": until}, reason=why, chain_code=county)
    return until


@action(Permission.REOPEN_WEEKS)
def finish(session: Session, actor: Actor, *, county_code: str, village_code: str, week: Week) -> list[Measure]:
    """Publishes a reopened week anew before its time is up; which measures changed. NotFound(no_such_correction)."""
    county = county_of(actor, county_code)
    changed = closing.finish(session, actor, _under_way(session, county, village_code, week))
    subject, new = f"{week.label}/{village_code}", {"measures": changed}
    audit.record(session, actor, "corrections.finish", subject, new=new, chain_code=county)
    return changed


@action(Permission.EDIT_WEEKLY_LOG)
def done(session: Session, actor: Actor, *, week: Week) -> list[Measure]:
    """The village is done with correcting its own week; which measures changed. NotFound(no_such_correction)."""
    county, village = own_village(actor)
    changed = closing.finish(session, actor, _under_way(session, county, village, week))
    audit.record(session, actor, "corrections.done", f"{week.label}/{village}", new={"measures": changed})
    return changed


def _under_way(session: Session, county: str, village_code: str, week: Week) -> Correction:
    found = corrections_of(session, county, village_code).get(week)
    if found is None:
        raise NotFound("no_such_correction", field="week")
    return found


def _next(session: Session, county: str, village_code: str, week: Week) -> int:
    same = (Correction.county_code == county, Correction.week == week.monday, Correction.village_code == village_code)
    return (session.scalar(select(func.max(Correction.number)).where(*same)) or 0) + 1
