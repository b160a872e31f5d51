"""The load over time: weekly figures, what was promised, and whether the change is real.

Rates are per village-week reported. Sessions are the exception: a session is held once however many villages attend, so its
rate is per week of the area shown. A stock (chat groups) is what was open on the week's Sunday. Emergency work is counted
apart and in no other figure. Where nothing was reported there is no figure: silence is never zero.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import nan
from typing import Any

import pandas as pd
from sqlalchemy import case, not_, or_, select
from sqlalchemy.orm import Session

from models.rules.area import Level, level_of
from models.rules.measure import Unit, units_of
from models.rules.target import Baseline, TargetPath, path_of
from models.rules.verdict import Sample
from models.rules.week import Week, today_at
from models.tables import Area, ObservationPoint, Target, WeeklyLog
from services.access import Actor, Permission, county_of, in_area, in_scope
from services.figures import amounts, comparing, coverage, summaries
from services.figures.amounts import Asked
from services.figures.comparing import Comparison, Matched, Windows, usual_windows
from services.figures.counting import counted, weeks_between
from services.figures.coverage import Coverage
from services.in_force import Revision, last_revision
from services.once import once
from services.queries import reporting
from services.senders import senders
from services.thresholds import deadlines, threshold
from services.usecase import query

FIGURES = ["label", *reporting.COUNTS, "received", "total", "emergency", "rate", "closed", "complete", "revised_at"]
Key = tuple[Any, ...]


@dataclass(frozen=True)
class TargetLine:
    """What was promised for the area shown, in the unit shown. `path` is None where nothing was, or the baseline is too thin.

    `revision`: the last time its figures were changed.
    """

    baseline: Baseline
    baseline_from: date
    baseline_until: date
    enough: bool
    path: TargetPath | None
    reduction: float
    starts: date
    ends: date
    basis: str
    version: int
    revision: Revision | None = None


@dataclass(frozen=True)
class Choices:
    """Code → (Chinese name, English name): townships by code, departments by the level of their area, then by name."""

    townships: dict[str, tuple[str, str | None]]
    departments: dict[str, tuple[str, str | None]]


@dataclass(frozen=True, eq=False)
class Picture:
    """Everything the Trends page and its files show for one choice of filters."""

    weeks: pd.DataFrame
    townships: pd.DataFrame
    target: TargetLine | None
    comparison: Comparison
    by_township: dict[str, Comparison]


@query(Permission.VIEW_TRENDS)
def weekly(
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
) -> pd.DataFrame:
    """One row per week, oldest first: `week` (Monday), `label` (ISO), the counts of reporting.weekly, and the figures.

    `received` = submitted + zero. `total` is in the unit, without emergency work, which is in `emergency`. `rate` = total ÷
    received (sessions: per week). All three are NaN in a week in which nothing was received. `complete`: the Sunday has
    passed; `closed`: nothing can change any more, so a complete week that is not closed is provisional. `revised_at`: when a
    correction last changed published figures of that week (NaT: never).
    InvalidInput(bad_measure, bad_unit), NotFound(no_such_county).
    """
    asked = Asked(county_of(actor, county_code), *amounts.checked(measure, unit), township_code, department_code)
    return _figures(session, actor, asked, first, last, as_of)


@query(Permission.VIEW_TRENDS)
def by_township(
    session: Session,
    actor: Actor,
    *,
    county_code: str,
    measure: str,
    unit: str,
    first: date,
    last: date,
    as_of: datetime,
    department_code: str | None = None,
) -> pd.DataFrame:
    """The figures of `weekly` by (week, township_code), for weeks in which the township has observation points.

    Sessions of townships do not add up to the county's: one session may reach several.
    """
    asked = Asked(county_of(actor, county_code), *amounts.checked(measure, unit), None, department_code, each_township=True)
    return _figures(session, actor, asked, first, last, as_of)


@query(Permission.VIEW_TRENDS)
def matched(
    session: Session,
    actor: Actor,
    *,
    county_code: str,
    measure: str,
    unit: str,
    now_first: date,
    now_last: date,
    base_first: date,
    base_last: date,
    township_code: str | None = None,
    department_code: str | None = None,
) -> Matched:
    """Totals and exposure of both periods over the points that reported at least once in each; n of N points."""
    asked = Asked(county_of(actor, county_code), *amounts.checked(measure, unit), township_code, department_code)
    windows = Windows.between(now_first, now_last, base_first, base_last)
    return comparing.matched(session, actor, asked, windows).get((), Matched(Sample(0, 0), Sample(0, 0), 0, 0))


@query(Permission.VIEW_TRENDS)
def compared(
    session: Session,
    actor: Actor,
    *,
    county_code: str,
    measure: str,
    unit: str,
    now_first: date,
    now_last: date,
    base_first: date,
    base_last: date,
    as_of: datetime,
    township_code: str | None = None,
    department_code: str | None = None,
) -> Comparison:
    """The verdict on the present period against the base one, over `matched` points, by the county's thresholds."""
    asked = Asked(county_of(actor, county_code), *amounts.checked(measure, unit), township_code, department_code)
    windows = Windows.between(now_first, now_last, base_first, base_last)
    found = comparing.matched(session, actor, asked, windows)
    return comparing.judged(session, asked, as_of, windows, found)[()]


@query(Permission.VIEW_TRENDS)
def compared_by_township(
    session: Session,
    actor: Actor,
    *,
    county_code: str,
    measure: str,
    unit: str,
    now_first: date,
    now_last: date,
    base_first: date,
    base_last: date,
    as_of: datetime,
    department_code: str | None = None,
) -> dict[str, Comparison]:
    """The same for every township with observation points now, by area code; as many statements for one as for fifty."""
    asked = Asked(county_of(actor, county_code), *amounts.checked(measure, unit), None, department_code, each_township=True)
    windows = Windows.between(now_first, now_last, base_first, base_last)
    found = comparing.matched(session, actor, asked, windows)
    judged = comparing.judged(session, asked, as_of, windows, found)
    return {township: comparison for (township,), comparison in sorted(judged.items())}


@query(Permission.VIEW_TRENDS)
def target_line(
    session: Session,
    actor: Actor,
    *,
    county_code: str,
    measure: str,
    unit: str,
    as_of: datetime,
    township_code: str | None = None,
    department_code: str | None = None,
) -> TargetLine | None:
    """The newest target for the area shown, with its baseline counted in the unit shown; None when the county has none.

    Another township's target is not a liaison's to read: naming that township gets the county's, over no points.
    A township without a target of its own gets its own baseline in the county's window, and no path: nothing was promised
    for it. Nor was anything for a single department, nor in other units than the measure's first (models.rules.measure).
    """
    asked = Asked(county_of(actor, county_code), *amounts.checked(measure, unit), township_code, department_code)
    own = actor.area_code if level_of(actor.area_code) is Level.TOWNSHIP else county_code
    area = township_code or own
    versions = [one for one in _targets(session, actor, county_code, area) if one.measure == asked.measure]
    if not versions:
        return None
    row = versions[0]
    baseline = _baseline(session, actor, asked, row, as_of)
    least = threshold(session, county_code, "least_coverage", today_at(as_of))
    promised = row.area_code == area and asked.unit is units_of(asked.measure)[0] and department_code is None
    path = path_of(baseline, row.reduction, row.starts, row.ends, least_coverage=least) if promised else None
    return TargetLine(
        baseline, row.baseline_from, row.baseline_until, baseline.is_enough(least), path,
        row.reduction, row.starts, row.ends, row.basis, row.version,
        last_revision([one for one in versions if one.area_code == row.area_code]),
    )  # fmt: skip


@query(Permission.VIEW_TRENDS)
def picture(
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
) -> Picture:
    """One answer for the whole page: figures by week and township, target, and verdicts of the last four complete weeks.

    They are compared with the target's baseline window; without a target, with the weeks shown before them.
    """
    known: dict[str, Any] = {"county_code": county_code, "measure": measure, "unit": unit, "as_of": as_of}
    known |= {"department_code": department_code}
    here = known | {"township_code": township_code}
    span: dict[str, Any] = {"first": first, "last": last}
    target = target_line(session, actor, **here)
    baseline = (target.baseline_from, target.baseline_until) if target else None
    windows: dict[str, Any] = usual_windows(today_at(as_of), first, baseline)
    single = township_code is not None or level_of(actor.area_code) is Level.TOWNSHIP
    weeks = weekly(session, actor, **here, **span)
    towns = _frame([], ["week", "township_code"]) if single else by_township(session, actor, **known, **span)
    comparison = compared(session, actor, **here, **windows)
    each = {} if single else compared_by_township(session, actor, **known, **windows)
    return Picture(weeks, towns, target, comparison, each)


@query(Permission.VIEW_TRENDS)
def choices(session: Session, actor: Actor, *, county_code: str) -> Choices:
    """What the filters may offer: townships in which the actor may see points, now or ever, and the departments that can
    send work there: the county's, those above it and those below."""
    county, point = county_of(actor, county_code), ObservationPoint
    mine = select(point.township_code).where(point.county_code == county, in_scope(actor, point.county_code, point.village_code))
    townships = select(Area.code, Area.name, Area.name_en).where(Area.code.in_(mine)).order_by(Area.code)
    within = actor.area_code if level_of(actor.area_code) is Level.TOWNSHIP else None
    departments = senders(county, within=within)
    found = ({code: (name, name_en) for code, name, name_en, *_ in session.execute(rows)} for rows in (townships, departments))
    return Choices(*found)


@once
def _targets(session: Session, actor: Actor, county_code: str, area: str) -> Sequence[Target]:
    """All versions for all measures, the area's own before the county's, the newest first."""
    mine = or_(Target.area_code == county_code, in_area(actor.area_code, Target.area_code))  # the county's is everybody's
    rows = select(Target).where(Target.county_code == county_code, mine, Target.area_code.in_((area, county_code)))
    own_first = case((Target.area_code == area, 0), else_=1)
    return session.scalars(rows.order_by(own_first, Target.version.desc())).all()


def _sums(session: Session, actor: Actor, asked: Asked, weeks: Sequence[Week]) -> dict[Key, tuple[float, float]]:
    """(total, emergency) by week, or by week and township: closed weeks as they were published, the others live."""
    settled = summaries.published(session, asked.county_code, weeks, stock=asked.measure.is_stock)
    found = summaries.totals(session, actor, asked, settled)
    if live := [week for week in weeks if week not in settled]:
        emergency = amounts.emergency(asked.measure)
        keys = (WeeklyLog.week, *asked.grouped)
        columns = (*keys, amounts.total(asked.unit, not_(emergency)), amounts.total(asked.unit, emergency))
        rows = amounts.received(asked.measure, live, columns, asked.department_code)
        rows = counted(rows, actor, asked.county_code, asked.township_code).group_by(*keys)
        found |= {tuple(key): (float(total), float(apart)) for *key, total, apart in session.execute(rows)}
    return found


def _counts(session: Session, actor: Actor, asked: Asked, first: date, last: date, as_of: datetime) -> dict[Key, Sequence[int]]:
    """reporting.COUNTS of every week, or of every week and township with points."""
    weeks, told = weeks_between(first, last), defaultdict[Key, list[Coverage]](list)
    for key, counts in coverage.by_week(session, actor, asked.county_code, weeks, as_of, asked.township_code).items():
        told[key if asked.each_township else key[:1]].append(counts)
    keys = told if asked.each_township else [(week.monday,) for week in weeks]
    sums = {key: Coverage.total(told.get(key, ())) for key in keys}
    return {key: [getattr(counts, name) for name in reporting.COUNTS] for key, counts in sums.items()}


def _figures(session: Session, actor: Actor, asked: Asked, first: date, last: date, as_of: datetime) -> pd.DataFrame:
    counts, sums = _counts(session, actor, asked, first, last, as_of), _sums(session, actor, asked, weeks_between(first, last))
    weeks = {Week(key[0]) for key in counts}
    moments, live = deadlines(session, asked.county_code, weeks), summaries.reopened(session, asked.county_code)
    revised = summaries.revisions(session, actor, asked, weeks)
    rows = []
    for key, numbers in counts.items():
        week = Week(key[0])
        got = numbers[1] + numbers[2]
        total, apart = sums.get(key, (0.0, 0.0)) if got else (nan, nan)
        rate = total / (1 if asked.unit is Unit.SESSIONS else got) if got else nan
        moved = summaries.is_live(week, live, stock=asked.measure.is_stock)
        closed, complete = moments[week].is_closed(as_of) and not moved, as_of >= week.ends_at()
        rows.append((*key, week.label, *numbers, got, total, apart, rate, closed, complete, revised.get(key)))
    return _frame(rows, ["week", "township_code"] if asked.each_township else ["week"])


def _frame(rows: Sequence[Key], keys: list[str]) -> pd.DataFrame:
    kinds: dict[str, str | type] = dict.fromkeys([*reporting.COUNTS, "received"], "int64")
    kinds |= dict.fromkeys(["total", "emergency", "rate"], "float64")
    kinds |= {"closed": bool, "complete": bool, "revised_at": "datetime64[us, UTC]"}
    return pd.DataFrame(rows, columns=[*keys, *FIGURES]).astype(kinds)


def _baseline(session: Session, actor: Actor, asked: Asked, row: Target, as_of: datetime) -> Baseline:
    """Counted over all points that reported in the window, so that the line does not move when the points do."""
    frame = weekly(
        session, actor, county_code=asked.county_code, measure=asked.measure, unit=asked.unit, first=row.baseline_from,
        last=row.baseline_until, as_of=as_of, township_code=asked.township_code, department_code=asked.department_code,
    )  # fmt: skip
    reported = frame[frame.received > 0]
    exposure = float(len(reported)) if asked.unit is Unit.SESSIONS else None
    return Baseline(float(reported.total.sum()), int(frame.received.sum()), int(frame.expected.sum()), exposure)
