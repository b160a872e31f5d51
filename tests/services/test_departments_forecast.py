"""The chance that a department exceeds its quota by the period's end: only from what enough points have told."""

from datetime import date, timedelta

import pytest

from models.rules.forecast import overrun
from services.queries import departments
from tests import world
from tests.held import ALL, cell, held, log, quota
from tests.world import AGRI, FIRE

YEAR = {"county_code": world.COUNTY, "period": "2026", "today": world.TODAY}
JANUARY = date(2026, 1, 5)
TOLD_WEEKS = 26


@pytest.fixture
def reported(session):
    """26 whole weeks of all four points, from January 5 on; agriculture inspected in eight of them."""
    quota(session, AGRI, "inspection", 10)
    for n in range(TOLD_WEEKS):
        for village in ALL:
            log(session, village, JANUARY + timedelta(weeks=n))
    for n in range(8):
        held(session, n + 1, AGRI, JANUARY + timedelta(weeks=n))


def standing(session, actor, department=AGRI, measure="inspection", **asked):
    return cell(departments.standings(session, actor, **(YEAR | asked)), department, measure)


def test_the_pace_is_that_of_the_weeks_which_enough_points_reported(session, as_, reported):
    row = standing(session, as_("compliance_officer"))
    assert (row.ground, row.pace_used, row.pace_days) == ("pace", 8, TOLD_WEEKS * 7)
    left = (date(2026, 12, 31) - world.TODAY).days
    assert row.chance == pytest.approx(overrun(8, 10, TOLD_WEEKS * 7, TOLD_WEEKS * 7 + left).probability)


def test_what_a_single_point_tells_of_another_week_is_used_and_makes_no_pace(session, as_, reported):
    before = standing(session, as_("compliance_officer"))
    held(session, 90, AGRI, date(2026, 9, 1), ALL[:1])
    row = standing(session, as_("compliance_officer"))
    assert (row.used, row.pace_used, row.pace_days) == (9, 8, before.pace_days)
    assert row.chance > before.chance


def test_emergency_work_makes_no_pace(session, as_, reported):
    before = standing(session, as_("compliance_officer"))
    held(session, 90, AGRI, JANUARY, emergency=True)
    assert standing(session, as_("compliance_officer")).chance == before.chance


def test_early_in_a_period_nothing_is_foreseen(session, as_, reported):
    row = standing(session, as_("compliance_officer"), today=date(2026, 3, 1))
    assert (row.chance, row.ground) == (None, "too_early")


def test_where_nobody_reports_nothing_is_foreseen_however_late(session, as_):
    quota(session, AGRI, "inspection", 10)
    held(session, 1, AGRI, JANUARY, ALL[:1])
    assert standing(session, as_("compliance_officer")).ground == "too_early"


def test_a_period_that_is_over_and_a_quota_that_is_exceeded_have_no_forecast(session, as_, reported):
    assert standing(session, as_("compliance_officer"), period="2026-H1").chance is None
    quota(session, FIRE, "inspection", 0)
    held(session, 80, FIRE, JANUARY)
    row = standing(session, as_("compliance_officer"), FIRE)
    assert (row.chance, row.ground) == (None, "already_over")


def test_a_stock_and_a_use_without_quota_have_no_forecast(session, as_, reported):
    quota(session, AGRI, "group", 3)
    held(session, 80, FIRE, JANUARY)
    assert standing(session, as_("compliance_officer"), measure="group").ground is None
    assert standing(session, as_("compliance_officer"), FIRE).ground is None


def test_a_department_reads_a_chance_that_follows_from_what_it_is_shown(session, as_, reported):
    row = standing(session, as_("department"))
    through = date(2026, 10, 31)
    gone = (through - date(2025, 12, 31)).days
    assert (row.pace_used, row.pace_days) == (row.used, gone)
    assert row.chance == pytest.approx(overrun(row.used, 10, gone, 365).probability)


def test_a_department_reads_no_chance_of_a_count_it_is_not_shown(session, as_, reported):
    quota(session, AGRI, "meeting", 3)
    held(session, 80, AGRI, JANUARY, kind="meeting")
    row = standing(session, as_("department"), measure="meeting")
    assert (row.status, row.chance, row.ground, row.pace_used) == ("hidden", None, None, None)
