"""Where there is no signal: the sheet on the weekly log's page and, for a township, on Points; seen before it is stored."""

import pytest
from sqlalchemy import update

from models.db import open_session
from models.tables import Account, Entry
from services.actions import weekly_logs
from tests import world
from tests.pages.log_screen import TUESDAY, W, rows
from tests.pages.visit import visit, wire, words
from tests.sheets import Filled, template
from ui.i18n import translator

KEY = "sheets_files_0"


def sheet_of(screens, username: str) -> Filled:
    with open_session(screens) as session:
        return Filled(template(session, world.persona(session, username)))


def upload(at, *contents):
    at.file_uploader(key=KEY).set_value([(f"{n}.xlsx", content, "") for n, content in enumerate(contents, 1)]).run()
    assert not at.exception
    return at


def test_the_log_opens_without_it_and_one_button_leads_there_and_back():
    at = visit("weekly_log", "village_recorder")
    assert not at.get("file_uploader")
    at.button(key="sheets_open").click().run()
    assert at.query_params["sheets"] == "1"
    assert "export/weekly_sheets.xlsx?weeks=2026-W47&villages=" in words(at)
    assert at.get("file_uploader")
    at.button(key="sheets_close").click().run()
    assert not at.get("file_uploader")


def test_what_would_change_is_seen_first_and_then_stored_once(screens):
    content = sheet_of(screens, "village_recorder").blank(1, title="防火*部署会", people=2).content
    at = upload(visit("weekly_log", "village_recorder", sheets="1"), content)
    shown = words(at)
    for told in (
        "没有问题，可以存。",
        "新增 1",
        "青山村 第47周",
        "周二 会议 · 农业农村局 · 防火*部署会",
        "多久（分钟）：60；几个人：2",
    ):
        assert told in shown, told
    assert rows(screens) == []
    at.button(key="sheets_apply").click().run()
    assert "已存好 1 张表" in words(at)
    assert [entry.minutes for entry in rows(screens)] == [60]
    again = upload(visit("weekly_log", "village_recorder", sheets="1"), content)
    assert "表里的都已经在系统里" in words(again)
    assert not [button for button in again.button if button.key == "sheets_apply"]


@pytest.mark.parametrize(("language", "told"), [("zh_CN", "H8 格：时长要在 0 到 1440 分钟之间。"), ("en", "Cell H8")])
def test_a_wrong_cell_is_told_with_its_place_and_nothing_can_be_stored(screens, language, told):
    with open_session(screens, write=True) as session:
        session.execute(update(Account).values(language=language))
        session.commit()
    at = visit("weekly_log", "village_recorder", sheets="1")
    upload(at, sheet_of(screens, "village_recorder").blank(3, minutes=5000).content, b"not a workbook")
    assert told in words(at)
    assert translator(language)("problem.file_not_workbook", value="") in words(at)
    assert not [button for button in at.button if button.key == "sheets_apply"]


def test_two_values_are_shown_and_one_is_chosen(screens):
    facts = {"week": W, "kind": "meeting", "department_code": world.AGRI, "day": TUESDAY, "minutes": 60}
    with open_session(screens, write=True) as session:
        weekly_logs.add_event(session, world.persona(session, "village_recorder"), request_id="r1", **facts)
    content = sheet_of(screens, "village_recorder").put("e1", minutes=90).content
    with open_session(screens, write=True) as session:
        session.execute(update(Entry).values(minutes=75))
        session.commit()
    at = upload(visit("weekly_log", "village_recorder", sheets="1"), content)
    assert at.radio[0].options == ["用表里的：多久（分钟）：90", "用系统里的：多久（分钟）：75"]
    at.radio[0].set_value("mine").run()
    at.button(key="sheets_apply").click().run()
    assert [entry.minutes for entry in rows(screens)] == [90]


def test_a_submitted_week_that_would_be_left_empty_says_that_it_is_a_draft_again(screens):
    facts = {"week": W, "kind": "meeting", "department_code": world.AGRI, "day": TUESDAY, "minutes": 60}
    with open_session(screens, write=True) as session:
        actor = world.persona(session, "village_recorder", world.FRIDAY)
        weekly_logs.add_event(session, actor, request_id="r1", **facts)
        weekly_logs.submit(session, actor, week=W)
    content = sheet_of(screens, "village_recorder").put("e1", taken=None).content
    at = upload(visit("weekly_log", "village_recorder", sheets="1"), content)
    assert "退回草稿" in words(at)


def test_a_township_brings_those_of_its_villages_and_others_see_nothing_of_it(screens):
    at = visit("points", "township_liaison")
    at.toggle(key="sheets_open").set_value(True).run()
    assert at.multiselect(key="sheets_villages").options == ["青山村", "柳河村"]
    upload(at, sheet_of(screens, "township_liaison").blank(1).content)
    at.button(key="sheets_apply").click().run()
    assert "已存好 1 张表" in words(at)
    assert len(rows(screens)) == 1
    assert "CANARY" not in wire(at)
    assert not [one for one in visit("points", "task_force").toggle if one.key == "sheets_open"]
