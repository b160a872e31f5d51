"""From when a weekly log may be submitted, when it is expected, due, late, and closed.

A report speaks for the whole week, so it is given from the week's Friday 0:00 on (docs/adr/0013). A week is due `due_days`
after its Sunday 24:00 (Asia/Shanghai) and closes `close_days` after it. Both are rows of the county's thresholds, those in
force on that Sunday; they may be fractions of a day, and 0 means "at Sunday 24:00", never "no deadline".
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from models.rules.week import Week


class LogState(StrEnum):
    """What a village-week is stored as."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


FIRST_DAY_TO_SUBMIT = 4  # days after Monday: Friday. Part of what a week is here, as Monday to Sunday is; nobody sets it


class ReportState(StrEnum):
    """What a village-week counts as: silence is never zero. `not_due`: silent, and the week has not closed yet."""

    SUBMITTED = "submitted"
    ZERO = "zero"
    MISSING = "missing"
    NOT_DUE = "not_due"


@dataclass(frozen=True)
class Deadlines:
    """The two moments of a week: from the first on a report is late, from the second on nothing can change any more."""

    due_at: datetime
    closes_at: datetime

    @classmethod
    def of(cls, week: Week, due_days: float, close_days: float) -> "Deadlines":
        """Both counted from the week's end."""
        return cls(days_after(week, due_days), days_after(week, close_days))

    def is_due(self, now: datetime) -> bool:
        """Whether a report should be there: from the due moment itself on."""
        return now >= self.due_at

    def is_closed(self, now: datetime) -> bool:
        """Closed from the deadline itself on: one second before is open, at it is closed."""
        return now >= self.closes_at

    def is_late(self, submitted_at: datetime) -> bool:
        """Submitted at or after the due moment (and, being submitted, before the week closed)."""
        return submitted_at >= self.due_at

    def state(self, *, submitted: bool, zero: bool, now: datetime) -> ReportState:
        """Which of the four states a village-week is in; a draft never submitted is missing once the week closed."""
        if submitted:
            return ReportState.ZERO if zero else ReportState.SUBMITTED
        return ReportState.MISSING if self.is_closed(now) else ReportState.NOT_DUE


def submittable_from(week: Week) -> date:
    """The first day on which the week can be submitted, or said to have had nothing: its Friday."""
    return week.days[FIRST_DAY_TO_SUBMIT]


def days_after(week: Week, days: float) -> datetime:
    """So many days, or parts of one, after the week's Sunday 24:00."""
    return week.ends_at() + timedelta(days=days)


def is_assigned(week: Week, since: date, until: date | None) -> bool:
    """Whether an assignment from the Monday `since` until before `until` covers the week (in SQL: counting.assigned)."""
    return since <= week.monday and (until is None or week.monday < until)
