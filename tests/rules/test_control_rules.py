"""The four rules of the control chart against the truth tables of the NHS package's own tests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.control_limits import Limits
from models.rules.control_rules import (
    Assurance,
    Direction,
    Meaning,
    Signal,
    assurance,
    back_filled,
    meaning,
    shifts,
    signals,
    trends,
    two_of_three,
)

SIX = Limits(0.0, -6.0, 6.0, -4.0, 4.0)


@pytest.mark.parametrize(
    ("sides", "flags"),
    [
        ([1] * 8 + [-1], [0, 0, 0, 0, 0, 0, 1, 1, 0]),
        ([-1] * 8 + [1], [0, 0, 0, 0, 0, 0, -1, -1, 0]),
        ([1] * 6, [0] * 6),
        ([1] * 6 + [-1], [0] * 7),
        ([1] * 3 + [0] + [1] * 6, [0] * 10),  # a point at the centre breaks the run
        ([], []),
    ],
)
def test_seven_on_one_side_are_a_shift(sides, flags):
    assert shifts(sides) == flags


@pytest.mark.parametrize(
    ("values", "flags"),
    [
        ([1, 2, 3, 4, 5, 6], [0] * 6),
        ([1, 2, 3, 3, 4, 5, 6], [0] * 7),
        ([1, 2, 3, 4, 5, 6, 7], [0] * 6 + [1]),
        ([2, 1, 2, 3, 4, 5, 6, 7, 3], [0] * 7 + [1, 0]),
        ([7, 6, 5, 4, 3, 2, 1], [0] * 6 + [-1]),
        ([2, 7, 6, 5, 4, 3, 2, 1, 3], [0] * 7 + [-1, 0]),
        ([], []),
    ],
)
def test_seven_rising_or_falling_are_a_trend(values, flags):
    assert trends(values) == flags


def test_the_whole_run_is_marked():
    assert back_filled([0] * 7 + [1, 0]) == [0] + [1] * 7 + [0]
    assert back_filled([0] * 6 + [-1, 0]) == [-1] * 7 + [0]


@pytest.mark.parametrize(
    ("close", "sides", "flags"),
    [
        ([0, 0, 1, 0, 1, 0, 0], [1] * 7, [0, 0, 1, 1, 1, 0, 0]),
        ([0, 0, 1, 1, 0, 0, 0], [1] * 7, [0, 1, 1, 1, 1, 0, 0]),
        ([0, 0, 1, 0, 1, 0, 0], [1, -1, 1, -1, 1, -1, 1], [0] * 7),
        ([1, 0, 0, 1], [1] * 4, [0] * 4),
        ([1, 0, 0, 1, 1], [1] * 5, [0, 0, 1, 1, 1]),
        ([1, 1], [1, 1], [0, 0]),
        ([], [], []),
    ],
)
def test_two_of_three_close_to_a_limit(close, sides, flags):
    assert two_of_three(close, sides) == flags


def told(values, limits=SIX):
    return [found and found[0] for found in signals(values, [limits] * len(values))]


def test_of_two_of_three_only_the_close_points_are_marked():
    near, none = Signal.NEAR, None
    assert told([1, 1, 5, 1, 5, 1, -1]) == [none, none, near, none, near, none, none]
    assert told([5, 1, 1, 5, 5, -1]) == [none, none, none, near, near, none]


def test_close_points_on_opposite_sides_are_common_cause():
    assert told([1, -1] * 7 + [5.5, -5.5]) == [None] * 16


def test_a_point_exactly_on_the_limit_is_inside_it():
    assert told([6.0]) == [None]
    assert told([6.1, -6.1]) == [Signal.OUTSIDE] * 2


def test_of_several_rules_outside_comes_before_trend_before_two_of_three_before_shift():
    found = told([0.5, 1, 1.5, 2, 4.5, 5, 7])
    assert found == [Signal.TREND] * 6 + [Signal.OUTSIDE]
    assert told([1, 2, 1, 2, 4.5, 5, 1]) == [Signal.SHIFT] * 4 + [Signal.NEAR] * 2 + [Signal.SHIFT]


def test_a_rising_trend_points_upwards_even_below_the_centre():
    rising = signals([-3.9, -3.5, -3, -2.5, -2, -1.5, -1], [SIX] * 7)
    assert {found[1] for found in rising if found[0] is Signal.TREND} == {1}


def test_rounding_makes_no_signal():
    third = sum([0.1] * 3)  # 0.30000000000000004
    assert told([third] * 7, Limits(0.3, 0.3, 0.3, 0.3, 0.3)) == [None] * 7


@pytest.mark.parametrize(
    ("way", "better", "said"),
    [
        (-1, Direction.LOWER, Meaning.IMPROVEMENT),
        (1, Direction.LOWER, Meaning.CONCERN),
        (1, Direction.HIGHER, Meaning.IMPROVEMENT),
        (-1, Direction.HIGHER, Meaning.CONCERN),
        (1, Direction.NEUTRAL, Meaning.HIGH),
        (-1, Direction.NEUTRAL, Meaning.LOW),
    ],
)
def test_what_a_signal_means_depends_on_which_way_is_better(way, better, said):
    assert meaning(way, better) is said


@pytest.mark.parametrize(
    ("target", "better", "said"),
    [
        (6.1, Direction.LOWER, Assurance.PASSES),
        (6, Direction.LOWER, Assurance.HIT_OR_MISS),
        (-6, Direction.LOWER, Assurance.HIT_OR_MISS),
        (-6.1, Direction.LOWER, Assurance.FAILS),
        (6.1, Direction.HIGHER, Assurance.FAILS),
        (-6.1, Direction.HIGHER, Assurance.PASSES),
        (6.1, Direction.NEUTRAL, None),
    ],
)
def test_a_target_beyond_the_limits_is_always_or_never_met(target, better, said):
    assert assurance(target, SIX, better) is said


@given(st.lists(st.integers(-10, 10), max_size=60))
def test_turning_the_chart_over_turns_every_signal_over(values):
    there = signals(values, [SIX] * len(values))
    back = signals([-v for v in values], [SIX] * len(values))
    assert back == [found and (found[0], -found[1]) for found in there]
