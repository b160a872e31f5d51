"""Adding an event by hand: what is kept, what is refused and where, and when a week can be written at all."""

import os
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.rules.entry import Effort, Naming
from models.rules.errors import InvalidInput, NotAllowedNow, PermissionDenied
from models.tables import AuditEvent, Department, Entry, Event, ObservationPoint, WeeklyLog
from services.actions import weekly_logs
from services.queries import weekly_logs as shown
from tests import world
from tests.services.logging_week import CLOSES, MONDAY, TUESDAY, W, add, count, stored


def test_the_first_tap_makes_a_draft_with_an_entry_and_an_audit_event(session, as_):
    done = add(session, as_("village_recorder"), title="防火部署会", people=2, demands=["ledger"])
    log = stored(session)
    assert (log.state, log.zero, log.version) == ("draft", False, 1)
    entry = session.scalars(select(Entry)).one()
    assert (entry.event_id, entry.minutes, entry.people, entry.ledger, entry.photo) == (done.subject_id, 60, 2, True, False)
    event = session.scalars(select(Event)).one()
    assert (event.week, event.happened_on, event.source, event.title) == (W.monday, TUESDAY, "village", "防火部署会")
    assert session.scalars(select(AuditEvent)).one().action == "weekly_logs.add_event"


@pytest.mark.parametrize(
    ("changes", "error", "field", "code"),
    [
        ({"day": date(2026, 11, 15)}, InvalidInput, "day", "day_outside_week"),
        ({"day": date(2026, 11, 23)}, InvalidInput, "day", "day_outside_week"),
        ({"day": date(2026, 11, 19)}, InvalidInput, "day", "day_future"),
        ({"minutes": -1}, InvalidInput, "minutes", "minutes_range"),
        ({"minutes": 1441}, InvalidInput, "minutes", "minutes_range"),
        ({"people": 0}, InvalidInput, "people", "people_range"),
        ({"kind": "form", "copies": 1000}, InvalidInput, "copies", "copies_range"),
        ({"demands": ["money"]}, InvalidInput, "demands", "bad_demand"),
        ({"department_code": "nobody"}, InvalidInput, "department", "unknown_department"),
        ({"department_code": ""}, InvalidInput, "department", "unknown_department"),
        ({"department_code": "a\x00b"}, InvalidInput, "department", "unknown_department"),
        ({"department_code": world.CANARY_DEPT}, InvalidInput, "department", "unknown_department"),
        ({"kind": "group"}, InvalidInput, "kind", "bad_kind"),
        ({"kind": "certificate"}, InvalidInput, "kind", "bad_kind"),
        ({"called_as": "guidance"}, InvalidInput, "called_as", "bad_called_as"),
        ({"title": "长" * 10_000}, InvalidInput, "title", "title_long"),
        ({"title": "a\x00b"}, InvalidInput, "title", "title_control"),
        ({"week": W + 1, "day": date(2026, 11, 24)}, NotAllowedNow, "week", "week_future"),
        ({"week": W - 3, "day": (W - 3).monday}, NotAllowedNow, "week", "week_closed"),
        ({"request_id": "x" * 41}, InvalidInput, "event", "bad_request_id"),
        ({"request_id": ""}, InvalidInput, "event", "bad_request_id"),
    ],
)
def test_bad_input_is_refused_at_its_field_and_nothing_is_kept(session, as_, changes, error, field, code):
    with pytest.raises(error) as refusal:
        add(session, as_("village_recorder"), **changes)
    assert (refusal.value.field, refusal.value.code) == (field, code)
    assert [count(session, table) for table in (WeeklyLog, Event, Entry, AuditEvent)] == [0, 0, 0, 0]


def test_emoji_and_rare_characters_are_kept_and_white_space_is_no_title(session, as_):
    add(session, as_("village_recorder"), "r1", title="🔥👨\u200d👩\u200d👧𠮷 防火")
    add(session, as_("village_recorder"), "r2", title=" \u3000\t ", kind="form")
    assert session.scalars(select(Event.title).order_by(Event.id)).all() == ["🔥👨\u200d👩\u200d👧𠮷 防火", ""]


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles"])
@pytest.mark.parametrize(("seconds", "open_"), [(-1, True), (0, False), (1, False)])
def test_a_week_closes_at_the_deadline_itself_wherever_the_server_stands(session, as_, monkeypatch, zone, seconds, open_):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    actor = as_("village_recorder", CLOSES.astimezone(UTC) + timedelta(seconds=seconds))
    try:
        if open_:
            assert add(session, actor).state == "draft"
        else:
            with pytest.raises(NotAllowedNow, match="week_closed"):
                add(session, actor)
    finally:
        os.environ["TZ"] = "UTC"
        time.tzset()


def test_the_week_and_today_turn_at_midnight_in_shanghai(session, as_):
    before = datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)  # Sunday 23:59:59 there
    with pytest.raises(NotAllowedNow, match="week_future"):
        add(session, as_("village_recorder", before), week=W + 1, day=date(2026, 11, 23))
    assert add(session, as_("village_recorder", before + timedelta(seconds=1)), week=W + 1, day=date(2026, 11, 23))


def test_a_village_that_is_no_observation_point_that_week_cannot_log(session, as_):
    point = session.get_one(ObservationPoint, (world.COUNTY, world.VILLAGE_A1, date(2025, 6, 2)))
    point.until = W.monday
    session.commit()
    with pytest.raises(NotAllowedNow, match="not_a_point"):
        add(session, as_("village_recorder"))
    assert add(session, as_("village_recorder"), week=W - 1, day=(W - 1).monday)


def test_a_department_must_exist_on_the_day(session, as_):
    session.get_one(Department, world.AGRI).valid_until = TUESDAY
    session.commit()
    with pytest.raises(InvalidInput, match="department_not_valid"):
        add(session, as_("village_recorder"))
    assert add(session, as_("village_recorder"), day=MONDAY)


def test_another_townships_office_is_unknown_here(session, as_):
    with pytest.raises(InvalidInput, match="unknown_department"):
        add(session, as_("recorder_b1"), department_code=world.TOWN_OFFICE)


@pytest.mark.parametrize(
    "role", ["task_force", "township_liaison", "compliance_officer", "department", "system_admin", "auditor"]
)
def test_nobody_but_a_recorder_may_write_or_read(session, as_, role):
    with pytest.raises(PermissionDenied):
        add(session, as_(role))
    with pytest.raises(PermissionDenied):
        shown.week(session, as_(role), week=W, today=world.TODAY)


def test_the_same_tap_twice_is_one_entry_and_the_same_receipt(session, as_):
    first, second = (add(session, as_("village_recorder")) for _ in range(2))
    assert first == second
    assert [count(session, table) for table in (WeeklyLog, Event, Entry, AuditEvent)] == [1, 1, 1, 1]


def test_what_was_renamed_is_logged_again_when_it_is_offered_and_ticked_again(session, as_):
    actor = as_("village_recorder")
    first = add(session, actor, "tick-1", title="周例会").subject_id
    weekly_logs.change_entry(session, actor, week=W, event_id=first, seen=Effort(60), minutes=60, naming=Naming("防汛会"),
                             seen_naming=Naming("周例会"))  # fmt: skip
    second, again = (add(session, actor, "tick-1", title="周例会").subject_id for _ in range(2))
    assert first != second == again
    rows = shown.week(session, actor, week=W, today=world.TODAY).rows
    assert [(row.event_id, row.title) for row in rows] == [(first, "防汛会"), (second, "周例会")]


@pytest.mark.parametrize("changes", [{"kind": "form"}, {"department_code": world.CIVIL}, {"day": MONDAY}])
def test_a_token_is_done_only_for_what_it_was_tapped_for(session, as_, changes):
    add(session, as_("village_recorder"), "tick-1")
    for _ in range(2):
        add(session, as_("village_recorder"), "tick-1", **changes)
    assert count(session, Entry) == 2
