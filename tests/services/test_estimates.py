"""From points to all villages: townships as strata, their villages in force, and every reason to say nothing."""

import pytest
from sqlalchemy import delete, update

from models.rules.errors import InvalidInput, NotFound
from models.rules.estimate import Limit
from models.tables import Area, ObservationPoint, Threshold, WeeklyLog
from services.queries import estimates
from tests import world
from tests.logged import Received, week_of
from tests.world import TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B2, VILLAGE_C1

LAST = world.WEEK - 1
ASK = {"county_code": world.COUNTY, "measure": "meeting", "unit": "village_times", "as_of": world.NOW}
LOADS = {VILLAGE_A1: 2, VILLAGE_A2: 4, VILLAGE_B1: 1, VILLAGE_B2: 1}  # meetings a week


def estimate(session, as_, username="task_force", **more):
    return estimates.whole_area(session, as_(username), **(ASK | more))


@pytest.fixture(autouse=True)
def drawn(session):
    """Every point drawn at random; township A has two villages more that are no points, township B one."""
    session.execute(update(ObservationPoint).values(selection="random"))
    for code, town in (("992121100203", TOWN_A), ("992121100204", TOWN_A), ("992121200203", TOWN_B)):
        session.add(Area(code=code, name="村", level="village", parent_code=town))
    number = 0
    for village, meetings in LOADS.items():
        for back in range(4):
            number += 10
            week_of(session, village, LAST - back, *(Received(number + n, minutes=90) for n in range(meetings)))
    session.flush()


def test_each_township_counts_as_many_times_as_it_has_villages(session, as_):
    found = estimate(session, as_)
    assert (found.villages, found.strata, found.points, found.reporting, found.picked) == (7, 2, 4, 4, 0)
    one = found.estimate
    assert one.limit is None
    assert (one.total, one.points_mean) == (pytest.approx(4 * 3 + 3 * 1), pytest.approx(2.0))
    assert one.total_se == pytest.approx((4**2 * (1 - 2 / 4) * 2 / 2) ** 0.5)
    assert one.degrees == 2
    assert (found.now, found.still_open) == (((LAST - 3).monday, LAST.sunday), 2)


def test_hours_are_estimated_and_sessions_are_not(session, as_):
    assert estimate(session, as_, unit="hours").estimate.total == pytest.approx(15 * 1.5)
    for unit in ("sessions", "holdings", "person_times"):
        with pytest.raises(InvalidInput):
            estimate(session, as_, unit=unit)


def test_a_point_speaks_for_the_weeks_it_reported(session, as_):
    session.execute(
        update(WeeklyLog).where(WeeklyLog.village_code == VILLAGE_A2, WeeklyLog.week < LAST.monday).values(state="draft")
    )
    assert estimate(session, as_).estimate.total == pytest.approx(15)


def test_emergency_work_and_other_departments_are_left_out(session, as_):
    week_of(session, VILLAGE_B1, LAST - 4, Received(900))
    session.execute(delete(WeeklyLog).where(WeeklyLog.village_code == VILLAGE_B1, WeeklyLog.week == world.WEEK.monday))
    week_of(session, VILLAGE_B1, world.WEEK, Received(901))
    assert estimate(session, as_).estimate.total == pytest.approx(15), "other weeks"
    assert estimate(session, as_, department_code=world.CIVIL).estimate.total == 0
    session.execute(update(estimates.amounts.Event).values(emergency=True))
    assert estimate(session, as_).estimate.total == 0


def test_a_single_picked_point_makes_it_these_points_only(session, as_):
    session.execute(update(ObservationPoint).where(ObservationPoint.village_code == VILLAGE_B2).values(selection="purposive"))
    found = estimate(session, as_)
    assert (found.estimate.limit, found.picked, found.estimate.total) == (Limit.PURPOSIVE, 1, None)
    assert found.estimate.points_mean == pytest.approx(2.0)


def test_a_picked_point_of_earlier_years_does_not_count(session, as_):
    old = {"county_code": world.COUNTY, "village_code": "992121100203", "township_code": TOWN_A, "selection": "purposive"}
    session.add(ObservationPoint(**old, since=world.SINCE, until=(LAST - 10).monday))
    assert estimate(session, as_).estimate.limit is None


def test_above_the_countys_own_limit_nothing_is_shown(session, as_):
    assert estimate(session, as_).estimate.cv == pytest.approx(8**0.5 / 15)
    session.execute(update(Threshold).where(Threshold.name == "most_cv").values(value=0.18))
    assert estimate(session, as_).estimate.limit is Limit.IMPRECISE


def test_villages_that_are_gone_or_not_there_yet_are_not_counted(session, as_):
    session.execute(update(Area).where(Area.code == "992121100203").values(valid_until=LAST.monday))
    session.execute(update(Area).where(Area.code == "992121100204").values(valid_from=world.WEEK.monday))
    found = estimate(session, as_)
    assert (found.villages, found.estimate.total) == (5, pytest.approx(2 * 3 + 3 * 1))


def test_a_township_without_a_reporting_point_leaves_its_villages_unseen(session, as_):
    session.execute(update(WeeklyLog).where(WeeklyLog.village_code.in_((VILLAGE_B1, VILLAGE_B2))).values(state="draft"))
    found = estimate(session, as_)
    assert (found.estimate.limit, found.reporting, found.points, found.enough) == (Limit.UNSEEN_STRATUM, 2, 4, False)


def test_silent_points_are_not_taken_for_average_ones(session, as_):
    session.execute(update(WeeklyLog).where(WeeklyLog.village_code == VILLAGE_B2).values(state="draft"))
    found = estimate(session, as_)
    assert found.estimate.limit is None
    assert not found.enough, "3 of 4 are fewer than 80 %"


def test_where_nobody_reported_there_is_nothing_to_say(session, as_):
    session.execute(update(WeeklyLog).values(state="draft"))
    found = estimate(session, as_)
    assert (found.estimate.limit, found.estimate.points_mean, found.reporting) == (Limit.NO_POINTS, None, 0)


def test_everybody_sees_their_own_area(session, as_):
    town = estimate(session, as_, "township_liaison")
    assert (town.villages, town.strata, town.points, town.estimate.total) == (4, 1, 2, pytest.approx(12))
    assert estimate(session, as_, "prefecture_viewer").villages == 7
    with pytest.raises(NotFound):
        estimate(session, as_, "canary_task_force")
    week_of(session, VILLAGE_C1, LAST, Received(1))
    assert estimate(session, as_).estimate.total == pytest.approx(15)
