"""One event for the villages that mean the same one: joined, ticked and unticked."""

import pytest
from sqlalchemy import select

from models.rules.entry import Effort
from models.rules.errors import NotFound
from models.tables import Entry, Event
from services.actions import weekly_logs
from tests import world
from tests.services.logging_week import MONDAY, W, add, count


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
