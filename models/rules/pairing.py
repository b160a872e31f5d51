"""Which weeks are compared with which: like with like.

Ordinary weeks are compared with the weeks of the same ISO number in the baseline window, if every one of them has such a
partner there; else with the whole window. Two kinds of weeks are never forced upon a partner:

- Week 53 exists in few years. Where weeks are paired it has no partner and is left out.
- Spring Festival moves. Its week is compared with the festival's week by name, never by number, and with nothing else: without
  one it is left out, and so is the ordinary week whose number was the festival's that year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.rules.holiday import is_spring_festival
from models.rules.week import Week

LONG_YEAR_ONLY = 53
Key = tuple[str, int]


class Pairs(StrEnum):
    """What the present weeks are compared with."""

    SAME = "same"  # the weeks of the same number
    WHOLE = "whole"  # all ordinary weeks of the baseline window


@dataclass(frozen=True)
class Pairing:
    """The weeks that are compared, oldest first; and those of both periods that had to be left out, by why."""

    now: tuple[Week, ...]
    base: tuple[Week, ...]
    pairs: Pairs
    festival: tuple[Week, ...] = ()
    week_53: tuple[Week, ...] = ()


def pair(now: Sequence[Week], base: Sequence[Week]) -> Pairing:
    """Pairs the present weeks with those of a baseline window. A side is empty when all its weeks are left out."""
    same = _by_number(now, base)
    if same is not None:
        return same
    present, before = (tuple(week for week in weeks if not is_spring_festival(week)) for weeks in (now, base))
    festival = tuple(week for week in (*base, *now) if is_spring_festival(week))
    return Pairing(present, before, Pairs.WHOLE, festival)


def _by_number(now: Sequence[Week], base: Sequence[Week]) -> Pairing | None:
    """None unless every ordinary present week has a partner; each gets equally many, the latest."""
    partners: dict[Key, list[Week]] = defaultdict(list)
    for week in base:
        partners[_key(week)].append(week)
    displaced = {week.number for week in base if is_spring_festival(week)}
    kept, festival = [], []
    for week in now:
        if partners[_key(week)] and week.number != LONG_YEAR_ONLY:
            kept.append(week)
        elif is_spring_festival(week) or week.number in displaced:
            festival.append(week)
        elif week.number != LONG_YEAR_ONLY:
            return None
    if not kept:
        return None
    times = min(len(partners[_key(week)]) for week in kept)
    chosen = sorted(week for one in kept for week in partners[_key(one)][-times:])
    week_53 = [week for week in now if week.number == LONG_YEAR_ONLY]
    return Pairing(tuple(kept), tuple(chosen), Pairs.SAME, tuple(festival), tuple(week_53))


def _key(week: Week) -> Key:
    """Its number in the year; for a week of the festival, the how-manieth of it."""
    if not is_spring_festival(week):
        return "week", week.number
    return "festival", 2 if is_spring_festival(week - 1) else 1
