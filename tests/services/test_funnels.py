"""Departments among their peers: who stands out beyond chance, compared with whom, and who may ask."""

from datetime import date, timedelta

import pytest

from models.rules.errors import NotFound, PermissionDenied
from models.tables import Department
from services.queries import funnels
from tests import world
from tests.held import ALL, held, log, number, quota
from tests.world import AGRI, CIVIL, FIRE, TOWN_OFFICE

YEAR = {"county_code": world.COUNTY, "period": "2026", "today": world.TODAY}
JANUARY = date(2026, 1, 5)
OTHER_TOWNS = "992121200-01"


def happened(session, department, times, villages=ALL):
    for n in range(times):
        held(session, number(department, n), department, JANUARY + timedelta(days=n), villages, kind="meeting")


def one(frame, department, measure="meeting"):
    return frame[(frame.department_code == department) & (frame.measure == measure)].iloc[0]


@pytest.fixture
def offices(session):
    """Twelve more county departments of the government, ten meetings each."""
    for n in range(12):
        code = f"992121-{n + 40}"
        session.add(Department(code=code, area_code=world.COUNTY, name=f"第{n}局", kind="government"))
        session.flush()
        happened(session, code, 10)


def test_one_that_holds_far_more_than_its_peers_stands_out_and_the_others_do_not(session, as_, offices):
    happened(session, AGRI, 50)
    found = funnels.peers(session, as_("compliance_officer"), **YEAR)
    assert found[found.standing == "high"].department_code.tolist() == [AGRI]
    row = one(found, AGRI)
    assert (row.peers, row.used) == (13, 50)
    assert row.expected == pytest.approx((50 + 12 * 10) / 13)
    assert row.high < 50
    assert set(found.standing) == {"high", "usual"}


def test_a_quota_without_a_use_is_a_peer_and_a_department_without_both_is_none(session, as_, offices):
    quota(session, CIVIL, "meeting", 10)
    found = funnels.peers(session, as_("task_force"), **YEAR)
    assert one(found, CIVIL).used == 0
    assert FIRE not in set(found.department_code)


def test_emergency_work_makes_nobody_stand_out(session, as_, offices):
    for n in range(50):
        held(session, n + 1, FIRE, JANUARY + timedelta(days=n), kind="meeting", emergency=True)
    found = funnels.peers(session, as_("compliance_officer"), **YEAR)
    assert "high" not in set(found.standing)


def test_a_township_office_is_compared_with_offices_by_what_its_township_reported(session, as_):
    for n in range(2):
        code = f"992121200-{n + 1:02}"
        session.add(Department(code=code, area_code=world.TOWN_B, name=f"办{n}", kind="township"))
    session.flush()
    for week in range(10):
        for village in ALL if week < 5 else ALL[:2]:  # the second township reports half as often
            log(session, village, JANUARY + timedelta(weeks=week))
    happened(session, TOWN_OFFICE, 30, ALL[:2])
    for office in (OTHER_TOWNS, "992121200-02"):
        quota(session, office, "meeting", 20)
    found = funnels.peers(session, as_("compliance_officer"), **YEAR)
    # 20 village-weeks in the one township and 10 in the other, whose two offices both face them
    assert one(found, TOWN_OFFICE).expected == pytest.approx(30 * 20 / 40)
    assert one(found, OTHER_TOWNS).expected == pytest.approx(30 * 10 / 40)
    assert one(found, TOWN_OFFICE).level == "township"


@pytest.mark.parametrize("departments", [[AGRI], [AGRI, CIVIL]])
def test_one_or_two_departments_are_not_compared(session, as_, departments):
    for n, department in enumerate(departments):
        happened(session, department, 10 + 40 * n)
    found = funnels.peers(session, as_("compliance_officer"), **YEAR)
    assert set(found.standing) == {"few"}


def test_all_zeros_and_an_empty_period_say_nothing(session, as_):
    for department in (AGRI, CIVIL, FIRE):
        quota(session, department, "meeting", 10)
    assert set(funnels.peers(session, as_("compliance_officer"), **YEAR).standing) == {"few"}
    assert funnels.peers(session, as_("compliance_officer"), **(YEAR | {"period": "2027"})).empty


def test_they_stand_by_code_and_not_by_rank(session, as_, offices):
    happened(session, AGRI, 50)
    found = funnels.peers(session, as_("compliance_officer"), **YEAR)
    assert found.department_code.tolist() == sorted(found.department_code)


def test_a_department_may_not_compare_and_nobody_may_another_county(session, as_):
    with pytest.raises(PermissionDenied):
        funnels.peers(session, as_("department"), **YEAR)
    with pytest.raises(NotFound):
        funnels.peers(session, as_("compliance_officer"), **(YEAR | {"county_code": world.CANARY}))
