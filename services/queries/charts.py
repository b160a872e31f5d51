"""What lies behind a trend: weeks out of the ordinary, what changed since a policy, and where a change in hours came from.

The weeks are those of trends.weekly, the same figures from the same summaries. Emergency work is in none of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules import series
from models.rules.area import Level, level_of
from models.rules.control_baseline import Frozen, frozen
from models.rules.control_chart import Chart, Kind, Note, Point, control_chart
from models.rules.control_limits import Basis
from models.rules.control_rules import Meaning, Signal, meaning
from models.rules.control_runs import Run, runs
from models.rules.holiday import is_spring_festival
from models.rules.measure import Unit
from models.rules.series import Interruption
from models.rules.week import Week, today_at
from models.tables import Rebase
from services.access import Actor, Permission, county_of
from services.figures import amounts, hours_spent
from services.figures.amounts import Asked
from services.figures.comparing import Windows
from services.figures.hours_spent import Spent
from services.figures.reporters import makeups
from services.figures.weeks_told import Standing, first_week, last_complete, told
from services.queries import trends
from services.queries.trends import TargetLine
from services.thresholds import threshold
from services.usecase import query

VALUES = (Unit.HOURS, Unit.HOLDINGS)  # amounts, whose scatter nobody knows beforehand; everything else is counted
COLUMNS = ["centre", "low", "high", "signal", "meaning"]


@dataclass(frozen=True)
class Part:
    """Weeks with the same limits, and what these are made of: `base` (first and last Monday), so many weeks and village-weeks.

    `reason`: why they were made anew; empty for the first part. `promised`: the base is the target's. Without `basis` there
    are no limits, and `note` says why.
    """

    first: date
    last: date
    reason: str
    base: tuple[date, date] | None
    promised: bool
    weeks: int
    received: int
    expected: int
    centre: float | None
    basis: Basis | None
    sigma: float
    note: Note | None


@dataclass(frozen=True)
class Said:
    """A run of weeks that chance hardly makes: from the Monday `first` to `last`, `weeks` of them, `outside` beyond a limit.

    `festival`: all of them are of the Spring Festival.
    """

    signal: Signal
    way: int
    meaning: Meaning
    first: date
    last: date
    weeks: int
    outside: int
    festival: bool = False


@dataclass(frozen=True)
class Anew:
    """A week from which limits are made anew, decided by somebody for a reason."""

    week: date
    area_code: str
    reason: str


@dataclass(frozen=True, eq=False)
class Control:
    """A control chart: `weeks` (those of trends.weekly with standing, exposure, centre, low, high, signal and meaning), the
    parts they fall into, what signals, the target's first day, and every week from which limits are made anew."""

    weeks: pd.DataFrame
    parts: list[Part]
    said: list[Said]
    starts: date | None
    anew: list[Anew]


@dataclass(frozen=True)
class Turn:
    """What changed in the week `starts` lies in; both None where no target names a day. `received`, `expected`: village-weeks of
    the closed weeks, without those of a Spring Festival that was left out."""

    starts: date | None
    found: Interruption | None
    received: int = 0
    expected: int = 0


@query(Permission.VIEW_TRENDS)
def control(
    session: Session,
    actor: Actor,
    *,
    county_code: str,
    measure: str,
    unit: str,
    first: date,
    last: date,
    as_of: datetime,
    township_code: str | None = None,
    department_code: str | None = None,
) -> Control:
    """The control chart of the complete weeks from `first` to `last`; its limits come from all weeks logged.

    They are frozen on the target's baseline window, without one on the first 13 closed weeks, and made anew where the task
    force said so for the county or this township. Rates are those of trends.weekly; `low` is never below 0. Provisional weeks
    have limits but make none, and give no signal; Spring Festival makes none either. Limits are those of the points that reported
    the week (`makeup`, models/rules/makeup.py).
    InvalidInput(bad_measure, bad_unit), NotFound(no_such_county).
    """
    asked = _asked(county_code, measure, unit, as_of, township_code, department_code)
    weeks = _history(session, actor, asked, max(last, first))
    target = trends.target_line(session, actor, **asked)
    anew = _anew(session, actor, county_code, measure, township_code)
    closed = [one == Standing.CLOSED for one in weeks.standing]
    mondays: list[date] = weeks.week.tolist()
    points = [
        Point(total if measured else 0.0, measured, excluded=not firm or is_spring_festival(Week(monday)))
        for total, measured, firm, monday in zip(weeks.total, weeks.exposure * weeks.makeup, closed, mondays, strict=True)
    ]
    rebases = {at: one.reason for one in anew if (at := _place(mondays, one.week)) is not None}
    window = _window(mondays, target)
    basis = frozen(points, rebases, window)
    kind = Kind.VALUE if Unit(unit) in VALUES else Kind.COUNT
    drawn = control_chart(basis.points, kind, baseline=basis.baseline, rebases=basis.rebases)
    firm = [Point(one.total, one.exposure if is_closed else 0.0, one.excluded)
            for one, is_closed in zip(basis.points, closed, strict=True)]  # fmt: skip
    tested = control_chart(firm, kind, baseline=basis.baseline, rebases=basis.rebases)
    shown = _shown(weeks, drawn, tested)
    shown = shown[shown.week >= Week.of(first).monday].reset_index(drop=True)
    parts = _parts(weeks, tested, basis, window)
    said = [_said(mondays, run) for run in runs(tested) if mondays[run.last] >= Week.of(first).monday]
    starts = target.starts if target else None
    return Control(shown, parts, said, starts, anew)


@query(Permission.VIEW_TRENDS)
def turn(
    session: Session,
    actor: Actor,
    *,
    county_code: str,
    measure: str,
    unit: str,
    as_of: datetime,
    township_code: str | None = None,
    department_code: str | None = None,
) -> Turn:
    """Whether the series changed with the target's first week, given the trend it already had; over all closed weeks."""
    asked = _asked(county_code, measure, unit, as_of, township_code, department_code)
    target = trends.target_line(session, actor, **asked)
    if target is None:
        return Turn(None, None)
    weeks = _history(session, actor, asked, today_at(as_of))
    closed = weeks[weeks.standing == Standing.CLOSED]
    rows = closed[["week", "total", "exposure", "makeup"]].itertuples(index=False, name=None)
    seen = [series.Observed(Week(monday), total, exposure * made) for monday, total, exposure, made in rows]
    found = series.interruption(seen, Week.of(target.starts))
    used = closed[~closed.week.isin([week.monday for week in found.without])]
    return Turn(target.starts, found, int(used.received.sum()), int(used.expected.sum()))


@query(Permission.VIEW_TRENDS)
def hours_change(
    session: Session,
    actor: Actor,
    *,
    county_code: str,
    measure: str,
    now_first: date,
    now_last: date,
    base_first: date,
    base_last: date,
    township_code: str | None = None,
    department_code: str | None = None,
) -> Spent:
    """Entries and minutes of people's time in both periods, over the points that reported at least once in each.

    Without emergency work. InvalidInput(bad_measure, bad_window); bad_unit for a stock, which takes no time by itself.
    """
    asked = Asked(county_of(actor, county_code), *amounts.checked(measure, Unit.HOURS), township_code, department_code)
    return hours_spent.both(session, actor, asked, Windows.between(now_first, now_last, base_first, base_last))


def _asked(county_code: str, measure: str, unit: str, as_of: datetime, township: str | None, department: str | None) -> Any:
    where = {"county_code": county_code, "township_code": township, "department_code": department}
    return {**where, "measure": measure, "unit": unit, "as_of": as_of}


def _history(session: Session, actor: Actor, asked: Mapping[str, Any], last: date) -> pd.DataFrame:
    """Every complete week from the first one logged to the one that holds `last`."""
    county_of(actor, asked["county_code"])
    amounts.checked(asked["measure"], asked["unit"])
    today = today_at(asked["as_of"])
    until = min(Week.of(last), last_complete(asked["as_of"], today))
    first = first_week(session, actor, asked["county_code"]) or until + 1
    least = threshold(session, asked["county_code"], "least_coverage", today)
    weeks = trends.weekly(session, actor, **asked, first=first.monday, last=until.monday)
    where = (asked["township_code"], asked["department_code"])
    whole = Asked(asked["county_code"], *amounts.checked(asked["measure"], asked["unit"]), *where)
    made = makeups(session, actor, whole, dict(zip(weeks.week, weeks.total.fillna(0.0), strict=True)))
    return told(weeks, whole.unit, least).assign(makeup=[made[monday] for monday in weeks.week])


def _anew(session: Session, actor: Actor, county_code: str, measure: str, township_code: str | None) -> list[Anew]:
    """The county's own, and the township's where one is shown; where both name a week, the township's reason."""
    own = actor.area_code if level_of(actor.area_code) is Level.TOWNSHIP else None
    areas = [county_code, *filter(None, [township_code or own])]
    rows = select(Rebase).where(Rebase.county_code == county_code, Rebase.measure == measure, Rebase.area_code.in_(areas))
    by_week = {row.week: Anew(row.week, row.area_code, row.reason) for row in session.scalars(rows.order_by(Rebase.area_code))}
    return [by_week[week] for week in sorted(by_week)]


def _place(mondays: Sequence[date], monday: date) -> int | None:
    return (monday - mondays[0]).days // 7 if mondays and mondays[0] < monday <= mondays[-1] else None


def _window(mondays: Sequence[date], target: TargetLine | None) -> range | None:
    if target is None or not mondays:
        return None
    start, stop = ((Week.of(day).monday - mondays[0]).days // 7 for day in (target.baseline_from, target.baseline_until))
    return range(max(start, 0), max(stop + 1, 0))


def _shown(weeks: pd.DataFrame, drawn: Chart, tested: Chart) -> pd.DataFrame:
    rows = []
    for one, other, made in zip(drawn.points, tested.points, weeks.makeup, strict=True):
        limits = one.limits
        band = (limits.centre * made, limits.shown_low * made, limits.high * made) if limits else (None, None, None)
        rows.append((*band, other.signal, other.meaning))
    added = pd.DataFrame(rows, columns=COLUMNS, index=weeks.index).astype(dict.fromkeys(COLUMNS[:3], "float64"))
    return pd.concat([weeks, added.astype({"signal": object, "meaning": object})], axis=1)


def _parts(weeks: pd.DataFrame, chart: Chart, basis: Frozen, window: range | None) -> list[Part]:
    found = []
    for one in chart.segments:
        used = basis.used[one.first]
        days = weeks.week.iloc[used].tolist()
        promised = bool(used) and window is not None and set(used) <= set(window) and window.start >= one.first
        received, expected = (int(weeks[name].iloc[used].sum()) for name in ("received", "expected"))
        found.append(
            Part(
                weeks.week.iloc[one.first], weeks.week.iloc[one.last], one.reason, (days[0], days[-1]) if days else None,
                promised, one.weeks, received, expected, one.centre, one.basis, one.sigma, one.note,
            )
        )  # fmt: skip
    return found


def _said(mondays: Sequence[date], run: Run) -> Said:
    festival = all(is_spring_festival(Week(monday)) for monday in mondays[run.first : run.last + 1])
    return Said(run.signal, run.way, meaning(run.way), mondays[run.first], mondays[run.last], run.weeks, run.outside, festival)
