"""How many village-weeks stand behind the standings of departments, counted by hand."""

from datetime import date

import pytest

from models.rules.week import Week
from services import closing
from services.access import operator
from services.actions import corrections
from services.queries import departments
from tests import world
from tests.held import ALL, log, quota
from tests.world import AGRI, VILLAGE_A1, VILLAGE_B2

YEAR = {"county_code": world.COUNTY, "period": "2026", "today": world.TODAY}


def test_a_few_eager_reports_of_an_open_week_are_not_enough(session, as_):
    for village in ALL:
        log(session, village, date(2026, 11, 16))
    params = YEAR | {"period": "2026-11", "as_of": world.NOW, "today": world.TODAY}
    assert departments.completeness(session, as_("compliance_officer"), **params).enough is False


def test_completeness_counts_village_weeks_so_far(session, as_):
    quota(session, AGRI, "inspection", 24)
    for village in ALL[:3]:
        log(session, village, date(2026, 11, 2))  # its week closes on the 22nd: still open
    log(session, VILLAGE_B2, date(2026, 11, 2), state="draft")
    log(session, VILLAGE_A1, date(2026, 10, 26))  # closed: the other three are missing
    params = YEAR | {"period": "2026-11", "as_of": world.NOW}
    found = departments.completeness(session, as_("compliance_officer"), **params)
    # weeks from October 26 (holds November 1) to November 16: four weeks of four points
    assert (found.expected, found.reported, found.missing, found.not_due, found.open) == (16, 4, 3, 9, 12)


def test_a_week_that_is_open_again_is_provisional_but_no_department_is_told(session, as_):
    for village in ALL:
        log(session, village, date(2026, 9, 7))
    params = YEAR | {"period": "2026-09", "as_of": world.NOW}
    officer = as_("compliance_officer")
    assert departments.completeness(session, officer, **params).open == 0
    week = Week.of(date(2026, 9, 7))
    assert closing.close(session, operator(world.COUNTY, world.NOW), week)
    corrections.reopen(
        session,
        as_("task_force"),
        county_code=world.COUNTY,
        week=week,
        village_code=VILLAGE_A1,
        reason="漏记一次会议，村里来电说明并补报",
    )
    assert departments.completeness(session, officer, **params).open == 4
    assert departments.completeness(session, as_("department"), **(YEAR | {"as_of": world.NOW})).open == 0


@pytest.mark.parametrize(("villages", "enough"), [(4, True), (3, False), (0, False)])
def test_enough_is_measured_by_what_is_due(session, as_, villages, enough):
    for village in ALL[:villages]:
        log(session, village, date(2026, 10, 5))
        log(session, village, date(2026, 10, 12))
    params = YEAR | {"period": "2026-10", "as_of": world.NOW, "today": date(2026, 10, 18)}
    found = departments.completeness(session, as_("compliance_officer"), **params)
    assert (found.expected, found.reported, found.missing) == (12, 2 * villages, 12 - 2 * villages)
    # the week of September 28 is missing altogether: 8 of 12 is less than 80 %
    assert found.enough is False
    for village in ALL[:villages]:
        log(session, village, date(2026, 9, 28))
    assert departments.completeness(session, as_("compliance_officer"), **params).enough is enough


def test_completeness_of_a_period_that_has_not_begun_is_zero(session, as_):
    found = departments.completeness(session, as_("compliance_officer"), **(YEAR | {"period": "2027", "as_of": world.NOW}))
    assert (found.expected, found.reported) == (0, 0)
