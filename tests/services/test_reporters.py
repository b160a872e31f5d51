"""A point that stops reporting makes no signal in a control chart and no turn in a series, however busy it was."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from models.tables import ObservationPoint, Target
from services import closing
from services.queries import charts
from tests import world
from tests.logged import Received, group, week_of
from tests.world import AGRI, CIVIL, COUNTY, TOWN_A, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B2, WEEK

RATES = {VILLAGE_A1: 9, VILLAGE_A2: 3, VILLAGE_B1: 2, VILLAGE_B2: 2}  # the busiest stops in the last eight closed weeks
FIRST, STOPS, LAST = -24, -10, -1
WHAT = {"county_code": COUNTY, "as_of": world.NOW}


def _county(session, later=1.0):
    """`later`: what is left of every point's rate from the week the busiest one stops on."""
    session.execute(update(ObservationPoint).values(since=(WEEK + FIRST).monday))
    for place, (village, rate) in enumerate(RATES.items()):
        for week in range(FIRST, LAST + 1):
            if village == VILLAGE_A1 and week >= STOPS:
                continue
            times = round(rate * (later if week >= STOPS else 1)) + (village == VILLAGE_B1 and week % 3 == 0)
            number = 10_000 * place - 100 * week
            week_of(
                session, village, WEEK + week, *(Received(number + n, department=CIVIL if n % 2 else AGRI) for n in range(times))
            )
        for n in range(rate):
            group(session, 100 * place + n, village, WEEK - 30)
    session.add(
        Target(
            county_code=COUNTY, area_code=COUNTY, measure="meeting", version=1, reduction=0.2, basis="test", created_by="x",
            baseline_from=(WEEK + FIRST).monday, baseline_until=(WEEK + STOPS - 1).sunday, starts=(WEEK + STOPS).monday,
            ends=(WEEK + STOPS).monday + timedelta(days=300), created_at=world.NOW,
        )
    )  # fmt: skip
    session.commit()
    assert len(list(closing.close_due(world.NOW, session.get_bind()))) > 20
    session.expire_all()


def _control(session, actor, measure, unit, **more):
    params = {"measure": measure, "unit": unit, "first": (WEEK + FIRST).monday, "last": WEEK.monday}
    return charts.control(session, actor, **WHAT, **(params | more))


def test_a_busy_point_that_stops_makes_no_signal_and_no_turn(session, as_):
    _county(session)
    actor = as_("task_force")
    for measure, unit in (("meeting", "village_times"), ("meeting", "hours"), ("group", "holdings")):
        found = _control(session, actor, measure, unit)
        assert (found.said, found.weeks.signal.notna().sum()) == ([], 0), (measure, unit)
        if unit == "village_times":  # limits for hours and stocks need most points
            week, before = found.weeks.iloc[-3], found.weeks.iloc[0]
            assert (before.rate, week.rate) == (17 / 4, 8 / 3)
            assert week.centre / before.centre == pytest.approx(week.rate / before.rate, abs=0.03)
            assert 0 < week.high < before.high
    assert _control(session, actor, "meeting", "village_times", township_code=TOWN_A).said == []
    assert _control(session, actor, "meeting", "village_times", department_code=CIVIL).said == []
    assert _control(session, as_("township_liaison"), "meeting", "village_times").said == []
    turned = charts.turn(session, actor, measure="meeting", unit="village_times", **WHAT).found
    assert turned.why is None
    assert turned.level.ratio == pytest.approx(1, abs=0.01)


def test_a_fall_of_the_others_is_still_one_while_the_busiest_is_silent(session, as_):
    _county(session, later=0.5)
    [run] = _control(session, as_("task_force"), "meeting", "village_times").said
    assert run.way == -1
    assert run.weeks >= 8
    turned = charts.turn(session, as_("task_force"), measure="meeting", unit="village_times", **WHAT).found
    assert turned.level.ratio == pytest.approx(4 / 7, abs=0.05)  # 3, 2 and 2 become 2, 1 and 1
