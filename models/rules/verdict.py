"""Is a change real? Four answers, given here and nowhere else: real fall, real rise, no evidence, too little data.

Two rates are compared by the exact conditional test: given how many events there were in all, how they fall on the two
periods is binomial if the rates are equal (`rate_ratio`, models/rules/rate.py). It knows the chance of small counts. What it
does not know, that entries of one week come in clusters, is measured on the weekly totals and handed in as a `Dispersion`:
totals and exposures are then divided by its factor before the test (docs/adr/0011).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from models.rules.dispersion import Dispersion
from models.rules.rate import Interval, RateRatio, exact_p, interval, rate_ratio

EQUAL = 1e-7  # two outcomes whose chances differ by less are as likely: so does the exact test count them


class VerdictCode(StrEnum):
    """The four answers; the value is also the class of the mark on the screen."""

    FALL = "fall"
    RISE = "rise"
    NONE = "none"
    FEW = "few"


class Reason(StrEnum):
    """Why this answer: which step of the rule gave it."""

    TESTED = "tested"  # the test was made, and its p decided
    OVERLAP = "overlap"  # the baseline is not over before the present weeks begin: they would be compared with themselves
    LEFT_OUT = "left_out"  # all weeks of one period are of the Spring Festival, and the other has none to compare them with
    NO_REPORTS = "no_reports"  # one of the two periods has no report at all
    COVERAGE = "coverage"  # too few points reported in both periods
    SPARSE = "sparse"  # enough points, but in one of the periods too few of their weeks
    FEW_WEEKS = "few_weeks"  # one week in each period: nothing can be known about how much weeks scatter
    FEW_EVENTS = "few_events"  # so few events that no outcome could have been called real
    BOTH_ZERO = "both_zero"  # reported, and nothing happened in either


@dataclass(frozen=True)
class Sample:
    """One period: how much was counted (`total`) in how many village-weeks (`exposure`).

    `weight` is how much of the total one independent event carries: 1 for counts; Σh²/Σh for hours; for a stock, which is
    counted anew every week, the number of weeks.
    """

    total: float
    exposure: float
    weight: float = 1.0

    @property
    def rate(self) -> float | None:
        """Total per exposure; None when nothing was reported."""
        return self.total / self.exposure if self.exposure > 0 else None

    @property
    def events(self) -> int:
        """The number of independent events the total stands for."""
        return round(self.total / self.weight)


class Rule(StrEnum):
    """The test that was made."""

    EXACT = "exact_poisson"
    QUASI = "exact_quasi_poisson"  # the same, on the number of independent events that clustered totals are worth


@dataclass(frozen=True)
class Verdict:
    """The answer and everything it rests on. `ratio` is now ÷ base; None where it has no meaning, and `high` is None for ∞.

    `factor` is what one independent event carries in each period's total (now, base): above 1 for counts when weeks cluster.
    What would be needed: without evidence, `fall_needs` is the present total up to which it would be a real fall (None: not
    even zero would be one) and `rise_needs` that from which on it would be a real rise; `least_total`, with too few events, is
    the total of both periods with which anything can be said.
    """

    code: VerdictCode
    reason: Reason
    now: Sample
    base: Sample
    coverage: float
    least_coverage: float
    significance: float
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    fall_needs: float | None = None
    rise_needs: float | None = None
    least_total: float | None = None
    dispersion: Dispersion | None = None
    factor: tuple[float, float] = (1.0, 1.0)
    mix: float = 1.0

    @property
    def before(self) -> float | None:
        """The base rate that the present one is compared with: each point weighs in it as it does now."""
        return None if self.base.rate is None else self.base.rate * self.mix

    @property
    def independent(self) -> int:
        """How many independent events the totals of both periods are worth in the test."""
        return sum(round(sample.total / factor) for sample, factor in zip((self.now, self.base), self.factor, strict=True))

    @property
    def intervals(self) -> tuple[Interval | None, Interval | None]:
        """Garwood's interval of each rate (now, base as counted), on independent events; None where no test was made."""
        if self.p is None:
            return None, None
        now, base = (
            interval(one.total / factor, one.exposure / factor)
            for one, factor in zip((self.now, self.base), self.factor, strict=True)
        )
        return now, base

    @property
    def change(self) -> float | None:
        """The relative change: −0.41 is a fall by 41 %."""
        return None if self.ratio is None else self.ratio - 1

    @property
    def rule(self) -> Rule:
        """Which test it was: the plain one where weeks scatter no more than the events themselves would."""
        return Rule.QUASI if self.factor != (self.now.weight, self.base.weight) else Rule.EXACT


def judge(
    now: Sample,
    base: Sample,
    *,
    coverage: float,
    least_coverage: float,
    significance: float,
    dispersion: Dispersion | None = None,
    mix: float = 1.0,
    reported: float = 1.0,
    barred: Reason | None = None,
) -> Verdict:
    """The verdict on a period against its baseline.

    `coverage`: share 0–1 of the expected points that reported in both periods; below `least_coverage` nothing is said.
    `significance`: p below which a change is called real.
    `reported`: share 0–1 of the village-weeks reported in the thinner period, where the exposure does not count them (sessions).
    `barred`: why these two periods are not to be compared whatever was reported (OVERLAP, LEFT_OUT).
    `dispersion`: how weekly totals of the same points scatter; without it, events are taken as independent.
    `mix`: the base rate with each point weighing as it does now ÷ the base rate as counted (models/rules/mix.py).
    """
    known = Verdict(VerdictCode.FEW, Reason.NO_REPORTS, now, base, coverage, least_coverage, significance)
    known = replace(known, dispersion=dispersion, factor=(now.weight, base.weight), mix=mix)
    if reason := barred or _in_the_way(known, reported):
        return replace(known, reason=reason)
    if now.total + base.total == 0:
        return replace(known, code=VerdictCode.NONE, reason=Reason.BOTH_ZERO)
    base = replace(base, exposure=base.exposure / mix)  # the same events, seen in as much as gives the comparable rate
    if dispersion is None:
        return _tested(known, now, base)
    scatter = dispersion.factor(significance)
    if math.isinf(scatter):
        return replace(known, reason=Reason.FEW_WEEKS)
    factor = max(now.weight, scatter), max(base.weight, scatter)
    return _tested(replace(known, factor=factor), replace(now, weight=factor[0]), replace(base, weight=factor[1]))


def _in_the_way(known: Verdict, reported: float) -> Reason | None:
    """Why too little was reported to compare the two periods."""
    if known.now.exposure <= 0 or known.base.exposure <= 0:
        return Reason.NO_REPORTS
    if known.coverage < known.least_coverage:
        return Reason.COVERAGE
    return Reason.SPARSE if reported < known.least_coverage else None


def _tested(known: Verdict, now: Sample, base: Sample) -> Verdict:
    """The verdict by the test; `now` and `base` weigh what one independent event carries."""
    found = rate_ratio(_effective(now), _effective(base))
    known = replace(known, ratio=found.ratio, low=found.low, high=found.high, p=found.p)
    share, significance = _share(now, base), known.significance
    if _surest(now.events + base.events, share) >= significance:
        least = _least_events(share, significance)
        total = least and least * max(now.weight, base.weight)
        return replace(known, reason=Reason.FEW_EVENTS, least_total=total)
    if found.p >= significance:
        falls, rises = _fall_needs(now, base, significance), _rise_needs(now, base, significance)
        return replace(known, code=VerdictCode.NONE, reason=Reason.TESTED, fall_needs=falls, rise_needs=rises)
    return replace(known, code=VerdictCode.FALL if _fell(found) else VerdictCode.RISE, reason=Reason.TESTED)


def _fell(found: RateRatio) -> bool:
    return found.ratio is not None and found.ratio < 1


def _surest(events: int, share: float) -> float:
    """The smallest p that so many events can give: that of all in the period less likely to have them. Where both are as
    likely, as with four full weeks against the same four, all in the other one is no likelier and counts too."""
    least, most = sorted((share**events, (1 - share) ** events))
    return least + most if most <= least * (1 + EQUAL) else least


def _least_events(share: float, significance: float) -> int | None:
    """The fewest events of both periods of which some outcome could be called real; None when none ever could."""
    if significance <= 0:
        return None
    least = max(1, math.floor(math.log(significance) / math.log(min(share, 1 - share))))
    while _surest(least, share) >= significance:
        least += 1
    return least


def _fall_needs(now: Sample, base: Sample, significance: float) -> float | None:
    """The largest total of the present period that would be a real fall; None when not even zero would be one."""
    if base.events == 0:
        return None
    lowest = _edge(now, base, significance, unreal=now.events, real=-1)
    return lowest * now.weight if lowest >= 0 else None


def _rise_needs(now: Sample, base: Sample, significance: float) -> float:
    """The smallest total of the present period that would be a real rise. `_tested` has seen that some outcome is called real."""
    share, real = _share(now, base), now.events + 1
    while exact_p(real, base.events, share) >= significance:
        real *= 2
    return _edge(now, base, significance, unreal=now.events, real=real) * now.weight


def _edge(now: Sample, base: Sample, significance: float, *, unreal: int, real: int) -> int:
    """The count nearest to `unreal`, on the way to `real`, that would be called real: p falls as it leaves its expectation."""
    share = _share(now, base)
    while abs(real - unreal) > 1:
        middle = (real + unreal) // 2
        if exact_p(middle, base.events, share) < significance:
            real = middle
        else:
            unreal = middle
    return real


def _effective(sample: Sample) -> tuple[float, float]:
    """(independent events, the exposure they are seen in)."""
    return sample.total / sample.weight, _effort(sample)


def _effort(sample: Sample) -> float:
    return sample.exposure / sample.weight


def _share(now: Sample, base: Sample) -> float:
    return _effort(now) / (_effort(now) + _effort(base))
