"""Interrupted time series: a known effect is found again, chance is not taken for one, and thin series say why."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.holiday import is_spring_festival
from models.rules.series import Observed, Why, interruption
from models.rules.week import Week

FIRST = Week.parse("2024-W20")


def simulated(rng, *, weeks, policy, level=1.0, slope=1.0, trend=1.0, season=0.0, festival=1.0, rate=2.0, cluster=1.0):
    """Weeks of 30 villages; `level`, `slope` and `trend` as ratios (the last two per year), entries in clusters of a size."""
    found = []
    for i in range(weeks):
        year, since = i * 7 / 365.25, max(0, i - policy) * 7 / 365.25
        expected = 30 * rate * trend**year * slope**since * (level if i >= policy else 1)
        expected *= math.exp(season * math.sin(2 * math.pi * year)) * (festival if is_spring_festival(FIRST + i) else 1)
        found.append(Observed(FIRST + i, cluster * rng.poisson(expected / cluster), 30.0))
    return found


def test_a_sudden_fall_in_a_falling_series_is_found_again():
    """Thirty weeks against thirty: minus 30 % at once, on top of a trend of minus 20 % a year."""
    rng = np.random.default_rng(1)
    found = interruption(simulated(rng, weeks=60, policy=30, level=0.7, trend=0.8, rate=6), FIRST + 30)
    assert (found.why, found.weeks, found.seasonal, found.holiday) == (None, 60, False, True)
    assert found.level.ratio == pytest.approx(0.7, abs=0.06)
    assert found.level.low < 0.7 < found.level.high < 1
    assert found.level.p < 0.001
    assert found.trend.ratio == pytest.approx(0.8, abs=0.15)
    assert found.scatter == pytest.approx(1, abs=0.4)


def test_season_and_spring_festival_do_not_pass_for_an_effect():
    """Three years with a strong season and a quiet festival; a policy that changes only the slope."""
    rng = np.random.default_rng(2)
    series = simulated(rng, weeks=156, policy=100, slope=0.6, season=0.3, festival=0.3, rate=5, cluster=4)
    found = interruption(series, FIRST + 100)
    assert (found.why, found.seasonal, found.holiday) == (None, True, True)
    assert found.slope.ratio == pytest.approx(0.6, abs=0.15)
    assert found.slope.low < 0.6 < found.slope.high
    assert found.level.low < 1 < found.level.high
    assert found.latest.ratio == pytest.approx(0.6 ** (55 * 7 / 365.25), abs=0.12)
    assert found.scatter == pytest.approx(4, rel=0.35)


def test_no_effect_is_called_one_as_rarely_as_it_says():
    rng = np.random.default_rng(3)
    alarms = [interruption(simulated(rng, weeks=60, policy=30, cluster=6), FIRST + 30).level.p < 0.05 for _ in range(200)]
    assert np.mean(alarms) < 0.12


def test_weeks_that_resemble_the_week_before_are_noticed_and_allowed_for():
    rng, drift, series = np.random.default_rng(4), 0.0, []
    for i in range(100):
        drift = 0.8 * drift + rng.normal(0, 0.2)
        series.append(Observed(FIRST + i, rng.poisson(180 * math.exp(drift)), 30.0))
    found = interruption(series, FIRST + 50)
    assert found.alike
    assert found.autocorrelation > 0.3
    assert not interruption(simulated(rng, weeks=100, policy=50), FIRST + 50).alike


def test_denominators_that_change_are_no_effect():
    """From the policy on, half as many villages report: the total halves, the rate does not."""
    rng = np.random.default_rng(5)
    series = [Observed(FIRST + i, rng.poisson(4.0 * n), float(n)) for i, n in enumerate([40] * 30 + [20] * 30)]
    found = interruption(series, FIRST + 30)
    assert found.level.low < 1 < found.level.high


STEADY = [Observed(FIRST + i, 60.0 + i % 3, 30.0) for i in range(60)]


@pytest.mark.parametrize(
    ("series", "why"),
    [
        ([], Why.FEW_WEEKS_BEFORE),
        (STEADY[:1], Why.FEW_WEEKS_BEFORE),
        (STEADY[19:], Why.FEW_WEEKS_BEFORE),
        (STEADY[:37], Why.FEW_WEEKS_AFTER),
        ([Observed(one.week, 0.0, 30.0) for one in STEADY], Why.FEW_EVENTS),
        (STEADY[:30] + [Observed(one.week, 0.0, 30.0) for one in STEADY[30:]], Why.FEW_EVENTS),
        ([Observed(one.week, one.total * (i % 10 == 0), 0.0 if i % 2 else 30.0) for i, one in enumerate(STEADY)], None),
        ([Observed(one.week, one.total, one.exposure * (i < 30)) for i, one in enumerate(STEADY)], Why.FEW_WEEKS_AFTER),
    ],
)
def test_a_thin_series_says_why(series, why):
    found = interruption(series, FIRST + 30)
    assert found.why is why
    assert (found.level is None) == (why is not None)


counts = st.one_of(st.just(0), st.integers(0, 3), st.integers(0, 1_000_000))
weeks = st.lists(st.tuples(counts, st.sampled_from([30, 30, 30, 400, 1, 0])), min_size=20, max_size=120)


@settings(deadline=None)  # the first case imports statsmodels
@given(weeks, st.floats(0, 1))
def test_any_series_gets_an_answer_that_can_be_said(totals, place):
    series = [Observed(FIRST + i, float(total), float(n)) for i, (total, n) in enumerate(totals)]
    found = interruption(series, FIRST + round(place * len(series)))
    assert (found.level is None) == (found.why is not None)
    for effect in (found.level, found.slope, found.latest, found.trend):
        if effect:
            assert all(math.isfinite(one) for one in (effect.ratio, effect.low, effect.high, effect.p))
            assert 0 <= effect.low <= effect.ratio <= effect.high


def test_patterns_of_empty_weeks_that_break_a_model_say_so():
    """After the policy nothing at all, but for the very last week: the slope would be infinite."""
    rng, said = np.random.default_rng(6), set()
    for _ in range(40):
        policy, n = int(rng.integers(12, 60)), int(rng.integers(70, 130))
        totals = [*rng.integers(0, 100, policy), *[0] * (n - policy - 1), 20]
        said.add(interruption([Observed(FIRST + i, float(x), 30.0) for i, x in enumerate(totals)], FIRST + policy).why)
    assert Why.NOT_SEPARABLE in said


def test_a_spring_festival_in_which_nothing_happened_is_left_out_and_hides_no_effect():
    rng = np.random.default_rng(11)
    series = simulated(rng, weeks=75, policy=52, level=0.6, rate=5, festival=0.0)
    found = interruption(series, FIRST + 52)
    quiet = sum(is_spring_festival(one.week) for one in series)
    assert (found.why, found.holiday, found.weeks) == (None, True, 75 - quiet)
    assert quiet > 0
    assert len(found.without) == quiet
    assert all(is_spring_festival(week) for week in found.without)
    assert found.level.low < 0.6 < found.level.high < 1
