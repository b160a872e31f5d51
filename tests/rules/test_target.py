"""Target paths and baselines."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.errors import InvalidInput
from models.rules.target import Baseline, Promise, TargetPath, check_target, path_of, softens

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


def test_a_thin_baseline_promises_nothing():
    starts, ends = PATH.starts, PATH.ends
    assert path_of(Baseline(100, 79, 100), 0.3, starts, ends, least_coverage=0.8) is None
    assert path_of(Baseline(100, 80, 100), 0.3, starts, ends, least_coverage=0.8) == TargetPath(1.25, 0.3, starts, ends)
    assert path_of(Baseline(0, 0, 0), 0.3, starts, ends, least_coverage=0.0) is None


PROMISE = Promise(0.3, date(2026, 3, 2), date(2026, 5, 24), starts=date(2026, 6, 1), ends=date(2026, 12, 31))


@pytest.mark.parametrize(
    ("change", "softer"),
    [
        ({}, False),
        ({"reduction": 0.29}, True),
        ({"reduction": 0.31}, False),
        ({"ends": date(2027, 1, 1)}, True),
        ({"ends": date(2026, 12, 30)}, False),
        ({"starts": date(2026, 6, 2)}, True),
        ({"starts": date(2026, 5, 31)}, False),
        ({"baseline_from": date(2026, 2, 23)}, True),
        ({"baseline_until": date(2026, 5, 17)}, True),
        ({"reduction": 0.5, "ends": date(2027, 1, 1)}, True),
    ],
)
def test_less_or_later_or_from_elsewhere_is_softer(change, softer):
    assert softens(PROMISE, replace(PROMISE, **change)) is softer


def test_a_baseline_is_over_before_the_target_starts():
    known = {"reduction": 0.3, "baseline_from": date(2026, 3, 2), "baseline_weeks": 12, "ends": date(2026, 12, 31)}
    assert check_target(**known, starts=date(2026, 5, 25)) == date(2026, 5, 24)
    with pytest.raises(InvalidInput) as refused:
        check_target(**known, starts=date(2026, 5, 24))
    assert (refused.value.code, refused.value.field) == ("baseline_late", "baseline")
