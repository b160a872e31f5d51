"""How many times as long one thing takes as another, from turns in which both took part."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """Medians in milliseconds, and the quartiles of the turns' own ratios: how much the machine's noise moves them."""

    ours: float
    floor: float
    low: float
    high: float

    @classmethod
    def of(cls, turns: Iterable[tuple[float, float]]) -> "Ratio":
        """From seconds, turn by turn."""
        pairs = list(turns)
        ours, floor = (statistics.median(times) * 1000 for times in zip(*pairs, strict=True))
        low, _, high = statistics.quantiles((one / other for one, other in pairs), n=4)
        return cls(ours, floor, low, high)

    @property
    def times(self) -> float:
        """The ratio of the medians."""
        return self.ours / self.floor
