"""Departments that stand out: probability limits, room for over-dispersion, and few false discoveries."""

import math
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.funnel import Standing, corrected, funnel, funnel_limits, spread
from models.rules.rate import interval

unhurried = settings(deadline=None)  # the first case imports SciPy


@pytest.mark.parametrize(("expected", "limits"), [(10, (4, 17)), (50, (37, 64)), (0, (0, 0))])
def test_limits_are_those_of_prediction(expected, limits):
    assert funnel_limits(expected, 0.95) == limits


def test_a_confidence_interval_around_the_expectation_would_be_another_funnel():
    """BMC Med Res Methodol 2012;12:98: median chance above the upper 95 % limit, E up to 50: Wald, exact interval, prediction."""
    expectations = range(1, 51)
    wald = (e + 1.96 * math.sqrt(e) for e in expectations)
    exact = (interval(e, 1).high for e in expectations)
    own = (funnel_limits(e, 0.95)[1] for e in expectations)
    found = [median(map(above, expectations, limits)) for limits in (wald, exact, own)]
    assert found == pytest.approx([0.0301, 0.0121, 0.0201], abs=0.001)


def above(expected, limit):
    at = (math.exp(k * math.log(expected) - expected - math.lgamma(k + 1)) for k in range(math.floor(limit) + 1))
    return 1 - sum(at)


def test_benjamini_and_hochberg_by_hand():
    """The 15 p of their paper's example: 4 discoveries at 0.05."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1.0]
    q = corrected(p)
    assert sum(one <= 0.05 for one in q) == 4
    assert q[:4] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625])
    assert corrected(p[::-1]) == q[::-1]
    assert corrected([]) == []


def test_one_department_that_stands_out_is_told_and_the_others_are_not():
    found = funnel({"a": (90, 100), **{str(i): (20 + i % 5, 100) for i in range(12)}})
    assert found.placed["a"].standing is Standing.HIGH
    assert {placed.standing for key, placed in found.placed.items() if key != "a"} == {Standing.USUAL}
    assert found.factor == 1  # one outlier does not widen the funnel: it is winsorised


def test_far_below_is_low():
    assert funnel({"a": (2, 100), **{str(i): (40, 100) for i in range(9)}}).placed["a"].standing is Standing.LOW


def test_too_few_expected_is_said_and_never_flagged():
    found = funnel({"tiny": (9, 1), "big": (400, 400), "other": (390, 399)})
    assert found.placed["tiny"].standing is Standing.FEW
    assert found.placed["tiny"].q is None
    assert found.placed["tiny"].expected == pytest.approx(0.99875)


def test_departments_that_differ_for_good_reasons_get_a_wider_funnel():
    rng = np.random.default_rng(20261122)
    flagged = []
    for _ in range(40):
        paces = rng.gamma(4, 10, 30)
        found = funnel({i: (float(rng.poisson(pace)), 1.0) for i, pace in enumerate(paces)})
        flagged.append(sum(placed.standing in (Standing.HIGH, Standing.LOW) for placed in found.placed.values()))
        assert found.factor > 2
    assert np.mean(flagged) < 1.5


def test_chance_alone_flags_hardly_anybody():
    rng = np.random.default_rng(20261122)
    alarms = 0
    for _ in range(200):
        found = funnel({i: (float(rng.poisson(n)), float(n)) for i, n in enumerate(rng.integers(6, 60, 30))})
        alarms += any(placed.standing in (Standing.HIGH, Standing.LOW) for placed in found.placed.values())
    assert alarms / 200 < 0.08


def test_two_departments_cannot_show_how_departments_differ():
    assert spread([(100, 10), (1, 10)]) == 1


@unhurried
@given(st.dictionaries(st.integers(0, 99), st.tuples(st.integers(0, 1_000_000), st.integers(0, 10_000)), max_size=30))
def test_any_departments_get_a_place(counts):
    found = funnel(counts)
    assert found.placed.keys() == counts.keys()
    assert 1 <= found.factor < math.inf
    for placed in found.placed.values():
        assert (placed.p is None) == (placed.standing is Standing.FEW)
        assert placed.p is None or 0 <= placed.p <= placed.q <= 1
        assert placed.ratio is None or math.isfinite(placed.ratio)
