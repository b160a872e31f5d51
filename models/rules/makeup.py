"""Who reported a week: when only quiet points told of it, it was no quiet week, and a busy point that stops is no fall.

Every point is taken to have a busyness of its own, every week a level of its own (a two-way Poisson model, fitted by turns):

    E(total of point v in week w) = a_v · b_w        a_v = Σ told by v ÷ Σ b_w of its weeks        b_w = Σ told in w ÷ Σ a_v

A week's makeup is the mean busyness of the points that reported it; over all village-weeks the mean is 1. Measured by it, a
series in which every point keeps its own rate stays level, whichever reports are missing. A real change moves the b_w.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

ROUNDS, CLOSE = 1000, 1e-13  # mostly ten rounds do


def busyness(weeks: Sequence[tuple[float, Collection[str]]], told: Mapping[str, float]) -> dict[str, float]:
    """By point: how busy it is against the average one, 1. From the weeks (total, who reported) and what each point `told` in
    them; a point of weeks in which nothing happened at all is an average one."""
    import numpy as np

    points = sorted({point for _, reported in weeks for point in reported})
    if not points:
        return {}
    seen = np.array([[point in reported for point in points] for _, reported in weeks], float)
    totals, own = np.array([total for total, _ in weeks], float), np.array([told.get(point, 0.0) for point in points], float)
    found = np.ones(len(points))
    for _ in range(ROUNDS):
        levels = np.divide(totals, seen @ found, out=np.zeros_like(totals), where=seen @ found > 0)
        due = levels @ seen
        before, found = found, np.divide(own, due, out=np.ones_like(own), where=due > 0)
        if np.abs(found - before).max() < CLOSE:
            break
    mean = float((seen @ found).sum() / seen.sum())
    return {point: float(one) / mean if mean > 0 else 1.0 for point, one in zip(points, found, strict=True)}


def makeup(busy: Mapping[str, float], reported: Collection[str]) -> float:
    """The mean busyness of the points that reported; a point nobody knows of is an average one, and so is nobody."""
    return sum(busy.get(point, 1.0) for point in reported) / len(reported) if reported else 1.0
