"""Control charts over weeks: published signals, frozen baselines, rebasing, gaps, and thin data."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.control_chart import Kind, Note, Point, Rebase, control_chart
from models.rules.control_limits import Basis
from models.rules.control_rules import Assurance, Meaning, Signal

BOARDS = [21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15]
CLOTH = zip([14, 12, 20, 11, 7, 10, 21, 16, 19, 23], [500, 400, 650, 500, 475, 500, 600, 525, 600, 625], strict=True)
STEADY = [Point(40 + (-1) ** i * (1 + i % 3), 20) for i in range(20)]


def told(chart):
    return {i: point.signal for i, point in enumerate(chart.points) if point.signal}


def test_montgomerys_c_chart_signals_the_two_samples_it_left_out():
    """Example 7.3: samples 6 and 20 are excluded from the estimate, and are the only signals of being outside."""
    chart = control_chart([Point(count, 1, i in (5, 19)) for i, count in enumerate(BOARDS)], Kind.COUNT)
    limits, segment = chart.points[0].limits, chart.segments[0]
    assert (limits.centre, limits.low, limits.high) == pytest.approx((19.666667, 6.362532, 32.970801), abs=1e-6)
    assert (segment.basis, segment.sigma, segment.weeks, segment.note) == (Basis.SIGMA, 1, 24, None)
    assert told(chart) == {5: Signal.OUTSIDE, 19: Signal.OUTSIDE}
    assert (chart.points[5].meaning, chart.points[19].meaning) == (Meaning.IMPROVEMENT, Meaning.CONCERN)


def test_montgomerys_u_chart_has_no_signal_and_is_on_trial():
    chart = control_chart([Point(defects, area / 50) for defects, area in CLOTH], Kind.COUNT)
    assert told(chart) == {}
    assert [point.limits.high for point in chart.points[:3]] == pytest.approx([2.555038, 2.688626, 2.415894], abs=1e-6)
    assert chart.segments[0].note is Note.TRIAL


def test_a_frozen_baseline_does_not_follow_the_fall_it_should_show():
    fallen = STEADY + [Point(24, 20)] * 8
    frozen = control_chart(fallen, Kind.COUNT, baseline=20)
    assert frozen.segments[0].centre == pytest.approx(sum(p.total for p in STEADY) / 400)
    assert set(told(frozen)) >= set(range(20, 28))
    assert {frozen.points[i].meaning for i in range(20, 28)} == {Meaning.IMPROVEMENT}
    assert control_chart(fallen, Kind.COUNT).segments[0].centre < frozen.segments[0].centre


def test_a_rebase_has_limits_of_its_own_a_reason_and_a_fresh_start_for_runs():
    points = STEADY + [Point(24 + i % 2, 20) for i in range(14)]
    chart = control_chart(points, Kind.COUNT, rebases=[Rebase(20, "merger of townships", 13)])
    assert [(s.first, s.last, s.reason, s.weeks) for s in chart.segments] == [
        (0, 19, "", 20),
        (20, 33, "merger of townships", 13),
    ]
    assert chart.points[19].limits.centre > chart.points[20].limits.centre
    assert told(chart) == {}
    assert chart.assurance(3) is Assurance.PASSES
    assert chart.assurance(0.01) is Assurance.FAILS
    assert chart.assurance(1.2) is Assurance.HIT_OR_MISS


def test_a_rebase_outside_the_weeks_is_none():
    assert len(control_chart(STEADY, Kind.COUNT, rebases=[Rebase(0, "x"), Rebase(20, "y"), Rebase(-3, "z")]).segments) == 1
    assert len(control_chart(STEADY, Kind.COUNT, rebases=[Rebase(9, "x"), Rebase(9, "y")]).segments) == 2


def test_a_gap_has_no_value_and_no_limits_and_runs_go_on_after_it():
    chart = control_chart(STEADY + [Point(35, 20)] * 4 + [Point(0, 0)] + [Point(35, 20)] * 3, Kind.COUNT, baseline=20)
    assert (chart.points[24].value, chart.points[24].limits, chart.points[24].signal) == (None, None, None)
    assert {chart.points[i].signal for i in (20, 23, 25, 27)} == {Signal.SHIFT}


def test_hours_get_limits_from_their_own_moving_ranges():
    chart = control_chart([Point(hours, 1) for hours in (1, 2, 1, 2, 10, *(1, 2) * 6, 1)], Kind.VALUE)
    assert chart.segments[0].basis is Basis.XMR
    assert chart.points[0].limits.high == pytest.approx(6.95, abs=0.006)
    assert chart.points[4].signal is Signal.OUTSIDE


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    ("points", "note"),
    [
        ([Point(3, 10)], Note.FEW_POINTS),
        ([Point(0, 0)] * 5, Note.FEW_POINTS),
        ([Point(3, 10, excluded=True)] * 5, Note.FEW_POINTS),
        ([Point(0, 10)] * 20, Note.NO_EVENTS),
        ([Point(2, 10)] * 12, Note.TRIAL),
        ([Point(2, 10)] * 13, None),
    ],
)
def test_thin_data_get_a_note_and_no_signal(kind, points, note):
    chart = control_chart(points, kind)
    assert chart.segments[0].note is note
    assert told(chart) == {}
    if note in (Note.FEW_POINTS, Note.NO_EVENTS):
        assert {point.limits for point in chart.points} == {None}
        assert chart.assurance(1.0) is None


def test_no_weeks_make_an_empty_chart():
    chart = control_chart([], Kind.COUNT)
    assert (chart.points, chart.segments, chart.assurance(1)) == ([], [], None)


weeks = st.builds(Point, st.integers(0, 1_000_000), st.integers(0, 500), st.booleans())


@settings(deadline=None)  # the first case imports SciPy
@given(st.lists(weeks, max_size=40), st.sampled_from(Kind), st.none() | st.integers(0, 40), st.integers(0, 45))
def test_any_weeks_make_a_chart_that_can_be_drawn(points, kind, baseline, first):
    chart = control_chart(points, kind, baseline=baseline, rebases=[Rebase(first, "why")])
    assert len(chart.points) == len(points)
    for point, drawn in zip(points, chart.points, strict=True):
        assert (drawn.value is None) == (point.exposure == 0)
        assert (drawn.signal is None) == (drawn.meaning is None)
        if drawn.limits:
            numbers = (drawn.limits.low, drawn.limits.near_low, drawn.limits.near_high, drawn.limits.high)
            assert all(math.isfinite(number) for number in numbers)
            assert list(numbers) == sorted(numbers)
