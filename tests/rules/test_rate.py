"""Rates of small counts: published examples, and what must hold for every count."""

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.rate import Method, exact_p, interval, prediction_limits, rate_ratio

counts = st.integers(0, 1_000_000)
worth = st.one_of(counts, st.floats(0, 1e6).map(lambda x: round(x, 3)))  # fractions: events that clustered totals are worth
exposures = st.floats(0.01, 1e6)
unhurried = settings(deadline=None)  # the first case imports SciPy


@pytest.mark.parametrize(
    ("events", "exposure", "rate", "low", "high"),
    [
        (14, 400, 0.035, 0.019135, 0.058724),  # StatsDirect, help on exact Poisson intervals
        (137, 24.19893, 5.661407, 4.753125, 6.692709),  # R, help page of poisson.test
        (0, 1, 0.0, 0.0, 3.688879),  # epitools
    ],
)
def test_published_intervals_of_one_rate(events, exposure, rate, low, high):
    found = interval(events, exposure)
    assert (found.rate, found.low, found.high) == pytest.approx((rate, low, high), abs=1e-6)


def test_a_rate_without_exposure_is_none():
    assert interval(3, 0) is None


def test_the_published_comparison_of_two_rates():
    """R, help page of poisson.test: 11 in 800 person-years against 21 in 3011."""
    found = rate_ratio((11, 800), (21, 3011))
    assert found.ratio == pytest.approx(1.971488, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((0.8584264, 4.2772659), abs=1e-6)
    assert found.p == pytest.approx(0.07967, abs=1e-5)


def test_mid_p_gives_half_the_weight_to_what_was_seen():
    share = 800 / 3811
    at = [math.comb(32, k) * share**k * (1 - share) ** (32 - k) for k in range(33)]
    found = rate_ratio((11, 800), (21, 3011), method=Method.MID_P)
    assert found.p == pytest.approx(2 * (sum(at[12:]) + at[11] / 2), abs=1e-12)
    exact = rate_ratio((11, 800), (21, 3011))
    assert exact.low < found.low < found.ratio < found.high < exact.high
    for limit in (found.low, found.high):
        odds = limit * 800 / 3011
        at = [math.comb(32, k) * (odds / (1 + odds)) ** k * (1 + odds) ** (k - 32) for k in range(33)]
        assert min(sum(at[12:]), sum(at[:11])) + at[11] / 2 == pytest.approx(0.025, abs=1e-9)


@pytest.mark.parametrize(("expected", "low", "high", "beyond"), [(10, 4, 17, 0.0143), (50, 37, 64, 0.0236)])
def test_prediction_limits_of_a_known_expectation(expected, low, high, beyond):
    assert prediction_limits(expected) == (low, high)
    at = [math.exp(k * math.log(expected) - expected - math.lgamma(k + 1)) for k in range(high + 1)]
    assert 1 - sum(at) == pytest.approx(beyond, abs=5e-5)


def test_where_nothing_is_expected_nothing_is_predicted():
    assert prediction_limits(0) == (0, 0)


def test_half_of_all_pairs_of_small_periods_differ_by_chance_alone():
    """Two totals of Poisson(32): 70 % differ by a tenth, 19 % fall by a fifth; the test calls hardly one of them real."""
    at = [math.exp(k * math.log(32) - 32 - math.lgamma(k + 1)) for k in range(100)]
    pairs = [(now, base, at[now] * at[base]) for now in range(100) for base in range(1, 100) if at[now] * at[base] > 1e-9]
    assert sum(chance for now, base, chance in pairs if abs(now - base) >= base / 10) == pytest.approx(0.70, abs=0.01)
    assert sum(chance for now, base, chance in pairs if now <= base * 0.8) == pytest.approx(0.19, abs=0.01)
    assert sum(chance for now, base, chance in pairs if exact_p(now, base, 0.5) < 0.05) < 0.05


@unhurried
@given(counts, exposures)
def test_the_rate_lies_in_its_interval_whatever_the_count(events, exposure):
    found = interval(events, exposure)
    assert 0 <= found.low <= found.rate < found.high < math.inf


@unhurried
@given(st.lists(st.floats(0, 5000).map(lambda x: round(x, 3)), min_size=2, max_size=5).map(sorted))
def test_more_events_never_lower_a_limit(events):
    found = [interval(x, 7.0) for x in events]
    assert all(a.low <= b.low and a.high <= b.high for a, b in pairwise(found))


@unhurried
@given(worth, exposures, worth, exposures, st.sampled_from(Method))
def test_two_rates_always_compare_to_something_that_can_be_said(x, tx, y, ty, method):
    there, back = rate_ratio((x, tx), (y, ty), method=method), rate_ratio((y, ty), (x, tx), method=method)
    assert 0 <= there.p <= 1
    assert there.p == pytest.approx(back.p, abs=1e-6)
    assert 0 <= there.low < math.inf
    if there.ratio is not None:
        assert there.low <= there.ratio * (1 + 1e-9)
        assert there.high is None or there.ratio <= there.high * (1 + 1e-9)


@unhurried
@given(st.floats(1e-300, 1e7))
def test_prediction_limits_hold_the_expectation(expected):
    low, high = prediction_limits(expected)
    assert 0 <= low <= expected + 1
    assert high + 1 >= expected
