"""Control limits: how far a week's value may lie from the usual level by chance. Two charts, for two kinds of number.

- `u_limits` for counts per village-week with unequal denominators (a c-chart is one with denominators of 1):
  ū ± 3·√(ū ÷ n) (Montgomery, Introduction to SPC, §7.3). Where fewer than 9 are expected in some week, three sigma below ū lies
  below zero and chance exceeds the upper limit too often; then the limits are exact Poisson quantiles of the same 0.135 %.
  Over-dispersed weeks widen them by Laney's σ_z (Quality Engineering 2002;14:531).
- `xmr_limits` for values with no known scatter (hours, stocks): mean ± 2.66·mean moving range (NHS "Making Data Count").

Why these choices: docs/adr/0015.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

LEAST_EXPECTED = 9.0
TAILS = (0.00134990, 0.02275013)  # of three and of two sigma: the limits and the near limits


class Basis(StrEnum):
    """What the limits are made of."""

    SIGMA = "three_sigma"
    EXACT = "exact_poisson"
    XMR = "xmr"


@dataclass(frozen=True)
class Limits:
    """Around one point, in the unit of the rate. `low` may be negative: rules use it as it is, screens show `shown_low`."""

    centre: float
    low: float
    high: float
    near_low: float
    near_high: float

    @property
    def shown_low(self) -> float:
        """No count is below zero."""
        return max(0.0, self.low)


def xmr_limits(values: Sequence[float], *, screened: bool = False) -> Limits | None:
    """Limits from the moving ranges of at least two values; None for fewer.

    `screened`: moving ranges of 3.267 times their mean or more are left out once (Nelson 1982), as the NHS tool in R does and the
    one in Excel does not. Not by default: it makes half as many false alarms again; an odd week is better excluded by name.
    """
    if len(values) < 2:
        return None
    ranges = [abs(b - a) for a, b in pairwise(values)]
    mean_range = math.fsum(ranges) / len(ranges)
    if screened and mean_range > 0:
        kept = [one for one in ranges if one < 3.267 * mean_range]
        mean_range = math.fsum(kept) / len(kept)
    return _around(math.fsum(values) / len(values), 2.66 * mean_range)


def laney_sigma(counts: Sequence[float], exposures: Sequence[float]) -> float:
    """σ_z = mean |Δz| ÷ 1.128 with z = (u − ū) ÷ √(ū ÷ n); 1 where it is not clearly above what Poisson counts give.

    Clearly: by more than 1.645 of its own standard error, √(0.8264·k − 1.082) ÷ (k − 1) for k points. Fewer than 3 points: 1.
    """
    k, centre = len(counts), _rate(counts, exposures)
    if k < 3 or centre <= 0:
        return 1.0
    z = [(count - centre * n) / math.sqrt(centre * n) for count, n in zip(counts, exposures, strict=True)]
    sigma = math.fsum(abs(b - a) for a, b in pairwise(z)) / (k - 1) / 1.128
    return sigma if sigma > 1 + 1.645 * math.sqrt(0.8264 * k - 1.082) / (k - 1) else 1.0


def basis_of(centre: float, exposures: Sequence[float], sigma: float = 1.0) -> Basis:
    """EXACT where some week expects fewer than 9 independent events (its count ÷ σ_z²)."""
    fewest = min(exposures, default=0.0) * centre / sigma**2
    return Basis.EXACT if fewest < LEAST_EXPECTED else Basis.SIGMA


def u_limits(centre: float, exposure: float, basis: Basis, sigma: float = 1.0) -> Limits:
    """Limits around `centre` events per unit for a week of `exposure` units (> 0)."""
    if basis is not Basis.EXACT:
        return _around(centre, 3 * sigma * math.sqrt(centre / exposure))
    from scipy.stats import poisson

    worth = sigma**2  # how many entries one independent event is
    expected, unit = centre * exposure / worth, worth / exposure
    low, near_low = (float(poisson.ppf(tail, expected)) * unit for tail in TAILS)
    high, near_high = (float(poisson.isf(tail, expected)) * unit for tail in TAILS)
    return Limits(centre, low, high, near_low, near_high)


def _around(centre: float, width: float) -> Limits:
    near = width * 2 / 3
    return Limits(centre, centre - width, centre + width, centre - near, centre + near)


def _rate(counts: Sequence[float], exposures: Sequence[float]) -> float:
    exposure = math.fsum(exposures)
    return math.fsum(counts) / exposure if exposure > 0 else 0.0
