"""Submitting a week, or saying that it had nothing: once, from its Friday on, and never over something."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.rules.errors import Conflict, InvalidInput, NotAllowedNow
from models.tables import AuditEvent, WeeklyLog
from services.actions import weekly_logs
from tests import world
from tests.services.logging_week import W, add, count, stored


def test_submitting_twice_is_one_submission_with_one_receipt(session, as_):
    actor = as_("village_recorder", world.FRIDAY)
    add(session, actor)
    first, second = (weekly_logs.submit(session, actor, week=W) for _ in range(2))
    assert first == second
    assert (first.state, count(session, WeeklyLog), count(session, AuditEvent)) == ("submitted", 1, 2)


def test_an_empty_week_cannot_be_submitted_but_can_be_said(session, as_):
    actor = as_("village_recorder", world.FRIDAY)
    with pytest.raises(InvalidInput, match="nothing_to_submit"):
        weekly_logs.submit(session, actor, week=W)
    first, second = (weekly_logs.submit_zero(session, actor, week=W) for _ in range(2))
    assert first == second
    assert (stored(session).state, stored(session).zero) == ("submitted", True)


def test_nothing_cannot_be_said_over_something(session, as_):
    actor = as_("village_recorder", world.FRIDAY)
    add(session, actor)
    with pytest.raises(Conflict, match="not_zero"):
        weekly_logs.submit_zero(session, actor, week=W)
    assert stored(session).state == "draft"


def test_a_submitted_week_stays_submitted_while_it_is_edited(session, as_):
    actor = as_("village_recorder", world.FRIDAY)
    weekly_logs.submit_zero(session, actor, week=W)
    event_id = add(session, actor).subject_id
    assert (stored(session).state, stored(session).zero) == ("submitted", False)
    done = weekly_logs.remove_entry(session, actor, week=W, event_id=event_id)
    assert (done.state, done.reverted) == ("draft", True)
    assert (stored(session).state, stored(session).submitted_at) == ("draft", None)


FIRST_MOMENT = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)  # Friday 0:00 in Shanghai, still Thursday in most of the world


@pytest.mark.parametrize("act", [weekly_logs.submit, weekly_logs.submit_zero])
@pytest.mark.parametrize(
    ("moment", "early"),
    [
        (datetime(2026, 11, 15, 16, 0, tzinfo=UTC), True),  # Monday 0:00
        (FIRST_MOMENT - timedelta(seconds=1), True),
        (FIRST_MOMENT, False),
        (W.ends_at() - timedelta(seconds=1), False),
        (W.ends_at(), False),
    ],
)
def test_a_week_can_be_told_as_a_whole_from_its_friday_on(session, as_, act, moment, early):
    actor = as_("village_recorder", moment)
    if act is weekly_logs.submit:
        add(session, actor, day=W.monday)
    if not early:
        assert act(session, actor, week=W).state == "submitted"
        return
    with pytest.raises(NotAllowedNow, match="week_too_early") as refusal:
        act(session, actor, week=W)
    assert (refusal.value.field, refusal.value.params) == ("week", {"day": date(2026, 11, 20)})
    assert (stored(session).state if act is weekly_logs.submit else stored(session)) in ("draft", None)


def test_a_week_of_before_is_submitted_on_any_day(session, as_):
    actor = as_("village_recorder", datetime(2026, 11, 16, 1, 0, tzinfo=UTC))  # Monday 9:00
    assert weekly_logs.submit_zero(session, actor, week=W - 1).zero is True


def test_a_week_emptied_again_on_friday_is_said_again_on_friday(session, as_):
    actor = as_("village_recorder", world.FRIDAY)
    event_id = add(session, actor).subject_id
    weekly_logs.submit(session, actor, week=W)
    assert weekly_logs.remove_entry(session, actor, week=W, event_id=event_id).reverted
    assert weekly_logs.submit_zero(session, actor, week=W).zero is True
