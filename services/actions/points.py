"""Making a village an observation point, and ending that: from a Monday on, never for a week that is closed."""

from sqlalchemy import and_, case, exists, select
from sqlalchemy.orm import Session

from models.rules.area import Level, ancestor
from models.rules.errors import InvalidInput, NotAllowedNow, NotFound
from models.rules.point import SELECTIONS
from models.rules.schedule import LogState
from models.rules.week import Week
from models.tables import Area, ObservationPoint, WeeklyLog
from services import audit
from services.access import Actor, Permission, county_of, in_scope
from services.figures.counting import existing, not_ended
from services.thresholds import settled_through
from services.usecase import action

LONGEST_REASON = 500


@action(Permission.EDIT_POINTS)
def add(
    session: Session, actor: Actor, *, county_code: str, village_code: str, since: Week, selection: str, reason: str
) -> ObservationPoint:
    """Expects weekly logs of a village from `since` on; `selection`: random or purposive. The stored row.

    InvalidInput(point_no_village, point_not_then, point_selection, point_exists, point_reason), NotAllowedNow(point_week_closed).
    """
    county = county_of(actor, county_code)
    _check_village(session, county, village_code)
    if selection not in SELECTIONS:
        raise InvalidInput("point_selection", field="selection")
    why = _reason(reason)
    _still_open(session, actor, county, since, field="since")
    if not session.scalar(select(exists().where(Area.code == village_code, existing(since)))):
        raise InvalidInput("point_not_then", field="village")
    point = ObservationPoint
    mine = and_(point.county_code == county, point.village_code == village_code)
    if session.scalar(select(exists().where(mine, not_ended(since.monday)))):
        raise InvalidInput("point_exists", field="village")
    made = ObservationPoint(
        county_code=county,
        village_code=village_code,
        since=since.monday,
        until=None,
        township_code=ancestor(village_code, Level.TOWNSHIP),
        selection=selection,
    )
    session.add(made)
    session.flush()
    audit.record(session, actor, "points.add", village_code, new=_facts(made), reason=why, chain_code=county)
    return made


@action(Permission.EDIT_POINTS)
def end(session: Session, actor: Actor, *, county_code: str, village_code: str, until: Week, reason: str) -> ObservationPoint:
    """Expects no more weekly logs of a village from the week of `until` on; what was reported before stays. The row.

    NotFound(no_such_point), InvalidInput(point_no_village, point_ends_early, point_reason),
    NotAllowedNow(point_week_closed, point_has_logs).
    """
    county = county_of(actor, county_code)
    _check_village(session, county, village_code)
    why = _reason(reason)
    point = ObservationPoint
    found = session.scalar(
        select(point)
        .where(point.county_code == county, in_scope(actor, point.county_code, point.village_code))
        .where(point.village_code == village_code, not_ended(until.monday))
        .order_by(case((point.since <= until.monday, 0), else_=1), point.since.desc())  # the running one, else the newest
        .limit(1)
    )
    if found is None:
        raise NotFound("no_such_point", field="village")
    if until.monday <= found.since:
        raise InvalidInput("point_ends_early", field="until")
    _still_open(session, actor, county, until, field="until")
    if _has_reported(session, county, village_code, until):
        raise NotAllowedNow("point_has_logs", field="until")
    old = _facts(found)
    found.until = until.monday
    audit.record(session, actor, "points.end", village_code, old=old, new=_facts(found), reason=why, chain_code=county)
    return found


def _reason(typed: str) -> str:
    """What the audit trail will say; a change without a reason is refused."""
    reason = " ".join(typed.split())
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise InvalidInput("point_reason", field="reason", most=LONGEST_REASON)
    return reason


def _check_village(session: Session, county: str, code: str) -> None:
    area = session.get(Area, code)
    if area is None or area.level != Level.VILLAGE or ancestor(code, Level.COUNTY) != county:
        raise InvalidInput("point_no_village", field="village")


def _still_open(session: Session, actor: Actor, county: str, week: Week, *, field: str) -> None:
    """A closed week's points are settled: who was expected then does not change any more."""
    if week <= settled_through(session, county, actor.now):
        raise NotAllowedNow("point_week_closed", field=field)


def _has_reported(session: Session, county: str, village_code: str, since: Week) -> bool:
    reported = exists().where(
        WeeklyLog.county_code == county,
        WeeklyLog.village_code == village_code,
        WeeklyLog.week >= since.monday,
        WeeklyLog.state == LogState.SUBMITTED,
    )
    return bool(session.scalar(select(reported)))


def _facts(point: ObservationPoint) -> dict[str, object]:
    return {"since": point.since, "until": point.until, "selection": point.selection}
