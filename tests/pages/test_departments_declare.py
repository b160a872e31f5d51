"""A department declares on its own screen; the county matches that with what villages reported, behind a click."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.db import open_session
from models.tables import Declaration
from services.actions import declarations
from tests import world
from tests.held import ALL, held, log
from tests.pages.test_departments import english
from tests.pages.visit import visit, words
from tests.world import AGRI

FIRST = date(2026, 9, 7)


@pytest.fixture
def matched(screens):
    """Eight on both lists, two declared only, one reported only; every closed week since is told by every point."""
    with open_session(screens, write=True) as session:
        for n in range(10):
            day = FIRST + timedelta(days=7 * (n % 8) + n // 8)
            title = f"第{'一二三四五六七八九十'[n]}期培训"
            params = {"county_code": world.COUNTY, "kind": "meeting", "day": day, "title": title}
            declarations.declare(session, world.persona(session, "department"), **params)
            if n < 8:
                held(session, n, AGRI, day, kind="meeting", title=title if n else "")
        held(session, 20, AGRI, FIRST + timedelta(days=3), kind="meeting", title="村里才记得的会")
        for week in range(8):
            for village in ALL:
                log(session, village, FIRST + timedelta(weeks=week))
        session.commit()
    return screens


def stored(engine):
    with open_session(engine) as session:
        return [(one.kind, one.happened_on, one.title, one.township_code) for one in session.scalars(select(Declaration))]


def test_a_department_declares_reads_and_takes_back(screens):
    at = visit("departments", "department")
    assert "2026年以来还没有申报" in words(at)
    at.segmented_control(key="dk_0").set_value("meeting")
    at.text_input(key="dt_0").input("秋粮收购推进会")
    at.selectbox(key="dw_0").select(world.TOWN_B)
    next(button for button in at.button if button.label == "申报").click().run()
    assert not at.exception
    assert stored(screens) == [("meeting", world.TODAY, "秋粮收购推进会", world.TOWN_B)]
    shown = words(at)
    assert "已申报。" in shown
    assert "2026年以来已申报 1 件" in shown
    assert at.text_input(key="dt_1").value == ""
    at.selectbox(key="dx_1").select(0).run()
    at.button(key="db_1").click().run()
    assert "已撤回。" in words(at)
    assert stored(screens) == []


def test_what_is_missing_or_there_already_is_said_at_its_field_and_what_was_typed_stays(screens):
    at = visit("departments", "department")
    at.text_input(key="dt_0").input("秋粮收购推进会")
    declare = next(button for button in at.button if button.label == "申报")
    declare.click().run()
    assert [error.value for error in at.error] == ["请选会议、检查或报表。"]
    assert at.text_input(key="dt_0").value == "秋粮收购推进会"
    with open_session(screens, write=True) as session:
        params = {"county_code": world.COUNTY, "kind": "meeting", "day": world.TODAY, "title": "秋粮收购推进会"}
        declarations.declare(session, world.persona(session, "department"), **params)
    at.segmented_control(key="dk_0").set_value("meeting")
    next(button for button in at.button if button.label == "申报").click().run()
    assert [error.value for error in at.error] == ["这一天已经申报过同名的一件。"]


def test_the_county_reads_a_lower_bound_behind_a_click_and_the_department_does_not(matched):
    at = visit("departments", "compliance_officer")
    assert "村里报到的最多占" not in words(at)
    at.toggle(key="compared").set_value(True).run()
    assert not at.exception
    shown = words(at)
    assert "这些部门实际至少约 11 件（11–14）" in shown
    assert "1 个部门申报 10 件，村里报了这些部门的 9 件，两边都有 8 件。" in shown
    assert "32/32 个村周" in shown
    assert "村里才记得的会" in shown
    assert "对一对" not in words(visit("departments", "department"))


@pytest.mark.parametrize(
    ("role", "address", "said"),
    [
        ("task_force", {}, "还没有部门申报过，没有第二份名单可以对。"),
        ("prefecture_viewer", {"measure": "form"}, "还没有部门申报过"),
    ],
)
def test_where_nobody_declares_a_sentence_says_so(screens, role, address, said):
    at = visit("departments", role, **address)
    at.toggle(key="compared").set_value(True).run()
    assert said in words(at)
    assert "两边都有" not in words(at)


def test_chat_groups_are_not_matched(screens):
    assert not [toggle for toggle in visit("departments", "task_force", measure="group").toggle if toggle.key == "compared"]


@pytest.mark.parametrize("role", ["compliance_officer", "department"])
def test_it_is_all_english_for_who_reads_english(matched, role):
    english(matched, role)
    at = visit("departments", role)
    for toggle in at.toggle:
        if toggle.key == "compared":
            toggle.set_value(True).run()
    shown = words(at)
    said = "at least about 11 events (11–14)" if role != "department" else "10 events declared since 2026 began"
    assert said in shown
    assert "申报" not in shown
