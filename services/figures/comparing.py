"""Two periods seen by the same points: how a change in who reports is kept from looking like a change in the load."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from models.rules.dispersion import Dispersion, Weekly, dispersion
from models.rules.errors import InvalidInput
from models.rules.measure import Unit
from models.rules.mix import PointWeeks, mix
from models.rules.pairing import Pairing, Pairs, pair
from models.rules.verdict import Reason, Sample, Verdict, judge
from models.rules.week import Week, today_at
from services.access import Actor
from services.figures.amounts import Asked
from services.figures.counting import weeks_between
from services.figures.coverage import points_in
from services.figures.matched import Group, Told, is_in, told
from services.thresholds import threshold

NOW_WEEKS = 4  # "the last four weeks" of every sentence
BASE_WEEKS = 12  # what they are compared with at least, where no target names a baseline window


@dataclass(frozen=True)
class Windows:
    """The present weeks and the base weeks of a comparison, like with like. The only way to them is `between`.

    `barred`: why no verdict can be given on them whatever was reported; all weeks asked for are then kept, to be shown.
    """

    pairing: Pairing
    barred: Reason | None = None

    @classmethod
    def between(cls, now_first: date, now_last: date, base_first: date, base_last: date) -> "Windows":
        """The weeks that hold the days, and those between them. InvalidInput(bad_window) when a period ends before it begins."""
        now, base = weeks_between(now_first, now_last), weeks_between(base_first, base_last)
        if not now or not base:
            raise InvalidInput("bad_window", field="period")
        if base[-1] >= now[0]:
            return cls(Pairing(tuple(now), tuple(base), Pairs.WHOLE), Reason.OVERLAP)
        found = pair(now, base)
        if found.now and found.base:
            return cls(found)
        return cls(replace(found, now=found.now or tuple(now), base=found.base or tuple(base)), Reason.LEFT_OUT)

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
        """(in the present weeks, in the base weeks), for a WeeklyLog."""
        return is_in(self.now), is_in(self.base)

    @property
    def either(self) -> list[Week]:
        """All weeks of both, once."""
        return sorted({*self.now, *self.base})


@dataclass(frozen=True)
class Matched:
    """What the points that reported in both periods (`points`) told, and how many are expected in the present one.

    `mix`: by how much the base rate changes when every point weighs in it as it does now (models/rules/mix.py).
    `dispersion`: how weekly totals scatter; a stock has none, its weight is the number of weeks it was seen in.
    `reported`: share 0–1 of the expected points' weeks that were reported, in the thinner period. Only sessions need it: their
    rate is per week, so that a week of few reports would look like a week of few sessions.
    """

    now: Sample
    base: Sample
    points: int
    expected: int
    reported: float = 1.0
    mix: float = 1.0
    dispersion: Dispersion | None = None

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
    """The matched points by township, or under the key () for all; as many statements for any number of points and weeks."""
    expected = points_in(session, actor, asked.county_code, windows.now, asked.township_code, each_township=asked.each_township)
    found = told(session, actor, asked, windows.now, windows.base)
    return {group: _matched(asked, windows, found.get(group) or Told(), points) for group, points in expected.items()}


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
                dispersion=m.dispersion,
                mix=m.mix,
                reported=m.reported,
                barred=windows.barred,
            ),
            m.points,
            m.expected,
            windows.pairing,
        )
        for group, m in found.items()
    }


def _matched(asked: Asked, windows: Windows, found: Told, expected: int) -> Matched:
    """Exposure is village-weeks (sessions: weeks). Hours weigh as many as an entry carries, a stock as often as it is seen."""
    now, base = (_weekly(asked, found, weeks) for weeks in (windows.now, windows.base))
    seen = _weights(asked, found, now, base)
    nothing = (0.0, 0.0)
    weighed = mix(PointWeeks(*weeks, *found.before.get(village, nothing)) for village, weeks in found.points.items())
    scatter = None if asked.measure.is_stock else dispersion(now, base)
    present, before = _sample(now, seen[0]), _sample(base, seen[1] * weighed.spread)
    reported = _reported(asked, windows, found, expected)
    return Matched(present, before, len(found.points), expected, reported, weighed.factor, scatter)


def _weights(asked: Asked, found: Told, now: Sequence[Weekly], base: Sequence[Weekly]) -> tuple[float, float]:
    if asked.measure.is_stock:
        return max(len(now), 1), max(len(base), 1)
    total, squares = (sum(sums[n] for sums in found.totals.values()) for n in (0, 1))
    entry = squares / total if total and asked.unit is not Unit.SESSIONS else 1.0
    return entry, entry


def _sample(weeks: Sequence[Weekly], weight: float) -> Sample:
    return Sample(float(sum(total for total, _ in weeks)), float(sum(exposure for _, exposure in weeks)), weight)


def _weekly(asked: Asked, found: Told, weeks: Sequence[Week]) -> list[Weekly]:
    """(total, exposure) of the weeks in which somebody reported."""
    reported = [week.monday for week in weeks if week.monday in found.reports]
    shared = asked.unit is Unit.SESSIONS
    return [(found.totals.get(day, (0.0, 0.0))[0], 1.0 if shared else float(found.reports[day])) for day in reported]


def _reported(asked: Asked, windows: Windows, found: Told, expected: int) -> float:
    if asked.unit is not Unit.SESSIONS or not expected:
        return 1.0
    sides = (windows.now, windows.base)
    return min(sum(found.reports.get(week.monday, 0) for week in weeks) / (expected * len(weeks)) for weeks in sides)
