"""The county estimated from its observation points: the published example, joined strata, and what is refused."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.estimate import Limit, Selection, Stratum, collapsed, county

RULE = {"selection": Selection.RANDOM, "most_cv": 0.3}
# SAS, PROC SURVEYMEANS: what 40 pupils of three grades spend on ice cream
ICE_CREAM = {
    7: [7, 7, 1, 10, 3, 2, 2, 6, 6, 6, 3, 12, 4, 2, 1, 4, 11, 2, 2, 9],
    8: [12, 20, 19, 16, 17, 14, 18, 10, 13],
    9: [10, 15, 15, 8, 8, 7, 14, 9, 8, 6, 11],
}
PUPILS = {7: 1824, 8: 1025, 9: 1151}


def test_the_published_example_as_one_simple_sample():
    found = county({"all": Stratum(4000, [spent for grade in ICE_CREAM.values() for spent in grade])}, **RULE)
    assert (found.mean, found.points_mean, found.degrees) == (pytest.approx(8.75), pytest.approx(8.75), 39)
    assert (found.se, found.low, found.high) == pytest.approx((0.845139, 7.0405, 10.4595), abs=5e-5)


def test_the_published_example_by_grades_is_not_the_mean_of_the_points():
    found = county({str(grade): Stratum(PUPILS[grade], spent) for grade, spent in ICE_CREAM.items()}, **RULE)
    assert (found.mean, found.se) == pytest.approx((9.141298, 0.531799), abs=1e-6)
    assert (found.low, found.high, found.degrees) == (pytest.approx(8.0637705), pytest.approx(10.2188254), 37)
    assert (found.total, found.total_se) == pytest.approx((36565.19, 2127.197), abs=5e-3)
    assert found.cv == pytest.approx(0.531799 / 9.141298, abs=1e-6)
    assert (found.points_mean, found.limit, found.joined) == (pytest.approx(8.75), None, 0)


def test_a_single_point_is_joined_to_the_smallest_other_stratum():
    strata = {"hill": Stratum(30, [5]), "plain": Stratum(90, [1, 2, 3]), "river": Stratum(40, [4, 6])}
    assert collapsed(list(strata.values())) == [Stratum(70, [5, 4, 6]), Stratum(90, [1, 2, 3])]
    found = county(strata, **RULE)
    assert (found.joined, found.limit, found.degrees) == (1, None, 4)
    assert found.mean == pytest.approx((70 * 5 + 90 * 2) / 160)


def test_single_points_are_joined_until_none_is_alone():
    found = county(
        {str(i): Stratum(10 + i, [value]) for i, value in enumerate((3, 4, 3, 5))}, selection=Selection.RANDOM, most_cv=0.5
    )
    assert (found.limit, found.joined, found.degrees) == (None, 2, 2)


def test_a_stratum_that_is_known_completely_adds_no_doubt():
    found = county({"only": Stratum(1, [9]), "all": Stratum(3, [2, 4, 6])}, **RULE)
    assert (found.limit, found.joined, found.se, found.mean) == (None, 0, 0, pytest.approx(21 / 4))
    assert found.low == found.high == found.mean


@pytest.mark.parametrize(
    ("strata", "selection", "limit", "points_mean"),
    [
        ({"a": Stratum(30, [1, 2, 3])}, Selection.PURPOSIVE, Limit.PURPOSIVE, 2),
        ({}, Selection.RANDOM, Limit.NO_POINTS, None),
        ({"a": Stratum(30, [])}, Selection.RANDOM, Limit.NO_POINTS, None),
        ({"a": Stratum(30, [1, 3]), "b": Stratum(20, [])}, Selection.RANDOM, Limit.UNSEEN_STRATUM, 2),
        ({"a": Stratum(30, [4])}, Selection.RANDOM, Limit.ONE_POINT, 4),
        ({"a": Stratum(2, [4, 5, 6])}, Selection.RANDOM, Limit.BAD_FRAME, 5),
        ({"a": Stratum(30, [0, 0, 0, 0, 40])}, Selection.RANDOM, Limit.IMPRECISE, 8),
    ],
)
def test_what_cannot_be_said_of_the_county_has_a_reason_and_the_points_still_speak(strata, selection, limit, points_mean):
    found = county(strata, selection=selection, most_cv=0.3)
    assert (found.limit, found.points_mean) == (limit, points_mean)
    assert (found.mean is None) == (limit is not Limit.IMPRECISE)


def test_all_zeros_are_zero_and_sure():
    found = county({"a": Stratum(30, [0, 0, 0])}, **RULE)
    assert (found.mean, found.low, found.high, found.cv, found.limit) == (0, 0, 0, 0, None)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(20261122)
    hill, plain = rng.gamma(4, 1.5, 60), rng.gamma(9, 1, 140)
    truth, held = (hill.sum() + plain.sum()) / 200, 0
    for _ in range(600):
        strata = {
            "hill": Stratum(60, list(rng.choice(hill, 12, False))),
            "plain": Stratum(140, list(rng.choice(plain, 20, False))),
        }
        found = county(strata, **RULE)
        held += found.low <= truth <= found.high
    assert held / 600 == pytest.approx(0.95, abs=0.025)


strata = st.builds(Stratum, st.integers(0, 500), st.lists(st.integers(0, 1_000_000), max_size=8))


@settings(deadline=None)  # the first case imports SciPy
@given(st.dictionaries(st.integers(0, 9), strata, max_size=6), st.sampled_from(Selection), st.floats(0, 1))
def test_any_strata_give_an_estimate_or_a_reason(found_strata, selection, most_cv):
    found = county(found_strata, selection=selection, most_cv=most_cv)
    numbers = (found.mean, found.se, found.low, found.high, found.total, found.total_se, found.cv)
    assert all(number is None or math.isfinite(number) for number in numbers)
    assert found.limit is not None or 0 <= found.low <= found.mean <= found.high
