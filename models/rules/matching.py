"""What neither list knows: villages' receipts matched against what departments declare (capture–recapture).

Two lists of the same events, M on one, C on the other, R on both. If they were made independently, Chapman's estimate of all is

    N̂ = (M+1)(C+1) ÷ (R+1) − 1        V = (M+1)(C+1)(M−R)(C−R) ÷ ((R+1)²(R+2))

(Chapman 1951; Seber 1970). Lists that copy from the same official notice are not independent: then N̂ is too low. It is therefore
told as a lower bound, "at least", never as the number. It also supposes the same events, area and weeks, and correct matching.

A pair that is missed raises the estimate, a false one lowers it: so the rule for pairs is generous (docs/adr/0023).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from models.rules.entry import title_key

Z = 1.959964  # 95 %
LEAST_BOTH = 7  # with as many on both lists Chapman's estimate is as good as unbiased (Robson and Regier 1964)
ALIKE = 0.5  # share of the shorter title that must stand in the other one


class Footing(StrEnum):
    """Whether two lists can carry an estimate, and if not, why."""

    ENOUGH = "enough"
    NONE_DECLARED = "none_declared"
    NONE_REPORTED = "none_reported"
    NONE_BOTH = "none_both"
    FEW_BOTH = "few_both"


@dataclass(frozen=True)
class Listed:
    """An event as one of the lists has it. `places`: the townships it went to; none of them: everywhere."""

    department: str
    kind: str
    first: date
    last: date
    title: str
    places: frozenset[str] = frozenset()
    emergency: bool = False


@dataclass(frozen=True)
class Recapture:
    """The estimate of all events as a lower bound, with its 95 % interval; shares 0–1 that each list has of it."""

    seen: int  # events on at least one list: all that is certain
    at_least: float
    se: float
    low: float
    high: float
    lincoln_petersen: float | None  # M·C ÷ R, biased upwards; None without a match
    first_complete: float | None  # M ÷ N̂; None when both lists are empty
    second_complete: float | None

    @property
    def unseen(self) -> float:
        """How many are on neither list, at least."""
        return self.at_least - self.seen


def recapture(first: int, second: int, both: int) -> Recapture:
    """From M = `first`, C = `second` and R = `both`. ValueError where R is more than either, or negative.

    The interval is Chao's (Biometrics 1987;43:783): what is unseen is log-normal, so it never falls below what was seen.
    """
    if not 0 <= both <= min(first, second):
        raise ValueError(f"{both} on both lists of {first} and {second}")
    at_least = (first + 1) * (second + 1) / (both + 1) - 1
    alone = (first - both) * (second - both)
    se = math.sqrt((first + 1) * (second + 1) * alone) / ((both + 1) * math.sqrt(both + 2))
    seen, unseen = first + second - both, alone / (both + 1)  # N̂ − seen, without rounding
    spread = math.exp(Z * math.sqrt(math.log1p((se / unseen) ** 2))) if unseen else 1.0
    complete = (first / at_least, second / at_least) if at_least > 0 else (None, None)
    petersen = first * second / both if both else None
    return Recapture(seen, at_least, se, seen + unseen / spread, seen + unseen * spread, petersen, *complete)


def footing(first: int, second: int, both: int) -> Footing:
    """What can be said of M = `first` reported, C = `second` declared and R = `both`."""
    if not second:
        return Footing.NONE_DECLARED
    if not first:
        return Footing.NONE_REPORTED
    if not both:
        return Footing.NONE_BOTH
    return Footing.FEW_BOTH if both < LEAST_BOTH else Footing.ENOUGH


def occasions(listed: Iterable[Listed], days: int) -> list[Listed]:
    """The same list with what went on for several days as one: one sender, kind and title, never more than `days` apart.

    A tour through ten villages is one event to the department and ten days of events to the villages. Without a title
    nothing is joined.
    """
    found: list[Listed] = []
    running: dict[tuple[str, str, bool, str], int] = {}
    for one in sorted(listed, key=lambda one: (one.first, one.last, one.title, sorted(one.places))):
        key = (one.department, one.kind, one.emergency, title_key(one.title))
        at = running.get(key) if key[-1] else None
        if at is not None and (one.first - found[at].last).days <= days:
            before = found[at]
            places = before.places | one.places if before.places and one.places else frozenset()
            found[at] = replace(before, last=max(before.last, one.last), places=places)
        else:
            running[key] = len(found)
            found.append(one)
    return found


def pairs(declared: Sequence[Listed], reported: Sequence[Listed], days: int) -> dict[int, int]:
    """Which declared event (its place in the list) is which reported one: the closest first, each at most once."""
    senders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, one in enumerate(reported):
        senders[one.department, one.kind].append(n)
    fitting = []
    for n, one in enumerate(declared):
        for m in senders[one.department, one.kind]:
            distance = _distance(one, reported[m], days)
            if distance is not None:
                fitting.append((*distance, n, m))
    found: dict[int, int] = {}
    taken: set[int] = set()
    for *_, n, m in sorted(fitting):
        if n not in found and m not in taken:
            found[n] = m
            taken.add(m)
    return found


def likeness(one: str, other: str) -> float:
    """How much of the shorter title stands in the other, 0–1, by pairs of neighbouring letters; 0 where one is empty."""
    keys = title_key(one), title_key(other)
    if not all(keys):
        return 0.0
    if min(map(len, keys)) == 1:
        return float(keys[0] in keys[1] or keys[1] in keys[0])
    mine, theirs = ({key[n : n + 2] for n in range(len(key) - 1)} for key in keys)
    return len(mine & theirs) / min(len(mine), len(theirs))


def _distance(declared: Listed, reported: Listed, days: int) -> tuple[bool, int, float] | None:
    """How far from each other two events of one sender and kind are, smallest first; None: they cannot be the same.

    With alike titles at most `days` apart; untitled on the same day, for villages mostly give no title.
    """
    apart = max((declared.first - reported.last).days, (reported.first - declared.last).days, 0)
    if apart > days or (declared.places and reported.places and not declared.places & reported.places):
        return None
    if not title_key(reported.title):
        return (True, apart, 0.0) if not apart else None
    alike = likeness(declared.title, reported.title)
    return (False, apart, -alike) if alike >= ALIKE else None
