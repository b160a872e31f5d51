"""The overview: the four core measures against their targets, what needs a person to decide, and what our own log costs.

Figures come from `trends` and `reporting`; nothing is counted a second time here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, and_, case, distinct, func, select
from sqlalchemy.orm import Session, aliased

from models.rules.measure import SOFT_NAMES, Kind, Measure, is_relabelled, units_of
from models.rules.period import Period, PeriodKind
from models.rules.week import Week, today_at
from models.tables import Area, Department, Entry, Event, ObservationPoint, WeeklyLog
from services.access import Actor, Permission, county_of
from services.figures import summaries
from services.figures.comparing import Comparison, usual_windows
from services.figures.counting import counted
from services.figures.coverage import Reported
from services.figures.department_events import FLAGS
from services.figures.usage import happened
from services.queries import areas, departments, points, reporting, trends
from services.queries.trends import TargetLine
from services.thresholds import threshold
from services.usecase import query

SHOWN_WEEKS = 26  # at least; further back where the baseline begins earlier
MOST_WEEKS = 52
COST_WEEKS = 12
LEAD_WEEKS = 12
WEEKS_A_YEAR = 52
VISIT = ["happened_on", "title", "called_as", "department_code", "department", "department_en", "demands", "villages"]
CLUSTER = ["happened_on", "township_code", "township", "township_en", "villages", "units", "departments"]


@dataclass(frozen=True)
class Card:
    """One measure in the unit its target is set in. `weeks`: week, rate, closed; NaN where nobody reported.

    `emergency` is what came on top in the present weeks, in the same unit, and is in no other figure; `reported` is what all
    points told of these weeks.
    """

    measure: str
    unit: str
    weeks: pd.DataFrame
    target: TargetLine | None
    comparison: Comparison
    emergency: float
    reported: Reported


@dataclass(frozen=True)
class Cost:
    """What our own weekly log took, over the `timed` of `logs` that were timed. Seconds; `limit` above which it is our fault.

    `hours_a_year`: per village, at this mean. `share`: of all hours these villages logged in these weeks; None without any.
    `spent`: hours of all villages together in this calendar year, complete weeks only.
    """

    logs: int
    timed: int
    median: float
    p90: float
    limit: float
    hours_a_year: float
    share: float | None
    spent: float

    @property
    def is_ours(self) -> bool:
        """Whether the tool has become a burden itself."""
        return self.median > self.limit


@dataclass(frozen=True)
class Quotas:
    """This year's standings, worst first, and how complete the reports behind them are."""

    standings: pd.DataFrame
    completeness: departments.Completeness


@dataclass(frozen=True, eq=False)
class Picture:
    """Everything the Overview shows. `reports`: the last SHOWN_WEEKS weeks, the running one included, as in reporting.weekly.

    `names`: of the area the actor sees (`place`) and of its townships. `quotas` is None for who may not see departments.
    `cards` is empty, and so are the leads, where nobody has reported in the weeks shown. `leads_on`, `cost_on`: the reports of
    the weeks that the leads and the cost are taken from. `revised`: when weeks that the cards rest on were corrected.
    """

    place: str
    names: dict[str, tuple[str, str | None]]
    reports: pd.DataFrame
    still_open: list[Week]
    cards: list[Card]
    quotas: Quotas | None
    relabelled: pd.DataFrame
    same_day: pd.DataFrame
    silent: pd.DataFrame
    leads_on: Reported
    cost: Cost | None
    cost_on: Reported
    revised: tuple[datetime, ...] = ()


@query(Permission.VIEW_OVERVIEW)
def picture(session: Session, actor: Actor, *, county_code: str, as_of: datetime) -> Picture:
    """One answer for the whole page; leads are those of the last LEAD_WEEKS weeks. NotFound(no_such_county)."""
    county, today = county_of(actor, county_code), today_at(as_of)
    last = Week.of(today)
    known: dict[str, Any] = {"county_code": county, "as_of": as_of}
    days: dict[str, Any] = {"county_code": county, "first": today - timedelta(weeks=LEAD_WEEKS), "through": today}
    reports = reporting.weekly(session, actor, first=(last - (SHOWN_WEEKS - 1)).monday, last=last.monday, **known)
    place = actor.area_code if len(actor.county_codes) < 2 else county
    told = bool((reports["submitted"] + reports["zero"]).sum())
    still_open = points.open_weeks(session, actor, first=last - (SHOWN_WEEKS - 1), last=last - 1, **known)
    reopened = {week for week in summaries.reopened(session, county) if week > last - SHOWN_WEEKS}
    provisional = sorted(reopened.union(still_open))
    measured = cards(session, actor, **known) if told else []
    rests_on = {week for card in measured for week in (*map(Week, card.weeks.week), *card.comparison.pairing.base)}
    return Picture(
        place=place,
        names=areas.names(session, actor, codes=[place, *reports["township_code"].unique()]),
        reports=reports,
        still_open=provisional,
        cards=measured,
        quotas=_quotas(session, actor, county, as_of) if actor.can(Permission.VIEW_DEPARTMENTS) else None,
        relabelled=relabelled(session, actor, **days),
        same_day=same_day(session, actor, **days),
        silent=points.silent(session, actor, **known),
        leads_on=_reported(reports, provisional, Week.of(days["first"]), last),
        cost=own_cost(session, actor, **known),
        cost_on=_reported(reports, provisional, last - COST_WEEKS, last - 1),
        revised=summaries.corrected(session, actor, county, rests_on),
    )


@query(Permission.VIEW_OVERVIEW)
def cards(session: Session, actor: Actor, *, county_code: str, as_of: datetime) -> list[Card]:
    """The four core measures of the area the actor sees: weekly rates, target, and the verdict on the last four weeks."""
    county = county_of(actor, county_code)
    return [_card(session, actor, county, measure, as_of) for measure in Measure]


@query(Permission.VIEW_OVERVIEW)
def relabelled(session: Session, actor: Actor, *, county_code: str, first: date, through: date) -> pd.DataFrame:
    """Visits called guidance, research or the like that were inspections in fact (a hint for a person), newest first.

    `demands`: what really happened in any village; `villages`: how many received it. Emergency work is not among them.
    """
    county = county_of(actor, county_code)
    who = (Department.code, Department.name, Department.name_en)
    facts = (Event.id, Event.happened_on, Event.title, Event.called_as, *who)
    flags = [func.sum(case((flag, 1), else_=0)) for flag in FLAGS.values()]
    found = session.execute(
        _received(actor, county, *facts, func.count(distinct(Entry.village_code)), *flags)
        .join(Department, Department.code == Event.department_code)
        .where(*_inspected(actor, county, first, through))
        .where(Event.called_as.in_(SOFT_NAMES))
        .group_by(*facts)
        .order_by(Event.happened_on.desc(), Event.id)
    )
    rows = []
    for _, day, title, called_as, code, name, name_en, villages, *seen in found:
        demands = tuple(demand.value for demand, times in zip(FLAGS, seen, strict=True) if times)
        if is_relabelled(called_as, set(demands)):
            rows.append((day, title, called_as, code, name, name_en or "", demands, villages))
    return pd.DataFrame(rows, columns=VISIT)


@query(Permission.VIEW_OVERVIEW)
def same_day(session: Session, actor: Actor, *, county_code: str, first: date, through: date) -> pd.DataFrame:
    """Days on which `same_day_units` departments or more inspected one village, newest first, by day and township.

    `villages`: how many villages it happened to; `units`: the most at one; `departments`: their (name, English name).
    """
    county = county_of(actor, county_code)
    least = threshold(session, county, "same_day_units", through)
    inspected = _inspected(actor, county, first, through)
    place = (Entry.village_code, Event.happened_on)
    crowded = _received(actor, county, *place).where(*inspected).group_by(*place)
    crowd = session.execute(crowded.having(func.count(distinct(Event.department_code)) >= least)).all()
    villages, days = ({row[n] for row in crowd} for n in (0, 1))
    town = aliased(Area)
    columns = (Event.happened_on, ObservationPoint.township_code, town.name, town.name_en, Entry.village_code)
    found = session.execute(
        _received(actor, county, *columns, Department.name, Department.name_en)
        .join(Department, Department.code == Event.department_code)
        .join(town, town.code == ObservationPoint.township_code)
        .where(*inspected, Entry.village_code.in_(villages), Event.happened_on.in_(days))
        .distinct()
        .order_by(Event.happened_on.desc(), ObservationPoint.township_code, Entry.village_code, Department.name)
    )
    there = {tuple(row) for row in crowd}
    rows = (row for row in found if (row[4], row[0]) in there)
    return pd.DataFrame([_cluster(list(same)) for _, same in groupby(rows, key=lambda row: row[:2])], columns=CLUSTER)


@query(Permission.VIEW_OVERVIEW)
def own_cost(session: Session, actor: Actor, *, county_code: str, as_of: datetime) -> Cost | None:
    """What filling in took in the last complete weeks; None when no log of theirs was timed."""
    county = county_of(actor, county_code)
    last = Week.of(today_at(as_of)) - 1
    weeks = WeeklyLog.week.between((last - (COST_WEEKS - 1)).monday, last.monday)
    every: Any = select(WeeklyLog.seconds, func.count()).select_from(WeeklyLog)
    counts = session.execute(counted(every, actor, county).where(weeks).group_by(WeeklyLog.seconds).order_by(WeeklyLog.seconds))
    pairs = [(seconds, logs) for seconds, logs in counts]
    timed = [(seconds, logs) for seconds, logs in pairs if seconds > 0]
    if not timed:
        return None
    year = WeeklyLog.week.between(date(last.monday.year, 1, 1), last.monday)
    spent: Any = select(func.coalesce(func.sum(WeeklyLog.seconds), 0)).select_from(WeeklyLog)
    minutes = Entry.people * (Entry.minutes + Entry.travel_minutes)
    logged = counted(_logged(func.sum(minutes)), actor, county).where(weeks, WeeklyLog.seconds > 0)
    observed = session.scalar(logged) or 0
    total, logs = sum(seconds * n for seconds, n in timed), sum(n for _, n in timed)
    return Cost(
        logs=sum(n for _, n in pairs),
        timed=logs,
        median=_quantile(timed, 0.5),
        p90=_quantile(timed, 0.9),
        limit=threshold(session, county, "log_seconds", today_at(as_of)),
        hours_a_year=total / logs * WEEKS_A_YEAR / 3600,
        share=total / 60 / float(observed) if observed else None,
        spent=float(session.scalar(counted(spent, actor, county).where(year)) or 0) / 3600,
    )


def _quotas(session: Session, actor: Actor, county: str, as_of: datetime) -> Quotas:
    today = today_at(as_of)
    year: dict[str, Any] = {"county_code": county, "period": Period.of(today, PeriodKind.YEAR).label, "today": today}
    return Quotas(departments.standings(session, actor, **year), departments.completeness(session, actor, as_of=as_of, **year))


def _card(session: Session, actor: Actor, county: str, measure: Measure, as_of: datetime) -> Card:
    today = today_at(as_of)
    last = Week.of(today) - 1
    known: dict[str, Any] = {"county_code": county, "measure": measure, "unit": units_of(measure)[0], "as_of": as_of}
    target = trends.target_line(session, actor, **known)
    first = (last - (SHOWN_WEEKS - 1)).monday
    if target:
        first = max(min(first, target.baseline_from), (last - (MOST_WEEKS - 1)).monday)
    baseline = (target.baseline_from, target.baseline_until) if target else None
    windows: dict[str, Any] = usual_windows(today, first, baseline)
    weeks = trends.weekly(session, actor, first=first, last=last.monday, **known)
    present = weeks[weeks.week >= windows["now_first"]]
    reported = Reported(int(present.received.sum()), int(present.expected.sum()), int((~present.closed).sum()))
    comparison, apart = trends.compared(session, actor, **known, **windows), float(present.emergency.sum())
    return Card(measure, units_of(measure)[0], weeks[["week", "rate", "closed"]], target, comparison, apart, reported)


def _reported(reports: pd.DataFrame, still_open: Collection[Week], first: Week, last: Week) -> Reported:
    rows = reports[reports["week"].between(first.monday, last.monday)]
    received, expected = int((rows["submitted"] + rows["zero"]).sum()), int(rows["expected"].sum())
    return Reported(received, expected, sum(first <= week <= last for week in still_open))


def _logged(*columns: Any) -> Any:
    """Entries with their log."""
    entry = and_(
        Entry.county_code == WeeklyLog.county_code, Entry.week == WeeklyLog.week, Entry.village_code == WeeklyLog.village_code
    )
    return select(*columns).select_from(WeeklyLog).join(Entry, entry)


def _received(actor: Actor, county: str, *columns: Any) -> Any:
    """The entries that count, with their log, point and event: one row per village and event."""
    event = and_(Event.county_code == Entry.county_code, Event.id == Entry.event_id)
    return counted(_logged(*columns).join(Event, event), actor, county)


def _inspected(actor: Actor, county: str, first: date, through: date) -> tuple[ColumnElement[bool], ...]:
    """Conditions: inspections of those days, emergency work left out. The weeks are named too: entries are stored by them."""
    weeks = Entry.week.between(Week.of(first).monday, Week.of(through).monday)
    return happened(actor, county, first, through), weeks, Event.kind == Kind.INSPECTION, Event.emergency.is_(False)


def _cluster(rows: list[Any]) -> tuple[Any, ...]:
    """One day in one township: every village with the departments that came."""
    day, code, name, name_en, *_ = rows[0]
    villages: dict[str, set[tuple[str, str | None]]] = {}
    for *_, village, department, department_en in rows:
        villages.setdefault(village, set()).add((department, department_en))
    most = max(villages.values(), key=len)
    return day, code, name, name_en or "", len(villages), len(most), tuple(sorted(most, key=str))


def _quantile(pairs: list[tuple[int, int]], share: float) -> float:
    """The smallest value that at least this share of all is not above (nearest rank); pairs (value, how many), sorted."""
    needed, seen = share * sum(n for _, n in pairs), 0
    for value, n in pairs:
        seen += n
        if seen >= needed:
            return float(value)
    return float(pairs[-1][0])
