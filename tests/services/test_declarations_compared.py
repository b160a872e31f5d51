"""Declared against reported, counted by hand: who is compared, from when to when, and what is left out."""

from datetime import date, timedelta

import pytest

from models.rules.errors import InvalidInput, NotFound, PermissionDenied
from models.rules.matching import Footing
from models.tables import Area, Declaration
from services.queries import declarations
from tests import world
from tests.held import ALL, held, log
from tests.world import AGRI, CIVIL, VILLAGE_A1

ASKED = {"county_code": world.COUNTY, "period": "2026", "as_of": world.NOW}
FIRST = date(2026, 9, 7)  # a Monday; the last week that is closed on 2026-11-18 ends on 1 November


def declared(session, day, title, *, department=AGRI, kind="meeting", county=world.COUNTY, township=None):
    session.add(
        Declaration(
            county_code=county, department_code=department, kind=kind, happened_on=day, title=title, township_code=township,
            declared_at=world.NOW, declared_by="department",
        )
    )  # fmt: skip
    session.flush()


def on_both(session, number, *, department=AGRI, kind="meeting"):
    """The same event declared and reported, one each week from FIRST on."""
    day = FIRST + timedelta(days=7 * (number % 8))
    declared(session, day, f"第{number}号推进会", department=department, kind=kind)
    held(session, number, department, day, kind=kind, title=f"第{number}号推进会")


def found(session, actor, **asked):
    return declarations.compared(session, actor, **(ASKED | asked))


def numbers(answer):
    return answer.counts.declared, answer.counts.reported, answer.counts.both


def test_counts_and_estimate_of_a_case_done_by_hand(session, as_):
    for n in range(9):
        on_both(session, n)
    declared(session, FIRST + timedelta(days=2), "谁也没记的会")
    for n in range(20, 23):
        held(session, n, AGRI, FIRST + timedelta(days=1), kind="meeting", title=f"只有村里记的{'甲乙丙'[n - 20]}事")
    answer = found(session, as_("task_force"))
    assert numbers(answer) == (10, 12, 9)
    assert answer.counts.recapture.at_least == pytest.approx(13 * 11 / 10 - 1)
    assert (answer.declaring, answer.first, answer.through) == (1, FIRST, date(2026, 11, 1))
    assert (answer.reported, answer.expected, answer.enough) == (32, 32, True)
    assert (len(answer.lines), (answer.lines.declared & answer.lines.reported).sum()) == (13, 9)
    assert [(row.department_code, row.counts) for row in answer.departments.itertuples()] == [(AGRI, answer.counts)]
    asked = found(session, as_("compliance_officer"), measure="form")
    assert (asked.declaring, asked.counts.footing) == (0, Footing.NONE_DECLARED)


def test_only_what_both_lists_could_hold_is_compared(session, as_):
    for n in range(7):
        on_both(session, n)
    answer = numbers(found(session, as_("task_force")))
    before = FIRST - timedelta(days=1)
    held(session, 30, AGRI, before, kind="meeting", title="开始申报之前")
    held(session, 31, AGRI, FIRST, kind="form", title="这类不申报")
    held(session, 32, CIVIL, FIRST, kind="meeting", title="这家不申报")
    held(session, 33, AGRI, FIRST, ALL[:1], kind="meeting", title="只有一个村记了")
    held(session, 34, AGRI, date(2026, 11, 3), kind="meeting", title="还没关账的周")
    declared(session, date(2026, 11, 10), "还没关账的周也申报了")
    held(session, 35, AGRI, FIRST + timedelta(days=2), kind="meeting", title="抗洪抢险调度", emergency=True)
    declared(session, FIRST + timedelta(days=2), "抗洪抢险调度")
    held(session, 36, AGRI, FIRST + timedelta(days=3), kind="meeting", title="没有申报的抢险", emergency=True)
    assert numbers(found(session, as_("task_force"))) == (answer[0], answer[1] + 1, answer[2])


def test_a_draft_tells_nothing(session, as_):
    declared(session, FIRST, "秋粮推进会")
    held(session, 1, AGRI, FIRST, [VILLAGE_A1], kind="meeting", title="秋粮推进会", state="draft")
    assert numbers(found(session, as_("task_force"))) == (1, 0, 0)


def test_what_went_to_a_township_without_a_point_is_left_out_and_said(session, as_):
    town = "992121300000"
    session.add(Area(code=town, name="新镇", level="township", parent_code=world.COUNTY))
    session.flush()
    declared(session, FIRST, "秋粮推进会", township=town)
    declared(session, FIRST, "春耕推进会", township=world.TOWN_A)
    answer = found(session, as_("task_force"))
    assert (numbers(answer), answer.unreachable) == ((1, 0, 0), 1)


def test_too_few_reports_carry_no_estimate(session, as_):
    declared(session, FIRST, "秋粮推进会")
    log(session, VILLAGE_A1, FIRST)
    answer = found(session, as_("task_force"))
    assert (answer.reported, answer.expected, answer.enough) == (1, 32, False)


@pytest.mark.parametrize("period", ["2025", "2026-12", "2027", "2026-08"])
def test_a_period_without_a_week_of_both_lists_is_empty(session, as_, period):
    declared(session, FIRST, "秋粮推进会")
    answer = found(session, as_("task_force"), period=period)
    assert (answer.declaring, numbers(answer), answer.through < answer.first) == (1, (0, 0, 0), True)


def test_where_nobody_declares_there_is_nothing_to_match(session, as_):
    held(session, 1, AGRI, FIRST)
    answer = found(session, as_("task_force"))
    assert (answer.declaring, numbers(answer), answer.departments.empty, answer.lines.empty) == (0, (0, 0, 0), True, True)


def test_another_county_takes_no_part(session, as_):
    on_both(session, 1)
    before = found(session, as_("task_force")).lines.to_csv()
    declared(session, FIRST, "CANARY会", department=world.CANARY_DEPT, county=world.CANARY)
    declared(session, FIRST, "CANARY会", department=AGRI, county=world.CANARY)
    assert found(session, as_("task_force")).lines.to_csv() == before
    assert found(session, as_("prefecture_viewer"), county_code=world.CANARY).counts.declared == 2
    with pytest.raises(NotFound):
        found(session, as_("task_force"), county_code=world.CANARY)


@pytest.mark.parametrize("measure", ["group", "gossip"])
def test_what_is_not_declared_cannot_be_asked_for(session, as_, measure):
    with pytest.raises(InvalidInput):
        found(session, as_("task_force"), measure=measure)


@pytest.mark.parametrize("role", ["department", "village_recorder", "township_liaison", "auditor"])
def test_who_judges_no_department_reads_no_comparison(session, as_, role):
    with pytest.raises(PermissionDenied):
        found(session, as_(role))
