"""How much of a quota a period allows, and what has become of it.

A quota is a row per calendar year. A flow (meeting, inspection, form) may use `months/12` of it in a shorter period, rounded
up, so that a quota of one is never cut to nothing (docs/adr/0003). A stock (chat groups) is a level, not a rate: as many may be
open on any day as the row says, whatever the period.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import inf

from models.rules.errors import InvalidInput
from models.rules.measure import Measure
from models.rules.period import PeriodKind

MOST = 9999
YEARS = (2000, 2999)


class Status(StrEnum):
    """What has become of a quota, worst first. `unset`: used, but nobody set a quota. `hidden`: too few reports to show."""

    OVER = "over"
    NEAR = "near"
    WITHIN = "within"
    UNSET = "unset"
    HIDDEN = "hidden"


ORDER = tuple(Status)


@dataclass(frozen=True)
class Standing:
    """One quota on one day. `left` is negative by as many as are over; `share` is infinite for use of a quota of zero."""

    used: int
    allowance: int | None
    status: Status

    @property
    def left(self) -> int | None:
        """Allowance minus used; None without a quota."""
        return None if self.allowance is None else self.allowance - self.used

    @property
    def share(self) -> float | None:
        """Used ÷ allowance; None without a quota."""
        if self.allowance is None:
            return None
        return self.used / self.allowance if self.allowance else (inf if self.used else 0.0)


def allowance_in(yearly: int, kind: PeriodKind, measure: Measure) -> int:
    """What of a yearly quota a period of that kind allows: ⌈yearly × months ÷ 12⌉ for flows, all of it for a stock."""
    return yearly if measure.is_stock else -(-yearly * kind.months // 12)


def judge(used: int, allowance: int | None, near_share: float) -> Standing:
    """Over means more than allowed: at exactly 100 % the quota is used up (near), at exactly `near_share` it is near."""
    if allowance is None:
        return Standing(used, None, Status.UNSET)
    if used > allowance:
        return Standing(used, allowance, Status.OVER)
    near = used > 0 and used >= Decimal(str(near_share)) * allowance
    return Standing(used, allowance, Status.NEAR if near else Status.WITHIN)


def severity(status: Status, share: float | None, used: int) -> tuple[int, float, int]:
    """Sort key, worst first: over by share, then near, then within, then what has no quota by how much was used."""
    return ORDER.index(status), -(share or 0.0), -used


def check_quota(allowance: int, year: int) -> None:
    """InvalidInput(bad_allowance) outside 0–9999, InvalidInput(bad_year) for no calendar year of ours."""
    if isinstance(allowance, bool) or not isinstance(allowance, int) or not 0 <= allowance <= MOST:
        raise InvalidInput("bad_allowance", field="allowance", most=MOST)
    if not YEARS[0] <= year <= YEARS[1]:
        raise InvalidInput("bad_year", field="year", value=year)
