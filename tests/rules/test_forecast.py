"""The chance that a quota will be exceeded: monotone, certain at the edges, and right on average."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.forecast import Days, Ground, Prior, at_this_pace, overrun

counts = st.integers(0, 10_000)
unhurried = settings(deadline=None)  # the first case imports SciPy


def test_the_predictive_distribution_by_hand():
    """None used at half time, one allowed: shape ½, share ½; P(0) = √½, P(1) = ¼·√½, and more is the rest."""
    found = overrun(0, 1, 50, 100)
    assert found.probability == pytest.approx(1 - math.sqrt(0.5) * 1.25)
    assert (found.expected, found.ground) == (0.5, Ground.PACE)


@pytest.mark.parametrize(
    ("used", "elapsed", "probability", "ground"),
    [
        (11, 0, 1.0, Ground.ALREADY_OVER),
        (11, 40, 1.0, Ground.ALREADY_OVER),
        (11, 100, 1.0, Ground.PERIOD_OVER),
        (10, 100, 0.0, Ground.PERIOD_OVER),
        (10, 140, 0.0, Ground.PERIOD_OVER),
        (0, 0, None, Ground.TOO_EARLY),
        (0, 0.09, None, Ground.TOO_EARLY),
        (11, 0.09, 1.0, Ground.ALREADY_OVER),
        (0, -3, None, Ground.TOO_EARLY),
    ],
)
def test_the_edges_of_a_period_are_certain_or_say_why_not(used, elapsed, probability, ground):
    found = overrun(used, 10, elapsed, 100)
    assert (found.probability, found.ground) == (probability, ground)


def test_a_former_period_speaks_before_anything_has_elapsed():
    found = overrun(0, 10, 0, 100, prior=Prior(20, 100))
    assert found.ground is Ground.PACE
    assert found.probability > 0.9
    assert found.expected == pytest.approx(20.5)


def test_a_quota_of_zero_is_kept_only_if_nothing_comes():
    assert 0 < overrun(0, 0, 90, 100).probability < 0.1
    assert overrun(1, 0, 90, 100).probability == 1


def test_a_used_up_quota_is_over_with_the_next_event():
    assert 0.9 < overrun(10, 10, 50, 100).probability < 1


def test_it_is_right_as_often_as_it_says():
    """Departments of all paces, looked at after a third: among those given 20–40 %, three in ten exceed."""
    rng = np.random.default_rng(20261122)
    told, came = [], []
    for pace in rng.gamma(6, 4, 3000):
        used = int(rng.poisson(pace / 3))
        told.append(overrun(used, 24, 120, 360).probability)
        came.append(used + rng.poisson(pace * 2 / 3) > 24)
    between = (np.array(told) > 0.2) & (np.array(told) < 0.4)
    assert np.mean(np.array(came)[between]) == pytest.approx(np.mean(np.array(told)[between]), abs=0.08)


@unhurried
@given(
    st.lists(counts, min_size=2, max_size=6).map(sorted), counts, st.floats(1, 364), st.sampled_from([Prior(), Prior(30, 365)])
)
def test_more_used_is_never_less_likely_to_end_over(used, allowance, elapsed, prior):
    found = [overrun(one, allowance, elapsed, 365, prior=prior).probability for one in used]
    assert all(a <= b + 1e-9 for a, b in pairwise(found))


@unhurried
@given(counts, st.lists(counts, min_size=2, max_size=6).map(sorted), st.floats(1, 364))
def test_a_larger_quota_is_never_more_likely_to_be_exceeded(used, allowances, elapsed):
    found = [overrun(used, allowance, elapsed, 365).probability for allowance in allowances]
    assert all(a >= b - 1e-9 for a, b in pairwise(found))


@unhurried
@given(st.integers(0, 1_000_000), st.integers(0, 1_000_000), st.floats(-10, 400), st.floats(1, 366))
def test_any_use_gets_a_forecast_that_can_be_said(used, allowance, elapsed, period):
    found = overrun(used, allowance, elapsed, period)
    assert (found.probability is None) == (found.ground is Ground.TOO_EARLY)
    assert found.probability is None or 0 <= found.probability <= 1
    assert found.low is None or used <= found.low <= found.high
    assert found.expected is None or math.isfinite(found.expected)


def days(told, remaining, whole=100):
    return Days(told, remaining, whole)


def test_days_nobody_told_make_no_pace_but_what_is_known_of_them_is_used():
    """40 days told with 8, and 2 more known of 10 that were not: pace 8 in 40, 10 used already."""
    found = at_this_pace(10, 8, 20, days(40, 50), 0.25)
    assert found.probability == overrun(8, 18, 40, 90).probability
    assert found.expected == pytest.approx(2 + overrun(8, 18, 40, 90).expected)
    assert found.low >= 10


@pytest.mark.parametrize(
    ("used", "told", "remaining", "probability", "ground"),
    [
        (5, 24, 76, None, Ground.TOO_EARLY),
        (5, 0, 100, None, Ground.TOO_EARLY),
        (11, 0, 100, 1.0, Ground.ALREADY_OVER),
        (11, 90, 0, 1.0, Ground.ALREADY_OVER),
        (10, 90, 0, 0.0, Ground.PERIOD_OVER),
    ],
)
def test_too_early_already_over_and_over_are_said_instead(used, told, remaining, probability, ground):
    found = at_this_pace(used, used, 10, days(told, remaining), 0.25)
    assert (found.probability, found.ground) == (probability, ground)


@unhurried
@given(counts, counts, st.integers(0, 2000), st.integers(1, 365), st.integers(0, 365))
def test_a_quota_that_is_used_up_is_never_said_to_be_safer_than_one_with_room(of_told, apart, allowance, told, remaining):
    used = of_told + apart
    tight, roomy = (
        at_this_pace(used, of_told, n, days(told, remaining, 730), 0.0).probability for n in (allowance, allowance + 1)
    )
    assert 0 <= roomy <= tight <= 1


def test_a_million_events_are_no_trouble():
    assert at_this_pace(10**6, 10**6, 10**6 + 10, days(300, 65, 365), 0.25).probability == pytest.approx(1)
