"""Control charts, interrupted series and changes in hours, from rows, on both databases."""

from datetime import timedelta

import pytest

from models.rules.control_chart import Note
from models.rules.control_rules import Meaning, Signal
from models.rules.errors import InvalidInput, NotFound
from models.rules.hours import change_per
from models.rules.series import Why
from models.tables import Target
from services.actions import rebases
from services.figures.weeks_told import Standing
from services.queries import charts, trends
from tests import world
from tests.logged import Received, group, week_of
from tests.world import CIVIL, TOWN_A, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B2, WEEK

ALL = (VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B2)
WHAT = {"county_code": world.COUNTY, "measure": "meeting", "unit": "village_times", "as_of": world.NOW}


def _logged(session, per_week, villages=ALL, **more):
    """`per_week` meetings in each village, the last number in the last complete week; None: nobody reports."""
    for back, times in zip(range(len(per_week), 0, -1), per_week, strict=True):
        for n, village in enumerate(villages):
            if times is not None:
                events = (Received(1 + 10_000 * n + 100 * back + i, **more) for i in range(times))
                week_of(session, village, WEEK - back, *events)


def _target(session, first=-16, weeks=12, starts=-4):
    session.add(
        Target(
            county_code=world.COUNTY, area_code=world.COUNTY, measure="meeting", version=1, reduction=0.5,
            baseline_from=(WEEK + first).monday, baseline_until=(WEEK + first + weeks - 1).sunday,
            starts=(WEEK + starts).monday, ends=(WEEK + starts).monday + timedelta(days=200), basis="test",
            created_at=world.NOW, created_by="x",
        )
    )  # fmt: skip
    session.flush()


def _control(session, actor, back=40, **params):
    known = WHAT | {"first": (WEEK - back).monday, "last": WEEK.monday}
    return charts.control(session, actor, **(known | params))


FELL = [4, 5, 4, 3, 4, 5, 4, 3, 4, 5, 4, 3, 4] + [1] * 8 + [2, 2]  # the last two weeks are not closed yet


def test_a_lasting_fall_is_a_run_and_the_weeks_that_may_still_change_are_in_none(session, as_):
    _logged(session, FELL)
    found = _control(session, as_("task_force"))
    assert found.weeks.week.tolist() == [(WEEK - back).monday for back in range(23, 0, -1)]
    assert found.weeks.standing.tolist() == [Standing.CLOSED] * 21 + [Standing.PROVISIONAL] * 2
    [part] = found.parts
    assert (part.weeks, part.received, part.expected, part.promised, part.note) == (13, 52, 52, False, None)
    assert part.base == ((WEEK - 23).monday, (WEEK - 11).monday)
    assert part.centre == pytest.approx(sum(FELL[:13]) / 13)
    [run] = found.said
    assert (run.signal, run.meaning, run.weeks) == (Signal.SHIFT, Meaning.IMPROVEMENT, 8)
    assert (run.first, run.last) == ((WEEK - 10).monday, (WEEK - 3).monday)
    assert found.weeks.signal.iloc[-2:].isna().all()
    assert found.weeks.high.notna().all()


def test_the_rates_are_those_of_the_trend(session, as_):
    _logged(session, FELL)
    actor = as_("task_force")
    rates = trends.weekly(session, actor, **WHAT, first=(WEEK - 23).monday, last=(WEEK - 1).monday).rate
    assert _control(session, actor).weeks.rate.tolist() == rates.tolist()


def test_limits_are_frozen_on_the_promised_window_however_few_weeks_are_drawn(session, as_):
    _logged(session, FELL)
    _target(session, first=-22, weeks=6, starts=-10)
    found = _control(session, as_("task_force"), back=9)
    assert (found.starts, len(found.weeks), len(found.said)) == ((WEEK - 10).monday, 9, 1)
    assert (found.parts[0].promised, found.parts[0].weeks, found.parts[0].note) == (True, 6, Note.TRIAL)
    assert found.parts[0].base == ((WEEK - 22).monday, (WEEK - 17).monday)


def test_silent_weeks_are_gaps(session, as_):
    _logged(session, [4, 3, None, 4, 5, 4, 4, 4])
    week = _control(session, as_("task_force")).weeks.iloc[2]
    assert (week.standing, week.exposure) == (Standing.SILENT, 0)
    assert week[["rate", "centre", "low", "high"]].isna().all()


def test_sessions_of_a_week_that_few_reported_are_not_taken_for_few_sessions(session, as_):
    _logged(session, [4, 3, 4, 5, 4, 4, 3, 4])
    for village in ALL[:2]:
        week_of(session, village, WEEK - 9, Received(77))
    week = _control(session, as_("task_force"), unit="sessions").weeks.iloc[0]
    assert (week.received, week.standing, week.exposure) == (2, Standing.THIN, 0)
    assert _control(session, as_("task_force")).weeks.iloc[0].standing == Standing.CLOSED


def test_limits_made_anew_have_their_own_base_and_say_why_until_that_is_withdrawn(session, as_):
    _logged(session, FELL)
    actor, reason = as_("task_force"), "撤乡并镇，监测点重新划分"
    told = {"county_code": world.COUNTY, "measure": "meeting", "week": WEEK - 10}
    rebases.add(session, actor, **told, reason=reason)
    found = _control(session, actor)
    assert [(part.reason, part.weeks) for part in found.parts] == [("", 13), (reason, 8)]
    assert found.said == []
    assert _control(session, actor, township_code=TOWN_A).parts[1].reason == reason
    assert len(_control(session, actor, measure="form").parts) == 1
    rebases.withdraw(session, actor, **told, reason="查实后不需要重新起算")
    assert len(_control(session, actor).parts) == 1


def test_a_townships_own_decision_is_no_other_areas(session, as_):
    _logged(session, FELL)
    told = {"county_code": world.COUNTY, "measure": "meeting", "week": WEEK - 10, "reason": "青石镇并村，点位重排"}
    rebases.add(session, as_("task_force"), **told, township_code=TOWN_A)
    assert len(_control(session, as_("task_force")).parts) == 1
    assert len(_control(session, as_("task_force"), township_code=TOWN_A).parts) == 2
    assert len(_control(session, as_("township_liaison")).parts) == 2


@pytest.mark.parametrize("unit", ["village_times", "sessions", "hours"])
@pytest.mark.parametrize("per_week", [[], [3], [0] * 30, [None, 2, None], [0] * 20 + [1], [5] * 30])
def test_thin_data_has_no_limits_or_honest_ones_and_never_breaks(session, as_, per_week, unit):
    _logged(session, per_week, villages=ALL[:1])
    _target(session)
    actor = as_("task_force")
    found = _control(session, actor, unit=unit)
    begun = next((n for n, times in enumerate(per_week) if times is not None), len(per_week))
    assert len(found.weeks) == len(per_week) - begun
    assert all(part.note or part.basis for part in found.parts)
    assert charts.turn(session, actor, **(WHAT | {"unit": unit})).found.why is not None


def test_counts_in_the_thousands_are_no_trouble(session, as_):
    _logged(session, [8] * 20, villages=ALL[:1], kind="form", copies=999)
    found = _control(session, as_("task_force"), measure="form")
    assert found.weeks.high.dropna().gt(8 * 999).all()
    assert found.said == []


def test_groups_and_hours_are_values_on_a_chart_of_their_own(session, as_):
    _logged(session, [1] * 20)
    group(session, 1, VILLAGE_A1, WEEK - 30)
    part = _control(session, as_("task_force"), measure="group", unit="holdings").parts[0]
    assert part.basis == "xmr"
    assert _control(session, as_("task_force"), unit="hours").parts[0].basis == "xmr"


def test_what_cannot_be_asked_is_refused(session, as_):
    with pytest.raises(InvalidInput):
        _control(session, as_("task_force"), unit="holdings")
    with pytest.raises(NotFound):
        _control(session, as_("task_force"), county_code=world.CANARY)


def test_the_turn_is_found_in_closed_weeks_at_the_targets_first_day(session, as_):
    _logged(session, [4, 5, 4, 3] * 5 + [1, 2, 1, 1] * 3)
    assert charts.turn(session, as_("task_force"), **WHAT).found is None
    _target(session, first=-32, weeks=12, starts=-12)
    found = charts.turn(session, as_("task_force"), **WHAT)
    assert found.starts == (WEEK - 12).monday
    assert (found.found.why, found.found.weeks) == (None, 30)
    assert found.found.level.ratio < 0.6
    short = charts.turn(session, as_("task_force"), **(WHAT | {"measure": "inspection"}))
    assert short.found is None


def test_a_policy_of_last_week_cannot_be_judged_yet(session, as_):
    _logged(session, [4] * 20)
    _target(session, starts=-3)
    assert charts.turn(session, as_("task_force"), **WHAT).found.why is Why.FEW_WEEKS_AFTER


WINDOWS = {
    "now_first": (WEEK - 4).monday, "now_last": (WEEK - 1).monday,
    "base_first": (WEEK - 12).monday, "base_last": (WEEK - 5).monday,
}  # fmt: skip
HOURS = {"county_code": world.COUNTY, "measure": "meeting", **WINDOWS}


def test_hours_are_taken_from_the_points_that_reported_in_both_periods(session, as_):
    _logged(session, [2] * 8 + [1] * 4, villages=ALL[:3], minutes=60, travel=30, people=2)
    for back in range(12, 4, -1):
        week_of(session, VILLAGE_B2, WEEK - back, Received(99_000 + back))
    week_of(session, VILLAGE_A1, WEEK - 13, Received(5))
    found = charts.hours_change(session, as_("task_force"), **HOURS)
    assert (found.points, found.now_weeks, found.base_weeks) == (3, 12, 24)
    assert (found.now.quantity, found.now.minutes) == (12, 12 * 180)
    assert (found.base.quantity, found.base.minutes) == (48, 48 * 180)
    parts = change_per(found.now, found.base, found.now_weeks, found.base_weeks)
    assert (parts.quantity, parts.unit, parts.interaction) == (-3, 0, 0)  # hours per point and week: 6 → 3


def test_hours_agree_with_the_matched_comparison_and_leave_emergencies_out(session, as_):
    _logged(session, [2] * 8 + [1] * 4, minutes=50)
    week_of(session, VILLAGE_A1, WEEK - 20, Received(900, emergency=True))
    actor = as_("task_force")
    found = charts.hours_change(session, actor, **HOURS, department_code=world.AGRI)
    same = trends.matched(session, actor, **HOURS, unit="hours", department_code=world.AGRI)
    assert (float(found.now.hours), float(found.base.hours)) == pytest.approx((same.now.total, same.base.total))
    assert (found.now_weeks, found.base_weeks, found.points) == (same.now.exposure, same.base.exposure, same.points)
    assert charts.hours_change(session, actor, **HOURS, department_code=CIVIL).now.quantity == 0


def test_nobody_in_both_periods_is_nothing_at_all(session, as_):
    found = charts.hours_change(session, as_("task_force"), **HOURS)
    assert (found.points, found.now.minutes, found.base.quantity) == (0, 0, 0)
    with pytest.raises(InvalidInput):
        charts.hours_change(session, as_("task_force"), **(HOURS | {"measure": "group"}))
