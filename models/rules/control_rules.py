"""Which points of a control chart are more than chance: the four rules of NHS "Making Data Count", as its R package codes them.

1. outside a limit; 2. trend: 7 in a row rising, or falling, every step strictly; 3. two of three in a row between the near limit
(⅔) and the limit, all three on one side of the centre; 4. shift: 7 in a row strictly on one side of the centre.
Of several, the first in this order is told. The whole run is marked, not only its seventh point; of rule 3 the near points.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from models.rules.control_limits import Limits

RUN = 7


class Signal(StrEnum):
    """The rule that a point meets."""

    OUTSIDE = "outside"
    TREND = "trend"
    NEAR = "two_of_three"
    SHIFT = "shift"


class Direction(StrEnum):
    """Which way is better."""

    LOWER = "lower"
    HIGHER = "higher"
    NEUTRAL = "neutral"


class Meaning(StrEnum):
    """What a signal says, by which way is better."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    HIGH = "high"
    LOW = "low"


class Assurance(StrEnum):
    """Whether a target will be met by the process as it is."""

    PASSES = "passes"
    FAILS = "fails"
    HIT_OR_MISS = "hit_or_miss"


def sign(a: float, b: float) -> int:
    """1, 0 or −1 as a is above, at or below b; what differs by rounding only is equal."""
    near = 1e-9 * max(1.0, abs(a), abs(b))
    return (a - b > near) - (b - a > near)


def shifts(sides: Sequence[int]) -> list[int]:
    """±1 at the 7th and every further point in a row on one side of the centre, else 0."""
    return [sides[i] if i >= RUN - 1 and abs(sum(sides[i - RUN + 1 : i + 1])) == RUN else 0 for i in range(len(sides))]


def trends(values: Sequence[float]) -> list[int]:
    """±1 at the 7th and every further point of a strict rise or fall, else 0. A tie breaks it."""
    steps = [sign(b, a) for a, b in pairwise(values)]
    ends = range(len(values))
    return [steps[i - 1] if i >= RUN - 1 and abs(sum(steps[i - RUN + 1 : i])) == RUN - 1 else 0 for i in ends]


def back_filled(flags: Sequence[int]) -> list[int]:
    """The flag of a run's end, carried to all of its 7 points."""
    windows = (flags[i : i + RUN] for i in range(len(flags)))
    return [next((flag for flag in window if flag), 0) for window in windows]


def two_of_three(close: Sequence[int], sides: Sequence[int]) -> list[int]:
    """1 for each of three points in a row on one side, two of which are close to its limit, else 0."""
    found = [0] * len(close)
    for i in range(len(close) - 2):
        if sum(close[i : i + 3]) >= 2 and abs(sum(sides[i : i + 3])) == 3:
            found[i : i + 3] = [1, 1, 1]
    return found


def signals(values: Sequence[float], limits: Sequence[Limits]) -> list[tuple[Signal, int] | None]:
    """Per point the rule it meets and the way it points (±1), or None. One segment; gaps are left out beforehand."""
    sides = [sign(value, limit.centre) for value, limit in zip(values, limits, strict=True)]
    pairs = list(zip(values, limits, strict=True))
    outside = [(sign(v, one.high) > 0) - (sign(v, one.low) < 0) for v, one in pairs]
    near = [(sign(v, one.near_high) > 0) - (sign(v, one.near_low) < 0) for v, one in pairs]
    close = [int(bool(n) and not o) for n, o in zip(near, outside, strict=True)]
    members = [side * int(c and t) for side, c, t in zip(sides, close, two_of_three(close, sides), strict=True)]
    flags = (outside, back_filled(trends(values)), members, back_filled(shifts(sides)))
    rows = zip(*flags, strict=True)
    return [next(((rule, way) for rule, way in zip(Signal, row, strict=True) if way), None) for row in rows]


def meaning(way: int, better: Direction = Direction.LOWER) -> Meaning:
    """What a signal upwards (1) or downwards (−1) says."""
    if better is Direction.NEUTRAL:
        return Meaning.HIGH if way > 0 else Meaning.LOW
    return Meaning.IMPROVEMENT if (way > 0) == (better is Direction.HIGHER) else Meaning.CONCERN


def assurance(target: float, limits: Limits, better: Direction = Direction.LOWER) -> Assurance | None:
    """Whether all, none or some of the usual weeks meet the target, by the last limits; None where neither way is better."""
    if better is Direction.NEUTRAL:
        return None
    if sign(target, limits.high) > 0:
        return Assurance.PASSES if better is Direction.LOWER else Assurance.FAILS
    if sign(target, limits.low) < 0:
        return Assurance.FAILS if better is Direction.LOWER else Assurance.PASSES
    return Assurance.HIT_OR_MISS
