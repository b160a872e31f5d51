"""Deadlines, one second before, at and after; and the four states of a village-week."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from models.rules.schedule import Deadlines, ReportState, days_after, is_assigned, submittable_from
from models.rules.week import ZONE, Week

WEEK = Week.parse("2026-W47")  # Sunday is 22 November
SECOND = timedelta(seconds=1)
ZONES = [UTC, ZONE, timezone(timedelta(hours=-8)), timezone(timedelta(hours=14))]


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("days", [0, 0.5, 1.5, 14])
def test_a_week_is_open_one_second_before_its_deadline_and_closed_at_it(days, zone):
    deadline = (datetime(2026, 11, 23, tzinfo=ZONE) + timedelta(days=days)).astimezone(zone)
    week = Deadlines.of(WEEK, 0, days)
    assert [week.is_closed(deadline + second) for second in (-SECOND, 0 * SECOND, SECOND)] == [False, True, True]


def test_no_days_means_sunday_midnight_and_never_no_deadline():
    assert Deadlines.of(WEEK, 0, 0) == Deadlines(WEEK.ends_at(), WEEK.ends_at())


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("days", [0, 0.5, 3])
def test_late_begins_at_the_due_moment(days, zone):
    week, due = Deadlines.of(WEEK, days, 14), days_after(WEEK, days).astimezone(zone)
    for second, late in ((-SECOND, False), (0 * SECOND, True), (SECOND, True)):
        assert (week.is_late(due + second), week.is_due(due + second)) == (late, late)


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
    week = Deadlines.of(WEEK, 3, 14)
    now = week.closes_at - (timedelta(0) if closed else SECOND)
    assert week.state(submitted=submitted, zero=zero, now=now) is state


@pytest.mark.parametrize(("until", "expected"), [(None, [0, 1, 1, 1]), (WEEK + 1, [0, 1, 0, 0]), (WEEK + 2, [0, 1, 1, 0])])
def test_an_assignment_covers_its_first_week_and_not_that_of_its_end(until, expected):
    ends = until and until.monday
    assert [is_assigned(WEEK + n, WEEK.monday, ends) for n in (-1, 0, 1, 2)] == expected


def test_a_week_speaks_for_itself_from_its_friday_on_also_across_new_year():
    assert submittable_from(WEEK) == date(2026, 11, 20)
    assert submittable_from(Week.parse("2026-W53")) == date(2027, 1, 1)
