"""Writing a village's week: shared events, one row per tap, and a clear refusal of everything else."""

import os
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from models.db import open_session
from models.rules.entry import Effort
from models.rules.errors import AppError, Conflict, InvalidInput, NotAllowedNow, NotFound, PermissionDenied
from models.tables import AuditEvent, Department, Entry, Event, ObservationPoint, WeeklyLog
from services import audit
from services.actions import weekly_logs
from services.queries import weekly_logs as shown
from tests import world

W = world.WEEK
MONDAY, TUESDAY, WEDNESDAY = W.days[:3]
CLOSES = W.ends_at() + timedelta(days=14)


def add(session, actor, request_id="r1", **changes):
    facts = {"week": W, "kind": "meeting", "department_code": world.AGRI, "day": TUESDAY, "minutes": 60} | changes
    return weekly_logs.add_event(session, actor, request_id=request_id, **facts)


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def stored(session, village=world.VILLAGE_A1, week=W) -> WeeklyLog | None:
    session.expire_all()
    return session.get(WeeklyLog, (world.COUNTY, week.monday, village))


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


def test_the_second_village_joins_the_event(session, as_):
    first = add(session, as_("village_recorder"), title="防火部署会")
    second = add(session, as_("recorder_a2"), title="《防火 部署会》")
    assert first.subject_id == second.subject_id
    assert (count(session, Event), count(session, Entry)) == (1, 2)
    assert session.scalars(select(Event.title)).one() == "防火部署会"


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "form"},
        {"department_code": world.CIVIL},
        {"day": MONDAY},
        {"title": "防汛部署会"},
    ],
)
def test_anything_else_different_is_another_event(session, as_, changes):
    add(session, as_("village_recorder"), title="防火部署会")
    add(session, as_("recorder_a2"), **({"title": "防火部署会"} | changes))
    assert count(session, Event) == 2


@pytest.mark.parametrize("first", [True, False])
def test_ordinary_and_emergency_work_never_become_one_event(session, as_, first):
    add(session, as_("village_recorder"), emergency=first)
    add(session, as_("recorder_a2"), emergency=not first)
    assert count(session, Event) == 2


def test_an_empty_title_fits_any_and_is_filled_in_once(session, as_):
    add(session, as_("village_recorder"))
    add(session, as_("recorder_a2"), title="防火部署会")
    add(session, as_("recorder_b1"), title="")
    assert session.scalars(select(Event.title)).all() == ["防火部署会"]
    assert count(session, Entry) == 3


def test_the_same_words_logged_twice_by_one_village_are_two_events(session, as_):
    for request_id in ("r1", "r2"):
        add(session, as_("village_recorder"), request_id)
    assert (count(session, Event), count(session, Entry)) == (2, 2)
    for request_id in ("r1", "r2", "r3"):
        add(session, as_("recorder_a2"), request_id)
    assert (count(session, Event), count(session, Entry)) == (3, 5)


def test_an_event_of_a_township_office_stays_in_that_township(session, as_):
    add(session, as_("village_recorder"), department_code=world.TOWN_OFFICE)
    event = session.scalars(select(Event)).one()
    assert event.township_code == world.TOWN_A
    with pytest.raises(NotFound, match="no_such_event"):
        weekly_logs.join_event(session, as_("recorder_b1"), week=W, event_id=event.id, request_id="r1")
    assert weekly_logs.join_event(session, as_("recorder_a2"), week=W, event_id=event.id, request_id="r1")


def test_ticking_twice_is_one_entry_and_unticking_leaves_the_neighbours(session, as_):
    event_id = add(session, as_("village_recorder"), minutes=90).subject_id
    for request_id in ("t1", "t2"):
        weekly_logs.join_event(session, as_("recorder_a2"), week=W, event_id=event_id, request_id=request_id)
    assert session.scalars(select(Entry.minutes)).all() == [90, 90]
    for _ in range(2):
        weekly_logs.remove_entry(session, as_("village_recorder"), week=W, event_id=event_id)
    assert session.scalars(select(Entry.village_code)).all() == [world.VILLAGE_A2]


@pytest.mark.parametrize("event_id", [0, -1, 99, 2**63, 10**30])
def test_an_unknown_event_can_be_neither_ticked_nor_changed(session, as_, event_id):
    actor = as_("village_recorder")
    with pytest.raises(NotFound):
        weekly_logs.join_event(session, actor, week=W, event_id=event_id, request_id="r")
    with pytest.raises(NotFound):
        weekly_logs.remove_entry(session, actor, week=W, event_id=event_id)
    with pytest.raises(NotFound):
        weekly_logs.change_entry(session, actor, week=W, event_id=event_id, seen=Effort(60), minutes=30)


def test_an_event_of_another_county_or_week_is_unknown(session, as_):
    foreign = add(session, as_("canary_recorder"), department_code=world.CANARY_DEPT).subject_id
    earlier = add(session, as_("recorder_a2"), week=W - 1, day=(W - 1).monday).subject_id
    for event_id in {foreign, earlier}:
        with pytest.raises(NotFound, match="no_such_event"):
            weekly_logs.join_event(session, as_("village_recorder"), week=W, event_id=event_id, request_id="r")


def test_an_event_that_nobody_has_keeps_its_number_and_comes_back_only_by_its_tick(session, as_):
    actor = as_("village_recorder")
    first = add(session, actor, "r1").subject_id
    weekly_logs.remove_entry(session, actor, week=W, event_id=first)
    second = add(session, actor, "r2").subject_id
    assert second != first
    weekly_logs.join_event(session, actor, week=W, event_id=first, request_id="r3", minutes=30)
    assert dict(session.execute(select(Entry.event_id, Entry.minutes)).all()) == {first: 30, second: 60}


def test_a_change_is_kept_with_its_old_values_in_the_audit(session, as_):
    actor = as_("village_recorder")
    event_id = add(session, actor, kind="inspection").subject_id
    changes = {"minutes": 120, "people": 3, "demands": ["photo"], "title": "督查", "called_as": "guidance", "emergency": True}
    weekly_logs.change_entry(session, actor, week=W, event_id=event_id, seen=Effort(60), **changes)
    row = shown.week(session, actor, week=W, today=world.TODAY).rows[0]
    assert row.effort == Effort(120, people=3, demands=frozenset({"photo"}))
    assert (row.title, row.called_as, row.emergency) == ("督查", "guidance", True)
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert '"minutes": 60' in last.old
    assert '"minutes": 120' in last.new


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"minutes": -5}, "minutes"), ({"people": 100}, "people"), ({"travel_minutes": 9999}, "travel_minutes"),
     ({"copies": 2}, "copies"), ({"title": "长" * 81}, "title"), ({"called_as": "guidance"}, "called_as")],
)  # fmt: skip
def test_a_bad_change_is_refused_at_its_field(session, as_, changes, field):
    actor = as_("village_recorder")
    event_id = add(session, actor).subject_id
    with pytest.raises(InvalidInput) as refusal:
        weekly_logs.change_entry(session, actor, week=W, event_id=event_id, seen=Effort(60), **({"minutes": 60} | changes))
    assert refusal.value.field == field
    assert session.scalars(select(Entry.minutes)).one() == 60


def test_a_shared_event_keeps_its_facts(session, as_):
    event_id = add(session, as_("village_recorder"), title="防火部署会").subject_id
    add(session, as_("recorder_a2"), minutes=30)
    for changes, field in (({"title": "别的会"}, "title"), ({"title": ""}, "title"), ({"emergency": True}, "emergency")):
        with pytest.raises(NotAllowedNow, match="event_shared") as refusal:
            weekly_logs.change_entry(
                session, as_("village_recorder"), week=W, event_id=event_id, seen=Effort(60), minutes=60, **changes
            )
        assert refusal.value.field == field
    assert session.scalars(select(Event.minutes)).one() == 60


def test_two_phones_that_differ_get_both_values_and_nothing_is_overwritten(session, as_):
    actor = as_("village_recorder")
    event_id = add(session, actor).subject_id
    weekly_logs.change_entry(session, actor, week=W, event_id=event_id, seen=Effort(60), minutes=240)
    with pytest.raises(Conflict, match="entry_changed") as refusal:
        weekly_logs.change_entry(session, actor, week=W, event_id=event_id, seen=Effort(60), minutes=30)
    assert refusal.value.params == {"mine": Effort(30), "theirs": Effort(240)}
    assert session.scalars(select(Entry.minutes)).one() == 240
    weekly_logs.change_entry(session, actor, week=W, event_id=event_id, seen=Effort(240), minutes=30)
    assert session.scalars(select(Entry.minutes)).one() == 30


def test_submitting_twice_is_one_submission_with_one_receipt(session, as_):
    actor = as_("village_recorder")
    add(session, actor)
    first, second = (weekly_logs.submit(session, actor, week=W) for _ in range(2))
    assert first == second
    assert (first.state, count(session, WeeklyLog), count(session, AuditEvent)) == ("submitted", 1, 2)


def test_an_empty_week_cannot_be_submitted_but_can_be_said(session, as_):
    actor = as_("village_recorder")
    with pytest.raises(InvalidInput, match="nothing_to_submit"):
        weekly_logs.submit(session, actor, week=W)
    first, second = (weekly_logs.submit_zero(session, actor, week=W) for _ in range(2))
    assert first == second
    assert (stored(session).state, stored(session).zero) == ("submitted", True)


def test_nothing_cannot_be_said_over_something(session, as_):
    actor = as_("village_recorder")
    add(session, actor)
    with pytest.raises(Conflict, match="not_zero"):
        weekly_logs.submit_zero(session, actor, week=W)
    assert stored(session).state == "draft"


def test_a_submitted_week_stays_submitted_while_it_is_edited(session, as_):
    actor = as_("village_recorder")
    weekly_logs.submit_zero(session, actor, week=W)
    event_id = add(session, actor).subject_id
    assert (stored(session).state, stored(session).zero) == ("submitted", False)
    done = weekly_logs.remove_entry(session, actor, week=W, event_id=event_id)
    assert (done.state, done.reverted) == ("draft", True)
    assert (stored(session).state, stored(session).submitted_at) == ("draft", None)


def test_seconds_are_gaps_between_saves_and_a_pause_is_capped(session, as_):
    start = world.NOW
    add(session, as_("village_recorder", start + timedelta(seconds=12)), "r1", opened_at=start)
    add(session, as_("village_recorder", start + timedelta(seconds=20)), "r2", opened_at=start)
    add(session, as_("village_recorder", start + timedelta(hours=2)), "r3", opened_at=start)
    later = start + timedelta(hours=5)
    add(session, as_("village_recorder", later + timedelta(seconds=7)), "r4", opened_at=later)
    assert stored(session).seconds == 12 + 8 + 60 + 7
    assert shown.week(session, as_("village_recorder"), week=W, today=world.TODAY).year_seconds == 87


@pytest.mark.parametrize("act", ["add", "join", "change", "remove", "submit", "submit_zero"])
def test_without_its_audit_event_nothing_is_saved(session, as_, monkeypatch, act):
    actor = as_("village_recorder")
    mine = add(session, actor).subject_id
    theirs = add(session, as_("recorder_a2"), kind="form").subject_id
    if act == "submit_zero":
        weekly_logs.remove_entry(session, actor, week=W, event_id=mine)
    before = _everything(session)
    monkeypatch.setattr(audit, "record", _broken)
    tries = {
        "add": lambda: add(session, actor, "r9"),
        "join": lambda: weekly_logs.join_event(session, actor, week=W, event_id=theirs, request_id="r9"),
        "change": lambda: weekly_logs.change_entry(session, actor, week=W, event_id=mine, seen=Effort(60), minutes=1),
        "remove": lambda: weekly_logs.remove_entry(session, actor, week=W, event_id=mine),
        "submit": lambda: weekly_logs.submit(session, actor, week=W),
        "submit_zero": lambda: weekly_logs.submit_zero(session, actor, week=W),
    }
    with pytest.raises(OSError, match="full"):
        tries[act]()
    assert _everything(session) == before


def test_the_week_is_read_back_with_its_deadline_and_only_the_own_rows(session, as_):
    add(session, as_("village_recorder"), title="一")
    add(session, as_("recorder_a2"), title="二", kind="form")
    view = shown.week(session, as_("village_recorder"), week=W, today=world.TODAY)
    assert [row.title for row in view.rows] == ["一"]
    assert (view.state, view.closes_at, view.reports, view.place.village) == ("draft", CLOSES, True, "青山村")


def test_open_weeks_are_the_current_and_the_earlier_ones_not_closed(session, as_):
    actor = as_("village_recorder")
    add(session, actor, week=W - 1, day=(W - 1).monday)
    found = shown.open_weeks(session, actor, as_of=world.NOW, today=world.TODAY)
    assert [(one.week, one.state) for one in found] == [(W, None), (W - 1, "draft"), (W - 2, None)]
    on_the_deadline = shown.open_weeks(session, actor, as_of=(W - 2).ends_at() + timedelta(days=14), today=world.TODAY)
    assert [one.week for one in on_the_deadline] == [W, W - 1]


def test_departments_are_the_usual_ones_first_and_never_a_foreign_one(session, as_):
    actor = as_("village_recorder")
    for n, code in enumerate([world.FIRE, world.FIRE, world.CIVIL]):
        add(session, actor, f"r{n}", department_code=code)
    choices = shown.departments(session, actor, week=W)
    assert [one.code for one in choices.usual] == [world.FIRE, world.CIVIL, world.TOWN_OFFICE, world.AGRI]
    assert {one.code for one in choices.every} == {world.AGRI, world.CIVIL, world.FIRE, world.TOWN_OFFICE}
    assert next(one.initials for one in choices.every if one.code == world.AGRI) == "nyncj"


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "tick", "untick", "submit", "zero"]), st.sampled_from([0, 1, 2]), st.integers(1, 6)),
    max_size=25,
)
VILLAGES = ("village_recorder", "recorder_a2", "recorder_b1")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_any_sequence_of_taps_keeps_entries_and_events_together(sqlite_engine, steps):
    with open_session(sqlite_engine, write=True) as session:
        for table in (Entry, Event, WeeklyLog):
            session.query(table).delete()
        session.commit()
        for number, (step, who, event_id) in enumerate(steps):
            actor = world.persona(session, VILLAGES[who])
            try:
                _take(session, actor, step, event_id, f"s{number}")
            except AppError as error:
                assert error.code in {"no_such_event", "nothing_to_submit", "not_zero"}  # noqa: PT017
            _check_whole(session)


def _take(session, actor, step, event_id, request_id):
    if step == "add":
        departments = [world.AGRI, world.CIVIL, world.FIRE]
        add(session, actor, request_id, department_code=departments[event_id % 3], title=["", "防火"][event_id % 2])
    elif step == "tick":
        weekly_logs.join_event(session, actor, week=W, event_id=event_id, request_id=request_id)
    elif step == "untick":
        weekly_logs.remove_entry(session, actor, week=W, event_id=event_id)
    elif step == "submit":
        weekly_logs.submit(session, actor, week=W)
    else:
        weekly_logs.submit_zero(session, actor, week=W)


def _check_whole(session):
    rows = session.execute(select(Entry.village_code, Entry.event_id)).all()
    assert len(rows) == len(set(rows))
    events = set(session.scalars(select(Event.id)))
    assert events == set(range(1, len(events) + 1))
    assert {event_id for _, event_id in rows} <= events
    filled = {village for village, _ in rows}
    for log in session.scalars(select(WeeklyLog)):
        assert log.state == "draft" or log.zero == (log.village_code not in filled)


def _everything(session):
    session.expire_all()
    return [
        sorted(repr({c.name: getattr(row, c.key) for c in table.__table__.columns}) for row in session.scalars(select(table)))
        for table in (WeeklyLog, Event, Entry, AuditEvent)
    ]


def _broken(*_args, **_facts):
    raise OSError("the disk is full")
