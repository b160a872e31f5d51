"""One village's week, for the use-cases that read and write it: whose it is, whether it is open, how a change is kept.

Only the actor's own village can be meant: no use-case of the weekly log has a parameter that names one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from models.rules.area import Level, ancestor, level_of
from models.rules.entry import active_seconds
from models.rules.errors import InvalidInput, NotAllowedNow, PermissionDenied
from models.rules.schedule import LogState
from models.rules.week import Week, today_at
from models.tables import Area, Correction, Department, Entry, Event, Holding, ObservationPoint, WeekClosing, WeeklyLog
from services import audit
from services.access import Actor
from services.figures.counting import assigned
from services.figures.summaries import is_open
from services.once import once
from services.thresholds import deadlines

Facts = Mapping[str, object]
Bound = date | BindParameter[date]
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,40}")

# Built once: every tap asks them, and putting a statement together costs more than its answer.
_COUNTY: BindParameter[str] = bindparam("county")
_VILLAGE: BindParameter[str] = bindparam("village")
_MONDAY: BindParameter[date] = bindparam("monday")
_IS_POINT = exists().where(ObservationPoint.county_code == _COUNTY, ObservationPoint.village_code == _VILLAGE, assigned(_MONDAY))
_IS_PUBLISHED = exists().where(WeekClosing.county_code == _COUNTY, WeekClosing.week == _MONDAY)
_REPORTS = select(_IS_POINT)
_STANDING = select(_IS_POINT, _IS_PUBLISHED)
_LOG = (
    select(WeeklyLog, _IS_POINT, _IS_PUBLISHED)
    .where(WeeklyLog.county_code == _COUNTY, WeeklyLog.week == _MONDAY, WeeklyLog.village_code == _VILLAGE)
    .with_for_update(of=WeeklyLog)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class Saved:
    """The receipt of a tap. `subject_id` is the event or group it was about, 0 for the week itself.

    `reverted`: the last thing was taken out of a submitted week, which is a draft again.
    """

    subject_id: int
    state: str
    zero: bool
    version: int
    saved_at: datetime | None
    submitted_at: datetime | None
    reverted: bool = False


def saved(log: WeeklyLog, subject_id: int = 0, *, reverted: bool = False) -> Saved:
    """The receipt for the log as it now is; also of a tap that came twice and changed nothing."""
    return Saved(subject_id, log.state, log.zero, log.version, log.saved_at, log.submitted_at, reverted)


def own_village(actor: Actor) -> tuple[str, str]:
    """County and village of a recorder. PermissionDenied for an actor whose scope is not one village."""
    if level_of(actor.area_code) is not Level.VILLAGE:
        raise PermissionDenied("not_a_village")
    return actor.county_codes[0], actor.area_code


def closing(session: Session, county: str, village: str, week: Week) -> datetime:
    """When the week closes for the village: later than on other screens while it is open for a correction."""
    correction = corrections_of(session, county, village).get(week)
    return correction.until if correction else deadlines(session, county, [week])[week].closes_at


@once
def corrections_of(session: Session, county: str, village: str) -> dict[Week, Correction]:
    """The village's closed weeks that are open for a correction."""
    mine = (Correction.county_code == county, Correction.village_code == village, is_open())
    return {Week(one.week): one for one in session.scalars(select(Correction).where(*mine))}


@once
def reports_in(session: Session, county: str, village: str, week: Week) -> bool:
    """Whether the village is an observation point in that week."""
    return bool(session.scalar(_REPORTS, {"county": county, "village": village, "monday": week.monday}))


@once
def names_in(session: Session, township: str) -> Mapping[str, tuple[str, str | None]]:
    """Code → names, of the township and all its villages."""
    here = select(Area.code, Area.name, Area.name_en).where(or_(Area.code == township, Area.parent_code == township))
    return {code: (name, name_en) for code, name, name_en in session.execute(here)}


def open_log(session: Session, actor: Actor, week: Week) -> WeeklyLog:
    """The log to write in, made when it is the first tap. NotAllowedNow: week_future, week_closed, not_a_point."""
    _check_time(session, actor, week)
    asked = _place(actor, week)
    log, *standing = session.execute(_LOG, asked).one_or_none() or (None, *session.execute(_STANDING, asked).one())
    _check_standing(session, actor, week, *standing)
    return log or blank_log(*own_village(actor), week)


def check_open(session: Session, actor: Actor, week: Week) -> None:
    """Whether the village can write the week at the actor's moment. NotAllowedNow: week_future, week_closed, not_a_point.

    A published week is closed whatever its deadline says: who tapped just before that may get the turn after it.
    """
    _check_time(session, actor, week)
    _check_standing(session, actor, week, *session.execute(_STANDING, _place(actor, week)).one())


def _place(actor: Actor, week: Week) -> dict[str, object]:
    county, village = own_village(actor)
    return {"county": county, "village": village, "monday": week.monday}


def _check_time(session: Session, actor: Actor, week: Week) -> None:
    county, village = own_village(actor)
    if week.monday > today_at(actor.now):
        raise NotAllowedNow("week_future", field="week")
    if actor.now >= deadlines(session, county, [week])[week].closes_at:  # only then somebody may have opened it again
        closes = closing(session, county, village, week)
        if actor.now >= closes:
            raise NotAllowedNow("week_closed", field="week", moment=closes)


def _check_standing(session: Session, actor: Actor, week: Week, reports: bool, published: bool) -> None:
    county, village = own_village(actor)
    if published and week not in corrections_of(session, county, village):
        raise NotAllowedNow("week_closed", field="week", moment=closing(session, county, village, week))
    if not reports:
        raise NotAllowedNow("not_a_point", field="week")


def blank_log(county: str, village: str, week: Week) -> WeeklyLog:
    """The log of a week of which nothing is known, not stored yet."""
    place = {"county_code": county, "week": week.monday, "village_code": village}
    return WeeklyLog(**place, state=LogState.DRAFT, zero=False, version=0, seconds=0)


def keep(session: Session, actor: Actor, log: WeeklyLog, opened_at: datetime | None) -> None:
    """Marks the log as saved now: one version more, and the seconds of work since the last save. Before rows that refer to it.

    `opened_at` is when the recorder's screen was opened: so the first tap of a sitting is counted too.
    """
    log.seconds = log.seconds + active_seconds((log.saved_at, opened_at), actor.now)
    log.version, log.saved_at = log.version + 1, actor.now
    session.add(log)
    session.flush()


def put_in(
    session: Session, actor: Actor, log: WeeklyLog, opened_at: datetime | None, name: str, subject_id: int, facts: Facts
) -> Saved:
    """Keeps and audits a week that has something more in it: not "nothing" any longer."""
    log.zero = False
    keep(session, actor, log, opened_at)
    audit.record(session, actor, name, subject(log, subject_id), new=facts)
    return saved(log, subject_id)


def take_out(
    session: Session, actor: Actor, log: WeeklyLog, opened_at: datetime | None, name: str, subject_id: int, facts: Facts
) -> Saved:
    """Keeps and audits a week that lost something; a submitted one that lost the last thing is a draft again."""
    session.flush()
    reverted = log.state == LogState.SUBMITTED and is_empty(session, log)
    if reverted:
        log.state, log.submitted_at, log.submitted_by = LogState.DRAFT, None, None
    keep(session, actor, log, opened_at)
    audit.record(session, actor, name, subject(log, subject_id), old=facts, new={"state": log.state})
    return saved(log, subject_id, reverted=reverted)


def subject(log: WeeklyLog, subject_id: int = 0) -> str:
    """How the audit trail names a village-week, or an event or group in it: 2026-W47/992121100201/17."""
    return f"{Week(log.week).label}/{log.village_code}" + (f"/{subject_id}" if subject_id else "")


def check_token(request_id: str) -> None:
    """InvalidInput unless it can be the one-time token of a tap."""
    if not _TOKEN.fullmatch(request_id):
        raise InvalidInput("bad_request_id", field="event")


def township(log: WeeklyLog) -> str:
    """The township of the log's village."""
    return ancestor(log.village_code, Level.TOWNSHIP)


def is_empty(session: Session, log: WeeklyLog) -> bool:
    """Whether nothing is logged: no entry, and no group joined or left in that week."""
    week = Week(log.week)
    asked = {"county": log.county_code, "village": log.village_code, "monday": week.monday, "sunday": week.sunday}
    return not session.scalar(_filled(), asked)


def moved_in(monday: Bound, sunday: Bound) -> ColumnElement[bool]:
    """Condition: a group that was joined or left between the two days."""
    inside = (monday, sunday)
    return and_(Holding.kind == "group", or_(Holding.since.between(*inside), Holding.until.between(*inside)))


@cache
def _filled() -> Select[bool]:
    entries = exists().where(Entry.county_code == _COUNTY, Entry.week == _MONDAY, Entry.village_code == _VILLAGE)
    moved = exists().where(
        Holding.county_code == _COUNTY, Holding.village_code == _VILLAGE, moved_in(_MONDAY, bindparam("sunday"))
    )
    return select(or_(entries, moved))


def asking_areas(village: str) -> list[str]:
    """The areas whose departments may send something to the village: its township and all above."""
    return [ancestor(village, level) for level in (Level.TOWNSHIP, Level.COUNTY, Level.PREFECTURE, Level.PROVINCE)]


def department(session: Session, village: str, code: str, day: date) -> Department:
    """The department, if it may ask this village and existed that day. InvalidInput at `department` otherwise."""
    found = session.get(Department, code) if code.isascii() and code.isprintable() else None
    if found is None or found.area_code not in asking_areas(village):
        raise InvalidInput("unknown_department", field="department")
    if (found.valid_from and day < found.valid_from) or (found.valid_until and day >= found.valid_until):
        raise InvalidInput("department_not_valid", field="department", name=found.name, day=day)
    return found


def next_id(session: Session, table: type[Event] | type[Holding], county: str) -> int:
    """The county's next number; safe because an action holds the county's lock."""
    return (session.scalar(select(func.max(table.id)).where(table.county_code == county)) or 0) + 1
