"""How much of a period is known, for saying how it may end: days of weeks that enough points reported, and days to come.

The days of a week that hardly anybody reported, the running one above all, tell nothing about the pace (docs/adr/0017).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from models.rules.forecast import Days
from models.rules.period import Period
from models.rules.week import ZONE, Week
from services.access import Actor
from services.figures.counting import weeks_between
from services.figures.coverage import Coverage, by_week
from services.thresholds import threshold


@dataclass(frozen=True)
class Outlook:
    """What is known `through` a day: the Mondays of the told weeks, the days, and the share that must be told."""

    through: date
    told: frozenset[date]
    days: Days
    least_share: float


def outlook_of(
    session: Session, actor: Actor, county_code: str, period: Period, through: date, today: date, *, every_week: bool = False
) -> Outlook:
    """The outlook on a period. `every_week`: each week counts as told, so that who reported cannot be read from it."""
    weeks = weeks_between(period.first, through) if through >= period.first else []
    told = {week.monday for week in weeks} if every_week else _told(session, actor, county_code, weeks, today)
    days = sum(_within(monday, period.first, through) for monday in told)
    whole = (period.last - period.first).days + 1
    remaining = min((period.last - through).days, whole)
    share = threshold(session, county_code, "forecast_share", today)
    return Outlook(through, frozenset(told), Days(days, remaining, whole), share)


def _told(session: Session, actor: Actor, county_code: str, weeks: Collection[Week], today: date) -> set[date]:
    """The Mondays of the weeks that at least `least_coverage` of the points expected then have reported."""
    least = threshold(session, county_code, "least_coverage", today)
    parts: dict[date, list[Coverage]] = {}
    found = by_week(session, actor, county_code, list(weeks), datetime.combine(today, time.min, ZONE))
    for (monday, _), coverage in found.items():
        parts.setdefault(monday, []).append(coverage)
    totals = {monday: Coverage.total(coverages) for monday, coverages in parts.items()}
    return {monday for monday, all_ in totals.items() if 0 < least * all_.expected <= all_.submitted + all_.zero}


def _within(monday: date, first: date, last: date) -> int:
    """How many days of the week lie between the two days."""
    return (min(monday + timedelta(days=6), last) - max(monday, first)).days + 1
