"""Two periods seen by the same points: how a change in who reports is kept from looking like a change in the load."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, case, distinct, func, not_, or_, select
from sqlalchemy.orm import Session

from models.rules.errors import InvalidInput
from models.rules.measure import Unit
from models.rules.pairing import Pairing, Pairs, pair
from models.rules.verdict import Sample, Verdict, judge
from models.rules.week import Week, today_at
from models.tables import WeeklyLog
from services.access import Actor
from services.figures import amounts
from services.figures.amounts import Asked
from services.figures.counting import counted, plain, weeks_between
from services.figures.coverage import points_in
from services.thresholds import threshold

Group = tuple[Any, ...]
NOW_WEEKS = 4  # "the last four weeks" of every sentence
BASE_WEEKS = 12  # what they are compared with at least, where no target names a baseline window


@dataclass(frozen=True)
class Windows:
    """The present weeks and the base weeks of a comparison, like with like. The only way to them is `between`.

    `overlap`: the base is not over when the present begins: weeks would be compared with themselves, or with later ones.
    """

    pairing: Pairing
    overlap: bool

    @classmethod
    def between(cls, now_first: date, now_last: date, base_first: date, base_last: date) -> "Windows":
        """The weeks that hold the days, and those between them. InvalidInput(bad_window) when nothing is left to compare."""
        now, base = weeks_between(now_first, now_last), weeks_between(base_first, base_last)
        overlap = bool(now and base) and base[-1] >= now[0]
        pairing = Pairing(tuple(now), tuple(base), Pairs.WHOLE) if overlap else pair(now, base)
        if not pairing.now or not pairing.base:
            raise InvalidInput("bad_window", field="period")
        return cls(pairing, overlap)

    @property
    def now(self) -> tuple[Week, ...]:
        """The present weeks that are compared, oldest first."""
        return self.pairing.now

    @property
    def base(self) -> tuple[Week, ...]:
        """The base weeks that are compared, oldest first."""
        return self.pairing.base

    @property
    def conditions(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """(in the present weeks, in the base weeks), for a WeeklyLog. Lists: for a range SQLite reads far too much."""
        now, base = (WeeklyLog.week.in_([week.monday for week in weeks]) for weeks in (self.now, self.base))
        return now, base

    @property
    def either(self) -> list[Week]:
        """All weeks of both, once."""
        return sorted({*self.now, *self.base})


@dataclass(frozen=True)
class Matched:
    """What the points that reported in both periods (`points`) told, and how many are expected in the present one.

    `reported`: share 0–1 of the expected points' weeks that were reported, in the thinner period. Only sessions need it: their
    rate is per week, so that a week of few reports would look like a week of few sessions.
    """

    now: Sample
    base: Sample
    points: int
    expected: int
    reported: float = 1.0

    @property
    def coverage(self) -> float:
        """Share 0–1 of the expected points that can be compared."""
        return self.points / self.expected if self.expected else 0.0


@dataclass(frozen=True)
class Comparison:
    """A verdict, the points it rests on, and the weeks that were compared."""

    verdict: Verdict
    points: int
    expected: int
    pairing: Pairing

    @property
    def now(self) -> tuple[date, date]:
        """First Monday and last Sunday of the present weeks."""
        return self.pairing.now[0].monday, self.pairing.now[-1].sunday

    @property
    def base(self) -> tuple[date, date]:
        """First Monday and last Sunday of the weeks they are compared with."""
        return self.pairing.base[0].monday, self.pairing.base[-1].sunday


def usual_windows(today: date, first: date, baseline: tuple[date, date] | None) -> dict[str, date]:
    """The last complete weeks against a target's baseline; without one, against the weeks from `first` on before them."""
    now_last = Week.of(today) - 1
    now_first = now_last - (NOW_WEEKS - 1)
    before = (min(first, (now_first - BASE_WEEKS).monday), (now_first - 1).monday)
    base_first, base_last = baseline or before
    return {"now_first": now_first.monday, "now_last": now_last.monday, "base_first": base_first, "base_last": base_last}


def matched(session: Session, actor: Actor, asked: Asked, windows: Windows) -> dict[Group, Matched]:
    """The matched points by township, or under the key () for all. Three statements, however many points and weeks."""
    both = _reported_in_both(actor, asked, windows)
    expected = points_in(session, actor, asked.county_code, windows.now, asked.township_code, by=asked.grouped)
    exposed = _by_group(session, _exposures(actor, asked, windows, both), asked)
    totals = _by_group(session, _totals(actor, asked, windows, both), asked)
    found = {}
    for group, points in expected.items():
        reporting, *exposures = exposed.get(group, (0, 0, 0, 0, 0))
        now, base = _samples(asked, exposures, totals.get(group, (0, 0, 0)))
        found[group] = Matched(now, base, reporting, points, _reported(asked, windows, exposures, points))
    return found


def judged(
    session: Session, asked: Asked, as_of: datetime, windows: Windows, found: Mapping[Group, Matched]
) -> dict[Group, Comparison]:
    """The verdict on each, by the county's thresholds of that day."""
    least, significance = (
        threshold(session, asked.county_code, name, today_at(as_of)) for name in ("least_coverage", "significance")
    )
    return {
        group: Comparison(
            judge(
                m.now,
                m.base,
                coverage=m.coverage,
                least_coverage=least,
                significance=significance,
                reported=m.reported,
                overlap=windows.overlap,
            ),
            m.points,
            m.expected,
            windows.pairing,
        )
        for group, m in found.items()
    }


def _reported_in_both(actor: Actor, asked: Asked, windows: Windows) -> CTE:
    now, base = windows.conditions
    village = plain(WeeklyLog.village_code)
    logs = select(village.label("village_code")).select_from(WeeklyLog)
    logs = counted(logs, actor, asked.county_code, asked.township_code).where(or_(now, base)).group_by(village)
    return logs.having(and_(_sum(now) > 0, _sum(base) > 0)).cte("both")


def _exposures(actor: Actor, asked: Asked, windows: Windows, both: CTE) -> Any:
    now, base = windows.conditions
    weeks = (func.count(case((when, WeeklyLog.week)).distinct()) for when in (now, base))
    columns: tuple[Any, ...] = (*asked.grouped, func.count(distinct(WeeklyLog.village_code)), _sum(now), _sum(base), *weeks)
    logs = select(*columns).select_from(WeeklyLog).where(_is_in(both))
    return counted(logs, actor, asked.county_code, asked.township_code).where(or_(now, base))


def _totals(actor: Actor, asked: Asked, windows: Windows, both: CTE) -> Any:
    ordinary = not_(amounts.emergency(asked.measure))
    now, base = (and_(when, ordinary) for when in windows.conditions)
    sums = (amounts.total(asked.unit, now), amounts.total(asked.unit, base), amounts.squares(asked.unit, ordinary))
    rows = amounts.received(asked.measure, windows.either, (*asked.grouped, *sums), asked.department_code)
    return counted(rows.where(_is_in(both)), actor, asked.county_code, asked.township_code)


def _samples(asked: Asked, exposures: list[Any], totals: Group) -> tuple[Sample, Sample]:
    """Exposure is village-weeks (sessions: weeks). Hours weigh as many as an entry carries, a stock as often as it is seen."""
    village_weeks, weeks = exposures[:2], exposures[2:]
    per = weeks if asked.unit is Unit.SESSIONS else village_weeks
    now, base, squares = (float(value) for value in totals)
    both = now + base
    entry = squares / both if both and asked.unit in (Unit.HOURS, Unit.VILLAGE_TIMES, Unit.PERSON_TIMES) else 1.0
    weights = [float(max(n, 1)) for n in weeks] if asked.measure.is_stock else [entry, entry]
    return Sample(now, float(per[0] or 0), weights[0]), Sample(base, float(per[1] or 0), weights[1])


def _reported(asked: Asked, windows: Windows, exposures: list[Any], expected: int) -> float:
    if asked.unit is not Unit.SESSIONS or not expected:
        return 1.0
    pairs = zip(exposures[:2], (windows.now, windows.base), strict=True)
    return float(min(village_weeks / (expected * len(weeks)) for village_weeks, weeks in pairs))


def _by_group(session: Session, statement: Any, asked: Asked) -> dict[Group, Group]:
    depth = len(asked.grouped)
    return {tuple(row[:depth]): tuple(row[depth:]) for row in session.execute(statement.group_by(*asked.grouped))}


def _is_in(both: CTE) -> ColumnElement[bool]:
    """As a list: SQLite looks a village up in it, where it would walk through a joined one for every row."""
    return WeeklyLog.village_code.in_(select(both.c.village_code))


def _sum(when: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((when, 1), else_=0)), 0)
