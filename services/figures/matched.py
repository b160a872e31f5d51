"""What the points that reported in both periods told: by point, and week by week. Four statements, however many of either."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, not_, null, select, union_all
from sqlalchemy.orm import Session

from models.rules.measure import Unit
from models.rules.week import Week
from models.tables import WeeklyLog
from services.access import Actor
from services.figures import amounts
from services.figures.amounts import Asked
from services.figures.counting import counted, grouped, plain
from services.once import once

Group = tuple[Any, ...]
Weeks = Sequence[Week]


@dataclass
class Told:
    """Of one group: weeks reported by point (now, base), village-weeks by week, totals by week, and the base's by point.

    Totals are (in the unit, sum of squares), without emergency work.
    """

    points: dict[str, tuple[int, int]] = field(default_factory=dict)
    reports: dict[date, int] = field(default_factory=dict)
    totals: dict[date, tuple[float, float]] = field(default_factory=dict)
    before: dict[str, tuple[float, float]] = field(default_factory=dict)


def told(session: Session, actor: Actor, asked: Asked, now: Weeks, base: Weeks) -> dict[Group, Told]:
    """By township, or under the key () for all; none where no point reported in both."""
    found: dict[Group, Told] = defaultdict(Told)
    where = (asked.county_code, asked.township_code, asked.each_township)
    for *group, village, present, before in points(session, actor, asked, now, base):
        found[tuple(group)].points[village] = (present, before)
    villages = sorted({village for one in found.values() for village in one.points})
    if not villages:
        return found
    for *group, week, reports in _reports(session, actor, *where, (*now, *base), tuple(villages)):
        found[tuple(group)].reports[week] = reports
    for *group, week, village, total, squares in session.execute(_totals(actor, asked, now, base, villages)):
        sums = (float(total), float(squares))
        if village is None:
            found[tuple(group)].totals[week] = sums
        else:
            found[tuple(group)].before[village] = sums
    return found


def points(session: Session, actor: Actor, asked: Asked, now: Weeks, base: Weeks) -> Sequence[Any]:
    """The one rule of who is compared: rows (…, village, weeks reported now, weeks reported in the base), both above 0."""
    return _points(session, actor, asked.county_code, asked.township_code, asked.each_township, tuple(now), tuple(base))


@once
def _points(
    session: Session, actor: Actor, county_code: str, township_code: str | None, each_township: bool, now: Weeks, base: Weeks
) -> Sequence[Any]:
    """Of every measure and unit alike."""
    keys = (*grouped(each_township), plain(WeeklyLog.village_code))
    present, before = (func.sum(case((is_in(weeks), 1), else_=0)) for weeks in (now, base))
    columns: tuple[Any, ...] = (*keys, present, before)
    logs = select(*columns).select_from(WeeklyLog).where(is_in([*now, *base])).group_by(*keys)
    return session.execute(counted(logs, actor, county_code, township_code).having(present > 0, before > 0)).all()


@once
def _reports(
    session: Session,
    actor: Actor,
    county_code: str,
    township_code: str | None,
    each_township: bool,
    weeks: Weeks,
    villages: Sequence[str],
) -> Sequence[Any]:
    """Of every measure and unit alike, while the points are the same."""
    keys = (*grouped(each_township), WeeklyLog.week)
    columns: tuple[Any, ...] = (*keys, func.count())
    logs = select(*columns).select_from(WeeklyLog).where(is_in(weeks), WeeklyLog.village_code.in_(villages)).group_by(*keys)
    return session.execute(counted(logs, actor, county_code, township_code)).all()


def _totals(actor: Actor, asked: Asked, now: Weeks, base: Weeks, villages: Sequence[str]) -> Any:
    """Rows (…, week, NULL, total, squares), and of the base (…, NULL, village, total, squares).

    Entries are read once, into cells. A session is held once for many villages, so sessions have no cells and no villages.
    """
    ordinary = not_(amounts.emergency(asked.measure))
    sums = (amounts.total(asked.unit, ordinary), amounts.squares(asked.unit, ordinary))
    keys = (*asked.grouped, WeeklyLog.week)
    is_shared = asked.unit is Unit.SESSIONS
    named: list[Any] = [column.label(f"key{n}") for n, column in enumerate(keys)]
    columns = (
        *named,
        (null() if is_shared else WeeklyLog.village_code).label("village"),
        sums[0].label("x"),
        sums[1].label("xx"),
    )
    rows = amounts.received(asked.measure, [*now, *base], columns, asked.department_code)
    rows = counted(rows.where(WeeklyLog.village_code.in_(villages)), actor, asked.county_code, asked.township_code)
    if is_shared:
        return rows.group_by(*keys)
    cell = rows.group_by(*keys, WeeklyLog.village_code).cte("cell").c
    *groups, week = (cell[f"key{n}"] for n in range(len(keys)))
    total, squares = func.sum(cell.x), func.sum(cell.xx)
    by_week = select(*groups, week, null(), total, squares).group_by(*groups, week)
    by_point = select(*groups, null(), cell.village, total, squares).where(week.in_([one.monday for one in base]))
    return union_all(by_week, by_point.group_by(*groups, cell.village))


def is_in(weeks: Weeks) -> ColumnElement[bool]:
    """A list: for a range SQLite reads the entries of all its weeks again for every log."""
    return WeeklyLog.week.in_([week.monday for week in weeks])
