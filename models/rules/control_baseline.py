"""Which weeks the limits of a control chart are frozen on, so that later weeks are judged by what was usual before.

A segment in which the promised window begins is frozen on that window; any other on its first 13 weeks that count. Where fewer
than two weeks of the window were reported, the first 13 stand in for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.rules.control_chart import LEAST_POINTS, Point, Rebase


@dataclass(frozen=True)
class Frozen:
    """What control_chart is to be asked, and per segment's first point the points its limits are made of."""

    points: list[Point]
    baseline: int | None
    rebases: list[Rebase]
    used: dict[int, list[int]]


def frozen(points: Sequence[Point], rebases: Mapping[int, str], window: range | None = None) -> Frozen:
    """`rebases`: from which point on anew, and why. `window`: the points of the promised baseline, if there is one."""
    begun = sorted({0, *(first for first in rebases if 0 < first < len(points))})
    asked = list(points)
    lengths: dict[int, int | None] = {}
    used: dict[int, list[int]] = {}
    for first, end in zip(begun, [*begun[1:], len(points)], strict=True):
        promised = _counted(points, range(max(window.start, first), min(window.stop, end))) if window else []
        if window and window.start >= first and len(promised) > 1:
            asked[first : window.start] = [replace(one, excluded=True) for one in points[first : window.start]]
            used[first], lengths[first] = promised, min(window.stop, end) - first
            continue
        used[first] = _counted(points, range(first, end))[:LEAST_POINTS]
        lengths[first] = used[first][-1] + 1 - first if len(used[first]) == LEAST_POINTS else None
    anew = [Rebase(first, rebases[first], lengths[first]) for first in begun if first]
    return Frozen(asked, lengths[0], anew, used)


def _counted(points: Sequence[Point], places: range) -> list[int]:
    return [at for at in places if points[at].exposure > 0 and not points[at].excluded]
