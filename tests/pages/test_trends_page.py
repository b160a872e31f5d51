"""The Trends screen: the answer, filters in the address, each role's part, and counties in which there is nothing."""

import pytest
from sqlalchemy import Engine, delete, update

from models.db import open_session
from models.tables import Account, ObservationPoint, Target, WeeklyLog
from services import audit
from tests import world
from tests.logged import Received, group, week_of
from tests.pages.visit import visit, wire, words

W = world.WEEK
VILLAGES = (world.VILLAGE_A1, world.VILLAGE_A2, world.VILLAGE_B1, world.VILLAGE_B2)


@pytest.fixture(autouse=True)
def history(screens: Engine):
    """Four meetings a week in each village, one in the last four weeks; a target of one half; two inspections throughout."""
    with open_session(screens, write=True) as session:
        number = 0
        for back in range(1, 17):
            for village in (*VILLAGES, world.VILLAGE_C1):
                number += 20
                department = world.CANARY_DEPT if village == world.VILLAGE_C1 else world.AGRI
                meetings = [Received(number + i, department=department) for i in range(1 if back <= 4 else 4)]
                visits = [Received(number + 10 + i, kind="inspection", department=department) for i in range(2)]
                week_of(session, village, W - back, *meetings, *visits)
        group(session, 1, world.VILLAGE_A1, W - 30)
        session.add(
            Target(
                county_code=world.COUNTY, area_code=world.COUNTY, measure="meeting", version=1, reduction=0.5,
                baseline_from=(W - 16).monday, baseline_until=(W - 5).sunday, starts=(W - 4).monday,
                ends=(W + 20).sunday, basis="test", created_at=world.NOW, created_by="x",
            )
        )  # fmt: skip
        session.commit()


def test_the_headline_is_the_verdict_and_the_facts_are_behind_it():
    at = visit("trends", "task_force")
    text = words(at)
    assert '近 4 周会议<a href="#facts"><em>确有下降</em></a>：' in text
    assert "每点每周 4.0 → 1.0 村次，" in text
    assert "已低于目标路径（" in text
    assert "16 村次 ÷ 16 村周" in text
    assert "4/4" in text
    assert not at.error


def test_what_did_not_change_is_not_claimed_to_have():
    text = words(visit("trends", "task_force", measure="inspection"))
    assert '近 4 周检查<a href="#facts">尚无证据表明变化</a>：' in text
    assert "还没有设目标" in text
    assert "<em>" not in text.split('class="headline"')[1][:300]


def test_the_address_chooses_and_a_change_reaches_it():
    at = visit("trends", "task_force", measure="form", unit="hours", period="78", township=world.TOWN_B, department=world.CIVIL)
    kept = [at.session_state[f"trends_{name}"] for name in ("measure", "unit", "period", "township", "department")]
    assert kept == ["form", "hours", "78", world.TOWN_B, world.CIVIL]
    at.selectbox(key="trends_township").set_value("").run()
    at.selectbox(key="trends_period").set_value("13").run()
    assert at.query_params["period"] == "13"
    assert "township" not in at.query_params
    assert at.query_params["department"] == world.CIVIL


@pytest.mark.parametrize(
    "address",
    [
        {"measure": "gossip", "unit": "x", "period": "9999", "township": world.TOWN_C, "department": world.CANARY_DEPT},
        {"measure": "<script>", "period": "-1", "township": "' OR 1=1"},
        {"unit": "holdings"},
    ],
)
def test_a_forged_address_is_the_default(address):
    at = visit("trends", "task_force", **address)
    assert '近 4 周会议<a href="#facts"><em>确有下降</em></a>：' in words(at)
    assert [at.selectbox(key=f"trends_{name}").value for name in ("period", "township", "department")] == ["26", "", ""]
    assert "CANARY" not in wire(at)


def test_groups_are_told_in_numbers_only():
    at = visit("trends", "task_force", measure="group", unit="hours")
    assert "工作群" in words(at)
    assert "trends_unit" not in at.session_state
    assert not at.error


@pytest.mark.parametrize(("unit", "period"), [("sessions", "13"), ("hours", "52"), ("village_times", "78"), ("hours", "year")])
def test_every_unit_and_period_can_be_shown(unit, period):
    at = visit("trends", "task_force", unit=unit, period=period)
    assert not at.error
    assert "确有下降" in words(at)


def test_a_township_sees_itself_and_cannot_choose_another():
    at = visit("trends", "township_liaison", township=world.TOWN_B)
    text = words(at)
    assert "16 村次" not in text
    assert "8 村次 ÷ 8 村周" in text
    assert "2/2" in text
    assert [box.key for box in at.selectbox] == ["trends_period", "trends_department"]
    assert "大坪乡" not in wire(at)


def test_in_english_every_word_is(screens):
    with open_session(screens, write=True) as session:
        session.execute(update(Account).where(Account.username == "task_force").values(language="en"))
        session.commit()
    text = words(visit("trends", "task_force"))
    assert "<em>really fell</em></a>;" in text
    assert "4.0 → 1.0 village-times per point and week," in text
    assert "确有" not in text


def test_no_points_and_no_reports_are_said_in_a_sentence(screens):
    with open_session(screens, write=True) as session:
        session.execute(delete(Target))
        session.execute(update(WeeklyLog).values(state="draft", zero=False))
        session.commit()
    at = visit("trends", "task_force")
    assert "这段时间还没有一个点报过。" in words(at)
    assert "没报不等于没有" in words(at)
    with open_session(screens, write=True) as session:
        session.execute(delete(ObservationPoint))
        session.commit()
    at = visit("trends", "compliance_officer")
    assert "这里还没有监测点。" in words(at)
    assert not at.error


def test_one_week_of_one_point_is_too_little(screens):
    with open_session(screens, write=True) as session:
        only = (WeeklyLog.village_code == world.VILLAGE_A1) & (WeeklyLog.week == (W - 1).monday)
        session.execute(update(WeeklyLog).where(~only).values(state="draft", zero=False))
        session.commit()
    at = visit("trends", "task_force")
    assert "数据不足，不下结论</a>：" in words(at)
    assert not at.error


def test_a_late_report_shows_at_once(screens):
    assert "16 村次 ÷ 16 村周" in words(visit("trends", "task_force"))
    with open_session(screens, write=True) as session:
        session.execute(update(WeeklyLog).where(WeeklyLog.week == (W - 1).monday).values(state="draft", zero=False))
        audit.record(session, world.persona(session, "task_force", world.NOW), "test.act", "x")
        session.commit()
    assert "12 村次 ÷ 12 村周" in words(visit("trends", "task_force"))


def test_a_village_that_logs_the_running_week_is_seen_and_the_verdict_stays(screens):
    before = words(visit("trends", "task_force"))
    assert "进行中的一周列在最上面" not in before
    with open_session(screens, write=True) as session:
        week_of(session, world.VILLAGE_A1, W, *(Received(900 + i, department=world.AGRI) for i in range(7)))
        audit.record(session, world.persona(session, "task_force", world.NOW), "test.act", "x")
        session.commit()
    after = words(visit("trends", "task_force"))
    row = after.split("<tbody>")[1].split("</tr>")[0]
    assert 'class="open running"' in row
    assert all(f">{cell}</td>" in row for cell in (W.label, "1/4", "7", "7.00", "进行中"))
    assert "进行中的一周列在最上面，报送未完，不计入合计和判断" in after
    assert "16 村次 ÷ 16 村周" in after


def test_the_files_ask_what_the_screen_asks():
    text = words(visit("trends", "task_force", measure="inspection", period="52", township=world.TOWN_A))
    asked = f"county={world.COUNTY}&amp;measure=inspection&amp;unit=village_times&amp;period=52&amp;township={world.TOWN_A}"
    assert f'<a download href="./export/trends.xlsx?{asked}&amp;department=">Excel</a>' in text


def test_the_second_view_says_which_weeks_are_out_of_the_ordinary_and_stands_in_the_address():
    at = visit("trends", "task_force", view="control")
    text = words(at)
    assert at.session_state["trends_view"] == "control"
    assert "哪些周不寻常" in text
    assert "起伏都在平常范围内，看不出真正的变化" in text
    assert "每个乡镇的判断怎么来的" not in text
    assert "./export/control.csv?county=" in text
    assert not at.error
    assert "哪些周不寻常" not in words(visit("trends", "task_force"))
    assert "哪些周不寻常" not in words(visit("trends", "task_force", view="gossip"))


def test_the_task_force_begins_the_range_anew_for_a_reason_and_takes_it_back():
    at = visit("trends", "task_force", view="control", period="13")
    at.button(key="anew_save_0").click().run()
    assert [error.value for error in at.error] == ["重新起算要写明理由，至少 10 个字。"]
    at.text_input(key="anew_reason_0").set_value("撤乡并镇，监测点重新划分").run()
    at.button(key="anew_save_0").click().run()
    assert not at.error
    assert "撤乡并镇，监测点重新划分" in words(at)
    taken = [one for one in at.selectbox(key="anew_week_1").options if "可收回" in one]
    assert len(taken) == 1


@pytest.mark.parametrize("username", ["compliance_officer", "township_liaison"])
def test_others_read_the_second_view_and_change_nothing(username):
    at = visit("trends", username, view="control")
    assert "平常范围怎么来的" in words(at)
    assert 'href="#facts"' in words(at)
    assert 'id="facts"' in words(at)
    assert not [one for one in at.button if str(one.key).startswith("anew")]


@pytest.mark.parametrize("measure", ["form", "group"])
def test_a_measure_without_anything_has_a_sentence_and_no_range(measure):
    at = visit("trends", "task_force", measure=measure, view="control")
    assert not at.exception
    assert not at.error


def test_behind_a_click_the_turn_and_the_hours_are_told():
    at = visit("trends", "task_force", unit="hours")
    assert "目标开始以来，已关账的周还不到" not in words(at)
    at.session_state["turn"] = True
    at.session_state["spent"] = True
    at.run()
    text = words(at)
    assert "目标开始以来，已关账的周还不到 8 周" in text
    assert "每个点每周少花 180 人分钟，主要是次数少了（180）。" in text
    assert not at.error


def test_what_the_points_say_of_all_villages_is_behind_a_line():
    text = words(visit("trends", "task_force"))
    assert "推算到全县" in text
    assert "只说明这 4/4 个点自己，不能推算到全县 4 个村" in text


@pytest.mark.parametrize("asked", [{"unit": "sessions"}, {"measure": "group"}, {"township": world.TOWN_A}])
def test_there_is_no_such_line_for_what_does_not_add_up_over_the_county(asked):
    assert "推算到全县" not in words(visit("trends", "task_force", **asked))


def test_a_township_is_not_told_of_the_county():
    assert "推算到全县" not in words(visit("trends", "township_liaison"))
