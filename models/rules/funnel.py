"""Which departments stand out among all: a funnel with probability limits, room for over-dispersion, and few false discoveries.

A department is compared with what it would have at the rate of all (`expected`). Limits are quantiles of the Poisson distribution
around that expectation, never a confidence interval around the department's own count (BMC Med Res Methodol 2012;12:98).
Departments differ for a hundred good reasons: z = 2·(√O − √E), winsorised at its 10th and 90th percentile, gives φ = mean z², and
counts are divided by φ where the spread is more than chance (Spiegelhalter, Stat Med 2005;24:1185). Many departments are tested
at once: those are told whose Benjamini–Hochberg q is at most the false-discovery rate.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.rules.rate import prediction_limits

LEAST_PEERS = 3  # of two, one is above and one below the mean of both: nobody stands out
LEAST_EXPECTED = 5.0  # events: with fewer, hardly any count could stand out
WINSORISED = 0.1
FALSE_DISCOVERIES = 0.05
LIMITS = (0.95, 0.998)  # the funnel's inner and outer line: two and three sigma


class Standing(StrEnum):
    """Where a department lies."""

    HIGH = "high"
    LOW = "low"
    USUAL = "usual"
    FEW = "few"  # too few expected to say


@dataclass(frozen=True)
class Placed:
    """One department: events `observed` and `expected`, how it stands, and the q (p corrected for their number) that decided."""

    observed: float
    expected: float
    standing: Standing
    p: float | None = None
    q: float | None = None

    @property
    def ratio(self) -> float | None:
        """Observed ÷ expected; None where nothing is expected."""
        return self.observed / self.expected if self.expected > 0 else None


@dataclass(frozen=True)
class Funnel:
    """All departments, and the factor (≥ 1) by which they differ more than chance explains."""

    placed: Mapping[str, Placed]
    factor: float


def funnel(
    counts: Mapping[str, tuple[float, float]], *, least_expected: float = LEAST_EXPECTED, discoveries: float = FALSE_DISCOVERIES
) -> Funnel:
    """Departments by key, each with its events and its exposure (village-weeks, or staff, or quota: anything above 0)."""
    exposure = math.fsum(n for _, n in counts.values())
    rate = math.fsum(x for x, _ in counts.values()) / exposure if exposure > 0 else 0.0
    pairs = {key: (x, rate * n) for key, (x, n) in counts.items()}
    enough = {key: pair for key, pair in pairs.items() if pair[1] > 0 and pair[1] >= least_expected}
    factor = spread(list(enough.values()))
    p = [_p(observed / factor, expected / factor) for observed, expected in enough.values()]
    tested = dict(zip(enough, zip(p, corrected(p), strict=True), strict=True))
    return Funnel({key: _placed(*pairs[key], tested.get(key), discoveries) for key in counts}, factor)


def spread(pairs: Sequence[tuple[float, float]]) -> float:
    """φ of (observed, expected > 0) pairs; 1 where I·φ is within the 95 % that χ² with I degrees of freedom gives by chance."""
    from scipy.special import chdtri

    if len(pairs) < 3:
        return 1.0
    z = sorted(2 * (math.sqrt(observed) - math.sqrt(expected)) for observed, expected in pairs)
    low, high = _percentile(z, WINSORISED), _percentile(z, 1 - WINSORISED)
    total = math.fsum(min(max(one, low), high) ** 2 for one in z)
    return total / len(z) if total > float(chdtri(len(z), 0.05)) else 1.0


def corrected(p: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's q for each p (J R Stat Soc B 1995;57:289)."""
    order = sorted(range(len(p)), key=p.__getitem__, reverse=True)
    least, found = 1.0, [1.0] * len(p)
    for above, i in enumerate(order):
        least = min(least, p[i] * (len(p) / (len(p) - above)))
        found[i] = least
    return found


def funnel_limits(expected: float, probability: float, factor: float = 1.0) -> tuple[float, float]:
    """The counts (low, high) between which a department with that expectation lies with that probability."""
    low, high = prediction_limits(expected / factor, probability)
    return low * factor, high * factor


def _p(observed: float, expected: float) -> float:
    """Twice the smaller Poisson tail, the outcome itself included; at most 1."""
    from scipy.special import gammainc, gammaincc

    at_least = float(gammainc(observed, expected)) if observed > 0 else 1.0
    at_most = float(gammaincc(observed + 1, expected))
    return min(1.0, 2 * min(at_least, at_most))


def _placed(observed: float, expected: float, tested: tuple[float, float] | None, discoveries: float) -> Placed:
    if tested is None:
        return Placed(observed, expected, Standing.FEW)
    p, q = tested
    standing = Standing.USUAL if q > discoveries else Standing.HIGH if observed > expected else Standing.LOW
    return Placed(observed, expected, standing, p, q)


def _percentile(ordered: Sequence[float], share: float) -> float:
    """Linear between the two nearest of the ordered values."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
