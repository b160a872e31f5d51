"""Publishing a week: what the live statements of `amounts` and `counting` say is written down, for the county, each
township and each village, when the week closes, and again when a correction is done.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, literal_column, select
from sqlalchemy.orm import Session

from models.rules.area import Level
from models.rules.measure import Measure
from models.rules.week import Week
from models.tables import Base, Entry, Event, Holding, ObservationPoint, WeekClosing, WeeklyLog, WeekReport, WeekSummary
from services.access import Actor, operator
from services.figures import amounts
from services.figures.counting import assigned, counted, plain

NUMERATORS = ("village_times", "sessions", "person_times", "person_minutes")
_REPORT = "report"
_AREA = {Level.COUNTY: None, Level.TOWNSHIP: plain(ObservationPoint.township_code), Level.VILLAGE: plain(WeeklyLog.village_code)}
Row = dict[str, Any]
Area = tuple[str, str]  # level and code


def write(session: Session, county_code: str, week: Week, at: datetime, due_at: datetime) -> set[Measure]:
    """Writes the county's week as it now is, in place of what was there; areas that changed are revised since `at`.

    Which measures changed, where the week was published before. The caller holds the county's lock and commits, so that a
    week is published whole or not at all.
    """
    actor = operator(county_code, at)
    is_first = session.get(WeekClosing, (county_code, week.monday)) is None
    if is_first:
        session.add(WeekClosing(county_code=county_code, week=week.monday, closed_at=at))
        session.flush()
    before, revised = _stored(session, county_code, week)
    for table in (WeekSummary, WeekReport):
        session.execute(delete(table).where(table.county_code == county_code, table.week == week.monday))
    _put(session, WeekReport, _report_rows(session, actor, county_code, week, due_at))
    _put(session, WeekSummary, [row for measure in Measure for row in _summary_rows(session, actor, county_code, week, measure)])
    if is_first:
        return set()
    after, _ = _stored(session, county_code, week)
    changed = {area: before[area] ^ figures for area, figures in after.items() if before[area] != figures}
    _mark(session, county_code, week, revised | dict.fromkeys(changed, at))
    return {Measure(figure[0]) for figures in changed.values() for figure in figures if figure[0] != _REPORT}


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


def _summary_rows(session: Session, actor: Actor, county_code: str, week: Week, measure: Measure) -> list[Row]:
    department = plain(Holding.department_code if measure.is_stock else Event.department_code).label("department_code")
    kinds: list[Any] = [department] if measure.is_stock else [department, Event.emergency]
    rows: list[Row] = []
    for level, area in _AREA.items():
        keys = kinds if area is None else [area.label("area_code"), *kinds]
        found = amounts.received(measure, [week], (*keys, *_numerators(measure)))
        found = counted(found, actor, county_code).group_by(*keys)
        known = {"county_code": county_code, "level": level, "measure": measure, "week": week.monday}
        whole: Row = known | {"area_code": county_code, "emergency": False}
        rows += [whole | dict(row) for row in session.execute(found).mappings()]
    return rows


def _numerators(measure: Measure) -> list[ColumnElement[Any]]:
    nothing: ColumnElement[int] = literal_column("0")
    if measure.is_stock:
        parts: Sequence[ColumnElement[Any]] = (func.count(), nothing, nothing, nothing)
    else:
        minutes = Entry.people * (Entry.minutes + Entry.travel_minutes)
        parts = (func.sum(Entry.copies), func.count(Entry.event_id.distinct()), func.sum(Entry.people), func.sum(minutes))
    return [part.label(name) for part, name in zip(parts, NUMERATORS, strict=True)]


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


def _put(session: Session, table: type[WeekReport | WeekSummary], rows: Sequence[Row]) -> None:
    if rows:
        session.execute(insert(Base.metadata.tables[table.__tablename__]), rows)
