"""A point that reports fewer weeks now does not move the comparison."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.rules.dispersion import dispersion
from models.rules.mix import Mix, PointWeeks, mix
from models.rules.verdict import Rule, Sample, VerdictCode, judge

NOW, BASE = 4, 12
RULE = {"coverage": 1.0, "least_coverage": 0.0, "significance": 0.3}


def test_a_busy_point_that_reports_one_week_of_four_by_hand():
    """Ten a week and one a week: 66 ÷ 12 a week in the base; with one and four weeks now it would be (10 + 4) ÷ 5."""
    found = mix([PointWeeks(1, 6, 60, 60), PointWeeks(4, 6, 6, 6)])
    assert found.factor == pytest.approx(14 / 5 / 5.5)
    weights = (12 / 5 / 6, 4 * 12 / 5 / 6)
    kish = (weights[0] ** 2 * 60 + weights[1] ** 2 * 6) * 66 / (weights[0] * 60 + weights[1] * 6) ** 2
    assert found.spread == pytest.approx(kish)
    assert found.spread > 1


def test_points_that_all_reported_as_much_change_nothing():
    assert mix([PointWeeks(4, 12, 7, 9), PointWeeks(4, 12, 0, 0), PointWeeks(4, 12, 90, 900)]) == Mix(
        pytest.approx(1), pytest.approx(1)
    )
    assert mix([]) == mix([PointWeeks(1, 5, 0, 0), PointWeeks(4, 5, 0, 0)]) == Mix()


def test_without_it_the_busy_points_silence_would_be_a_fall():
    now, base = Sample(1 * 10 + 4 * 1, 5), Sample(120 + 12, 24)
    factor = mix([PointWeeks(1, 12, 120, 120), PointWeeks(4, 12, 12, 12)]).factor
    assert judge(now, base, **RULE).code is VerdictCode.FALL
    verdict = judge(now, base, mix=factor, **RULE)
    assert (verdict.code, verdict.ratio) == (VerdictCode.NONE, pytest.approx(1))
    assert verdict.before == pytest.approx(verdict.now.rate)
    assert verdict.base == base  # what was counted is still told as it was counted


point = st.tuples(st.integers(0, 30), st.integers(0, 2**NOW - 1), st.integers(0, 2**BASE - 1))


@settings(max_examples=300, deadline=None)
@given(st.lists(point, min_size=1, max_size=12))
def test_with_equal_rates_no_missing_report_ever_makes_a_change(points):
    """Each point has its own rate, the same every week; which of its weeks it reports, in either period, is anything at all."""
    both = [(rate, now, base) for rate, now, base in points if now and base]
    assume(both)
    told = [PointWeeks(n.bit_count(), b.bit_count(), rate * b.bit_count(), rate * b.bit_count()) for rate, n, b in both]
    weekly = [_weekly(side, [(rate, period[at]) for rate, *period in both]) for at, side in enumerate((NOW, BASE))]
    now, base = (Sample(sum(x for x, _ in weeks), sum(n for _, n in weeks)) for weeks in weekly)
    weighed = mix(told)
    for scatter in (None, dispersion(*weekly)):
        verdict = judge(now, base, dispersion=scatter, mix=weighed.factor, **RULE)
        assert verdict.code in (VerdictCode.NONE, VerdictCode.FEW)
        assert verdict.ratio is None or verdict.ratio == pytest.approx(1)


def _weekly(weeks, rates):
    return [(sum(r for r, told in rates if told >> w & 1), sum(told >> w & 1 for _, told in rates)) for w in range(weeks)]


def test_the_independent_events_of_a_clustered_verdict_are_what_was_tested():
    now, base = [(2, 30), (3, 30), (1, 30), (4, 30)], [(33, 30), (2, 30), (4, 30), (31, 30), (3, 30), (2, 30), (1, 30)]
    verdict = judge(Sample(10, 120), Sample(76, 210), dispersion=dispersion(now, base), **RULE)
    assert verdict.rule is Rule.QUASI
    assert verdict.independent == round(10 / verdict.factor[0]) + round(76 / verdict.factor[1]) < 10
