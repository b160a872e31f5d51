"""Control charts begun anew: from a week on the usual level is another, for a reason that everybody reads at the line."""

from datetime import date

from sqlalchemy.orm import Session

from models.rules.area import Level, ancestor, level_of
from models.rules.basis import SHORTEST_REASON, check_reason
from models.rules.errors import Conflict, InvalidInput, NotAllowedNow, NotFound
from models.rules.measure import Measure
from models.rules.week import Week
from models.tables import Area, Rebase
from services import audit
from services.access import Actor, Permission, county_of
from services.figures.weeks_told import first_week
from services.thresholds import deadlines
from services.usecase import action


@action(Permission.EDIT_TARGETS)
def add(
    session: Session, actor: Actor, *, county_code: str, measure: str, week: Week, reason: str, township_code: str | None = None
) -> date:
    """Limits are made anew from that week on; returns its Monday. For a township, or for the county and all its townships.

    InvalidInput at measure, reason (10 characters or more), and at week when nothing was logged before it; NotAllowedNow at
    week while it is open; Conflict(rebase_there); NotFound(no_such_county, no_such_area).
    """
    area = _area(session, actor, county_code, measure, township_code)
    why = _reason(reason)
    if not deadlines(session, county_code, [week])[week].is_closed(actor.now):
        raise NotAllowedNow("rebase_open_week", field="week")
    begun = first_week(session, actor, county_code)
    if begun is None or week <= begun:
        raise InvalidInput("rebase_early", field="week")
    if session.get(Rebase, (county_code, area, measure, week.monday)):
        raise Conflict("rebase_there", field="week")
    made = {"created_at": actor.now, "created_by": actor.username}
    session.add(Rebase(county_code=county_code, area_code=area, measure=measure, week=week.monday, reason=why, **made))
    session.flush()
    subject = f"{week.label}/{area}/{measure}"
    audit.record(session, actor, "rebases.add", subject, new={"reason": why}, reason=why, chain_code=county_code)
    return week.monday


@action(Permission.EDIT_TARGETS)
def withdraw(
    session: Session, actor: Actor, *, county_code: str, measure: str, week: Week, reason: str, township_code: str | None = None
) -> date:
    """The limits before go on as if nothing had been decided; the trail keeps both reasons.

    InvalidInput at measure, reason; NotFound(no_such_rebase, no_such_county, no_such_area).
    """
    area = _area(session, actor, county_code, measure, township_code)
    why = _reason(reason)
    row = session.get(Rebase, (county_code, area, measure, week.monday))
    if row is None:
        raise NotFound("no_such_rebase", field="week")
    session.delete(row)
    session.flush()
    subject = f"{week.label}/{area}/{measure}"
    audit.record(session, actor, "rebases.withdraw", subject, old={"reason": row.reason}, reason=why, chain_code=county_code)
    return week.monday


def _area(session: Session, actor: Actor, county_code: str, measure: str, township_code: str | None) -> str:
    county_of(actor, county_code)
    if measure not in set(Measure):
        raise InvalidInput("bad_measure", field="measure", value=measure[:20])
    if township_code is None:
        return county_code
    inside = level_of(township_code) is Level.TOWNSHIP and ancestor(township_code, Level.COUNTY) == county_code
    if not inside or session.get(Area, township_code) is None:
        raise NotFound("no_such_area", field="week")
    return township_code


def _reason(reason: str) -> str:
    text = check_reason(reason, needed=False)
    if len("".join(text.split())) < SHORTEST_REASON:
        raise InvalidInput("rebase_reason", field="reason", least=SHORTEST_REASON)
    return text
