"""All weeks of a series from the first one logged, and how far each can be built on."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.rules.measure import Unit
from models.rules.schedule import LogState
from models.rules.week import Week
from models.tables import WeeklyLog
from services.access import Actor, in_scope

NEED_MOST = (Unit.SESSIONS, Unit.HOURS, Unit.HOLDINGS)


class Standing(StrEnum):
    """Only what is closed is built on; the others are shown for what they are."""

    CLOSED = "closed"
    PROVISIONAL = "provisional"  # may still change
    THIN = "thin"  # too few points reported: sessions would look fewer than they were, hours and stocks would jump
    SILENT = "silent"  # nobody reported


def first_week(session: Session, actor: Actor, county_code: str) -> Week | None:
    """The first week that somebody in the actor's area submitted."""
    log = WeeklyLog
    mine = (log.county_code == county_code, in_scope(actor, log.county_code, log.village_code))
    monday: date | None = session.scalar(select(func.min(log.week)).where(*mine, log.state == LogState.SUBMITTED))
    return Week(monday) if monday else None


def last_complete(as_of: datetime, today: date) -> Week:
    """The last week whose Sunday has passed."""
    running = Week.of(today)
    return running if as_of >= running.ends_at() else running - 1


def told(weeks: pd.DataFrame, unit: Unit, least_coverage: float) -> pd.DataFrame:
    """The weeks of trends.weekly with `standing`, and `exposure`: what a rate is per, 0 where nothing may be built on it.

    A count per village-week carries its own denominator. Sessions are counted per week, and limits for hours and stocks do not
    know how many reported: they need most points.
    """
    rows: list[dict[Any, Any]] = weeks.to_dict("records")
    standings = [_standing(row, unit, least_coverage) for row in rows]
    usable = [standing in (Standing.CLOSED, Standing.PROVISIONAL) for standing in standings]
    per = [1 if unit is Unit.SESSIONS else row["received"] for row in rows]
    return weeks.assign(standing=standings, exposure=[n if use else 0 for n, use in zip(per, usable, strict=True)])


def _standing(row: dict[Any, Any], unit: Unit, least_coverage: float) -> Standing:
    if not row["received"]:
        return Standing.SILENT
    if unit in NEED_MOST and row["received"] < least_coverage * row["expected"]:
        return Standing.THIN
    return Standing.CLOSED if row["closed"] else Standing.PROVISIONAL
