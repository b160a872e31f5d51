"""Target paths and baselines."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.target import Baseline, TargetPath, path_of

PATH = TargetPath(base=4.0, reduction=0.5, starts=date(2026, 1, 5), ends=date(2026, 12, 28))
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def test_the_path_is_straight_and_level_before_and_after():
    middle = PATH.starts + (PATH.ends - PATH.starts) / 2
    assert [PATH.at(day) for day in (date(2020, 1, 1), PATH.starts, PATH.ends, date(2040, 1, 1))] == [4, 4, 2, 2]
    assert PATH.at(middle) == pytest.approx(3, abs=0.01)


@given(days, st.integers(0, 1000), st.floats(0, 100), st.floats(0.01, 1))
def test_the_path_never_rises_and_stays_between_baseline_and_goal(day, later, base, reduction):
    path = TargetPath(base, reduction, date(2026, 1, 5), date(2026, 12, 28))
    assert path.at(day) >= path.at(day + timedelta(days=later)) - 1e-9
    assert path.goal - 1e-9 <= path.at(day) <= path.base + 1e-9


@given(st.floats(0, 10), st.floats(0, 10))
def test_less_is_always_more_progress(a, b):
    less, more = sorted((a, b))
    assert PATH.progress(less) >= PATH.progress(more)


def test_progress_is_told_from_the_baseline_to_the_goal():
    assert [PATH.progress(rate) for rate in (4.0, 3.0, 2.0, 5.0, 0.0)] == [0, 0.5, 1, -0.5, 2]
    assert TargetPath(0, 0.5, PATH.starts, PATH.ends).progress(1) is None


def test_a_thin_baseline_promises_nothing():
    starts, ends = PATH.starts, PATH.ends
    assert path_of(Baseline(100, 79, 100), 0.3, starts, ends, least_coverage=0.8) is None
    assert path_of(Baseline(100, 80, 100), 0.3, starts, ends, least_coverage=0.8) == TargetPath(1.25, 0.3, starts, ends)
    assert path_of(Baseline(0, 0, 0), 0.3, starts, ends, least_coverage=0.0) is None
