"""How likely a department is to exceed its quota by the end of the period, at the pace it has kept so far.

Gamma–Poisson (Gelman et al., Bayesian Data Analysis, §2.6): the pace is unknown, known a little from the prior and better from
what was used; what is still to come is then negative binomial:

    pace ~ Gamma(a + used, b + elapsed)        to come ~ NegBin(a + used, (b + elapsed) ÷ (b + elapsed + remaining))

The prior is Jeffreys' (a = ½, b = 0: nothing is known beforehand) unless a former period is given. A steady pace is assumed:
what is known to be planned, or a season, is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

LEAST_KNOWN = 1000  # a pace known from less than a thousandth of the period is none
INTERVAL = 0.8  # of the total that is foreseen: eight times out of ten


class Ground(StrEnum):
    """What the probability rests on."""

    PACE = "pace"
    ALREADY_OVER = "already_over"
    PERIOD_OVER = "period_over"
    TOO_EARLY = "too_early"  # too little has elapsed, and no former period is known


@dataclass(frozen=True)
class Prior:
    """What is known beforehand: `events` in an `exposure` of the same unit as elapsed time; half an event is added (Jeffreys)."""

    events: float = 0.0
    exposure: float = 0.0


@dataclass(frozen=True)
class Forecast:
    """Probability 0–1 that the period's total exceeds the allowance; the total foreseen (mean, and where 8 of 10 fall)."""

    probability: float | None
    ground: Ground
    expected: float | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Days:
    """Days of a period of `whole`: `told` lie in weeks that enough points reported, `remaining` are still to come."""

    told: int
    remaining: int
    whole: int


NOTHING_KNOWN = Prior()


def at_this_pace(used: int, of_told: int, allowance: int, days: Days, least_share: float) -> Forecast:
    """The chance of overrun where some days are not told: docs/adr/0017.

    `of_told` of what was `used` lies on the told days and makes the pace; the rest is used and says nothing about it. What
    happened unseen on days that were not told is left out, so that the chance is a lower bound, as the use itself is.
    TOO_EARLY while fewer than `least_share` of the period's days are told.
    """
    if used > allowance:
        return Forecast(1.0, Ground.ALREADY_OVER)
    if days.remaining <= 0:
        return Forecast(0.0, Ground.PERIOD_OVER, float(used), used, used)
    if days.told <= 0 or days.told < least_share * days.whole:
        return Forecast(None, Ground.TOO_EARLY)
    apart = used - of_told
    found = overrun(of_told, allowance - apart, days.told, days.told + days.remaining)
    if found.expected is None or found.low is None or found.high is None:
        return found
    return replace(found, expected=found.expected + apart, low=found.low + apart, high=found.high + apart)


def overrun(used: int, allowance: int, elapsed: float, period: float, *, prior: Prior = NOTHING_KNOWN) -> Forecast:
    """The chance that more than `allowance` will have been used at the end.

    `used` so far, in `elapsed` of the `period`'s days (any one unit; negative is none). Exactly the allowance is not over.
    """
    remaining = period - max(0.0, elapsed)
    if remaining <= 0:
        return Forecast(float(used > allowance), Ground.PERIOD_OVER, float(used), used, used)
    known = prior.exposure + max(0.0, elapsed)
    if known * LEAST_KNOWN < period:
        return Forecast(1.0, Ground.ALREADY_OVER) if used > allowance else Forecast(None, Ground.TOO_EARLY)
    shape, share = 0.5 + prior.events + used, known / (known + remaining)
    low, high = (used + _quantile(q, shape, share) for q in ((1 - INTERVAL) / 2, (1 + INTERVAL) / 2))
    chance = 1.0 if used > allowance else _more_than(allowance - used, shape, share)
    ground = Ground.ALREADY_OVER if used > allowance else Ground.PACE
    return Forecast(chance, ground, used + shape * remaining / known, low, high)


def _more_than(count: int, shape: float, share: float) -> float:
    """P(N > count) of the negative binomial, as an incomplete beta function."""
    from scipy.special import betainc

    return float(betainc(count + 1, shape, 1 - share))


def _quantile(q: float, shape: float, share: float) -> int:
    """The least count that N stays at or below with probability q, by bisection: SciPy's own may not end on extreme shapes."""
    below, above = -1, 1
    while _more_than(above, shape, share) > 1 - q:
        below, above = above, above * 2
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (middle, above) if _more_than(middle, shape, share) > 1 - q else (below, middle)
    return above
