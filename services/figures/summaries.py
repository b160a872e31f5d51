"""Closed weeks as they were published: what the trends read in place of a live count (services/figures/publishing.py writes)."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, not_, select
from sqlalchemy.orm import Session

from models.rules.area import Level, level_of
from models.rules.measure import Unit
from models.rules.week import Week
from models.tables import Correction, WeekClosing, WeekReport, WeekSummary
from models.tables.base import Moment
from services.access import Actor, in_area, in_scope
from services.figures.amounts import Asked
from services.once import once

Table = type[WeekReport] | type[WeekSummary]
_COLUMN: dict[Unit, ColumnElement[Any]] = {
    Unit.VILLAGE_TIMES: WeekSummary.village_times.expression,
    Unit.SESSIONS: WeekSummary.sessions.expression,
    Unit.PERSON_TIMES: WeekSummary.person_times.expression,
    Unit.HOURS: WeekSummary.person_minutes / 60.0,
    Unit.HOLDINGS: WeekSummary.village_times.expression,
}


@once
def reopened(session: Session, county_code: str) -> frozenset[Week]:
    """The weeks in which a village is correcting something: counted live until it is done."""
    found = select(Correction.week).where(Correction.county_code == county_code, is_open())
    return frozenset(Week(monday) for monday in session.scalars(found))


def is_open() -> ColumnElement[bool]:
    """Condition on corrections: not done with yet."""
    return Correction.closed_at.is_(None)


def published(session: Session, county_code: str, weeks: Collection[Week], *, stock: bool = False) -> set[Week]:
    """Those of the weeks whose figures are read from summaries: closed, and moved by no correction under way."""
    kept = _closed(session, county_code).intersection(weeks)
    live = reopened(session, county_code)
    return {week for week in kept if not is_live(week, live, stock=stock)}


def is_live(week: Week, live: Collection[Week], *, stock: bool) -> bool:
    """Whether a correction under way in the weeks `live` may move a closed week's figures.

    A stock reaches on: what a correction adds to one week is still held in the weeks after it.
    """
    return week in live or (stock and bool(live) and week > min(live))


@once
def _closed(session: Session, county_code: str) -> frozenset[Week]:
    closed = select(WeekClosing.week).where(WeekClosing.county_code == county_code)
    return frozenset(Week(monday) for monday in session.scalars(closed))


def totals(session: Session, actor: Actor, asked: Asked, weeks: Collection[Week]) -> dict[tuple[Any, ...], tuple[float, float]]:
    """(total, emergency) by week, or by week and township, for published weeks."""
    value = _COLUMN[asked.unit]
    keys, level = _keys(actor, WeekSummary, asked.township_code, asked.each_township)
    sums = [func.sum(case((when, value), else_=0)) for when in (not_(WeekSummary.emergency), WeekSummary.emergency)]
    rows = select(*keys, *sums).where(*_of(actor, WeekSummary, asked.county_code, level, asked.township_code, weeks))
    rows = rows.where(WeekSummary.measure == asked.measure).group_by(*keys)
    if asked.department_code:
        rows = rows.where(WeekSummary.department_code == asked.department_code)
    return {tuple(key): (float(total), float(apart)) for *key, total, apart in session.execute(rows)}


def of_points(session: Session, actor: Actor, asked: Asked, weeks: Collection[Week]) -> dict[str, float]:
    """What each point told in published weeks, without emergency work: by village. Not for sessions, which are shared."""
    rows = select(WeekSummary.area_code, func.sum(_COLUMN[asked.unit]))
    rows = rows.where(*_of(actor, WeekSummary, asked.county_code, Level.VILLAGE, None, weeks))
    rows = rows.where(WeekSummary.measure == asked.measure, not_(WeekSummary.emergency))
    if asked.township_code:
        rows = rows.where(in_area(asked.township_code, WeekSummary.area_code))
    if asked.department_code:
        rows = rows.where(WeekSummary.department_code == asked.department_code)
    return {village: float(total) for village, total in session.execute(rows.group_by(WeekSummary.area_code))}


def reports(
    session: Session, actor: Actor, county_code: str, weeks: Collection[Week], township_code: str | None = None
) -> dict[tuple[date, str], tuple[int, int, int, int]]:
    """(expected, submitted, zero, late) by (week, township), for published weeks."""
    columns = (WeekReport.expected, WeekReport.submitted, WeekReport.zero, WeekReport.late)
    rows = select(WeekReport.week, WeekReport.area_code, *columns)
    rows = rows.where(*_of(actor, WeekReport, county_code, Level.TOWNSHIP, township_code, weeks))
    return {(week, town): (points, told, zero, late) for week, town, points, told, zero, late in session.execute(rows)}


def revisions(session: Session, actor: Actor, asked: Asked, weeks: Collection[Week]) -> dict[tuple[Any, ...], datetime]:
    """When published figures were last corrected, by week, or by week and township; only where they were."""
    where = (asked.county_code, asked.township_code, asked.each_township)
    return _revised(session, actor, *where, frozenset(weeks))


def corrected(session: Session, actor: Actor, county_code: str, weeks: Collection[Week]) -> tuple[datetime, ...]:
    """When published figures of the actor's whole area were last corrected, one moment for each such week."""
    return tuple(sorted(_revised(session, actor, county_code, None, False, frozenset(weeks)).values()))


@once
def _revised(
    session: Session, actor: Actor, county_code: str, township_code: str | None, each_township: bool, weeks: Collection[Week]
) -> dict[tuple[Any, ...], datetime]:
    """Of every measure and unit alike."""
    keys, level = _keys(actor, WeekReport, township_code, each_township)
    rows = select(*keys, func.max(WeekReport.revised_at, type_=Moment)).where(WeekReport.revised_at.is_not(None))
    rows = rows.where(*_of(actor, WeekReport, county_code, level, township_code, weeks)).group_by(*keys)
    return {tuple(key): at for *key, at in session.execute(rows)}


def _keys(actor: Actor, table: Table, township_code: str | None, each_township: bool) -> tuple[tuple[Any, ...], Level]:
    """What tells the answers apart, and the level at which they are read: a township's actor sees the township."""
    if each_township or township_code:
        return (table.week, table.area_code)[: 1 + each_township], Level.TOWNSHIP
    own = level_of(actor.area_code)
    return (table.week,), own if own in (Level.TOWNSHIP, Level.VILLAGE) else Level.COUNTY


def _of(
    actor: Actor, table: Table, county_code: str, level: Level, township_code: str | None, weeks: Collection[Week]
) -> list[ColumnElement[bool]]:
    """Conditions: the actor's rows of that level."""
    mine = [table.county_code == county_code, table.level == level, in_scope(actor, table.county_code, table.area_code)]
    mine.append(table.week.in_([week.monday for week in weeks]))
    return [*mine, table.area_code == township_code] if township_code else mine
