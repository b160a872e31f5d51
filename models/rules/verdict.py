"""Is a change real? Four answers, given here and nowhere else: real fall, real rise, no evidence, too little data.

Two rates are compared by the exact conditional test: given how many events there were in all, how they fall on the two
periods is binomial if the rates are equal (two-sided p as in R's `poisson.test`; the interval is Clopper and Pearson's,
carried over to the ratio of rates). It knows the chance of small counts; it does not know clustering.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scipy.stats._binomtest import BinomTestResult

CONFIDENCE = 0.95  # of the interval that is shown; what decides is `significance`, a row of the county's thresholds


class VerdictCode(StrEnum):
    """The four answers; the value is also the class of the mark on the screen."""

    FALL = "fall"
    RISE = "rise"
    NONE = "none"
    FEW = "few"


class Reason(StrEnum):
    """Why this answer: which step of the rule gave it."""

    TESTED = "tested"  # the test was made, and its p decided
    NO_REPORTS = "no_reports"  # one of the two periods has no report at all
    COVERAGE = "coverage"  # too few points reported in both periods
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


@dataclass(frozen=True)
class Verdict:
    """The answer and everything it rests on. `ratio` is now ÷ base; None where it has no meaning, and `high` is None for ∞."""

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
    fall_needs: float | None = None  # without evidence: the total of the present period up to which it would be a real fall
    rule: str = "exact_poisson"

    @property
    def change(self) -> float | None:
        """The relative change: −0.41 is a fall by 41 %."""
        return None if self.ratio is None else self.ratio - 1


def judge(now: Sample, base: Sample, *, coverage: float, least_coverage: float, significance: float) -> Verdict:
    """The verdict on a period against its baseline.

    `coverage`: share 0–1 of the expected points that reported in both periods; below `least_coverage` nothing is said.
    `significance`: p below which a change is called real.
    """
    known = (now, base, coverage, least_coverage, significance)
    if now.exposure <= 0 or base.exposure <= 0:
        return Verdict(VerdictCode.FEW, Reason.NO_REPORTS, *known)
    if coverage < least_coverage:
        return Verdict(VerdictCode.FEW, Reason.COVERAGE, *known)
    if now.events + base.events == 0:
        return Verdict(VerdictCode.NONE, Reason.BOTH_ZERO, *known)
    return _tested(*known)


def _tested(now: Sample, base: Sample, coverage: float, least_coverage: float, significance: float) -> Verdict:
    known = (now, base, coverage, least_coverage, significance)
    ratio, low, high, p = _compare(now, base)
    if p < significance:
        fell = now.events * _effort(base) < base.events * _effort(now)
        return Verdict(VerdictCode.FALL if fell else VerdictCode.RISE, Reason.TESTED, *known, ratio, low, high, p)
    share, events = _share(now, base), now.events + base.events
    if min(share, 1 - share) ** events >= significance:
        return Verdict(VerdictCode.FEW, Reason.FEW_EVENTS, *known, ratio, low, high, p)
    return Verdict(VerdictCode.NONE, Reason.TESTED, *known, ratio, low, high, p, _fall_needs(now, base, significance))


def _compare(now: Sample, base: Sample) -> tuple[float | None, float, float | None, float]:
    """(ratio, low, high, p); ratio and high are None where they are infinite."""
    scale = _effort(base) / _effort(now)
    test = _test(now.events, base.events, _share(now, base))
    interval = test.proportion_ci(CONFIDENCE, method="exact")
    ratio = now.events / base.events * scale if base.events else None
    high = None if interval.high >= 1 else float(_odds(interval.high) * scale)
    return ratio, float(_odds(interval.low) * scale), high, min(float(test.pvalue), 1.0)


def _test(now: int, base: int, share: float) -> BinomTestResult:
    from scipy.stats import binomtest  # half a second to import, so only where it is used

    return binomtest(now, now + base, share)


def _fall_needs(now: Sample, base: Sample, significance: float) -> float | None:
    """The largest total of the present period that would be a real fall; None when not even zero would be one."""
    if base.events == 0:
        return None
    lowest, highest = -1, now.events
    while highest - lowest > 1:  # p falls as the count moves below its expectation
        middle = (lowest + highest) // 2
        real = _test(middle, base.events, _share(now, base)).pvalue < significance
        lowest, highest = (middle, highest) if real else (lowest, middle)
    return lowest * now.weight if lowest >= 0 else None


def _effort(sample: Sample) -> float:
    return sample.exposure / sample.weight


def _share(now: Sample, base: Sample) -> float:
    return _effort(now) / (_effort(now) + _effort(base))


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else math.inf
