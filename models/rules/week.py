"""The week as everybody here counts it: Monday to Sunday in Asia/Shanghai, labelled by ISO 8601 (2026-W47).

ISO year and week always travel together: 2027-01-03 lies in 2026-W53. No server or browser zone moves a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.rules.errors import InvalidInput

ZONE = ZoneInfo("Asia/Shanghai")
_LABEL = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)


@dataclass(frozen=True, order=True)
class Week:
    """One ISO week, known by its Monday."""

    monday: date

    def __post_init__(self) -> None:
        if self.monday.weekday() != 0:
            raise ValueError(f"{self.monday} is not a Monday")

    @classmethod
    def of(cls, day: date) -> Week:
        """The week that holds the day."""
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def parse(cls, label: str) -> Week:
        """`2026-W47` → Week. InvalidInput(bad_week) for anything else, also for a week 53 that the year does not have."""
        match = _LABEL.fullmatch(label)
        try:
            if match:
                return cls(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        except ValueError:
            pass
        raise InvalidInput("bad_week", field="week", value=label[:20])

    @property
    def label(self) -> str:
        """ISO label, e.g. 2026-W47."""
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02d}"

    @property
    def number(self) -> int:
        """ISO week number, 1–53."""
        return self.monday.isocalendar().week

    @property
    def sunday(self) -> date:
        """The last day."""
        return self.monday + timedelta(days=6)

    @property
    def days(self) -> list[date]:
        """Monday to Sunday."""
        return [self.monday + timedelta(days=i) for i in range(7)]

    def ends_at(self) -> datetime:
        """Sunday 24:00, Asia/Shanghai."""
        return datetime.combine(self.monday + timedelta(days=7), datetime.min.time(), ZONE)

    def __add__(self, weeks: int) -> Week:
        return Week(self.monday + timedelta(weeks=weeks))

    def __sub__(self, weeks: int) -> Week:
        return self + -weeks

    def __contains__(self, day: date) -> bool:
        return self.monday <= day <= self.sunday


def span(first: Week, last: Week) -> Iterator[Week]:
    """The weeks from `first` to `last`, both included; none if `last` is earlier."""
    while first <= last:
        yield first
        first += 1


def today_at(moment: datetime) -> date:
    """The date in Asia/Shanghai at a moment (which must carry its zone)."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return moment.astimezone(ZONE).date()
