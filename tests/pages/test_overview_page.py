"""The overview as each role sees it: the answer, and nothing beyond the own scope."""

import pytest
from sqlalchemy import Engine, update

from models.db import open_session
from models.tables import Account, Area, Entry, Event, ObservationPoint, Quota, Target, WeeklyLog
from tests import world
from tests.logged import Received, week_of
from tests.pages.visit import visit, wire, words
from tests.world import AGRI, CANARY_DEPT, CIVIL, FIRE, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B2, VILLAGE_C1, WEEK

ALL = (VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B2)
READERS = ("task_force", "compliance_officer", "prefecture_viewer", "township_liaison")


@pytest.fixture
def story(screens: Engine) -> Engine:
    """Meetings fell from four to one; Agriculture is over its quota; one visit was an inspection; three came on one day."""
    with open_session(screens, write=True) as session:
        number = 1
        for back, meetings in [(n, 4) for n in range(12, 8, -1)] + [(n, 1) for n in range(4, 0, -1)]:
            for village in ALL:
                received = [Received(number + n) for n in range(meetings)]
                if back == 1 and village == VILLAGE_A1:
                    received += [Received(900 + n, "inspection", who) for n, who in enumerate((AGRI, CIVIL, FIRE))]
                week_of(session, village, WEEK - back, *received)
                number += meetings
        week_of(session, VILLAGE_C1, WEEK - 1, Received(1, department=CANARY_DEPT))
        session.get_one(Event, (world.COUNTY, 900)).called_as = "guidance"
        session.get_one(Entry, (world.COUNTY, (WEEK - 1).monday, VILLAGE_A1, 900)).ledger = True
        session.execute(update(WeeklyLog).values(seconds=50))
        made = {"county_code": world.COUNTY, "version": 1, "basis": "县方案", "created_at": world.NOW, "created_by": "x"}
        session.add(
            Target(
                area_code=world.COUNTY, measure="meeting", reduction=0.5, baseline_from=(WEEK - 12).monday,
                baseline_until=(WEEK - 9).sunday, starts=(WEEK - 8).monday, ends=(WEEK + 6).sunday, **made,
            )
        )  # fmt: skip
        session.add(Quota(department_code=AGRI, measure="meeting", year=2026, allowance=9, **made))
        session.commit()
    return screens


@pytest.mark.parametrize("username", READERS)
def test_each_reader_gets_the_answer_and_no_other_county(story, username):
    at = visit("overview", username)
    assert not at.exception
    assert not at.error
    shown = words(at)
    assert "会议<em>确有下降</em>（−75%）" in shown
    assert "本系统自己的成本" in shown
    if username != "prefecture_viewer":
        assert "CANARY" not in wire(at)


@pytest.mark.parametrize("username", ["village_recorder", "department", "system_admin", "security_admin", "auditor"])
def test_other_roles_are_refused(story, username):
    shown = words(visit("overview", username))
    assert "确有下降" not in shown
    assert "怎么算的" not in shown


def test_what_needs_a_decision_comes_from_rows(story):
    shown = words(visit("overview", "task_force"))
    assert "农业农村局会议已用 80/9 场次，超 71" in shown
    assert "农业农村局“事项900”叫指导，做的像检查" in shown
    assert "3 个部门同一天到青石镇的同一个村" in shown


def test_every_number_has_its_denominator_and_says_when_it_may_still_change(story):
    shown = words(visit("overview", "task_force"))
    assert "那一周报了的 4 个点里，1 个收到" in shown
    assert "当地那一周报了的 2 个点里，1 个这样" in shown
    assert "近12周（到今天）的其他线索（据已报的 32/52 个村周）" in shown
    assert "应报 48 份，报了 32 份，计了时的 32 份" in shown
    assert shown.count("其中 2 周还没关账，数是暂定的。") == 5  # three cards, the leads, our own cost
    assert "4/4 个点 · 暂定" in shown


def asked(at, stem: str) -> list[str]:
    """The addresses' questions of the links to a page, one text each."""
    links = [link.proto for link in at.get("page_link")]
    return [link.query_string for link in links if link.page.endswith(stem)]


def test_every_decision_leads_to_its_own_subject(story):
    at = visit("overview", "task_force")
    department = f"department={AGRI}"
    assert f"{department}&measure=meeting&period=2026" in asked(at, "departments")
    assert f"{department}&measure=inspection&period=2026" in asked(at, "departments")
    assert f"township={world.TOWN_A}&measure=inspection" in asked(at, "trends")


def test_a_liaison_sees_no_quotas_and_only_the_own_township(story):
    at = visit("overview", "township_liaison")
    shown = words(at)
    assert "2/2 个点" in shown
    assert "负担从哪来" not in shown
    assert "已用 80/9" not in shown
    assert "大坪乡" not in wire(at)


def test_the_answer_in_english(story):
    with open_session(story, write=True) as session:
        session.execute(update(Account).values(language="en"))
        session.commit()
    shown = words(visit("overview", "task_force"))
    assert "Meetings <em>really fell</em> (−75%)" in shown
    assert "What this tool costs" in shown


def test_silent_points_lead_to_their_township(story):
    with open_session(story, write=True) as session:
        late = WeeklyLog.week >= (WEEK - 9).monday
        session.query(Entry).filter(Entry.village_code == VILLAGE_B1).delete()
        session.query(WeeklyLog).filter(WeeklyLog.village_code == VILLAGE_B1, late).delete()
        session.commit()
    at = visit("overview", "task_force")
    assert "大坪乡 1/2 个点连续 7 周以上缺报" in words(at)
    assert f"township={world.TOWN_B}" in asked(at, "points")


def test_without_points_the_screen_says_what_to_do_first(screens):
    with open_session(screens, write=True) as session:
        session.query(ObservationPoint).delete()
        session.commit()
    at = visit("overview", "task_force")
    assert not at.exception
    assert "这里还没有监测点" in words(at)


def test_before_the_first_report_nothing_is_concluded(screens):
    at = visit("overview", "task_force")
    assert not at.exception
    assert "监测点还没有报过，先不下结论" in words(at)
    assert "确有" not in words(at)


def test_many_points_are_drawn_as_shares(story):
    with open_session(story, write=True) as session:
        for n in range(300, 340):
            code = f"{world.TOWN_A[:9]}{n}"
            session.add(Area(code=code, name=f"村{n}", level="village", parent_code=world.TOWN_A))
            session.flush()
            since = (WEEK - 20).monday
            session.add(
                ObservationPoint(county_code=world.COUNTY, village_code=code, since=since, township_code=world.TOWN_A)
            )  # fmt: skip
        session.commit()
    at = visit("overview", "task_force")
    assert not at.exception
    assert 'name: "parts"' in wire(at)
    assert "数据不足，不下结论" in words(at)  # 4 of 44 points reported in both periods
