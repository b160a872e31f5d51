"""The same points in both periods, and each with the same say: a village that reports fewer weeks now is no fall.

Points differ: one gets ten meetings a week, another one. If the first stops reporting half-way through the present weeks, the
rate over all village-weeks falls although nobody got fewer meetings. So the base rate is taken as it would be if every point
had reported its share n_v ÷ N of the village-weeks that it reports now (direct standardisation):

    u' = Σ (n_v ÷ N) · (y_v ÷ m_v)        n, m: weeks a point reported now and in the base; y: what it told in the base

If every point's own rate is the same in both periods, u' is exactly the present rate, whichever reports are missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class PointWeeks:
    """One point: the weeks it reported now and in the base, and what it told in the base, with the sum of its squares."""

    now: int
    base: int
    total: float
    squares: float


@dataclass(frozen=True)
class Mix:
    """`factor`: u' ÷ the base rate over all village-weeks. `spread` ≥ 1: how much less sure the base is for being weighted."""

    factor: float = 1.0
    spread: float = 1.0


def mix(points: Iterable[PointWeeks]) -> Mix:
    """Of points that reported in both periods; nothing changes where nothing was told in the base."""
    told = [point for point in points if point.now > 0 and point.base > 0]
    total, squares = sum(point.total for point in told), sum(point.squares for point in told)
    if total <= 0 or squares <= 0:
        return Mix()
    scale = sum(point.base for point in told) / sum(point.now for point in told)
    weights = [point.now / point.base * scale for point in told]
    weighted = sum(w * point.total for w, point in zip(weights, told, strict=True))
    scatter = sum(w * w * point.squares for w, point in zip(weights, told, strict=True))
    return Mix(weighted / total, max(1.0, scatter / weighted**2 * total**2 / squares))
