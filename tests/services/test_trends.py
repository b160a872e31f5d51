"""Weekly figures, targets and verdicts, on both databases."""

import math
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from models.rules.errors import InvalidInput, NotFound
from models.rules.pairing import Pairs
from models.rules.verdict import Reason, VerdictCode
from models.rules.week import Week
from models.tables import ObservationPoint, Target
from services.queries import trends
from tests import world
from tests.logged import Received, group, week_of
from tests.world import CIVIL, TOWN_A, TOWN_B, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B2, VILLAGE_C1, WEEK

OLD = WEEK - 5
ALL = (VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B2)
NOW = {"now_first": (WEEK - 4).monday, "now_last": (WEEK - 1).monday}
BASE = {"base_first": (WEEK - 16).monday, "base_last": (WEEK - 5).monday}


def _weekly(session, actor, measure="meeting", unit="village_times", **params):
    known = {"county_code": world.COUNTY, "first": OLD.monday, "last": OLD.monday, "as_of": world.NOW}
    return trends.weekly(session, actor, measure=measure, unit=unit, **(known | params))


def _compared(session, actor, **params):
    known = {"county_code": world.COUNTY, "measure": "meeting", "unit": "village_times", "as_of": world.NOW, **NOW, **BASE}
    return trends.compared(session, actor, **(known | params))


def _one(frame):
    assert len(frame) == 1
    return frame.iloc[0]


@pytest.mark.parametrize(("unit", "total", "rate"), [("village_times", 3, 1), ("sessions", 2, 2), ("hours", 5.5, 5.5 / 3)])
def test_one_meeting_in_two_villages_is_two_village_times_one_session_and_its_hours(session, as_, unit, total, rate):
    week_of(session, VILLAGE_A1, OLD, Received(1, minutes=60, travel=30, people=2), Received(2))
    week_of(session, VILLAGE_B1, OLD, Received(1, minutes=60, travel=30))
    week_of(session, VILLAGE_B2, OLD)
    row = _one(_weekly(session, as_("task_force"), unit=unit))
    assert (row.received, row.total) == (3, total)
    assert row.rate == pytest.approx(rate)


def test_forms_count_their_copies(session, as_):
    week_of(session, VILLAGE_A1, OLD, Received(1, kind="form", copies=12))
    assert _one(_weekly(session, as_("task_force"), measure="form")).total == 12
    assert _one(_weekly(session, as_("task_force"), measure="form", unit="sessions")).total == 1
    assert _one(_weekly(session, as_("task_force"))).total == 0


def test_a_week_without_reports_has_no_figure(session, as_):
    row = _one(_weekly(session, as_("task_force")))
    assert row.missing == 4
    assert all(math.isnan(row[name]) for name in ("total", "emergency", "rate"))


def test_a_week_of_zero_reports_is_zero(session, as_):
    week_of(session, VILLAGE_A1, OLD)
    row = _one(_weekly(session, as_("task_force")))
    assert (row.zero, row.total, row.rate) == (1, 0, 0)


def test_drafts_and_villages_that_are_no_points_then_are_ignored(session, as_):
    week_of(session, VILLAGE_A1, OLD, Received(1))
    week_of(session, VILLAGE_A2, OLD, Received(1), submitted=False)
    week_of(session, VILLAGE_B1, OLD, Received(1))
    session.query(ObservationPoint).filter_by(village_code=VILLAGE_B1).update({"since": (OLD + 1).monday})
    row = _one(_weekly(session, as_("task_force")))
    assert (row.expected, row.received, row.total) == (3, 1, 1)


def test_emergency_work_stands_apart(session, as_):
    week_of(session, VILLAGE_A1, OLD, Received(1), Received(2, emergency=True), Received(3, emergency=True))
    row = _one(_weekly(session, as_("task_force")))
    assert (row.total, row.emergency) == (1, 2)


def test_a_department_changes_the_numerator_only(session, as_):
    week_of(session, VILLAGE_A1, OLD, Received(1), Received(2, department=CIVIL))
    week_of(session, VILLAGE_B1, OLD, Received(2, department=CIVIL))
    row = _one(_weekly(session, as_("task_force"), department_code=world.AGRI))
    assert (row.received, row.total, row.rate) == (2, 1, 0.5)


def test_groups_are_what_was_open_on_the_sunday_in_villages_that_reported(session, as_):
    week_of(session, VILLAGE_A1, OLD)
    week_of(session, VILLAGE_A1, OLD + 1)
    group(session, 1, VILLAGE_A1, OLD - 9)
    group(session, 2, VILLAGE_A1, OLD - 9, OLD + 1)
    group(session, 3, VILLAGE_B1, OLD - 9)
    frame = _weekly(session, as_("task_force"), "group", "holdings", last=(OLD + 1).monday)
    assert frame.total.tolist() == [2, 1]
    assert frame.rate.tolist() == [2, 1]


def test_complete_is_not_closed(session, as_):
    frame = _weekly(session, as_("task_force"), first=(WEEK - 3).monday, last=WEEK.monday)
    assert frame.complete.tolist() == [True, True, True, False]
    assert frame.closed.tolist() == [True, False, False, False]
    assert frame.label.tolist() == ["2026-W44", "2026-W45", "2026-W46", "2026-W47"]


@pytest.mark.parametrize(("measure", "unit"), [("gossip", "village_times"), ("meeting", "holdings"), ("group", "hours")])
def test_what_cannot_be_counted_so_is_refused(session, as_, measure, unit):
    with pytest.raises(InvalidInput):
        _weekly(session, as_("task_force"), measure, unit)


def test_other_counties_and_townships_stay_out(session, as_):
    for village in (VILLAGE_A1, VILLAGE_B1):
        week_of(session, village, OLD, Received(1))
    week_of(session, VILLAGE_C1, OLD, Received(1, department=world.CANARY_DEPT))
    assert _one(_weekly(session, as_("task_force"))).total == 2
    assert _one(_weekly(session, as_("township_liaison"))).total == 1
    assert _one(_weekly(session, as_("township_liaison"), township_code=TOWN_B)).received == 0
    assert _one(_weekly(session, as_("prefecture_viewer"), county_code=world.CANARY)).total == 1
    with pytest.raises(NotFound):
        _weekly(session, as_("task_force"), county_code=world.CANARY)


def test_townships_have_their_own_rows_and_add_up(session, as_):
    for village in ALL:
        week_of(session, village, OLD, Received(1))
    known = {"county_code": world.COUNTY, "measure": "meeting", "first": OLD.monday, "last": OLD.monday, "as_of": world.NOW}
    frame = trends.by_township(session, as_("task_force"), unit="village_times", **known)
    assert frame.township_code.tolist() == [TOWN_A, TOWN_B]
    assert frame.total.tolist() == [2, 2]
    sessions = trends.by_township(session, as_("task_force"), unit="sessions", **known)
    assert sessions.total.tolist() == [1, 1]


def _history(session, villages, per_base=4, per_now=1):
    number = 0
    for week in range(-16, 0):
        for village in villages:
            number += 10
            times = per_base if week < -4 else per_now
            week_of(session, village, WEEK + week, *(Received(number + i) for i in range(times)))


def test_only_points_that_reported_in_both_periods_are_compared(session, as_):
    _history(session, (VILLAGE_A1, VILLAGE_A2, VILLAGE_B1))
    for week in range(-16, -4):
        week_of(session, VILLAGE_B2, WEEK + week, *(Received(9000 + 100 * week + i) for i in range(9)))
    found = _compared(session, as_("task_force"))
    assert (found.points, found.expected) == (3, 4)
    assert (found.verdict.now.total, found.verdict.now.exposure) == (12, 12)
    assert (found.verdict.base.total, found.verdict.base.exposure) == (144, 36)
    assert (found.verdict.code, found.verdict.reason) == (VerdictCode.FEW, Reason.COVERAGE)


def test_a_fall_at_full_coverage_is_a_fall_and_the_departments_are_told_apart(session, as_):
    _history(session, ALL)
    assert _compared(session, as_("task_force")).verdict.code is VerdictCode.FALL
    other = _compared(session, as_("task_force"), department_code=CIVIL)
    assert (other.verdict.code, other.verdict.reason) == (VerdictCode.NONE, Reason.BOTH_ZERO)


def test_sessions_are_compared_per_week(session, as_):
    for week in range(-16, 0):
        for village in ALL:
            week_of(session, village, WEEK + week, Received(100 + week))
    found = _compared(session, as_("task_force"), unit="sessions").verdict
    assert (found.now.total, found.now.exposure, found.base.total, found.base.exposure) == (4, 4, 12, 12)


def test_sessions_are_not_compared_where_few_village_weeks_were_reported(session, as_):
    """Four meetings a week, each at one village: seen by one village a week in the present, that looks like a fall."""
    for week in range(-16, 0):
        for n, village in enumerate(ALL):
            if week < -4 or n == week % 4:
                week_of(session, village, WEEK + week, *(Received(1000 + 100 * week + 10 * n + i) for i in range(9)))
    found = _compared(session, as_("task_force"), unit="sessions")
    assert (found.points, found.expected) == (4, 4)
    assert (found.verdict.code, found.verdict.reason) == (VerdictCode.FEW, Reason.SPARSE)
    assert _compared(session, as_("task_force")).verdict.code is VerdictCode.NONE  # per village-week it is the same as ever


@pytest.mark.parametrize(("base_last", "reason"), [((WEEK - 4).monday, Reason.OVERLAP), ((WEEK - 5).sunday, Reason.TESTED)])
def test_weeks_are_not_compared_with_a_baseline_that_holds_them(session, as_, base_last, reason):
    _history(session, ALL)
    assert _compared(session, as_("task_force"), base_last=base_last).verdict.reason is reason


def test_the_picture_says_so_when_the_targets_baseline_is_not_over(session, as_):
    _history(session, ALL)
    _target(session, world.COUNTY)
    session.scalars(select(Target)).one().baseline_until = (WEEK - 2).sunday
    session.flush()
    known = {"county_code": world.COUNTY, "measure": "meeting", "unit": "village_times", "as_of": world.NOW}
    found = trends.picture(session, as_("task_force"), **known, first=(WEEK - 16).monday, last=WEEK.monday)
    assert found.comparison.verdict.reason is Reason.OVERLAP
    assert {one.verdict.reason for one in found.by_township.values()} == {Reason.OVERLAP}


def test_a_stock_is_compared_by_its_level(session, as_):
    for week in range(-16, 0):
        week_of(session, VILLAGE_A1, WEEK + week)
    group(session, 1, VILLAGE_A1, WEEK - 50)
    found = _compared(session, as_("township_liaison"), measure="group", unit="holdings").verdict
    assert (found.now.rate, found.base.rate) == (1, 1)
    assert (found.now.events, found.base.events) == (1, 1)


def test_townships_are_compared_each_by_itself(session, as_):
    _history(session, (VILLAGE_A1, VILLAGE_A2))
    known = {"county_code": world.COUNTY, "measure": "meeting", "unit": "village_times", "as_of": world.NOW, **NOW, **BASE}
    found = trends.compared_by_township(session, as_("task_force"), **known)
    assert list(found) == [TOWN_A, TOWN_B]
    assert (found[TOWN_A].points, found[TOWN_A].verdict.code) == (2, VerdictCode.FALL)
    assert (found[TOWN_B].points, found[TOWN_B].verdict.reason) == (0, Reason.NO_REPORTS)


def _target(session, area, version=1, reduction=0.5):
    session.add(
        Target(
            county_code=world.COUNTY, area_code=area, measure="meeting", version=version, reduction=reduction,
            baseline_from=(WEEK - 16).monday, baseline_until=(WEEK - 5).sunday, starts=(WEEK - 4).monday,
            ends=(WEEK - 4).monday + timedelta(days=100), basis="test", created_at=world.NOW, created_by="x",
        )
    )  # fmt: skip
    session.flush()


def _line(session, actor, **params):
    known = {"county_code": world.COUNTY, "measure": "meeting", "unit": "village_times", "as_of": world.NOW}
    return trends.target_line(session, actor, **(known | params))


def test_the_newest_target_draws_its_path_from_the_reported_baseline(session, as_):
    _history(session, ALL)
    _target(session, world.COUNTY)
    _target(session, world.COUNTY, version=2, reduction=0.25)
    line = _line(session, as_("task_force"))
    assert (line.version, line.baseline.rate, line.path.goal) == (2, 4, 3)
    assert line.path.at((WEEK - 4).monday + timedelta(days=50)) == pytest.approx(3.5)


def test_a_thin_baseline_has_no_path(session, as_):
    _history(session, (VILLAGE_A1, VILLAGE_A2, VILLAGE_B1))
    _target(session, world.COUNTY)
    line = _line(session, as_("task_force"))
    assert (line.enough, line.path, line.baseline.rate) == (False, None, 4)


def test_nothing_was_promised_for_a_township_a_department_or_another_unit(session, as_):
    _history(session, ALL)
    _target(session, world.COUNTY)
    assert _line(session, as_("township_liaison")).path is None
    assert _line(session, as_("task_force"), township_code=TOWN_B).path is None
    assert _line(session, as_("task_force"), department_code=CIVIL).path is None
    assert _line(session, as_("task_force"), unit="hours").path is None
    _target(session, TOWN_A)
    assert _line(session, as_("township_liaison")).path is not None


def test_a_township_liaison_reads_no_other_townships_target_by_naming_it(session, as_):
    _history(session, ALL)
    _target(session, TOWN_B)
    assert _line(session, as_("township_liaison"), township_code=TOWN_B) is None
    assert _line(session, as_("task_force"), township_code=TOWN_B).path is not None
    _target(session, world.COUNTY, reduction=0.25)
    told = _line(session, as_("township_liaison"), township_code=TOWN_B)
    assert (told.reduction, told.path, told.baseline.received) == (0.25, None, 0)


def _picture(session, actor, **params):
    known = {"county_code": world.COUNTY, "measure": "meeting", "unit": "village_times", "as_of": world.NOW}
    return trends.picture(session, actor, **(known | {"first": (WEEK - 25).monday, "last": WEEK.monday} | params))


def test_the_picture_of_an_empty_county_is_empty_and_whole(session, as_):
    session.query(ObservationPoint).delete()
    found = _picture(session, as_("task_force"))
    assert found.target is None
    assert found.by_township == {}
    assert (found.comparison.points, found.comparison.expected, found.comparison.verdict.code) == (0, 0, VerdictCode.FEW)
    assert len(found.weeks) == 26
    assert found.weeks.rate.isna().all()


def test_the_running_week_is_in_the_picture_and_in_no_verdict(session, as_):
    _history(session, ALL)
    before = _picture(session, as_("task_force"))
    week_of(session, VILLAGE_A1, WEEK, *(Received(900 + number) for number in range(9)))
    found = _picture(session, as_("task_force"))
    running = found.weeks.iloc[-1]
    assert (running.week, running.complete, running.received, running.total) == (WEEK.monday, False, 1, 9)
    assert (found.comparison, found.by_township) == (before.comparison, before.by_township)


def test_a_township_gets_its_own_picture_only(session, as_):
    _history(session, ALL)
    found = _picture(session, as_("township_liaison"))
    assert found.townships.empty
    assert found.by_township == {}
    assert (found.comparison.points, found.comparison.expected) == (2, 2)


def test_choices_are_the_townships_with_points_and_the_departments_that_can_send(session, as_):
    offered = trends.choices(session, as_("task_force"), county_code=world.COUNTY)
    assert list(offered.townships) == [TOWN_A, TOWN_B]
    assert list(trends.choices(session, as_("township_liaison"), county_code=world.COUNTY).townships) == [TOWN_A]
    found = offered.departments
    assert found[world.AGRI] == ("农业农村局", "Agriculture")
    assert world.CANARY_DEPT not in found


def test_the_number_of_statements_does_not_grow_with_weeks_or_townships(session, as_):
    actor = as_("task_force")
    few = _statements(session, lambda: _picture(session, actor))
    session.query(ObservationPoint).filter_by(village_code=VILLAGE_B2).update({"township_code": world.TOWN_C})
    assert _statements(session, lambda: _picture(session, actor, first=(WEEK - 104).monday)) == few


def _statements(session, call):
    seen = []

    def count(*args):
        seen.append(args[2])

    event.listen(session.get_bind(), "before_cursor_execute", count)
    call()
    event.remove(session.get_bind(), "before_cursor_execute", count)
    return len(seen)


def test_weeks_are_compared_with_the_same_weeks_of_last_year_where_the_baseline_has_them(session, as_):
    """One meeting a week, three in the same weeks a year ago and nine in all others: only the three count."""
    for week in range(-60, 0):
        times = 1 if week >= -4 else 3 if (WEEK + week).number in range(43, 47) else 9
        week_of(session, VILLAGE_A1, WEEK + week, *(Received(10_000 + 100 * week + i) for i in range(times)))
    whole = {"base_first": (WEEK - 60).monday, "base_last": (WEEK - 5).monday}
    found = _compared(session, as_("township_liaison"), township_code=TOWN_A, **whole)
    assert (found.pairing.pairs, found.verdict.base.rate, found.verdict.now.rate) == (Pairs.SAME, 3, 1)
    assert [week.label for week in found.pairing.base] == [f"2025-W{number}" for number in range(43, 47)]
    assert (found.base[0], found.base[1]) == ((WEEK - 56).monday, (WEEK - 53).sunday)


def test_spring_festival_is_in_neither_period_when_it_has_no_partner(session, as_):
    """Nothing happens in the festival's week, which would look like a fall."""
    festival = Week.parse("2026-W08")
    for week in range(-12, 2):
        week_of(session, VILLAGE_A1, festival + week, *([] if week == 0 else [Received(100 + week)]))
    days = {"now_first": (festival - 2).monday, "now_last": (festival + 1).monday}
    days |= {"base_first": (festival - 12).monday, "base_last": (festival - 3).monday}
    found = _compared(session, as_("township_liaison"), **days)
    assert (found.pairing.pairs, found.pairing.festival) == (Pairs.WHOLE, (festival,))
    assert (found.verdict.now.exposure, found.verdict.now.rate, found.verdict.base.rate) == (3, 1, 1)


HOLIDAY, AUTUMN = (Week.parse("2026-W08"), Week.parse("2026-W08")), (Week.parse("2025-W40"), Week.parse("2025-W50"))


@pytest.mark.parametrize(("now", "base"), [(HOLIDAY, AUTUMN), ((WEEK - 4, WEEK - 1), HOLIDAY)])
def test_where_spring_festival_is_all_there_is_nothing_is_concluded(session, as_, now, base):
    for village in ALL:
        for n, (first, last) in enumerate((now, base)):
            for week in (first, last) if first < last else (first,):
                week_of(session, village, week, Received(1000 * n + week.number))
    days = dict(zip(("now_first", "now_last", "base_first", "base_last"), [week.monday for week in (*now, *base)], strict=True))
    found = _compared(session, as_("task_force"), **days)
    assert (found.verdict.code, found.verdict.reason) == (VerdictCode.FEW, Reason.LEFT_OUT)
    assert (found.points, found.expected, found.pairing.festival) == (4, 4, (HOLIDAY[0],))
    assert (found.now[0], found.base[1]) == (now[0].monday, base[1].sunday)


def test_a_period_that_ends_before_it_begins_is_refused(session, as_):
    with pytest.raises(InvalidInput):
        _compared(session, as_("task_force"), base_last=(WEEK - 17).monday)
