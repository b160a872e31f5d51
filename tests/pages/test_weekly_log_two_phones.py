"""One village, two phones: whoever saves second is told what the first has written, and nothing typed is lost."""

import pytest

from models.db import open_session
from models.rules.entry import Effort, Naming
from models.tables import Holding
from services.actions import weekly_logs
from services.queries import weekly_logs as weekly_logs_shown
from tests import world
from tests.pages.log_screen import MONDAY, TUESDAY, W, add, keyed, labels, open_details, press, rows
from tests.pages.visit import visit, words
from ui import clock


@pytest.fixture(autouse=True)
def friday(monkeypatch):
    """A day on which the week can be submitted."""
    monkeypatch.setattr(clock, "now", lambda: world.FRIDAY)


def rename(screens, title: str) -> None:
    """The village's other phone gives the only event another title."""
    with open_session(screens, write=True) as session:
        actor = world.persona(session, "village_recorder")
        seen = weekly_logs_shown.week(session, actor, week=W, today=world.TODAY).rows[0].naming
        weekly_logs.change_entry(
            session, actor, week=W, event_id=1, seen=Effort(60), minutes=60, naming=Naming(title), seen_naming=seen
        )


def test_two_phones_that_differ_are_shown_both_values_and_one_is_chosen(screens):
    at = visit("weekly_log", "village_recorder")
    add(at, "meeting", world.AGRI, 60)
    open_details(at)
    keyed(at, "button_group", "grid_len_").set_value(30)
    with open_session(screens, write=True) as session:
        actor = world.persona(session, "village_recorder")
        weekly_logs.change_entry(session, actor, week=W, event_id=1, seen=Effort(60), minutes=240)
    press(at, "done_")
    assert "两部手机记得不一样" in words(at)
    assert {"半小时", "半天"} <= {label.split("**")[1].split(" · ")[0] for label in labels(at, "take_")}
    assert keyed(at, "button", "log_submit").disabled
    press(at, "take_mine")
    assert [entry.minutes for entry in rows(screens)] == [30]
    assert not keyed(at, "button", "log_submit").disabled


def test_the_second_phone_is_told_the_title_that_the_first_has_given_and_loses_nothing(screens):
    at = visit("weekly_log", "village_recorder")
    add(at, "meeting", world.AGRI, 60)
    open_details(at)
    keyed(at, "text_input", "title_").set_value("防汛会")
    keyed(at, "button_group", "grid_len_").set_value(30)
    rename(screens, "防火*会*")
    press(at, "done_")
    assert [error.value for error in at.error] == [r"刚才在别的手机上改成了“防火\*会\*”。要用这里写的，再点一次“好了”。"]
    assert keyed(at, "text_input", "title_").value == "防汛会"
    assert rows(screens)[0].minutes == 60
    press(at, "done_")
    assert not at.error
    assert "防汛会" in at.checkbox[0].label
    assert rows(screens)[0].minutes == 30


def test_a_title_typed_beside_a_length_that_another_phone_changed_is_kept(screens):
    at = visit("weekly_log", "village_recorder")
    add(at, "meeting", world.AGRI, 60)
    open_details(at)
    keyed(at, "text_input", "title_").set_value("防汛会")
    keyed(at, "button_group", "grid_len_").set_value(30)
    with open_session(screens, write=True) as session:
        actor = world.persona(session, "village_recorder")
        weekly_logs.change_entry(session, actor, week=W, event_id=1, seen=Effort(60), minutes=240)
    press(at, "done_")
    press(at, "take_theirs")
    assert "防汛会" in at.checkbox[0].label
    assert rows(screens)[0].minutes == 240


def test_a_refusal_is_no_leave_to_overwrite_what_another_phone_saved_meanwhile(screens):
    at = visit("weekly_log", "village_recorder")
    add(at, "meeting", world.AGRI, 60)
    open_details(at)
    keyed(at, "button_group", "grid_len_").set_value(-1)
    keyed(at, "number_input", "minutes_").set_value(5000.0)
    with open_session(screens, write=True) as session:
        actor = world.persona(session, "village_recorder")
        weekly_logs.change_entry(session, actor, week=W, event_id=1, seen=Effort(60), minutes=240)
    press(at, "done_")
    assert [error.value for error in at.error] == ["时长要在 0 到 1440 分钟之间。"]
    keyed(at, "number_input", "minutes_").set_value(45.0)
    press(at, "done_")
    assert "两部手机记得不一样" in words(at)
    assert rows(screens)[0].minutes == 240


def test_a_row_that_another_phone_took_out_is_told(screens):
    at = visit("weekly_log", "village_recorder")
    add(at, "meeting", world.AGRI, 60)
    open_details(at)
    with open_session(screens, write=True) as session:
        weekly_logs.remove_entry(session, world.persona(session, "village_recorder"), week=W, event_id=1)
    press(at, "done_")
    assert [error.value for error in at.error] == ["本村没有记这件事，可能在别的手机上取消了。"]


def test_the_other_phones_title_is_taken_with_one_tap(screens):
    at = visit("weekly_log", "village_recorder")
    add(at, "meeting", world.AGRI, 60)
    open_details(at)
    keyed(at, "text_input", "title_").set_value("防汛会")
    rename(screens, "防火会")
    press(at, "done_")
    assert labels(at, "theirs_") == ["用“防火会”"]
    press(at, "theirs_")
    assert keyed(at, "text_input", "title_").value == "防火会"
    press(at, "done_")
    assert not at.error
    assert "防火会" in at.checkbox[0].label


def test_unticking_what_another_phone_has_just_changed_is_asked_about_once(screens):
    at = visit("weekly_log", "village_recorder")
    add(at, "meeting", world.AGRI, 60)
    with open_session(screens, write=True) as session:
        actor = world.persona(session, "village_recorder")
        weekly_logs.change_entry(session, actor, week=W, event_id=1, seen=Effort(60), minutes=240)
    at.checkbox[0].uncheck().run()
    assert [error.value for error in at.error] == ["刚才在别的手机上改成了“半天 · 1人”。还是要取消，再点一次。"]
    assert (at.checkbox[0].value, len(rows(screens))) == (True, 1)
    at.checkbox[0].uncheck().run()
    assert rows(screens) == []


def test_what_the_other_phone_has_just_added_by_hand_is_asked_about_once(screens):
    at = visit("weekly_log", "village_recorder")
    with open_session(screens, write=True) as session:
        facts = {"kind": "meeting", "department_code": world.AGRI, "day": TUESDAY, "minutes": 60}
        weekly_logs.add_event(session, world.persona(session, "village_recorder"), week=W, request_id="other", **facts)
    add(at, "meeting", world.AGRI, 60)
    assert "刚才在别的手机上已经记了同样的一件" in words(at)
    assert len(rows(screens)) == 1
    add(at, "meeting", world.AGRI, 60)  # another one all the same
    assert len(rows(screens)) == 2
    add(at, "meeting", world.AGRI, 60)  # a third of this phone: nobody else has told anything
    assert len(rows(screens)) == 3


def test_a_sheet_that_outlived_its_server_takes_nothing_else_for_what_was_stored_already(screens):
    at = visit("weekly_log", "village_recorder")
    kept = at.session_state["log_token"]  # the browser brings it back when no answer came
    for department in (world.AGRI, world.CIVIL, world.CIVIL):
        at.session_state["log_token"] = kept
        at.run()
        keyed(at, "button_group", "grid_join_").set_value(department).run()
        assert not at.exception
    assert sorted(group.department_code for group in rows(screens, Holding)) == sorted((world.AGRI, world.CIVIL))
    for day in (MONDAY, TUESDAY, TUESDAY):
        at.session_state["log_token"] = kept
        at.run()
        add(at, "meeting", world.AGRI, 60, day)
    assert len(rows(screens)) == 2
