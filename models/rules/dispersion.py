"""How much more weekly totals scatter than independent events would: village-weeks are not Poisson.

One county-wide meeting reaches thirty villages in one week and is thirty entries, but one decision of one office. Counted as
thirty independent events it makes noise look like change. Pearson's factor measures it, pooled within the two periods so that
the change itself is not taken for scatter:

    φ = Σ (x_w − u·n_w)² ÷ (u·n_w)  ÷  Σ (W − 1)        u = Σx ÷ Σn of the period, w = its weeks

A total divided by φ is the number of independent events it is worth (quasi-Poisson; McCullagh & Nelder 1989, §4.5). For hours
φ has the unit of the total and contains the usual Σh² ÷ Σh. Weeks are taken as independent of each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

Weekly = tuple[float, float]  # one week's total and its exposure (village-weeks reported; for sessions: 1)


@dataclass(frozen=True)
class Dispersion:
    """Pearson's φ as it was found (below 1 too), from how many weeks, with how many degrees of freedom."""

    pearson: float
    weeks: int
    degrees: int

    def factor(self, significance: float) -> float:
        """φ by which totals are divided; infinite with no degree of freedom, where nothing is known about scatter.

        φ found in a few weeks is itself uncertain. (t ÷ z)² at the significance that decides makes up for it, as an F test with
        these degrees of freedom would: ×1.34 for 4 + 12 weeks at 0.01, → ×1 for many.
        """
        from scipy.special import ndtri, stdtrit

        if self.degrees < 1:
            return float("inf")
        tail = min(max(significance, 1e-6), 0.5) / 2
        return self.pearson * (float(stdtrit(self.degrees, tail)) / float(ndtri(tail))) ** 2


def dispersion(*periods: Iterable[Weekly]) -> Dispersion:
    """φ of weekly totals pooled within periods. Weeks without exposure, and periods in which nothing happened, tell nothing."""
    squares, weeks, degrees = 0.0, 0, 0
    for period in periods:
        reported = [(total, exposure) for total, exposure in period if exposure > 0]
        total, exposure = sum(t for t, _ in reported), sum(n for _, n in reported)
        weeks += len(reported)
        if total > 0:
            expected = ((x, total / exposure * n) for x, n in reported)
            squares += sum((x - e) ** 2 / e for x, e in expected)
            degrees += len(reported) - 1
    return Dispersion(squares / degrees if degrees else 0.0, weeks, degrees)
