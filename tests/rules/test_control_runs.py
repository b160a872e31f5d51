"""Runs of signals: told once and whole, and every point that signals is in one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.control_chart import Kind, Point, Rebase, control_chart
from models.rules.control_rules import Signal
from models.rules.control_runs import runs

USUAL = [Point(40 + (-1) ** i * (1 + i % 3), 20) for i in range(20)]


def _told(later, **rule):
    chart = control_chart([*USUAL, *later], Kind.COUNT, baseline=20, **rule)
    return [(r.signal, r.way, r.first, r.last, r.weeks, r.outside) for r in runs(chart)]


def test_a_lasting_fall_is_one_run_and_says_how_much_of_it_lies_outside():
    later = [Point(total, 20) for total in (34, 33, 35, 8, 6, 34, 33, 34, 35)]
    assert _told(later) == [(Signal.SHIFT, -1, 19, 28, 10, 2)]  # the last usual week was below the centre too


def test_one_odd_week_stands_alone():
    assert _told([Point(40, 20), Point(90, 20), Point(39, 20)]) == [(Signal.OUTSIDE, 1, 21, 21, 1, 1)]


def test_of_a_trend_and_a_shift_that_say_the_same_only_the_longer_is_told():
    assert _told([Point(total, 20) for total in range(38, 31, -1)]) == [(Signal.SHIFT, -1, 19, 26, 8, 0)]
    assert _told([Point(total, 20) for total in (44, *range(38, 31, -1))]) == [(Signal.TREND, -1, 20, 27, 8, 0)]


def test_a_week_without_reports_does_not_break_a_run():
    later = [Point(34, 20)] * 4 + [Point(0, 0)] + [Point(33, 20)] * 4
    assert _told(later) == [(Signal.SHIFT, -1, 19, 28, 9, 0)]


def test_weeks_near_a_limit_are_told_together():
    later = [Point(40, 20), Point(57, 20), Point(42, 20), Point(57, 20), Point(38, 20)]
    assert _told(later) == [(Signal.NEAR, 1, 21, 23, 2, 0)]


def test_runs_end_where_limits_are_made_anew():
    later = [Point(28 + i % 2, 20) for i in range(20)]
    found = _told(later, rebases=[Rebase(30, "x", 10)])
    assert [(one[0], one[3]) for one in found] == [(Signal.SHIFT, 29)]


def test_a_chart_without_limits_has_no_runs():
    assert runs(control_chart([], Kind.COUNT)) == []
    assert runs(control_chart([Point(3, 2)], Kind.VALUE)) == []
    assert runs(control_chart([Point(0, 20)] * 30, Kind.COUNT)) == []


@pytest.mark.parametrize("kind", list(Kind))
@settings(deadline=None)  # the first limits bring SciPy along
@given(totals=st.lists(st.integers(0, 60), max_size=60), silent=st.sets(st.integers(0, 59)))
def test_every_point_that_signals_is_in_a_run_that_points_its_way(kind, totals, silent):
    chart = control_chart([Point(t, 0 if i in silent else 20) for i, t in enumerate(totals)], kind, baseline=20)
    found = runs(chart)
    for i, point in enumerate(chart.points):
        mine = [run for run in found if run.first <= i <= run.last]
        assert not point.signal or mine
    for run in found:
        inside = [point for point in chart.points[run.first : run.last + 1] if point.value is not None]
        assert run.weeks == len(inside) or run.signal is Signal.NEAR
        assert any(point.signal for point in inside)
