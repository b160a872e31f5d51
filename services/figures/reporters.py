"""Who reported each week of a series, and how busy these points are: so that silence is no fall, nor anything else's sign."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.makeup import busyness, makeup
from models.rules.measure import Unit
from models.rules.week import Week
from models.tables import WeeklyLog
from services.access import Actor
from services.figures import summaries
from services.figures.amounts import Asked
from services.figures.counting import counted


def makeups(session: Session, actor: Actor, asked: Asked, totals: Mapping[date, float]) -> dict[date, float]:
    """Monday → the makeup of its reports (models/rules/makeup.py), by what points told in published weeks; `totals`: by week.

    1 for sessions: they are held for many points at once, and no point has any of its own.
    """
    weeks = [Week(monday) for monday in totals]
    if asked.unit is Unit.SESSIONS or not weeks:
        return dict.fromkeys(totals, 1.0)
    reported = _reported(session, actor, asked, weeks)
    settled = sorted(summaries.published(session, asked.county_code, weeks, stock=asked.measure.is_stock))
    told = summaries.of_points(session, actor, asked, settled)
    known = [(totals[week.monday], reported[week.monday]) for week in settled if reported[week.monday]]
    busy = busyness(known, told)
    return {monday: makeup(busy, reported[monday]) for monday in totals}


def _reported(session: Session, actor: Actor, asked: Asked, weeks: list[Week]) -> dict[date, set[str]]:
    logs: Any = select(WeeklyLog.week, WeeklyLog.village_code).select_from(WeeklyLog)
    logs = logs.where(WeeklyLog.week.between(weeks[0].monday, weeks[-1].monday))
    found: dict[date, set[str]] = defaultdict(set)
    for monday, village in session.execute(counted(logs, actor, asked.county_code, asked.township_code)):
        found[monday].add(village)
    return found
