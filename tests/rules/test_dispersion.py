"""Clustered weeks: how much they scatter, and that a verdict does not take their noise for change."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.dispersion import Dispersion, dispersion
from models.rules.verdict import Reason, Rule, Sample, VerdictCode, judge

RULE = {"coverage": 1.0, "least_coverage": 0.8, "significance": 0.01}
REAL = {VerdictCode.FALL, VerdictCode.RISE}
weeks = st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 500)), max_size=20)
unhurried = settings(deadline=None)  # the first case imports SciPy


def sample(period):
    return Sample(sum(total for total, _ in period), sum(exposure for _, exposure in period))


def test_pearsons_factor_by_hand_with_unequal_denominators():
    """Rates 1 and 2: expected 10, 20 and 40; (14−10)²/10 + (16−20)²/20 + 0 = 2.4, with 1 + 0 degrees of freedom."""
    found = dispersion([(14, 10), (16, 20)], [(40, 20)])
    assert found == Dispersion(pytest.approx(2.4), weeks=3, degrees=1)


def test_a_real_change_between_the_periods_is_not_taken_for_scatter():
    assert dispersion([(10, 10)] * 4, [(100, 10)] * 12).pearson == 0


def test_weeks_without_reports_and_periods_without_events_tell_nothing():
    found = dispersion([(0, 30)] * 4, [(14, 10), (0, 0), (16, 20)])
    assert (found.pearson, found.degrees, found.weeks) == (pytest.approx(2.4), 1, 6)


def test_a_factor_found_in_few_weeks_is_enlarged_as_an_f_test_would():
    """t(14; 0.005) = 2.9768, z(0.005) = 2.5758."""
    assert Dispersion(3.0, 16, 14).factor(0.01) == pytest.approx(3 * (2.9768 / 2.5758) ** 2, abs=1e-3)
    assert Dispersion(3.0, 9_001, 9_000).factor(0.01) == pytest.approx(3, rel=1e-3)
    assert math.isinf(Dispersion(0.0, 2, 0).factor(0.01))


def test_one_week_against_one_week_says_that_scatter_is_unknown():
    now, base = [(5, 30)], [(90, 30)]
    verdict = judge(sample(now), sample(base), dispersion=dispersion(now, base), **RULE)
    assert (verdict.code, verdict.reason) == (VerdictCode.FEW, Reason.FEW_WEEKS)


def test_steady_weeks_are_judged_as_plain_counts_are():
    now, base = [(20, 30), (24, 30), (21, 30), (22, 30)], [(60, 30), (55, 30), (58, 30), (62, 30), (57, 30)]
    verdict = judge(sample(now), sample(base), dispersion=dispersion(now, base), **RULE)
    assert (verdict.code, verdict.rule, verdict.factor) == (VerdictCode.FALL, Rule.EXACT, (1.0, 1.0))
    assert verdict.p == judge(sample(now), sample(base), **RULE).p


def test_clustered_weeks_are_judged_by_the_events_they_are_worth():
    """Two county-wide meetings in the base, none now: thirty entries each, and two decisions."""
    now, base = [(2, 30), (3, 30), (1, 30), (4, 30)], [(33, 30), (2, 30), (4, 30), (31, 30), (3, 30), (2, 30), (1, 30)]
    plain = judge(sample(now), sample(base), **RULE)
    verdict = judge(sample(now), sample(base), dispersion=dispersion(now, base), **RULE)
    assert (plain.code, verdict.code) == (VerdictCode.FALL, VerdictCode.FEW)
    assert verdict.rule is Rule.QUASI
    assert verdict.factor[0] == verdict.factor[1] > 10
    assert verdict.ratio == pytest.approx(plain.ratio)
    assert verdict.low < plain.low < verdict.ratio < plain.high < verdict.high
    assert verdict.least_total > 10 + 76


@pytest.mark.parametrize("significance", [0.01, 0.05])
def test_false_alarms_under_clustering_are_as_rare_as_the_significance_says(significance):
    """Thirty villages, each with a meeting of its own a week; every other week on average the county calls all of them."""
    rng, tries = np.random.default_rng(20261122), 600
    rule = RULE | {"significance": significance}
    plain = clustered = 0
    for _ in range(tries):
        totals = rng.poisson(30, 16) + 30 * rng.poisson(0.5, 16)
        now, base = ([(float(total), 30.0) for total in part] for part in (totals[:4], totals[4:]))
        plain += judge(sample(now), sample(base), **rule).code in REAL
        clustered += judge(sample(now), sample(base), dispersion=dispersion(now, base), **rule).code in REAL
    assert plain / tries > 0.35
    assert clustered / tries <= significance + 3 * math.sqrt(significance / tries)


def test_a_real_fall_is_still_seen_through_clustering():
    rng, seen = np.random.default_rng(20261122), 0
    for _ in range(50):
        now, base = ([(float(t), 30.0) for t in rng.poisson(m, w) + 10 * rng.poisson(m / 30, w)] for m, w in ((15, 12), (45, 26)))
        seen += judge(sample(now), sample(base), dispersion=dispersion(now, base), **RULE).code is VerdictCode.FALL
    assert seen >= 45


def test_for_hours_the_factor_contains_what_one_entry_carries():
    """Independent entries of 1, 2 or 6 hours: φ is Σh² ÷ Σh = 41 ÷ 9, however many there are in a week."""
    rng = np.random.default_rng(20261122)
    totals = [float(rng.choice([1, 2, 6], rng.poisson(20)).sum()) for _ in range(2000)]
    assert dispersion([(total, 30.0) for total in totals]).pearson == pytest.approx(41 / 9, rel=0.08)


def test_a_stock_is_not_made_surer_by_weeks_that_hardly_move():
    now, base = [(250.0, 30.0)] * 4, [(270.0, 30.0)] * 12
    stock = Sample(1000, 120, 4), Sample(3240, 360, 12)
    found = dispersion(now, base)
    assert judge(*stock, dispersion=found, **RULE) == replace(judge(*stock, **RULE), dispersion=found)


def test_what_would_be_needed_is_exactly_what_would_decide():
    """26 and 30 entries, alternating with 10: each total is worth fewer events, and fewer still would be a real fall."""
    now, base = [(26, 30), (14, 30)] * 2, [(30, 30), (10, 30), (22, 30)] * 4
    found = dispersion(now, base)
    verdict = judge(sample(now), sample(base), dispersion=found, **RULE)
    assert (verdict.code, verdict.rule) == (VerdictCode.NONE, Rule.QUASI)
    needed, more = verdict.fall_needs, verdict.fall_needs + verdict.factor[0]
    codes = [judge(Sample(total, 120), sample(base), dispersion=found, **RULE).code for total in (needed, more)]
    assert codes == [VerdictCode.FALL, VerdictCode.NONE]


def test_too_few_events_say_how_many_would_be_enough():
    verdict = judge(Sample(1, 100), Sample(2, 100), **RULE)
    assert (verdict.reason, verdict.least_total) == (Reason.FEW_EVENTS, 8)
    assert 2 * 0.5**8 < 0.01 <= 2 * 0.5**7  # all in the one period or in the other: neither is likelier


@unhurried
@given(st.integers(0, 30), st.sampled_from([(1, 1), (4, 4), (4, 12), (12, 4), (100, 101)]), st.sampled_from([0.05, 0.01, 1e-4]))
def test_nothing_is_tested_where_no_outcome_could_be_real_and_the_rest_is(events, exposures, significance):
    rule = RULE | {"significance": significance}
    outcomes = [judge(Sample(n, exposures[0]), Sample(events - n, exposures[1]), **rule) for n in range(events + 1)]
    if events:
        assert {one.reason for one in outcomes} == (
            {Reason.TESTED} if REAL & {one.code for one in outcomes} else {Reason.FEW_EVENTS}
        )
        assert outcomes[0].least_total is None or outcomes[0].least_total > events


@unhurried
@given(weeks, weeks, st.floats(0, 1))
def test_any_weeks_get_an_answer_that_can_be_said(now, base, significance):
    rule = RULE | {"significance": significance}
    verdict = judge(sample(now), sample(base), dispersion=dispersion(now, base), **rule)
    numbers = (verdict.ratio, verdict.low, verdict.high, verdict.p, verdict.fall_needs, verdict.least_total, *verdict.factor)
    assert all(number is None or (math.isfinite(number) and number >= 0) for number in numbers)
    if verdict.ratio is not None and verdict.low is not None:
        assert verdict.low <= verdict.ratio * (1 + 1e-9)
        assert verdict.high is None or verdict.ratio <= verdict.high * (1 + 1e-9)


@unhurried
@given(weeks, weeks)
def test_scatter_never_makes_a_verdict_surer(now, base):
    plain = judge(sample(now), sample(base), **RULE)
    verdict = judge(sample(now), sample(base), dispersion=dispersion(now, base), **RULE)
    assert verdict.code in (plain.code, VerdictCode.NONE, VerdictCode.FEW)
