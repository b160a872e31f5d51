"""Rates of small counts: exact intervals, the comparison of two rates, and how far chance alone carries a count.

Counts are taken as Poisson; nothing here is Wald's normal approximation. A count may be a fraction where it stands for an
effective number of independent events (models/rules/dispersion.py): exact intervals then run on smoothly; all else rounds it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

CONFIDENCE = 0.95


class Method(StrEnum):
    """How two rates are compared. What decides a verdict is EXACT (docs/adr/0011)."""

    EXACT = "exact"  # never errs more often than it says; two-sided p as in R's poisson.test
    MID_P = "mid_p"  # half the weight of what was seen: closer on average, may err slightly more often


@dataclass(frozen=True)
class Interval:
    """A rate per unit of exposure, and what it may be."""

    rate: float
    low: float
    high: float


@dataclass(frozen=True)
class RateRatio:
    """Rate now ÷ rate before, its interval and p; `ratio` and `high` are None where they are infinite (or 0 ÷ 0)."""

    ratio: float | None
    low: float
    high: float | None
    p: float


def interval(events: float, exposure: float, confidence: float = CONFIDENCE) -> Interval | None:
    """Garwood's exact interval, [χ²(α/2, 2x), χ²(1−α/2, 2x+2)] ÷ 2T (Biometrika 1936); None without exposure.

    Two-sided at x = 0 too, hence 3.689 ÷ T at 95 %, and not the one-sided 2.996 ÷ T.
    """
    from scipy.special import gammaincinv  # the quantile of χ² with 2x degrees of freedom, halved

    if exposure <= 0:
        return None
    tail = (1 - confidence) / 2
    low = float(gammaincinv(events, tail)) if events > 0 else 0.0
    return Interval(events / exposure, low / exposure, float(gammaincinv(events + 1, 1 - tail)) / exposure)


def prediction_limits(expected: float, probability: float = CONFIDENCE) -> tuple[int, int]:
    """The counts (lowest, highest) that chance stays within with at least that probability, where `expected` is known.

    Quantiles of the Poisson distribution at (1 ∓ probability) ÷ 2. These, and not a confidence interval, are the limits of a
    funnel or a chart (BMC Med Res Methodol 2012;12:98).
    """
    from scipy.stats import poisson

    if expected <= 0:
        return 0, 0
    tail = (1 - probability) / 2
    return int(poisson.ppf(tail, expected)), int(poisson.isf(tail, expected))


def rate_ratio(
    now: tuple[float, float], base: tuple[float, float], *, confidence: float = CONFIDENCE, method: Method = Method.EXACT
) -> RateRatio:
    """Two rates, each as (events, exposure > 0), compared given their sum: x | x+y is binomial with share T₁ ÷ (T₁+T₂).

    EXACT: Clopper and Pearson's interval carried over to the ratio, and the sum of all outcomes no likelier than the one seen.
    MID_P: the same with half the probability of the outcome itself, twice the smaller tail.
    """
    (x, effort), (y, base_effort) = now, base
    scale, share = base_effort / effort, effort / (effort + base_effort)
    tail = (1 - confidence) / 2
    if method is Method.MID_P:
        x, y = round(x), round(y)
        low, high = _mid_shares(x, y, tail)
        p = min(1.0, 2 * min(_mid(x, y, share), _mid(y, x, 1 - share)))
    else:
        low, high = _shares(x, y, tail)
        p = exact_p(round(x), round(y), share)
    return RateRatio(x / y * scale if y > 0 else None, _odds(low) * scale, None if high >= 1 else _odds(high) * scale, p)


def exact_p(x: int, y: int, share: float) -> float:
    """Two-sided p of x of x+y where `share` was expected; 1 where nothing happened."""
    from scipy.stats import binomtest  # half a second to import, so only where it is used

    return min(1.0, float(binomtest(x, x + y, share).pvalue)) if x + y else 1.0


def _shares(x: float, y: float, tail: float) -> tuple[float, float]:
    from scipy.special import betaincinv

    low = float(betaincinv(x, y + 1, tail)) if x > 0 else 0.0
    return low, (float(betaincinv(x + 1, y, 1 - tail)) if y > 0 else 1.0)


def _mid_shares(x: float, y: float, tail: float) -> tuple[float, float]:
    """Where the mid-P tails reach `tail`; inside Clopper and Pearson's interval, so that is where they are sought."""
    from scipy.optimize import brentq

    low, high = _shares(x, y, tail)
    middle = x / (x + y) if x + y > 0 else 0.5
    if x > 0:
        low = float(brentq(lambda share: _mid(x, y, share) - tail, low, middle))
    if y > 0:
        high = float(brentq(lambda share: _mid(y, x, 1 - share) - tail, middle, high))
    return low, high


def _mid(x: float, y: float, share: float) -> float:
    """P(more than x) + ½·P(x), of x+y at that share: the mean of two neighbouring incomplete beta functions."""
    from scipy.special import betainc

    at_least = float(betainc(x, y + 1, share)) if x > 0 else 1.0
    more = float(betainc(x + 1, y, share)) if y > 0 else 0.0
    return (at_least + more) / 2


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else math.inf
