"""Publishing a week: what the live statements of `amounts` and `counting` say is written down, for the county, each
township and each village, when the week closes, and again when a correction is done.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, delete, false, func, insert, literal, literal_column, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.rules.area import Level
from models.rules.measure import Measure
from models.rules.week import Week
from models.tables import Base, Entry, Event, Holding, ObservationPoint, WeekClosing, WeeklyLog, WeekReport, WeekSummary
from services.access import Actor, operator
from services.figures import amounts
from services.figures.counting import assigned, counted, plain

NUMERATORS = ("village_times", "sessions", "person_times", "person_minutes")
_REPORT = "report"
_AREA: dict[Any, Any] = {
    Level.COUNTY.value: WeeklyLog.county_code,
    Level.TOWNSHIP.value: ObservationPoint.township_code,
    Level.VILLAGE.value: WeeklyLog.village_code,
}
_LEVELS = union_all(*(select(literal(level).label("level")) for level in _AREA)).subquery("levels")
_KEYS = ("county_code", "week", "level", "area_code", "measure", "department_code", "emergency")
_FLOWS, _STOCKS = ([one for one in Measure if one.is_stock is stock] for stock in (False, True))
_REPORTS, _SUMMARY = (Base.metadata.tables[one.__tablename__] for one in (WeekReport, WeekSummary))
Row = dict[str, Any]
Area = tuple[str, str]  # level and code


def first(session: Session, county_code: str, week: Week, at: datetime, due_at: datetime) -> None:
    """Writes the county's week as it now is. The caller holds the county's lock and commits: a week is published whole."""
    session.add(WeekClosing(county_code=county_code, week=week.monday, closed_at=at))
    session.flush()
    _write(session, county_code, week, at, due_at)


def again(session: Session, county_code: str, week: Week, at: datetime, due_at: datetime) -> set[Measure]:
    """The same in place of what was there; areas that changed are revised since `at`. Which measures changed."""
    before, revised = _stored(session, county_code, week)
    for table in (WeekSummary, WeekReport):
        session.execute(delete(table).where(table.county_code == county_code, table.week == week.monday))
    _write(session, county_code, week, at, due_at)
    after, _ = _stored(session, county_code, week)
    changed = {area: before[area] ^ figures for area, figures in after.items() if before[area] != figures}
    _mark(session, county_code, week, revised | dict.fromkeys(changed, at))
    return {Measure(figure[0]) for figures in changed.values() for figure in figures if figure[0] != _REPORT}


def _write(session: Session, county_code: str, week: Week, at: datetime, due_at: datetime) -> None:
    actor = operator(county_code, at)
    if reports := _report_rows(session, actor, county_code, week, due_at):
        session.execute(insert(_REPORTS), reports)
    for found in (_entered(week), _held(week)):
        rows = counted(found, actor, county_code).join(_LEVELS, true())
        session.execute(insert(_SUMMARY).from_select([*_KEYS, *NUMERATORS], rows))


def _mark(session: Session, county_code: str, week: Week, revised: Mapping[Area, datetime]) -> None:
    for (level, code), moment in revised.items():
        row = session.get_one(WeekReport, (county_code, level, week.monday, code), populate_existing=True)
        row.revised_at = moment


def _report_rows(session: Session, actor: Actor, county_code: str, week: Week, due_at: datetime) -> list[Row]:
    point, log = ObservationPoint, WeeklyLog
    expected = session.execute(
        select(point.village_code, point.township_code).where(point.county_code == county_code, assigned(week.monday))
    ).all()
    logs: Any = select(log.village_code, log.zero, log.submitted_at).select_from(log).where(log.week == week.monday)
    told = {village: (zero, at >= due_at) for village, zero, at in session.execute(counted(logs, actor, county_code))}
    counts: dict[Area, Counter[str]] = defaultdict(Counter)
    for village, township in expected:
        zero, late = told.get(village, (None, False))
        one = Counter(expected=1, submitted=int(zero is False), zero=int(zero is True), late=int(late))
        for area in zip(_AREA, (county_code, township, village), strict=True):
            counts[area].update(one)
    known = {"county_code": county_code, "week": week.monday}
    return [known | {"level": level, "area_code": code} | dict(numbers) for (level, code), numbers in counts.items()]


def _entered(week: Week) -> Select[Any]:
    """What flowed into each area: an event counts once in each, however many villages received it."""
    keys = (*_keys(Event.kind, Event.department_code), Event.emergency)
    minutes = Entry.people * (Entry.minutes + Entry.travel_minutes)
    numbers = (func.sum(Entry.copies), func.count(Entry.event_id.distinct()), func.sum(Entry.people), func.sum(minutes))
    return amounts.entered([*keys, *numbers]).where(WeeklyLog.week == week.monday, Event.kind.in_(_FLOWS)).group_by(*keys)


def _held(week: Week) -> Select[Any]:
    """What each area had on the Sunday. Nothing that merely stays is an emergency."""
    keys = _keys(Holding.kind, Holding.department_code)
    found = select(*keys, false(), func.count(), *[literal_column("0")] * 3).select_from(WeeklyLog)
    found = found.join(Holding, amounts.held(week.sunday))
    return found.where(WeeklyLog.week == week.monday, Holding.kind.in_(_STOCKS)).group_by(*keys)


def _keys(kind: InstrumentedAttribute[str], department: InstrumentedAttribute[str]) -> tuple[Any, ...]:
    area = case(_AREA, value=_LEVELS.c.level)
    return (WeeklyLog.county_code, WeeklyLog.week, _LEVELS.c.level, area, kind, plain(department))


def _stored(session: Session, county_code: str, week: Week) -> tuple[dict[Area, set[tuple[Any, ...]]], dict[Area, datetime]]:
    """Everything published of the week by area, and which areas were revised when."""
    figures: dict[Area, set[tuple[Any, ...]]] = defaultdict(set)
    reports = select(WeekReport).where(WeekReport.county_code == county_code, WeekReport.week == week.monday)
    revised = {}
    for one in session.scalars(reports.execution_options(populate_existing=True)):
        figures[one.level, one.area_code].add((_REPORT, one.expected, one.submitted, one.zero, one.late))
        if one.revised_at is not None:
            revised[one.level, one.area_code] = one.revised_at
    columns = [getattr(WeekSummary, name) for name in ("measure", "department_code", "emergency", *NUMERATORS)]
    summary = select(WeekSummary.level, WeekSummary.area_code, *columns)
    summary = summary.where(WeekSummary.county_code == county_code, WeekSummary.week == week.monday)
    for level, code, *numbers in session.execute(summary):
        figures[level, code].add(tuple(numbers))
    return figures, revised
