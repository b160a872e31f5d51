"""How many entries there were in two periods and how much of people's time they took, at the points that reported in both."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import CTE, Select, and_, case, distinct, func, not_, or_, select
from sqlalchemy.orm import Session

from models.rules.hours import Load
from models.rules.measure import Measure
from models.tables import Entry, WeeklyLog
from services.access import Actor
from services.figures import amounts
from services.figures.comparing import Windows
from services.figures.counting import counted, plain


@dataclass(frozen=True)
class Spent:
    """Both periods (first Monday, last Sunday): the load, and the village-weeks it was reported in, by so many points."""

    now: Load
    base: Load
    now_weeks: int
    base_weeks: int
    points: int
    now_days: tuple[date, date]
    base_days: tuple[date, date]


def both(
    session: Session,
    actor: Actor,
    county_code: str,
    measure: Measure,
    windows: Windows,
    township_code: str | None = None,
    department_code: str | None = None,
) -> Spent:
    """Two statements; emergency work apart. Points are matched as in services/figures/comparing.py."""
    now, base = windows.conditions
    either = or_(now, base)

    def mine(statement: Select[Any]) -> Select[Any]:
        return counted(statement, actor, county_code, township_code).where(either)

    village = plain(WeeklyLog.village_code)
    logs = mine(select(village.label("village_code")).select_from(WeeklyLog)).group_by(village)
    matched = logs.having(and_(*(func.sum(case((when, 1), else_=0)) > 0 for when in (now, base)))).cte("both")
    seen = [func.coalesce(func.sum(case((when, 1), else_=0)), 0) for when in (now, base)]
    exposed = select(func.count(distinct(WeeklyLog.village_code)), *seen).select_from(WeeklyLog).where(_is_in(matched))
    points, now_weeks, base_weeks = session.execute(mine(exposed)).one()
    spent = Entry.people * (Entry.minutes + Entry.travel_minutes)
    columns = [func.coalesce(func.sum(case((when, value), else_=0)), 0) for when in (now, base) for value in (1, spent)]
    rows = amounts.received(measure, windows.either, columns, department_code)
    rows = rows.where(_is_in(matched), not_(amounts.emergency(measure)))
    loads = [int(value) for value in session.execute(mine(rows)).one()]
    days = ((weeks[0].monday, weeks[-1].sunday) for weeks in (windows.now, windows.base))
    return Spent(Load(*loads[:2]), Load(*loads[2:]), int(now_weeks), int(base_weeks), int(points), *days)


def _is_in(matched: CTE) -> Any:
    return WeeklyLog.village_code.in_(select(matched.c.village_code))
