"""Departments against their quotas: how much is used, which event crossed the line, and what the events were.

An actor who speaks for a department sees only that one, for whole calendar years, through the last month whose weeks are all
closed, never a village, and no small cell (models/rules/suppression.py, docs/adr/0008).
"""

from dataclasses import dataclass
from datetime import date, datetime, time

import pandas as pd
from sqlalchemy.orm import Session

from models.rules.errors import InvalidInput, NotFound
from models.rules.measure import Measure
from models.rules.period import Period, PeriodKind, last_closed_month
from models.rules.quota import YEARS
from models.rules.suppression import Least
from models.rules.week import ZONE
from services.access import Actor, Permission, county_of
from services.figures import summaries
from services.figures.counting import weeks_between
from services.figures.coverage import Coverage, by_week
from services.figures.department_events import EVENT_COLUMNS, events_of
from services.figures.outlook import outlook_of
from services.figures.standings import STANDING_COLUMNS, standings_of
from services.figures.usage import speaks_for_department
from services.thresholds import first_open, threshold
from services.usecase import query


@dataclass(frozen=True)
class Completeness:
    """Village-weeks of a period so far: expected = reported + missing + not_due. Below `expected`, every use is a lower bound.

    `open`: of weeks that have not closed or are open again, whose figures may still change; a department is told of none.
    `enough`: of those that are due, at least the county's `least_coverage` has reported, so that "within" says something.
    `through`: the last day the figures of the period count; for a department before the period's first when nothing is told yet.
    `least`: for a department, the smallest cell it is told. `revised`: when published weeks were corrected; a department is not
    told, or it would see when somebody added something.
    """

    expected: int
    reported: int
    missing: int
    not_due: int
    enough: bool
    through: date
    least: Least | None = None
    open: int = 0
    revised: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Report:
    """The standings, and how many village-weeks stand behind them."""

    standings: pd.DataFrame
    completeness: Completeness


@query(Permission.VIEW_DEPARTMENTS)
def report(session: Session, actor: Actor, *, county_code: str, period: str, today: date, as_of: datetime) -> Report:
    """`standings` and `completeness` of the same period in one answer, for a file."""
    found = standings(session, actor, county_code=county_code, period=period, today=today)
    return Report(found, completeness(session, actor, county_code=county_code, period=period, today=today, as_of=as_of))


@query(Permission.VIEW_DEPARTMENTS)
def standings(session: Session, actor: Actor, *, county_code: str, period: str, today: date) -> pd.DataFrame:
    """Every department and measure with a quota or a use in the period so far, worst first.

    `period` as in a URL (2026, 2026-H2, 2026-Q4, 2026-11). used, allowance, left, emergency: events (sessions); for `group`:
    distinct chat groups open on the last day that counts (Completeness.through). `share` = used ÷ allowance (infinite for use
    of a quota of zero). status: over, near, within, unset (used without a quota), hidden (too little to show to a department).
    crossed_on and crossed_title: the first event beyond the allowance. `revision`: the last change of the yearly quota.
    Emergency events are in `emergency` and nowhere else. `chance`: probability 0–1, for flows, of more than the allowance by
    the period's end at the present pace, `pace_used` events in `pace_days` days (docs/adr/0017); None with the `ground` why not:
    already_over, period_over, too_early.
    InvalidInput(bad_period), InvalidInput(department_year_only), NotFound for a county that is not the actor's.
    """
    county_of(actor, county_code)
    chosen = _period(actor, period)
    near_share = threshold(session, county_code, "near_share", today)
    least = _least(session, actor, county_code, today)
    through = _through(session, actor, county_code, chosen, today)
    outlook = outlook_of(session, actor, county_code, chosen, through, today, every_week=least is not None)
    rows = standings_of(session, actor, county_code, chosen, outlook, near_share, least)
    return pd.DataFrame(rows, columns=STANDING_COLUMNS, dtype=object)


@query(Permission.VIEW_DEPARTMENTS)
def events(
    session: Session, actor: Actor, *, county_code: str, department_code: str, measure: Measure, period: str, today: date
) -> pd.DataFrame:
    """The events (or open chat groups) behind one standing, newest first; emergency ones are among them and marked.

    `demands`: what really happened in any village. `villages`: how many received it. `people`: person-times. `relabelled`:
    called guidance but an inspection in fact, a hint. `events` is 1, or for a department the number of events told only
    together because too few villages received them. NotFound(no_such_department) for another department than the actor's own.
    """
    county_of(actor, county_code)
    if speaks_for_department(actor) and department_code != actor.department_code:
        raise NotFound("no_such_department")
    chosen = _period(actor, period)
    least = _least(session, actor, county_code, today)
    through = _through(session, actor, county_code, chosen, today)
    rows = events_of(session, actor, county_code, department_code, measure, (chosen.first, through), least)
    return pd.DataFrame(rows, columns=EVENT_COLUMNS, dtype=object)


@query(Permission.VIEW_DEPARTMENTS)
def completeness(session: Session, actor: Actor, *, county_code: str, period: str, today: date, as_of: datetime) -> Completeness:
    """How many village-weeks of the period's weeks that have begun were expected, and how many reported.

    Refuses the same periods as `standings`. NotFound for a county that is not the actor's.
    """
    county_of(actor, county_code)
    chosen = _period(actor, period)
    through = _through(session, actor, county_code, chosen, today)
    weeks = weeks_between(chosen.first, through) if through >= chosen.first else []
    parts = by_week(session, actor, county_code, weeks, as_of)
    found = Coverage.total(parts.values())
    # Judged by closed weeks alone: those who hurry in an open week say nothing about the others.
    told = found.closed - found.missing
    enough = told > 0 and told >= threshold(session, county_code, "least_coverage", today) * found.closed
    reported, least = found.submitted + found.zero, _least(session, actor, county_code, today)
    live = set() if least else {week.monday for week in summaries.reopened(session, county_code)}
    still = sum(one.expected for (monday, _), one in parts.items() if not one.closed or monday in live)
    revised = () if least else summaries.corrected(session, actor, county_code, weeks)
    return Completeness(found.expected, reported, found.missing, found.not_due, enough, through, least, still, revised)


def _period(actor: Actor, label: str) -> Period:
    chosen = Period.parse(label)
    if not YEARS[0] <= chosen.year <= YEARS[1]:
        raise InvalidInput("bad_period", field="period", value=label[:20])
    if speaks_for_department(actor) and chosen.kind is not PeriodKind.YEAR:
        raise InvalidInput("department_year_only", field="period")
    return chosen


def _through(session: Session, actor: Actor, county_code: str, period: Period, today: date) -> date:
    """The last day that counts: today, or the period's last. For a department no later than the last closed month's: a total
    that rises from one day to the next tells who has just reported."""
    if not speaks_for_department(actor):
        return min(period.last, today)
    begins = datetime.combine(today, time.min, ZONE)
    return min(period.last, last_closed_month(today, first_open(session, county_code, begins)).last)


def _least(session: Session, actor: Actor, county_code: str, today: date) -> Least | None:
    """The smallest cell this actor may see; None for those who may see every count."""
    if not speaks_for_department(actor):
        return None
    names = ("least_events", "least_villages")
    return Least(*(int(threshold(session, county_code, name, today)) for name in names))
