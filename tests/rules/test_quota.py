"""What a period allows of a yearly quota, and what has become of it."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.errors import InvalidInput
from models.rules.measure import Measure
from models.rules.period import PeriodKind
from models.rules.quota import MOST, Status, allowance_in, check_quota, judge, severity

ALLOWANCES = st.integers(0, MOST)
USES = st.integers(0, 20_000)
SHARES = st.floats(0.01, 1)


@pytest.mark.parametrize(
    ("yearly", "month", "quarter", "half", "year"),
    [(0, 0, 0, 0, 0), (1, 1, 1, 1, 1), (12, 1, 3, 6, 12), (13, 2, 4, 7, 13), (24, 2, 6, 12, 24), (20, 2, 5, 10, 20)],
)
def test_a_shorter_period_allows_its_share_rounded_up(yearly, month, quarter, half, year):
    assert [allowance_in(yearly, kind, Measure.INSPECTION) for kind in PeriodKind] == [month, quarter, half, year]


@pytest.mark.parametrize("kind", PeriodKind)
def test_a_stock_is_a_level_and_the_same_in_every_period(kind):
    assert allowance_in(4, kind, Measure.GROUP) == 4


@given(ALLOWANCES, ALLOWANCES, st.sampled_from(Measure))
def test_the_allowance_never_falls_with_a_longer_period_or_a_larger_quota(one, other, measure):
    less, more = sorted((one, other))
    by_kind = [allowance_in(less, kind, measure) for kind in PeriodKind]
    assert by_kind == sorted(by_kind)
    assert by_kind[-1] == less
    assert all(allowance_in(less, kind, measure) <= allowance_in(more, kind, measure) for kind in PeriodKind)


@given(ALLOWANCES, st.sampled_from([Measure.MEETING, Measure.INSPECTION, Measure.FORM]))
def test_the_parts_of_a_year_together_allow_at_least_the_year(yearly, measure):
    assert all(allowance_in(yearly, kind, measure) * (12 // kind.months) >= yearly for kind in PeriodKind)


@pytest.mark.parametrize(
    ("used", "allowance", "near_share", "status"),
    [
        (0, 24, 0.8, Status.WITHIN),
        (19, 24, 0.8, Status.WITHIN),  # 79 %
        (20, 24, 0.8, Status.NEAR),
        (7, 10, 0.8, Status.WITHIN),
        (8, 10, 0.8, Status.NEAR),  # exactly 80 %
        (10, 10, 0.8, Status.NEAR),  # exactly 100 %: used up, not over
        (11, 10, 0.8, Status.OVER),
        (7, 10, 0.7, Status.NEAR),  # 0.7 × 10 is more than 7 in binary fractions
        (0, 0, 0.8, Status.WITHIN),
        (1, 0, 0.8, Status.OVER),
        (3, None, 0.8, Status.UNSET),
    ],
)
def test_status_turns_exactly_at_the_threshold_and_beyond_the_quota(used, allowance, near_share, status):
    assert judge(used, allowance, near_share).status is status


@given(USES, ALLOWANCES, SHARES)
def test_used_and_left_make_up_the_allowance_and_only_over_is_negative(used, allowance, near_share):
    standing = judge(used, allowance, near_share)
    assert standing.used + standing.left == allowance
    assert (standing.status is Status.OVER) == (standing.left < 0)


@given(USES, ALLOWANCES, SHARES)
def test_one_more_event_never_improves_the_status(used, allowance, near_share):
    order = [Status.WITHIN, Status.NEAR, Status.OVER]
    before, after = judge(used, allowance, near_share), judge(used + 1, allowance, near_share)
    assert order.index(before.status) <= order.index(after.status)


def test_share_of_a_quota_of_zero_is_infinite_once_used():
    assert judge(0, 0, 0.8).share == 0
    assert judge(2, 0, 0.8).share == inf
    assert judge(2, None, 0.8).share is None
    assert judge(2, None, 0.8).left is None


def test_worst_first_is_over_by_share_then_near_then_within_then_without_quota():
    rows = [(5, None), (1, 10), (8, 10), (11, 10), (30, 10), (9, 10), (9, None)]
    standings = [judge(used, allowance, 0.8) for used, allowance in rows]
    ordered = sorted(standings, key=lambda s: severity(s.status, s.share, s.used))
    assert [s.used for s in ordered] == [30, 11, 9, 8, 1, 9, 5]


@pytest.mark.parametrize("allowance", [-1, MOST + 1, 2.5, True, None])
def test_check_quota_refuses_what_is_no_count(allowance):
    with pytest.raises(InvalidInput) as refused:
        check_quota(allowance, 2026)
    assert (refused.value.code, refused.value.field) == ("bad_allowance", "allowance")


@pytest.mark.parametrize("year", [1999, 3000])
def test_check_quota_refuses_a_year_out_of_range(year):
    with pytest.raises(InvalidInput) as refused:
        check_quota(1, year)
    assert refused.value.field == "year"


@pytest.mark.parametrize("allowance", [0, MOST])
def test_check_quota_accepts_its_bounds(allowance):
    check_quota(allowance, 2026)
