"""The one function that says whether a change is real."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.verdict import Reason, Sample, VerdictCode, judge

SAME = {"coverage": 1.0, "least_coverage": 0.8, "significance": 0.01}
counts = st.integers(0, 3000)
exposures = st.integers(1, 2000)


def test_it_agrees_with_the_worked_example_of_poisson_test():
    """R, help page of poisson.test: 11 in 800 person-years against 21 in 3011."""
    verdict = judge(Sample(11, 800), Sample(21, 3011), **SAME)
    assert verdict.ratio == pytest.approx(1.971488, abs=1e-6)
    assert (verdict.low, verdict.high) == (pytest.approx(0.8584264, abs=1e-6), pytest.approx(4.2772659, abs=1e-5))
    assert verdict.p == pytest.approx(0.07967, abs=1e-5)
    assert verdict.code is VerdictCode.NONE


def test_a_clear_fall_and_a_clear_rise_are_called_so():
    assert judge(Sample(227, 114), Sample(1173, 349), **SAME).code is VerdictCode.FALL
    assert judge(Sample(1173, 349), Sample(227, 114), **SAME).code is VerdictCode.RISE


def test_a_fifth_less_of_a_few_is_no_evidence_and_it_says_what_would_be():
    verdict = judge(Sample(26, 32), Sample(96, 96), **SAME)
    assert verdict.code is VerdictCode.NONE
    needed = verdict.fall_needs
    assert needed is not None
    assert judge(Sample(needed, 32), Sample(96, 96), **SAME).code is VerdictCode.FALL
    assert judge(Sample(needed + 1, 32), Sample(96, 96), **SAME).code is VerdictCode.NONE
    risen = verdict.rise_needs
    assert risen is not None
    assert judge(Sample(risen, 32), Sample(96, 96), **SAME).code is VerdictCode.RISE
    assert judge(Sample(risen - 1, 32), Sample(96, 96), **SAME).code is VerdictCode.NONE


def test_from_nothing_only_a_rise_can_be_real_and_it_says_how_much():
    verdict = judge(Sample(6, 100), Sample(0, 100), coverage=1.0, least_coverage=0.8, significance=0.01)
    assert (verdict.code, verdict.fall_needs, verdict.rise_needs) == (VerdictCode.FEW, None, None)
    verdict = judge(Sample(4, 30), Sample(1, 100), coverage=1.0, least_coverage=0.8, significance=0.01)
    assert (verdict.code, verdict.fall_needs) == (VerdictCode.NONE, None)
    assert (
        judge(Sample(verdict.rise_needs, 30), Sample(1, 100), coverage=1, least_coverage=0.8, significance=0.01).code
        is VerdictCode.RISE
    )


@pytest.mark.parametrize(
    ("now", "base", "coverage", "code", "reason"),
    [
        (Sample(0, 120), Sample(0, 380), 1.0, VerdictCode.NONE, Reason.BOTH_ZERO),
        (Sample(0, 0), Sample(10, 380), 1.0, VerdictCode.FEW, Reason.NO_REPORTS),
        (Sample(10, 120), Sample(0, 0), 1.0, VerdictCode.FEW, Reason.NO_REPORTS),
        (Sample(1, 1), Sample(0, 1), 1.0, VerdictCode.FEW, Reason.FEW_EVENTS),
        (Sample(0, 120), Sample(900, 380), 0.79, VerdictCode.FEW, Reason.COVERAGE),
        (Sample(0, 120), Sample(900, 380), 0.8, VerdictCode.FALL, Reason.TESTED),
        (Sample(60, 120), Sample(0, 380), 1.0, VerdictCode.RISE, Reason.TESTED),
        (Sample(1_000_000, 40_000), Sample(1_100_000, 40_000), 1.0, VerdictCode.FALL, Reason.TESTED),
        (Sample(1_000_000, 40_000), Sample(1_000_100, 40_000), 1.0, VerdictCode.NONE, Reason.TESTED),
    ],
)
def test_extremes_get_an_answer_that_can_be_said(now, base, coverage, code, reason):
    verdict = judge(now, base, coverage=coverage, least_coverage=0.8, significance=0.01)
    assert (verdict.code, verdict.reason) == (code, reason)


def test_what_overlaps_its_baseline_is_not_compared_with_itself():
    verdict = judge(Sample(227, 114), Sample(1173, 349), **SAME, barred=Reason.OVERLAP)
    assert (verdict.code, verdict.reason, verdict.ratio) == (VerdictCode.FEW, Reason.OVERLAP, None)


@pytest.mark.parametrize(("reported", "reason"), [(0.79, Reason.SPARSE), (0.8, Reason.TESTED)])
def test_sessions_of_too_few_village_weeks_are_not_judged(reported, reason):
    assert judge(Sample(40, 4), Sample(480, 12), **SAME, reported=reported).reason is reason


def test_hours_are_judged_by_the_events_they_stand_for():
    """300 hours in 20 events of 15 hours are as sure as 20 events, not as 300."""
    assert judge(Sample(300, 100), Sample(450, 100), **SAME).code is VerdictCode.FALL
    assert judge(Sample(300, 100, 15), Sample(450, 100, 15), **SAME).code is VerdictCode.NONE


def test_a_stock_counted_every_week_is_not_surer_for_it():
    four_weeks = judge(Sample(4 * 250, 4 * 30, 4), Sample(12 * 270, 12 * 30, 12), **SAME)
    once = judge(Sample(250, 30), Sample(270, 30), **SAME)
    assert four_weeks.p == pytest.approx(once.p)
    assert four_weeks.ratio == pytest.approx(once.ratio)


MIRROR = {VerdictCode.FALL: VerdictCode.RISE, VerdictCode.RISE: VerdictCode.FALL}


@settings(deadline=None)  # the first case imports SciPy
@given(counts, exposures, counts, exposures, st.floats(0, 1))
def test_swapping_the_periods_mirrors_the_verdict(a, ea, b, eb, coverage):
    rule = {"coverage": coverage, "least_coverage": 0.8, "significance": 0.01}
    there, back = judge(Sample(a, ea), Sample(b, eb), **rule), judge(Sample(b, eb), Sample(a, ea), **rule)
    assert back.code is MIRROR.get(there.code, there.code)
    assert back.reason is there.reason


@settings(deadline=None)  # the first case imports SciPy
@given(counts, exposures, counts, exposures)
def test_the_ratio_lies_in_its_interval_and_decides_the_direction(a, ea, b, eb):
    verdict = judge(Sample(a, ea), Sample(b, eb), **SAME)
    if verdict.ratio is not None and verdict.low is not None:
        assert verdict.low <= verdict.ratio * (1 + 1e-9)
        assert verdict.high is None or verdict.ratio <= verdict.high * (1 + 1e-9)
        assert verdict.p is not None
        assert 0 <= verdict.p <= 1
        assert (verdict.code is VerdictCode.FALL) <= (verdict.ratio < 1)
        assert (verdict.code is VerdictCode.RISE) <= (verdict.ratio > 1)


@settings(deadline=None)  # the first case imports SciPy
@given(counts, exposures, counts, exposures, st.floats(0, 0.79))
def test_below_the_least_coverage_nothing_is_ever_claimed(a, ea, b, eb, coverage):
    verdict = judge(Sample(a, ea), Sample(b, eb), coverage=coverage, least_coverage=0.8, significance=0.01)
    assert verdict.code is VerdictCode.FEW
