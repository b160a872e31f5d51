"""The numbers that rules use, from rows with a basis: the county's own, else the country-wide ones (county code zero).

due_days, close_days   days after a week's Sunday 24:00 until a log is late, and until the week is closed
correction_days        days for which a closed week that was opened again can be changed
near_share             share 0–1 of a quota from which it counts as near
least_villages, least_events   smaller cells are not shown to departments
least_coverage         share 0–1 of points that must have reported in both periods of a comparison
significance           p below which a change is called real
missing_weeks          closed weeks in a row without a report from which the township is asked
omission_share         share 0–1 of a township's reporting points that logged an event from which the others are asked
omission_villages      how many points at least must have logged it
same_day_units         departments at one village on one day from which it counts as a cluster
forecast_share         share 0–1 of a period's days that must be told before its end is foreseen
match_days             days by which an event may differ between what a department declared and what villages reported
most_cv                error as a share of an estimate for all villages (its CV) above which it is not shown
log_seconds            median seconds per weekly log above which our own tool is at fault
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.rules.errors import NotFound
from models.rules.schedule import Deadlines
from models.rules.week import Week, span, today_at
from models.tables import Threshold
from services.once import once

EVERYWHERE = "0" * 12
_VALUES = (
    select(Threshold.name, Threshold.since, Threshold.value)
    .where(Threshold.county_code.in_(bindparam("codes", expanding=True)))
    .order_by(Threshold.county_code.desc(), Threshold.version.desc())
)


def threshold(session: Session, county_code: str, name: str, on: date) -> float:
    """The value in force on a day. NotFound(no_threshold) when nobody ever set it: no rule falls back to a constant."""
    return _history(session, county_code, name).on(on)


def deadlines(session: Session, county_code: str, weeks: Iterable[Week]) -> dict[Week, Deadlines]:
    """When each week is due and when it closes: by the thresholds in force on its Sunday, however they changed since.

    NotFound(no_threshold).
    """
    known = _histories(session, county_code)
    due, close = (_of(known, name) for name in ("due_days", "close_days"))
    return {week: Deadlines.of(week, due.on(week.sunday), close.on(week.sunday)) for week in weeks}


def settled_through(session: Session, county_code: str, now: datetime) -> Week:
    """The last closed week: who was expected in it, and in those before, does not change any more.

    A week before it can be open still, where the time to close was shortened.
    """
    return max(week for week, closed in _closed(session, county_code, now).items() if closed)


def first_open(session: Session, county_code: str, now: datetime) -> Week:
    """The first week that can still be changed: nothing before it can."""
    return min(week for week, closed in _closed(session, county_code, now).items() if not closed)


@dataclass(frozen=True)
class _History:
    """A threshold's values, each from a day on; before the first day the first one counts too."""

    days: list[date]
    values: list[float]

    def on(self, day: date) -> float:
        return self.values[max(0, bisect_right(self.days, day) - 1)]


def _history(session: Session, county_code: str, name: str) -> _History:
    return _of(_histories(session, county_code), name)


def _of(known: Mapping[str, _History], name: str) -> _History:
    found = known.get(name)
    if not found:
        raise NotFound("no_threshold", name=name)
    return found


@once
def _histories(session: Session, county_code: str) -> dict[str, _History]:
    """All of the county's in one statement: an answer needs several of them, and there are few.

    Of the rows in force on a day the county's own goes before the country-wide ones, and the newest version first.
    """
    rows: dict[str, list[tuple[date, float]]] = {}
    for name, since, value in session.execute(_VALUES, {"codes": (county_code, EVERYWHERE)}):
        rows.setdefault(name, []).append((since, value))
    return {name: _in_force(values) for name, values in rows.items()}


def _in_force(values: list[tuple[date, float]]) -> _History:
    days = sorted({since for since, _ in values})
    return _History(days, [next(value for since, value in values if since <= day) for day in days])


def _closed(session: Session, county_code: str, now: datetime) -> dict[Week, bool]:
    """Whether the weeks up to the running one are closed, from one on that must be; the running one never is."""
    running = Week.of(today_at(now))
    longest = max(0.0, *_history(session, county_code, "close_days").values)
    around = deadlines(session, county_code, span(running - (ceil(longest / 7) + 2), running))
    return {week: moments.is_closed(now) for week, moments in around.items()}
