"""A village that stops reporting never produces a fall: what is counted and judged, on rows.

What is guaranteed: if every point's own weekly rate is the same in both periods, then whichever reports of the present weeks are
missing, the ratio is 1 and the verdict is no change, or too little data. What nobody can see is a week that was busy for all
and is missing at all; of too many missing points the coverage says so.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from models.rules.measure import Measure, Unit
from models.rules.verdict import Rule, VerdictCode, judge
from models.tables import WeeklyLog
from services.figures import comparing
from services.figures.amounts import Asked
from services.figures.comparing import Windows
from services.queries import trends
from tests import world
from tests.logged import Received, group, week_of
from tests.world import VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B2, WEEK

RATES = {VILLAGE_A1: 9, VILLAGE_A2: 4, VILLAGE_B1: 1, VILLAGE_B2: 0}
NOW, BASE = range(-4, 0), range(-10, -4)
WINDOWS = Windows.between((WEEK - 4).monday, (WEEK - 1).monday, (WEEK - 10).monday, (WEEK - 5).monday)
slots = [(village, week) for village in RATES for week in NOW]


@pytest.fixture
def steady(session):
    """Every point has its own number of meetings, forms of three copies and chat groups, the same every week."""
    for place, (village, rate) in enumerate(RATES.items()):
        for week in (*BASE, *NOW):
            number = 10_000 * place - 100 * week
            meetings = [Received(number + n) for n in range(rate)]
            week_of(session, village, WEEK + week, *meetings, *([Received(number + 50, kind="form", copies=3)] if rate else []))
        for n in range(rate):
            group(session, 100 * place + n, village, WEEK - 20)


def _found(session, actor, measure, unit, *, each_township=False):
    asked = Asked(world.COUNTY, measure, unit, each_township=each_township)
    return comparing.matched(session, actor, asked, WINDOWS)


@pytest.mark.parametrize(
    ("measure", "unit"),
    [(Measure.MEETING, Unit.VILLAGE_TIMES), (Measure.MEETING, Unit.HOURS), (Measure.FORM, Unit.VILLAGE_TIMES),
     (Measure.GROUP, Unit.HOLDINGS)],
)  # fmt: skip
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(silent=st.sets(st.sampled_from(slots)))
def test_whoever_stops_reporting_and_when_nothing_falls(session, as_, steady, measure, unit, silent):
    with session.begin_nested() as tried:
        for village, week in silent:
            of = (WeeklyLog.village_code == village, WeeklyLog.week == (WEEK + week).monday)
            session.execute(update(WeeklyLog).where(*of).values(state="draft", zero=False))
        for each_township in (False, True):
            for found in _found(session, as_("task_force"), measure, unit, each_township=each_township).values():
                rule = {"coverage": 1.0, "least_coverage": 0.0, "significance": 0.3, "mix": found.mix}
                for scatter in (None, found.dispersion):
                    verdict = judge(found.now, found.base, dispersion=scatter, **rule)
                    assert verdict.code in (VerdictCode.NONE, VerdictCode.FEW)
                    assert verdict.ratio is None or verdict.ratio == pytest.approx(1)
        tried.rollback()


def test_the_numbers_are_those_of_the_points_that_reported_in_both(session, as_, steady):
    busy = (WeeklyLog.village_code == VILLAGE_A1, WeeklyLog.week > (WEEK - 4).monday)
    session.execute(update(WeeklyLog).where(*busy).values(state="draft"))
    found = _found(session, as_("task_force"), Measure.MEETING, Unit.VILLAGE_TIMES)[()]
    assert (found.now.total, found.now.exposure, found.base.total, found.base.exposure) == (9 + 4 * 5, 13, 84, 24)
    assert found.base.rate * found.mix == pytest.approx(found.now.rate)
    assert (found.points, found.expected) == (4, 4)


def test_a_meeting_of_all_villages_is_not_as_many_events_as_villages(session, as_):
    """Eight meetings of the whole county in the base and one now: 4 entries each, and nine decisions of one office."""
    for week in (*BASE, *NOW):
        told = [Received(100 - week)] if week in (-9, -8, -7, -5, -4) else []
        for village in RATES:
            week_of(session, village, WEEK + week, *told)
    found = _found(session, as_("task_force"), Measure.MEETING, Unit.VILLAGE_TIMES)[()]
    assert (found.dispersion.weeks, found.dispersion.degrees) == (10, 8)
    assert found.dispersion.pearson > 1
    days = {"now_first": (WEEK - 4).monday, "now_last": (WEEK - 1).monday}
    days |= {"base_first": (WEEK - 10).monday, "base_last": (WEEK - 5).monday}
    asked = {"county_code": world.COUNTY, "measure": "meeting", "unit": "village_times", "as_of": world.NOW}
    verdict = trends.compared(session, as_("task_force"), **asked, **days).verdict
    assert (verdict.rule, verdict.dispersion) == (Rule.QUASI, found.dispersion)
    assert verdict.independent < 20


def test_a_stock_has_no_scatter_and_weighs_as_often_as_it_was_seen(session, as_, steady):
    found = _found(session, as_("task_force"), Measure.GROUP, Unit.HOLDINGS)[()]
    assert (found.dispersion, found.now.weight, found.base.weight) == (None, 4, 6)


def test_sessions_scatter_by_week_and_have_no_points_of_their_own(session, as_, steady):
    found = _found(session, as_("task_force"), Measure.MEETING, Unit.SESSIONS)[()]
    assert (found.now.exposure, found.base.exposure, found.mix) == (4, 6, 1)
    assert (found.now.total, found.base.total, found.now.weight) == (14 * 4, 14 * 6, 1)
    assert found.dispersion.pearson == 0
