"""Submitted, zero, missing and not yet due: the four states of a village-week."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, update

from models.rules.errors import NotFound, PermissionDenied
from models.tables import ObservationPoint
from services.queries import reporting
from tests import world
from tests.logged import Received, week_of
from tests.world import TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, WEEK

OLD = WEEK - 5  # closed at the tests' moment


def _weekly(session, actor, **params):
    known = {"county_code": world.COUNTY, "first": OLD.monday, "last": OLD.monday, "as_of": world.NOW}
    return reporting.weekly(session, actor, **(known | params))


def _row(frame, township, week=OLD):
    return frame[(frame.township_code == township) & (frame.week == week.monday)].iloc[0]


def test_every_expected_village_week_is_in_exactly_one_state(session, as_):
    week_of(session, VILLAGE_A1, OLD, Received(1))
    week_of(session, VILLAGE_B1, OLD)
    frame = _weekly(session, as_("task_force"), last=WEEK.monday)
    assert (frame.expected == frame.submitted + frame.zero + frame.missing + frame.not_due).all()
    assert len(frame) == 12
    assert _row(frame, TOWN_A)[reporting.COUNTS].tolist() == [2, 1, 0, 1, 0, 0]
    assert _row(frame, TOWN_B)[reporting.COUNTS].tolist() == [2, 0, 1, 1, 0, 0]
    assert _row(frame, TOWN_A, WEEK)[reporting.COUNTS].tolist() == [2, 0, 0, 0, 2, 0]


def test_a_silent_point_is_missing_from_the_closing_moment_on(session, as_):
    closing = OLD.ends_at() + timedelta(days=14)
    before = _weekly(session, as_("task_force"), as_of=closing - timedelta(seconds=1))
    after = _weekly(session, as_("task_force"), as_of=closing)
    assert (before.missing.sum(), before.not_due.sum()) == (0, 4)
    assert (after.missing.sum(), after.not_due.sum()) == (4, 0)


def test_a_draft_is_silence(session, as_):
    week_of(session, VILLAGE_A1, OLD, Received(1), submitted=False)
    assert _weekly(session, as_("task_force")).missing.sum() == 4


def test_late_is_from_the_due_moment_on(session, as_):
    due = OLD.ends_at() + timedelta(days=3)
    week_of(session, VILLAGE_A1, OLD, at=due)
    week_of(session, VILLAGE_A2, OLD, at=due - timedelta(seconds=1))
    assert _weekly(session, as_("task_force")).late.sum() == 1


def test_only_villages_assigned_in_that_week_are_expected_and_counted(session, as_):
    until = (OLD + 1).monday
    session.execute(update(ObservationPoint).where(ObservationPoint.village_code == VILLAGE_A1).values(until=until))
    for week in (OLD, OLD + 1):
        week_of(session, VILLAGE_A1, week)
    frame = _weekly(session, as_("task_force"), last=until)
    assert _row(frame, TOWN_A)[["expected", "zero"]].tolist() == [2, 1]
    assert _row(frame, TOWN_A, OLD + 1)[["expected", "zero"]].tolist() == [1, 0]


def test_a_township_sees_only_itself(session, as_):
    assert set(_weekly(session, as_("township_liaison")).township_code) == {TOWN_A}
    assert _weekly(session, as_("township_liaison"), township_code=TOWN_B).empty
    assert set(_weekly(session, as_("task_force"), township_code=TOWN_B).township_code) == {TOWN_B}


def test_another_county_is_not_found_and_a_village_is_refused(session, as_):
    with pytest.raises(NotFound):
        _weekly(session, as_("task_force"), county_code=world.CANARY)
    with pytest.raises(PermissionDenied):
        _weekly(session, as_("recorder_a2"))


def test_no_points_is_an_empty_frame_with_its_columns(session, as_):
    frame = _weekly(session, as_("task_force"), first=date(2020, 1, 6), last=date(2020, 2, 3))
    assert frame.empty
    assert frame.columns.tolist() == ["week", "township_code", *reporting.COUNTS]
    assert _weekly(session, as_("task_force"), first=WEEK.monday, last=OLD.monday).empty


def test_the_number_of_statements_does_not_grow_with_the_weeks(session, as_):
    actor = as_("task_force")
    assert _statements(session, lambda: _weekly(session, actor)) == _statements(
        session, lambda: _weekly(session, actor, first=(WEEK - 104).monday, last=WEEK.monday)
    )


def _statements(session, call):
    seen = []

    def count(*args):
        seen.append(args[2])

    event.listen(session.get_bind(), "before_cursor_execute", count)
    call()
    event.remove(session.get_bind(), "before_cursor_execute", count)
    return len(seen)
