"""Burden hours: what they are made of, and where a change in them came from. Exact fractions; rounding is for the screen.

    Δhours = Δquantity · unit time before  +  quantity before · Δunit time  +  Δquantity · Δunit time

The three parts add up to the whole exactly. Hours, responses and cost are those of the Standard Cost Model and of the US
Paperwork Reduction Act: respondents × times a year × hours each, × price of an hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from math import floor

Number = int | Fraction | Decimal


@dataclass(frozen=True)
class Load:
    """One period: how many entries, and the minutes of people's time that they took in all."""

    quantity: int
    minutes: int

    @property
    def hours(self) -> Fraction:
        """Minutes ÷ 60, exactly."""
        return Fraction(self.minutes, 60)

    @property
    def unit(self) -> Fraction | None:
        """Hours per entry; None without an entry."""
        return self.hours / self.quantity if self.quantity else None


@dataclass(frozen=True)
class Change:
    """Hours more (or less, negative) because of more entries, of longer ones, and of both together."""

    quantity: Fraction
    unit: Fraction
    interaction: Fraction

    @property
    def total(self) -> Fraction:
        """The whole change, which the three parts are of."""
        return self.quantity + self.unit + self.interaction


def change(now: Load, base: Load) -> Change:
    """Where the change in hours came from. Where one period has no entry, no unit time is known and all of it is quantity."""
    if now.unit is None or base.unit is None:
        return Change(now.hours - base.hours, Fraction(0), Fraction(0))
    more, longer = now.quantity - base.quantity, now.unit - base.unit
    return Change(more * base.unit, base.quantity * longer, more * longer)


def change_per(now: Load, base: Load, now_weeks: int, base_weeks: int) -> Change:
    """The same per week of one village, of two periods of different length: both are brought to the same number of
    village-weeks, which leaves unit times as they are. Both numbers are above 0."""
    whole = change(
        Load(now.quantity * base_weeks, now.minutes * base_weeks), Load(base.quantity * now_weeks, base.minutes * now_weeks)
    )
    weeks = now_weeks * base_weeks
    return Change(whole.quantity / weeks, whole.unit / weeks, whole.interaction / weeks)


def settled(parts: Sequence[Fraction], whole: int) -> list[int]:
    """Whole numbers for a table that add up to `whole`, itself less than 1 from the parts' sum: each is rounded down, and those
    with the largest remainders up, until they do. Each is less than 1 from its part."""
    found = [floor(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda i: (found[i] - parts[i], i))
    for i in order[: whole - sum(found)]:
        found[i] += 1
    return found


@dataclass(frozen=True)
class Burden:
    """A duty as the Paperwork Reduction Act declares it: who must answer, how often a year, how long each time."""

    respondents: Fraction
    times: Fraction
    hours_each: Fraction

    @classmethod
    def of(cls, respondents: Number, times: Number, hours_each: Number) -> Burden:
        """From whole or decimal numbers, taken exactly."""
        return cls(Fraction(respondents), Fraction(times), Fraction(hours_each))

    @property
    def responses(self) -> Fraction:
        """Answers a year."""
        return self.respondents * self.times

    @property
    def hours(self) -> Fraction:
        """Hours a year."""
        return self.responses * self.hours_each

    def cost(self, hour: Number) -> Fraction:
        """Cost a year at the price of an hour."""
        return self.hours * Fraction(hour)


def present_value(yearly: Number, years: int, interest: Number) -> Fraction:
    """What a cost at the end of each of the years is worth today: Σ yearly ÷ (1 + interest)^k."""
    growth = 1 + Fraction(interest)
    return sum((Fraction(yearly) / growth**k for k in range(1, years + 1)), Fraction(0))


def shown(value: Fraction, digits: int = 0) -> Decimal:
    """Rounded half up, as people do. At display only: a sum of rounded rows is not the rounded sum."""
    with localcontext(prec=60):
        scaled = value * Fraction(10) ** digits
        whole = (Decimal(scaled.numerator) / Decimal(scaled.denominator)).to_integral_value(ROUND_HALF_UP)
        return whole.scaleb(-digits)
