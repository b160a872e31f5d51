"""Changing what an event cost and what it is called; two phones never overwrite each other unseen."""

import pytest
from sqlalchemy import select

from models.rules.entry import Effort, Naming
from models.rules.errors import Conflict, InvalidInput, NotAllowedNow
from models.tables import AuditEvent, Entry, Event
from services.actions import weekly_logs
from services.queries import suggestions
from services.queries import weekly_logs as shown
from tests import world
from tests.services.logging_week import MONDAY, W, add


def test_a_change_is_kept_with_its_old_values_in_the_audit(session, as_):
    actor = as_("village_recorder")
    event_id = add(session, actor, kind="inspection").subject_id
    changes = {"minutes": 120, "people": 3, "demands": ["photo"], "naming": Naming("督查", "guidance", True)}
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
     ({"copies": 2}, "copies"), ({"minutes": 7.5}, "minutes"),
     ({"naming": Naming("长" * 81)}, "title"), ({"naming": Naming(called_as="guidance")}, "called_as")],
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
    seen = Naming("防火部署会")
    for naming, field in (
        (Naming("别的会"), "title"), (Naming(""), "title"), (Naming("防火部署会", emergency=True), "emergency")
    ):  # fmt: skip
        with pytest.raises(NotAllowedNow, match="event_shared") as refusal:
            rename(session, as_("village_recorder"), event_id, naming, seen)
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


def rename(session, actor, event_id, naming, seen):
    return weekly_logs.change_entry(
        session, actor, week=W, event_id=event_id, seen=Effort(60), minutes=60, naming=naming, seen_naming=seen
    )


@pytest.mark.parametrize(
    ("first", "second", "code", "theirs"),
    [
        (Naming("防火部署会"), Naming("防汛部署会"), "title_changed", "防火部署会"),
        (Naming(called_as="guidance"), Naming(called_as="research"), "called_as_changed", "guidance"),
    ],
)
def test_the_second_of_two_phones_is_told_what_the_first_has_written(session, as_, first, second, code, theirs):
    actor = as_("village_recorder")
    event_id = add(session, actor, kind="inspection").subject_id
    rename(session, actor, event_id, first, Naming())
    with pytest.raises(Conflict, match=code) as refusal:
        rename(session, actor, event_id, second, Naming())
    assert (refusal.value.field, refusal.value.params) == (code.removesuffix("_changed"), {"theirs": theirs})
    rename(session, actor, event_id, second, first)  # told, and tapped again
    assert shown.week(session, actor, week=W, today=world.TODAY).rows[0].title == second.title


def test_what_another_phone_has_just_added_is_asked_about_and_not_told_twice(session, as_):
    actor = as_("village_recorder")
    seen = add(session, actor, kind="form").version
    version = add(session, actor, "r2").version
    for changes in ({}, {"title": "防火"}):
        with pytest.raises(Conflict, match="added_meanwhile"):
            add(session, actor, "r3", seen=seen, **changes)
    add(session, actor, "r4", seen=seen, day=MONDAY)  # something else
    assert add(session, actor, "r2", seen=seen).version == version + 1  # the same tap again: as the log now is
    add(session, actor, "r5", seen=version + 1)  # seen, and another one all the same
    assert len(session.scalars(select(Entry)).all()) == 4


def test_two_phones_that_change_different_things_do_not_meet(session, as_):
    actor = as_("village_recorder")
    event_id = add(session, actor).subject_id
    rename(session, actor, event_id, Naming("防火部署会"), Naming())
    rename(session, actor, event_id, Naming(emergency=True), Naming())
    row = shown.week(session, actor, week=W, today=world.TODAY).rows[0]
    assert (row.title, row.emergency) == ("防火部署会", True)


def test_a_corrected_length_is_what_the_neighbours_are_offered(session, as_):
    actor = as_("village_recorder")
    event_id = add(session, actor, title="防火", minutes=480).subject_id
    weekly_logs.change_entry(session, actor, week=W, event_id=event_id, seen=Effort(480), minutes=30)
    (offer,) = suggestions.week(session, as_("recorder_a2"), week=W, today=world.TODAY)
    assert offer.minutes == 30
    weekly_logs.join_event(session, as_("recorder_a2"), week=W, event_id=event_id, request_id="r1")
    assert sorted(session.scalars(select(Entry.minutes))) == [30, 30]


def test_a_length_corrected_once_others_have_the_event_is_the_villages_own(session, as_):
    event_id = add(session, as_("village_recorder"), title="防火", minutes=60).subject_id
    weekly_logs.join_event(session, as_("recorder_a2"), week=W, event_id=event_id, request_id="r1")
    weekly_logs.change_entry(session, as_("recorder_a2"), week=W, event_id=event_id, seen=Effort(60), minutes=120)
    assert session.scalars(select(Event.minutes)).one() == 60
    assert sorted(session.scalars(select(Entry.minutes))) == [60, 120]


def test_a_length_that_an_office_gave_stays(session, as_):
    event_id = add(session, as_("village_recorder"), minutes=60).subject_id
    session.get_one(Event, (world.COUNTY, event_id)).source = "township"
    session.commit()
    weekly_logs.change_entry(session, as_("village_recorder"), week=W, event_id=event_id, seen=Effort(60), minutes=120)
    assert session.scalars(select(Event.minutes)).one() == 60


def test_what_another_phone_has_changed_is_not_taken_out_unseen(session, as_):
    actor = as_("village_recorder")
    event_id = add(session, actor).subject_id
    weekly_logs.change_entry(session, actor, week=W, event_id=event_id, seen=Effort(60), minutes=240)
    with pytest.raises(Conflict, match="removed_unseen") as refusal:
        weekly_logs.remove_entry(session, actor, week=W, event_id=event_id, seen=Effort(60))
    assert refusal.value.params == {"theirs": Effort(240)}
    weekly_logs.remove_entry(session, actor, week=W, event_id=event_id, seen=Effort(240))  # told, and tapped again
    assert session.scalars(select(Entry)).all() == []
