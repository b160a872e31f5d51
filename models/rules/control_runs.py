"""What a control chart's signals say together: a run of weeks is told once, not week by week.

The runs are those of control_rules, told whole: a shift or trend as long as it lasts. What lies outside the limits within such a
run is counted there and not told again. Of a trend and a shift that say the same, only the longer is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from models.rules.control_chart import Chart, Plotted
from models.rules.control_limits import Limits
from models.rules.control_rules import RUN, Signal, sign


@dataclass(frozen=True)
class Run:
    """Points `first` to `last` of the chart, `weeks` of them reported, `outside` of those beyond a limit. `way`: 1 up, −1 down.

    NEAR: `weeks` are only those near the limit.
    """

    signal: Signal
    way: int
    first: int
    last: int
    weeks: int
    outside: int = 0


def runs(chart: Chart) -> list[Run]:
    """All runs, by their first point."""
    found = [run for one in chart.segments for run in _in_segment(chart.points, range(one.first, one.last + 1))]
    return sorted(found, key=lambda run: (run.first, run.last))


def _in_segment(points: Sequence[Plotted], places: range) -> Iterator[Run]:
    at = [i for i in places if points[i].value is not None and points[i].limits is not None]
    pairs = [(value, limits) for i in at if (value := points[i].value) is not None and (limits := points[i].limits) is not None]
    sides = [sign(value, limits.centre) for value, limits in pairs]
    beyond = [_beyond(value, limits) for value, limits in pairs]
    steps = [sign(later, earlier) for (earlier, _), (later, _) in pairwise(pairs)]

    def run(signal: Signal, first: int, last: int, way: int) -> Run:
        outside = sum(one == way for one in beyond[first : last + 1])
        return Run(signal, way, at[first], at[last], last - first + 1, outside)

    trends = [run(Signal.TREND, a, b + 1, way) for a, b, way in _stretches(steps) if b - a + 2 >= RUN]
    shifts = [run(Signal.SHIFT, a, b, way) for a, b, way in _stretches(sides) if b - a + 1 >= RUN]
    trends = [trend for trend in trends if not _within(trend, shifts)]
    told = [*trends, *(shift for shift in shifts if not _within(shift, trends))]
    apart = [run(Signal.OUTSIDE, a, b, way) for a, b, way in _stretches(beyond)]
    told += [one for one in apart if not _within(one, told)]
    yield from told
    near = [i for i in range(len(at)) if points[at[i]].signal is Signal.NEAR]
    lone = [i for i in near if not any(one.way == sides[i] and one.first <= at[i] <= one.last for one in told)]
    for group in _groups(lone, sides):
        yield Run(Signal.NEAR, sides[group[0]], at[group[0]], at[group[-1]], len(group))


def _beyond(value: float, limits: Limits) -> int:
    return (sign(value, limits.high) > 0) - (sign(value, limits.low) < 0)


def _stretches(ways: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """(first, last, way) of everything that goes one way without a break."""
    first = 0
    for i in range(1, len(ways) + 1):
        if i == len(ways) or ways[i] != ways[first]:
            if ways[first]:
                yield first, i - 1, ways[first]
            first = i


def _within(one: Run, others: Sequence[Run]) -> bool:
    return any(one.way == other.way and other.first <= one.first and one.last <= other.last for other in others)


def _groups(near: Sequence[int], sides: Sequence[int]) -> list[list[int]]:
    """Points of one side, at most one other between them."""
    groups: list[list[int]] = []
    for i in near:
        if groups and i - groups[-1][-1] <= 2 and sides[i] == sides[groups[-1][-1]]:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups
