"""When a weekly log is due, late, and closed.

A week is due `due_days` after its Sunday 24:00 (Asia/Shanghai) and closes `close_days` after it. Both are rows of
the county's thresholds, may be fractions of a day, and 0 means "at Sunday 24:00", never "no deadline".
"""

from datetime import datetime, timedelta
from enum import StrEnum

from models.rules.week import Week


class LogState(StrEnum):
    """What a village-week is stored as."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


class ReportState(StrEnum):
    """What a village-week counts as: silence is never zero."""

    SUBMITTED = "submitted"
    ZERO = "zero"
    MISSING = "missing"
    NOT_DUE = "not_due"


def closes_at(week: Week, close_days: float) -> datetime:
    """The first moment at which the week can no longer be changed."""
    return week.ends_at() + timedelta(days=close_days)


def is_closed(week: Week, close_days: float, now: datetime) -> bool:
    """Closed from the deadline itself on: one second before is open, at it is closed."""
    return now >= closes_at(week, close_days)


def is_late(week: Week, due_days: float, submitted_at: datetime) -> bool:
    """Submitted at or after the due moment (and, being submitted, before the week closed)."""
    return submitted_at >= closes_at(week, due_days)


def report_state(week: Week, *, submitted: bool, zero: bool, close_days: float, now: datetime) -> ReportState:
    """Which of the four states a village-week is in; a draft that was never submitted is missing once the week closed."""
    if submitted:
        return ReportState.ZERO if zero else ReportState.SUBMITTED
    return ReportState.MISSING if is_closed(week, close_days, now) else ReportState.NOT_DUE
