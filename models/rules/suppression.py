"""What a department may be told without learning which village reported (docs/adr/0008).

Primary: a count of fewer than `events` events, or from fewer than `villages` villages, is not shown. Complementary: where a
count is shown as well as its parts, the parts that are left out together are again no small cell, or the difference would
give them away.
"""

from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Least:
    """The smallest cell that may be shown."""

    events: int
    villages: int

    def hides(self, events: int, villages: int) -> bool:
        """Whether a count is too small to show, none at all included: else the first report would be seen to arrive."""
        return events < self.events or villages < self.villages


def merged(villages: Mapping[Key, Set[str]], least: Least) -> frozenset[Key]:
    """Which events of a total that is shown are not listed one by one, given the villages that received each.

    All that fewer than `least.villages` received; and, if there are any, the next smallest with them, until those left out
    are at least `least.events` events of at least `least.villages` villages.
    """
    order = sorted(villages, key=lambda key: (len(villages[key]), str(key)))
    out: list[Key] = []
    seen: set[str] = set()
    for key in order:
        small = len(villages[key]) < least.villages
        if not small and (not out or (len(out) >= least.events and len(seen) >= least.villages)):
            break
        out.append(key)
        seen |= villages[key]
    return frozenset(out)
