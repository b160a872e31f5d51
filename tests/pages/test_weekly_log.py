"""The weekly log's screen: every tap is a row, nothing typed is lost, and the receipt says what was reported."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.db import open_session
from models.tables import Account, Event, Holding, ObservationPoint
from services.actions import groups, weekly_logs
from tests import world
from tests.logged import group
from tests.pages.log_screen import MONDAY, TUESDAY, WEDNESDAY, W, add, keyed, labels, log, open_details, press, rows, type_in
from tests.pages.visit import visit, wire, words
from ui import clock


@pytest.fixture
def neighbour(screens):
    """A neighbour's meeting, which the recorder's screen offers; its number."""
    with open_session(screens, write=True) as session:
        actor = world.persona(session, "recorder_a2")
        facts = {"week": W, "kind": "meeting", "department_code": world.AGRI, "day": TUESDAY, "minutes": 90}
        return weekly_logs.add_event(session, actor, request_id="n1", title="防火部署会", **facts).subject_id


@pytest.fixture
def friday(monkeypatch):
    """The first day on which the week can be submitted."""
    monkeypatch.setattr(clock, "now", lambda: world.FRIDAY)


def test_an_empty_week_says_what_to_do_and_never_shows_the_canary():
    at = visit("weekly_log", "village_recorder")
    assert not at.exception
    assert "<h1><b>第47周</b> 11月16日" in words(at)
    assert "这周还没有别处录入的事" in words(at)
    assert "CANARY" not in wire(at)


def test_a_tick_is_saved_at_once_and_still_there_after_a_reload(screens, neighbour):
    at = visit("weekly_log", "village_recorder")
    assert "邻村记了" in at.checkbox[0].label
    at.checkbox[0].check().run()
    assert [entry.event_id for entry in rows(screens)] == [neighbour]
    assert "周二会议已存 10:00" in words(at)
    again = visit("weekly_log", "village_recorder")
    assert again.checkbox[0].value is True
    assert "草稿已存 10:00" in words(again)


def test_what_came_last_week_too_is_logged_with_one_tap(screens):
    with open_session(screens, write=True) as session:
        for week in (W - 3, W - 2, W - 1):
            actor = world.persona(session, "village_recorder", week.ends_at() + timedelta(hours=1))
            for n, title in enumerate(("每周例会", "调度会")):
                facts = {"kind": "meeting", "department_code": world.AGRI, "day": week.days[n], "minutes": 90, "title": title}
                weekly_logs.add_event(session, actor, week=week, request_id=f"{week.label}-{n}", **facts)
            weekly_logs.submit(session, actor, week=week)
    at = visit("weekly_log", "village_recorder")
    assert labels(at, "log_repeat") == ["和上周一样的，一下记上：2 件"]
    assert all("上周也有" in box.label for box in at.checkbox)  # which ones is seen before the tap
    press(at, "log_repeat")
    assert [entry.minutes for entry in rows(screens) if entry.week == W.monday] == [90, 90]
    assert "和上周一样的已存 10:00" in words(at)
    assert not labels(at, "log_repeat")


def test_time_spent_on_one_week_is_not_counted_again_in_another(screens, monkeypatch):
    at, spent = visit("weekly_log", "village_recorder"), []
    for seconds, week, day in ((50, W, TUESDAY), (55, W - 1, TUESDAY - timedelta(weeks=1))):
        monkeypatch.setattr(clock, "now", lambda passed=seconds: world.NOW + timedelta(seconds=passed))
        if week != W:
            press(at, f"week_{week.label}")
        add(at, "meeting", world.AGRI, 60, day)
        spent.append(log(screens, week).seconds)
    assert spent == [50, 5]


def test_an_untick_takes_the_entry_out_and_the_row_stays_in_sight(screens):
    at = visit("weekly_log", "village_recorder")
    add(at, "meeting", world.AGRI, 60)
    at.checkbox[0].uncheck().run()
    assert rows(screens) == []
    assert at.checkbox[0].value is False
    at.checkbox[0].check().run()
    assert [entry.minutes for entry in rows(screens)] == [60]


def test_added_by_hand_in_four_choices(screens):
    at = visit("weekly_log", "village_recorder")
    add(at, "inspection", world.CIVIL, 120)
    (entry,) = rows(screens)
    with open_session(screens) as session:
        event = session.get_one(Event, (world.COUNTY, entry.event_id))
    assert (event.kind, event.department_code, event.happened_on, entry.minutes) == ("inspection", world.CIVIL, TUESDAY, 120)
    assert "自己补记" in at.checkbox[0].label


def test_any_department_is_found_by_its_initials(screens):
    at = visit("weekly_log", "village_recorder")
    listed = keyed(at, "selectbox", "more_form_")
    assert "农业农村局 nyncj" in listed.options
    keyed(at, "button_group", "grid_form_").set_value("more")
    listed.set_value(world.FIRE)
    keyed(at, "button", "min_form_30_").click().run()
    with open_session(screens) as session:
        assert session.scalars(select(Event.department_code)).one() == world.FIRE


def test_a_department_that_is_not_in_the_list_is_told_at_its_field_and_nothing_typed_is_lost(screens):
    at = visit("weekly_log", "village_recorder")
    keyed(at, "button_group", "strip_meeting_").set_value(MONDAY.isoformat())
    keyed(at, "button_group", "grid_meeting_").set_value("more")
    type_in(at, "more_meeting_", "不存在*局")
    assert r"列表里没有“不存在\*局”，没有选上" in words(at)
    keyed(at, "selectbox", "more_meeting_").options.append("不存在*局")  # AppTest sends only what is in the list
    press(at, "min_meeting_60_")
    assert not at.error
    assert "先点部门，再点时间" in words(at)
    kept = [keyed(at, kind, start).value for kind, start in (("button_group", "strip_meeting_"), ("selectbox", "more_meeting_"))]
    assert kept == [MONDAY.isoformat(), "不存在*局"]
    assert rows(screens) == []
    type_in(at, "more_meeting_", "局")
    assert "带“局”的部门有好几个" in words(at)
    type_in(at, "more_meeting_", "NYNC")
    assert keyed(at, "selectbox", "more_meeting_").value == world.AGRI
    press(at, "min_meeting_60_")
    assert [entry.minutes for entry in rows(screens)] == [60]


def test_a_group_of_a_department_that_is_not_in_the_list_is_not_joined(screens):
    at = visit("weekly_log", "village_recorder")
    keyed(at, "button_group", "grid_join_").set_value("more")
    type_in(at, "more_join_", "不存在局")
    assert "列表里没有“不存在局”，没有选上" in words(at)
    assert (rows(screens, Holding), len(at.error)) == ([], 0)
    type_in(at, "more_join_", "民政")
    assert [holding.department_code for holding in rows(screens, Holding)] == [world.CIVIL]


def test_a_group_that_neighbours_joined_is_one_tap(screens):
    facts = {"week": W, "department_code": world.AGRI, "day": MONDAY, "name": "防汛工作群", "request_id": "n1"}
    with open_session(screens, write=True) as session:
        groups.join(session, world.persona(session, "recorder_a2"), **facts)
    at = visit("weekly_log", "village_recorder")
    keyed(at, "button_group", "grid_offer_").set_value((world.AGRI, "防汛工作群")).run()
    assert not at.exception
    own = [holding for holding in rows(screens, Holding) if holding.village_code == world.VILLAGE_A1]
    assert [(one.name, one.department_code) for one in own] == [("防汛工作群", world.AGRI)]
    assert not [one for one in at.get("button_group") if one.key and one.key.startswith("grid_offer_")]


def test_a_length_tapped_too_early_says_what_is_missing_and_keeps_the_rest(screens):
    at = visit("weekly_log", "village_recorder")
    keyed(at, "button_group", "strip_meeting_").set_value(MONDAY.isoformat())
    press(at, "min_meeting_60_")
    assert "先点部门，再点时间" in words(at)
    assert keyed(at, "button_group", "strip_meeting_").value == MONDAY.isoformat()
    assert rows(screens) == []


def test_a_refused_add_is_told_in_its_sheet_and_keeps_what_was_chosen(screens, monkeypatch):
    at = visit("weekly_log", "village_recorder")
    with open_session(screens, write=True) as session:
        session.execute(update(ObservationPoint).values(until=W.monday))
        session.commit()
    keyed(at, "button_group", "grid_meeting_").set_value(world.AGRI)
    press(at, "min_meeting_60_")
    assert "这一周本村不是监测点" in words(at)
    assert rows(screens) == []


def test_only_days_that_have_come_are_offered():
    at = visit("weekly_log", "village_recorder")
    assert list(keyed(at, "button_group", "strip_form_").options) == ["一", "二", "三"]


def test_a_bad_number_is_refused_at_its_field_and_what_was_typed_stays(screens):
    at = visit("weekly_log", "village_recorder")
    add(at, "form", world.AGRI, 60)
    open_details(at)
    keyed(at, "button_group", "strip_people_").set_value(-1)
    keyed(at, "number_input", "people_").set_value(500.0)
    keyed(at, "text_input", "title_").set_value("产" * 10_000)
    press(at, "done_")
    assert [error.value for error in at.error] == ["人数要在 1 到 99 之间。"]
    assert keyed(at, "number_input", "people_").value == 500
    assert len(keyed(at, "text_input", "title_").value) == 10_000
    keyed(at, "number_input", "people_").set_value(5.0)
    press(at, "done_")
    assert [error.value for error in at.error] == ["名称太长：有 10000 个字，最多 80 个。"]
    keyed(at, "text_input", "title_").set_value("产业花名册")
    press(at, "done_")
    assert not at.error
    assert (rows(screens)[0].people, "产业花名册" in at.checkbox[0].label) == (5, True)


def test_what_happened_and_what_it_was_called_are_kept_apart(screens):
    at = visit("weekly_log", "village_recorder")
    add(at, "inspection", world.AGRI, 60)
    open_details(at)
    keyed(at, "button_group", "grid_called_").set_value("guidance")
    keyed(at, "button_group", "grid_demands_").set_value(["ledger", "scored"])
    press(at, "done_")
    (entry,) = rows(screens)
    assert (entry.ledger, entry.scored, entry.photo) == (True, True, False)
    assert "指导" in at.checkbox[0].label


def test_markup_in_a_neighbours_title_is_shown_as_text(screens):
    with open_session(screens, write=True) as session:
        facts = {"week": W, "kind": "form", "department_code": world.AGRI, "day": TUESDAY, "minutes": 30}
        title = "**急** :red[x] <b> http://x.cn `y`"
        weekly_logs.add_event(session, world.persona(session, "recorder_a2"), request_id="n1", title=title, **facts)
    label = visit("weekly_log", "village_recorder").checkbox[0].label
    assert r"\*\*急\*\* \:red\[x\] \<b\>" in label
    assert "http://" not in label


def test_submitting_shows_the_receipt_in_village_words(screens, neighbour, friday):
    at = visit("weekly_log", "village_recorder")
    at.checkbox[0].check().run()
    add(at, "form", world.CIVIL, 30)
    press(at, "log_submit")
    shown = words(at)
    assert "已提交" in shown
    assert "<dt>参会</dt><dd>1 次</dd>" in shown
    assert "<dt>填表</dt><dd>1 份</dd>" in shown
    assert "一共 2 小时" in shown
    assert r"12月6日 24\:00 前都能改" in shown
    assert "看不到是哪个村报的" in shown
    assert '<h2 class="day"><b>周二</b> <span>11月17日</span></h2>' in shown
    assert "<i>会议</i> <b>防火部署会</b> <span>1.5小时</span>" in shown
    assert "<b>民政局</b> <span>半小时</span>" in shown
    assert not [one for one in at.expander if "报了什么" in one.label]
    assert log(screens).state == "submitted"


def test_nothing_this_week_asks_once_and_is_submitted_as_zero(screens, friday):
    at = visit("weekly_log", "village_recorder")
    assert "这一周没有会、没有检查、没有表？" in words(at)
    press(at, "log_submit_nothing")
    assert "已提交：这一周没有" in words(at)
    assert (log(screens).state, log(screens).zero) == ("submitted", True)


def test_a_submitted_week_is_changed_without_submitting_again(screens, friday):
    at = visit("weekly_log", "village_recorder")
    press(at, "log_submit_nothing")
    press(at, "reopen")
    add(at, "meeting", world.AGRI, 60)
    assert (log(screens).state, log(screens).zero) == ("submitted", False)
    press(at, "log_back")
    assert "<dd>1 次</dd>" in words(at)


def test_taking_the_last_thing_out_of_a_submitted_week_says_that_it_is_a_draft_again(screens, friday):
    at = visit("weekly_log", "village_recorder")
    add(at, "meeting", world.AGRI, 60)
    press(at, "log_submit")
    press(at, "reopen")
    at.checkbox[0].uncheck().run()
    assert "退回草稿" in words(at)
    assert log(screens).state == "draft"


def test_groups_are_joined_and_left_with_two_taps_each(screens):
    with open_session(screens, write=True) as session:
        group(session, 7, world.VILLAGE_A1, W - 9)
        session.commit()
    at = visit("weekly_log", "village_recorder")
    keyed(at, "button_group", "grid_join_").set_value(world.CIVIL).run()
    keyed(at, "button_group", "grid_leave_").set_value(7).run()
    assert not at.exception
    found = {holding.id: (holding.since, holding.until) for holding in rows(screens, Holding)}
    assert found == {7: ((W - 9).monday, WEDNESDAY), 8: (WEDNESDAY, None)}
    assert "民政局的群" in words(at)
    open_name = keyed(at, "button", "edit_j8")
    open_name.click().run()
    keyed(at, "text_input", "name_").set_value("低保群")
    press(at, "done_")
    assert "低保群" in {holding.name for holding in rows(screens, Holding)}
    for box in ("_l7", "_j8"):
        next(one for one in at.checkbox if one.key.endswith(box)).uncheck().run()
    assert [holding.until for holding in rows(screens, Holding)] == [None]


def test_a_long_receipt_is_behind_a_click_and_shows_markup_as_text(screens, friday):
    with open_session(screens, write=True) as session:
        actor = world.persona(session, "village_recorder")
        for n in range(9):
            facts = {"kind": "form", "department_code": world.AGRI, "day": TUESDAY, "minutes": 30, "title": f"<b>{n}</b>"}
            weekly_logs.add_event(session, actor, week=W, request_id=f"r{n}", **facts)
        group(session, 7, world.VILLAGE_A1, W)
        session.commit()
    at = visit("weekly_log", "village_recorder")
    press(at, "log_submit")
    (folded,) = [one for one in at.expander if one.label == "报了什么：10 条"]
    told = "".join(str(one.value) for one in folded.get("html"))
    assert told.count("<li>") == 10
    assert "&lt;b&gt;8&lt;/b&gt;" in told
    assert "<i>进群</i>" in told


def test_a_closed_week_is_marked_in_the_list_of_weeks_and_can_only_be_read(screens, monkeypatch):
    old = W - 3
    with open_session(screens, write=True) as session:
        actor = world.persona(session, "village_recorder", old.ends_at() - timedelta(days=1))
        facts = {"kind": "meeting", "department_code": world.AGRI, "day": old.monday, "minutes": 60, "title": "旧会"}
        weekly_logs.add_event(session, actor, week=old, request_id="o1", **facts)
        weekly_logs.submit(session, actor, week=old)
    at = visit("weekly_log", "village_recorder")
    assert labels(at, f"week_{old.label}")[0].endswith(":small[已关账，交了]")
    assert labels(at, f"week_{(old - 1).label}")[0].endswith(":small[已关账，没有交]")
    assert labels(at, "late_") == [one for one in labels(at, "late_") if "第45周" in one or "第46周" in one] != []
    press(at, f"week_{old.label}")
    assert "<b>旧会</b> <span>1小时</span>" in words(at)
    assert not at.checkbox
    assert not labels(at, "reopen")
    assert not labels(at, "open_")


def test_a_late_week_is_said_out_loud_and_one_tap_away(screens):
    at = visit("weekly_log", "village_recorder")
    press(at, "late_2026-W46")
    assert "第46周" in words(at)
    add(at, "meeting", world.AGRI, 60, day=(W - 1).days[1])
    assert [entry.week for entry in rows(screens)] == [(W - 1).monday]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("2026-W48", "这一周还没到"),
        ("someday", "“someday”不是一个周"),
        ("2026-W44", "这一周没有交，已在 11月15日 24:00 关账"),
        ("2020-W10", "这一周本村不是监测点"),
    ],
)
def test_an_address_that_cannot_be_written_says_why(asked, sentence):
    at = visit("weekly_log", "village_recorder", week=asked)
    assert not at.exception
    assert sentence in words(at)


def test_a_week_that_closes_under_the_recorders_hands_is_not_written(screens, monkeypatch, neighbour):
    at = visit("weekly_log", "village_recorder")
    monkeypatch.setattr(clock, "now", lambda: W.ends_at() + timedelta(days=14))
    at.checkbox[0].check().run()
    assert not at.exception
    assert rows(screens) == []


def test_in_english_every_word_is_english(screens, neighbour, friday):
    with open_session(screens, write=True) as session:
        session.execute(update(Account).values(language="en"))
        session.commit()
    at = visit("weekly_log", "village_recorder")
    assert "Week 47" in words(at)
    assert "a neighbour has it" in at.checkbox[0].label
    at.checkbox[0].check().run()
    press(at, "log_submit")
    assert "Departments see totals only" in words(at)


@pytest.mark.parametrize("username", ["task_force", "township_liaison", "department", "auditor"])
def test_other_roles_are_told_that_the_page_is_not_theirs(username):
    at = visit("weekly_log", username)
    assert not at.exception
    assert len(at.error) == 1
    assert not at.checkbox


def test_before_friday_the_week_is_logged_but_not_yet_told_as_a_whole(screens):
    at = visit("weekly_log", "village_recorder")
    assert "周五起再点“本周没有”" in words(at)
    assert not labels(at, "log_submit")
    add(at, "meeting", world.AGRI, 60)
    assert keyed(at, "button", "log_early").label == "周五起提交"
    assert keyed(at, "button", "log_early").disabled
    assert not labels(at, "log_submit")
    assert log(screens).state == "draft"


def test_a_fraction_is_asked_about_and_stays_in_its_field(screens):
    at = visit("weekly_log", "village_recorder")
    add(at, "meeting", world.AGRI, 60)
    open_details(at)
    keyed(at, "button_group", "grid_len_").set_value(-1)
    keyed(at, "number_input", "minutes_").set_value(7.5)
    press(at, "done_")
    assert [error.value for error in at.error] == ["请写整数，不写小数：7 或 8。"]
    assert keyed(at, "number_input", "minutes_").value == 7.5
    assert rows(screens)[0].minutes == 60
