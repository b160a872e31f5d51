"""Deadlines, one second before, at and after; and the four states of a village-week."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from models.rules.schedule import ReportState, closes_at, is_closed, is_late, report_state
from models.rules.week import ZONE, Week

WEEK = Week.parse("2026-W47")  # Sunday is 22 November
SECOND = timedelta(seconds=1)
ZONES = [UTC, ZONE, timezone(timedelta(hours=-8)), timezone(timedelta(hours=14))]


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("days", [0, 0.5, 1.5, 14])
def test_a_week_is_open_one_second_before_its_deadline_and_closed_at_it(days, zone):
    deadline = (datetime(2026, 11, 23, tzinfo=ZONE) + timedelta(days=days)).astimezone(zone)
    assert not is_closed(WEEK, days, deadline - SECOND)
    assert is_closed(WEEK, days, deadline)
    assert is_closed(WEEK, days, deadline + SECOND)


def test_no_days_means_sunday_midnight_and_never_no_deadline():
    assert closes_at(WEEK, 0) == WEEK.ends_at()


def test_late_begins_at_the_due_moment():
    due = closes_at(WEEK, 3)
    assert not is_late(WEEK, 3, due - SECOND)
    assert is_late(WEEK, 3, due)


@pytest.mark.parametrize(
    ("submitted", "zero", "closed", "state"),
    [
        (True, False, False, ReportState.SUBMITTED),
        (True, False, True, ReportState.SUBMITTED),
        (True, True, False, ReportState.ZERO),
        (True, True, True, ReportState.ZERO),
        (False, False, False, ReportState.NOT_DUE),
        (False, False, True, ReportState.MISSING),
    ],
)
def test_silence_is_never_zero(submitted, zero, closed, state):
    now = closes_at(WEEK, 14) - (timedelta(0) if closed else SECOND)
    assert report_state(WEEK, submitted=submitted, zero=zero, close_days=14, now=now) is state
