"""Control limits: the published charts, exact limits for small counts, and Laney's correction."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.control_limits import Basis, basis_of, laney_sigma, u_limits, xmr_limits

NHS = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
unhurried = settings(deadline=None)  # the first case imports SciPy


@pytest.mark.parametrize(("screened", "high", "low"), [(False, 6.95, -3.06), (True, 4.60, -0.72)])
def test_the_nhs_example_with_and_without_its_screening(screened, high, low):
    limits = xmr_limits(NHS, screened=screened)
    assert (limits.centre, limits.high, limits.low) == pytest.approx((1.94, high, low), abs=0.006)
    assert limits.near_high - limits.centre == pytest.approx((limits.high - limits.centre) * 2 / 3)
    assert limits.shown_low == 0


def test_fewer_than_two_values_have_no_limits():
    assert xmr_limits([]) is None
    assert xmr_limits([3.0]) is None


@pytest.mark.parametrize(
    ("area", "low", "high"),
    [(500, 0.291474, 2.555038), (400, 0.157885, 2.688626), (650, 0.430617, 2.415894), (625, 0.410959, 2.435552)],
)
def test_montgomerys_u_chart_with_unequal_denominators(area, low, high):
    """Example 7.5: defects per 50 m² of cloth."""
    limits = u_limits(153 / (5375 / 50), area / 50, Basis.SIGMA)
    assert limits.centre == pytest.approx(1.423256, abs=1e-6)
    assert (limits.low, limits.high) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize("rate", [0.3, 1, 3, 8.9])
def test_exact_limits_alarm_no_more_often_than_three_sigma_promise(rate):
    limits = u_limits(rate, 1, Basis.EXACT)
    at = [math.exp(k * math.log(rate) - rate - math.lgamma(k + 1)) for k in range(100)]
    assert sum(at[int(limits.high) + 1 :]) <= 0.00135
    assert sum(at[: int(limits.low)]) <= 0.00135
    sigma = u_limits(rate, 1, Basis.SIGMA)
    assert sum(chance for k, chance in enumerate(at) if k > sigma.high) > 0.00135  # why they are exact


def test_exact_limits_begin_where_fewer_than_nine_are_expected_in_some_week():
    assert basis_of(1.0, [9, 30]) is Basis.SIGMA
    assert basis_of(1.0, [8.9, 30]) is Basis.EXACT
    assert basis_of(1.0, [30], sigma=2) is Basis.EXACT
    assert basis_of(1.0, []) is Basis.EXACT


def test_laneys_sigma_is_the_spread_of_clustered_weeks_and_one_for_plain_counts():
    rng = np.random.default_rng(7)
    exposures = rng.integers(20, 40, 400).astype(float)
    assert laney_sigma(rng.poisson(exposures), exposures) == 1
    clustered = 9 * rng.poisson(exposures / 9)
    assert laney_sigma(clustered, exposures) == pytest.approx(3, rel=0.1)


@pytest.mark.parametrize(("rate", "share"), [(0.3, 0.045), (1, 0.012), (3, 0.0046), (10, 0.0031)])
def test_moving_ranges_alarm_too_often_on_rare_events(rate, share):
    """Why counts get a u-chart: how many of 24 weeks of unchanged Poisson counts lie above the upper limit."""
    rng, above = np.random.default_rng(20261122), 0
    for _ in range(1500):
        weeks = [float(count) for count in rng.poisson(rate, 24)]
        above += sum(count > xmr_limits(weeks).high for count in weeks)
    assert above / 1500 / 24 == pytest.approx(share, rel=0.15, abs=0.0005)


def test_a_lasting_shift_is_not_taken_for_scatter():
    rng = np.random.default_rng(7)
    counts = np.concatenate([rng.poisson(60, 60), rng.poisson(30, 60)])
    assert laney_sigma(counts, np.full(120, 30.0)) == pytest.approx(1, abs=0.15)


def test_widened_limits_alarm_rarely_on_clustered_weeks():
    rng = np.random.default_rng(7)
    counts, exposures = 9 * rng.poisson(30 / 9, 4000), np.full(4000, 30.0)
    sigma = laney_sigma(counts[:200], exposures[:200])
    basis = basis_of(1.0, exposures, sigma)
    plain, widened = u_limits(1.0, 30, Basis.SIGMA), u_limits(1.0, 30, basis, sigma)
    assert basis is Basis.EXACT
    assert np.mean(counts / 30 > plain.high) > 0.05
    assert np.mean(counts / 30 > widened.high) < 0.005


@unhurried
@given(st.floats(1e-6, 1e4), st.floats(0.1, 1e4), st.sampled_from([Basis.EXACT, Basis.SIGMA]), st.floats(1, 20))
def test_limits_are_in_order_whatever_the_rate(centre, exposure, basis, sigma):
    found = u_limits(centre, exposure, basis, sigma)
    assert found.low <= found.near_low <= found.near_high <= found.high < math.inf
    assert found.low <= found.centre
    assert found.shown_low >= 0


@given(st.lists(st.integers(0, 1_000_000), min_size=2, max_size=60), st.booleans())
def test_any_values_have_limits_around_their_mean(values, screened):
    found = xmr_limits(values, screened=screened)
    assert found.low <= found.centre <= found.high
    assert math.isfinite(found.high)
