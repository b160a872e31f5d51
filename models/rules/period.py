"""The periods in which offices work: month, quarter, half-year, year. Dates decide, not weeks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.rules.errors import InvalidInput
from models.rules.week import Week

YEAR = re.compile(r"2\d{3}", re.ASCII)
INDEX = re.compile(r"\d{1,2}", re.ASCII)


class PeriodKind(StrEnum):
    """How long; the value is also the word in a URL."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"

    @property
    def months(self) -> int:
        """Length in months: 1, 3, 6 or 12."""
        return {"month": 1, "quarter": 3, "half": 6, "year": 12}[self.value]


@dataclass(frozen=True, order=True)
class Period:
    """`index` counts from 1 within the year: month 11, quarter 4, half 2, year 1."""

    year: int
    kind: PeriodKind
    index: int

    @classmethod
    def of(cls, day: date, kind: PeriodKind) -> Period:
        """The period of that kind which holds the day."""
        return cls(day.year, kind, (day.month - 1) // kind.months + 1)

    @classmethod
    def parse(cls, label: str) -> Period:
        """`2026`, `2026-H2`, `2026-Q4`, `2026-11` → Period; InvalidInput(bad_period) otherwise."""
        year, _, rest = label.partition("-")
        kinds = {"": PeriodKind.YEAR, "H": PeriodKind.HALF, "Q": PeriodKind.QUARTER}
        kind = kinds.get(rest[:1], PeriodKind.MONTH)
        index = "1" if not rest else rest[1:] if rest[0] in "HQ" else rest
        known = YEAR.fullmatch(year) and INDEX.fullmatch(index)
        if known and 1 <= int(index) <= 12 // kind.months:
            return cls(int(year), kind, int(index))
        raise InvalidInput("bad_period", field="period", value=label[:20])

    @property
    def label(self) -> str:
        """As it stands in a URL: 2026, 2026-H2, 2026-Q4, 2026-11."""
        marks = {
            PeriodKind.HALF: f"-H{self.index}",
            PeriodKind.QUARTER: f"-Q{self.index}",
            PeriodKind.MONTH: f"-{self.index:02d}",
        }
        return f"{self.year}{marks.get(self.kind, '')}"

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, (self.index - 1) * self.kind.months + 1, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return self.next().first - timedelta(days=1)

    def next(self) -> Period:
        """The following period of the same kind."""
        if self.index * self.kind.months == 12:
            return Period(self.year + 1, self.kind, 1)
        return Period(self.year, self.kind, self.index + 1)

    def previous(self) -> Period:
        """The period of the same kind before this one."""
        return Period.of(self.first - timedelta(days=1), self.kind)

    def elapsed(self, today: date) -> float:
        """Share 0–1 of the period's days that are over at the end of `today`."""
        days = (self.last - self.first).days + 1
        return min(max((today - self.first).days + 1, 0), days) / days


def last_closed_month(today: date, first_open: Week) -> Period:
    """The last month before today's in all of whose weeks nothing can change any more."""
    month = Period.of(today, PeriodKind.MONTH).previous()
    while Week.of(month.last) >= first_open:
        month = month.previous()
    return month
