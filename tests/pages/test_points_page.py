"""The Points screen: the answer, each role's part of it, and changing who is a point."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from models.db import open_session
from models.tables import Account, AuditEvent, ObservationPoint, WeeklyLog
from tests import world
from tests.pages.visit import visit, wire, words

W = world.WEEK


@pytest.fixture(autouse=True)
def reports(screens: Engine):
    """A1 and A2 report always, B1 never, B2 reported nothing but zero."""
    with open_session(screens, write=True) as session:
        for village in (world.VILLAGE_A1, world.VILLAGE_A2, world.VILLAGE_B2, world.VILLAGE_C1):
            for week in (W - 4, W - 3, W - 2, W - 1):
                at = week.ends_at() + timedelta(days=1)
                session.add(
                    WeeklyLog(
                        county_code=world.CANARY if village == world.VILLAGE_C1 else world.COUNTY,
                        village_code=village,
                        week=week.monday,
                        state="submitted",
                        zero=village == world.VILLAGE_B2,
                        saved_at=at,
                        submitted_at=at,
                        submitted_by="x",
                    )
                )
        session.commit()


@pytest.mark.parametrize(
    ("username", "sentence"),
    [
        ("task_force", "近4周应报16个村周："),
        ("compliance_officer", "已报12，缺报2，待报2（其中逾期1）；"),
        ("township_liaison", "近4周应报8个村周："),
        ("prefecture_viewer", "近4周应报16个村周："),
    ],
)
def test_each_role_reads_its_answer_and_never_the_canary(username, sentence):
    at = visit("points", username)
    assert not at.exception
    assert not at.error
    assert sentence in words(at)
    if username != "prefecture_viewer":  # whose prefecture holds both counties
        assert "CANARY" not in wire(at)


def test_the_answer_in_english(screens):
    with open_session(screens, write=True) as session:
        session.execute(update(Account).values(language="en"))
        session.commit()
    shown = words(visit("points", "task_force"))
    assert "Last 4 weeks: 16 village-weeks expected," in shown
    assert "12 reported, 2 missing, 2 awaited (1 overdue);" in shown
    assert "1 of 4 points silent for 74 weeks or more." in shown


def test_a_liaison_sees_the_own_township_only():
    shown = words(visit("points", "township_liaison"))
    assert "青山村" in shown
    assert "石门村" not in shown
    assert "大坪乡" not in shown


def test_townships_stand_in_the_order_of_their_codes():
    shown = words(visit("points", "task_force"))
    assert shown.index("青石镇") < shown.index("大坪乡") < shown.index("合计")


@pytest.mark.parametrize("username", ["village_recorder", "department", "system_admin", "security_admin", "auditor"])
def test_other_roles_are_refused(username):
    at = visit("points", username)
    assert "村周" not in words(at)
    assert "青山村" not in wire(at)


@pytest.mark.parametrize("username", ["township_liaison", "compliance_officer", "prefecture_viewer"])
def test_only_the_task_force_is_offered_changes(username):
    at = visit("points", username)
    assert "调整监测点" not in words(at)
    assert "points_change" not in {group.key for group in at.get("button_group")}


def test_many_points_are_shown_one_township_at_a_time(monkeypatch):
    monkeypatch.setattr("ui.points_list.READABLE", 3)
    at = visit("points", "task_force")
    assert "请先选一个乡镇" in words(at)
    assert "石门村" not in words(at)
    at.selectbox(key="points_township").set_value(world.TOWN_B).run()
    assert "石门村" in words(at)
    assert "青山村" not in words(at)


def test_without_points_the_screen_says_what_to_do(screens):
    with open_session(screens, write=True) as session:
        session.query(ObservationPoint).delete()
        session.commit()
    at = visit("points", "task_force")
    assert "这里还没有监测点" in words(at)
    assert not at.exception


def _open(username: str, part: str):
    at = visit("points", username)
    at.button_group(key="points_change").set_value(part).run()
    assert not at.exception
    return at


def test_ending_a_point_is_saved_audited_and_told(screens):
    at = _open("task_force", "end")
    at.selectbox(key="points_village_0").set_value(world.VILLAGE_B1)
    at.text_input(key="points_reason_0").set_value("合村")
    at.button[-1].click().run()
    assert not at.exception
    assert "以后不再填报" in words(at) or "起不再填报" in words(at)
    with open_session(screens) as session:
        point = session.get_one(ObservationPoint, (world.COUNTY, world.VILLAGE_B1, world.SINCE))
        assert point.until == (W + 1).monday
        assert session.query(AuditEvent).one().reason == "合村"


def test_a_point_that_was_ended_by_mistake_is_offered_again(screens):
    with open_session(screens, write=True) as session:
        session.get_one(ObservationPoint, (world.COUNTY, world.VILLAGE_B1, world.SINCE)).until = (W + 1).monday
        session.commit()
    at = _open("task_force", "add")
    at.selectbox(key="points_village_0").set_value(world.VILLAGE_B1)
    at.button_group(key="points_selection_0").set_value("random")
    at.text_input(key="points_reason_0").set_value("停错了")
    at.button[-1].click().run()
    with open_session(screens) as session:
        assert session.get(ObservationPoint, (world.COUNTY, world.VILLAGE_B1, (W + 1).monday))


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(screens):
    at = _open("task_force", "end")
    at.text_input(key="points_reason_0").set_value("合村")
    at.button[-1].click().run()
    assert "请选一个本县的村。" in [error.value for error in at.error]
    assert at.text_input(key="points_reason_0").value == "合村"


def _send(at, text: str):
    at.file_uploader(key="points_import_file_0").set_value(("points.csv", text.encode(), "text/csv")).run()
    assert not at.exception
    return at


def test_a_file_is_shown_first_and_then_stored_whole(screens):
    until = (W + 1).monday
    at = _send(_open("task_force", "import"), f"村代码,起始日期,截止日期\n{world.VILLAGE_B1},2025-06-02,{until}\n")
    assert "新增 0 行，改动 1 行，不变 0 行" in words(at)
    with open_session(screens) as session:
        assert session.query(ObservationPoint).filter(ObservationPoint.until.is_not(None)).count() == 0
    at.button(key="points_import_apply").click().run()
    assert not at.exception
    assert "已导入 1 行监测点。" in words(at)
    with open_session(screens) as session:
        assert session.query(ObservationPoint).filter(ObservationPoint.until == until).count() == 1


def test_a_wrong_file_shows_every_problem_and_no_button(screens):
    at = _send(_open("task_force", "import"), f"村代码,起始日期\n{world.VILLAGE_C1},2026-11-23\n{world.VILLAGE_B1},2026-11-24\n")
    shown = words(at)
    assert "文件有 2 处问题，整份没有导入。" in shown
    assert "points_import_apply" not in {button.key for button in at.button}
