"""The Departments screen: who is over quota and why, for each role that may see it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from models.db import open_session
from models.tables import Account, Department
from tests import world
from tests.held import ALL, held, log, quota
from tests.pages.visit import visit, words
from tests.world import AGRI, CIVIL, FIRE


@pytest.fixture
def busy(screens: Engine) -> Engine:
    """Emergency management is over in inspections, agriculture near in meetings, civil affairs has used without a quota."""
    with open_session(screens, write=True) as session:
        quota(session, FIRE, "inspection", 2)
        quota(session, AGRI, "meeting", 10)
        quota(session, AGRI, "inspection", 2)
        quota(session, world.CANARY_DEPT, "inspection", 1, county=world.CANARY)
        for n in range(4):
            held(session, n, FIRE, date(2026, 3, 2) + timedelta(days=n), called_as="guidance", ledger=n == 2, title=f"林火{n}")
        for n in range(10, 18):
            held(session, n, AGRI, date(2026, 4, 1) + timedelta(days=n), kind="meeting", title="石门村现场会")
        held(session, 20, AGRI, date(2026, 5, 4), title="青山村抽查")
        held(session, 30, CIVIL, date(2026, 5, 4), ALL[:1], kind="form")
        held(session, 40, world.CANARY_DEPT, date(2026, 5, 4), [world.VILLAGE_C1], county=world.CANARY, title="CANARY")
        session.commit()
    return screens


def english(engine: Engine, username: str) -> None:
    with open_session(engine, write=True) as session:
        session.get_one(Account, username).language = "en"
        session.commit()


@pytest.mark.parametrize("role", ["compliance_officer", "task_force"])
def test_the_headline_says_who_is_over_and_beside_it_stands_why(busy, role):
    shown = words(visit("departments", role))
    assert "1 个部门<strong>已超额</strong>（应急管理局）" in shown
    assert "1 个部门接近额度" in shown
    assert "3月4日“林火2”排第 3，从它起超额" in shown
    assert "没有设额度，但用了的" in shown
    assert "CANARY" not in shown


def test_a_prefecture_sees_the_county_it_chooses(busy):
    at = visit("departments", "prefecture_viewer")
    assert not at.exception
    assert "应急管理局" in words(at)


def test_the_events_of_the_worst_are_shown_with_their_hints(busy):
    shown = words(visit("departments", "compliance_officer"))
    assert "应急管理局：2026年 4 次检查" in shown
    assert "◆ 名为指导，实为检查" in shown
    assert shown.count("▲ 从这一场起超额") == 1


def test_the_address_names_department_measure_and_period(busy):
    at = visit("departments", "compliance_officer", department=AGRI, measure="meeting", period="2026-Q2")
    shown = words(at)
    assert "2026年第2季度会议" in shown
    assert "农业农村局：2026年第2季度 8 场会议" in shown
    assert "8/3<em>超 5</em>" in shown  # a quarter of ten a year
    assert at.selectbox(key="department_choice").value == AGRI


def test_another_department_is_chosen_with_the_keyboard_and_kept_in_the_address(busy):
    at = visit("departments", "compliance_officer")
    at.selectbox(key="department_choice").select(AGRI).run()
    assert "农业农村局：2026年 8 场会议" in words(at)
    assert at.query_params["department"] == AGRI


def test_period_and_measure_are_kept_in_the_address(busy):
    at = visit("departments", "compliance_officer")
    at.segmented_control(key="kind_choice").set_value("quarter").run()
    assert at.query_params["period"] == "2026-Q4"
    at.button(key="period_previous").click().run()
    assert at.query_params["period"] == "2026-Q3"
    at.segmented_control(key="measure_choice").set_value("form").run()
    assert at.query_params["measure"] == "form"
    assert "2026年第3季度报表" in words(at)
    assert at.button(key="period_next").disabled is False


@pytest.mark.parametrize("period", ["2026-Q9", "x", "2030", "1990-01", "2026-W10", "99999"])
def test_a_strange_period_in_the_address_is_this_year(busy, period):
    at = visit("departments", "compliance_officer", period=period, measure="plaque", department="nobody")
    assert not at.exception
    assert "2026年：" in words(at)
    assert at.button(key="period_next").disabled


def test_a_department_sees_itself_and_no_village(busy):
    at = visit("departments", "department", period="2026-Q2", department=FIRE)
    shown = words(at)
    assert "会议接近额度" in shown
    assert "某地现场会" in shown
    for hidden in ("应急管理局", "民政局", "青山", "石门", "柳河", "云岭", "林火", world.VILLAGE_A1):
        assert hidden not in shown
    assert "2026年：" in shown
    assert "截至2026年10月" in shown
    assert "11月18日" not in shown
    assert "数太少，不显示" in shown


def test_a_department_with_too_few_events_reads_why_there_are_none(busy):
    shown = words(visit("departments", "department", measure="inspection"))
    assert "检查的数太少不显示" in shown
    assert "数太少，不显示：看得出是哪个村报的。" in shown


def test_without_quotas_the_screen_says_what_to_do(screens):
    for role in ("compliance_officer", "department"):
        at = visit("departments", role)
        assert not at.exception
        assert "额度" in words(at)


def test_a_period_in_which_nobody_reported_calls_nobody_within(busy):
    with open_session(busy, write=True) as session:
        quota(session, FIRE, "inspection", 2, year=2025)
        session.commit()
    shown = words(visit("departments", "compliance_officer", period="2025"))
    assert "没有监测点报过" in shown
    assert "在额度内" not in shown
    assert "应急管理局" not in shown


@pytest.mark.parametrize("role", ["compliance_officer", "department"])
def test_the_screen_is_english_for_who_reads_english(busy, role):
    english(busy, role)
    shown = words(visit("departments", role))
    assert "quota" in shown
    assert "额度" not in shown
    assert "部门" not in shown


@pytest.mark.parametrize("role", ["compliance_officer", "department"])
def test_a_raised_quota_leaves_its_mark_on_the_drill_down(busy, role):
    with open_session(busy, write=True) as session:
        quota(session, AGRI, "meeting", 12, version=2)
        session.commit()
    shown = words(visit("departments", role, department=AGRI, measure="meeting"))
    assert "2026年11月18日全年额度由 10 改为 12" in shown


def test_the_chance_of_overrun_stands_at_the_department_with_what_it_rests_on(busy):
    with open_session(busy, write=True) as session:
        for n in range(40):
            for village in ALL:
                log(session, village, date(2026, 1, 5) + timedelta(weeks=n))
        session.commit()
    asked = {"department": AGRI, "measure": "meeting"}
    shown = words(visit("departments", "compliance_officer", **asked))
    assert "照现在的速度，到2026年12月底超额的可能约" in shown
    assert "期末超额的可能" in shown
    assert "超额的可能" not in words(
        visit("departments", "compliance_officer", department=AGRI, measure="meeting", period="2026-Q2")
    )


def test_departments_are_compared_only_when_that_is_wanted_and_never_by_one_of_them(busy):
    with open_session(busy, write=True) as session:
        for n in range(46):
            for village in ALL:
                log(session, village, date(2026, 1, 5) + timedelta(weeks=n))
        session.commit()
    at = visit("departments", "compliance_officer", measure="inspection")
    assert "县级政府部门" not in words(at)
    at.toggle(key="peers").set_value(True).run()
    assert not at.exception
    assert "县级政府部门" in words(at)
    assert "和同类单位比一比" not in words(visit("departments", "department"))


def test_while_too_few_report_nobody_is_compared(busy):
    at = visit("departments", "task_force")
    at.toggle(key="peers").set_value(True).run()
    assert "报得太少，单位之间还不能比。" in words(at)


def test_beside_the_bars_stand_the_few_that_will_likely_be_over_and_how_many_more(busy):
    with open_session(busy, write=True) as session:
        for n in range(40):
            for village in ALL:
                log(session, village, date(2026, 1, 5) + timedelta(weeks=n))
        for n in range(9):
            code = f"992121-{n + 50}"
            session.add(Department(code=code, area_code=world.COUNTY, name=f"第{n}局", kind="government"))
            session.flush()
            quota(session, code, "form", 9)
            for times in range(9):
                held(session, 100 + n * 10 + times, code, date(2026, 1, 5) + timedelta(weeks=times), kind="form")
        session.commit()
    shown = words(visit("departments", "compliance_officer", measure="form"))
    assert "照现在的速度，到2026年12月底多半会超额的" in shown
    assert "第7局 · 报表 9/9" in shown
    assert "第8局 · 报表 9/9" not in shown
    assert "另有 1 项" in shown
    assert "多半会超额" not in words(visit("departments", "department"))
