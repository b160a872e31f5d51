"""How many entries there were in two periods and how much of people's time they took, at the points that reported in both."""

from dataclasses import dataclass

from sqlalchemy import case, func, not_
from sqlalchemy.orm import Session

from models.rules.hours import Load
from models.tables import Entry, WeeklyLog
from services.access import Actor
from services.figures import amounts, matched
from services.figures.amounts import Asked
from services.figures.comparing import Windows
from services.figures.counting import counted


@dataclass(frozen=True)
class Spent:
    """Both periods: the load, and the village-weeks it was reported in, by so many points."""

    now: Load
    base: Load
    now_weeks: int
    base_weeks: int
    points: int


def both(session: Session, actor: Actor, asked: Asked, windows: Windows) -> Spent:
    """Two statements; emergency work apart, points matched by services/figures/matched.py.

    Every village-week that was reported weighs alike. The verdict's base lets each point weigh as it reports now
    (models/rules/mix.py): where some report fewer weeks than before, the two bases differ a little.
    """
    rows = matched.points(session, actor, asked, windows.now, windows.base)
    spent = Entry.people * (Entry.minutes + Entry.travel_minutes)
    columns = [func.coalesce(func.sum(case((when, value), else_=0)), 0) for when in windows.conditions for value in (1, spent)]
    told = amounts.received(asked.measure, windows.either, columns, asked.department_code)
    told = told.where(WeeklyLog.village_code.in_([row[0] for row in rows]), not_(amounts.emergency(asked.measure)))
    found = session.execute(counted(told, actor, asked.county_code, asked.township_code)).one()
    now, now_minutes, base, base_minutes = (int(value) for value in found)
    now_weeks, base_weeks = (sum(int(row[n]) for row in rows) for n in (1, 2))
    return Spent(Load(now, now_minutes), Load(base, base_minutes), now_weeks, base_weeks, len(rows))
