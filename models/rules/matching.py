"""What neither list knows: villages' receipts matched against what departments declare (capture–recapture).

Two lists of the same events, M on one, C on the other, R on both. If they were made independently, Chapman's estimate of all is

    N̂ = (M+1)(C+1) ÷ (R+1) − 1        V = (M+1)(C+1)(M−R)(C−R) ÷ ((R+1)²(R+2))

(Chapman 1951; Seber 1970). Lists that copy from the same official notice are not independent: then N̂ is too low. It is therefore
told as a lower bound, "at least", never as the number. It also supposes the same events, area and weeks, and correct matching.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.959964  # 95 %


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
