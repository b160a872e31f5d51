"""Events that neither list knows: published examples, and no match at all."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.matching import recapture


def test_the_published_example_of_lincoln_and_petersen_and_chapmans_correction():
    found = recapture(23, 28, 9)
    assert found.lincoln_petersen == pytest.approx(71.56, abs=0.005)
    assert (found.at_least, found.se) == (pytest.approx(68.6), pytest.approx(12.973, abs=5e-4))
    assert found.first_complete == pytest.approx(23 / 68.6)
    assert (found.seen, found.unseen) == (42, pytest.approx(26.6))


def test_the_inputs_of_recapr():
    found = recapture(100, 100, 20)
    assert (found.at_least, found.se) == pytest.approx((484.7619, 82.0315), abs=5e-5)


def test_without_a_match_the_bound_is_finite_and_lincoln_petersen_says_nothing():
    found = recapture(12, 9, 0)
    assert (found.at_least, found.lincoln_petersen) == (129, None)
    assert found.low > found.seen == 21


def test_two_equal_lists_leave_nothing_unseen():
    found = recapture(30, 30, 30)
    assert (found.at_least, found.se, found.low, found.high, found.first_complete) == (30, 0, 30, 30, 1)


def test_two_empty_lists_are_nothing():
    found = recapture(0, 0, 0)
    assert (found.at_least, found.unseen, found.first_complete, found.second_complete) == (0, 0, None, None)


@pytest.mark.parametrize("lists", [(3, 5, 4), (5, 3, 4), (3, 5, -1)])
def test_more_matches_than_events_are_refused(lists):
    with pytest.raises(ValueError, match="on both lists"):
        recapture(*lists)


def test_lists_that_copy_the_same_notice_make_the_bound_too_low_and_never_too_high():
    rng, all_events = np.random.default_rng(20261122), 400
    alone, copied = [], []
    for _ in range(300):
        first, second, noticed = rng.random(all_events) < 0.6, rng.random(all_events) < 0.4, rng.random(all_events) < 0.3
        alone.append(recapture(first.sum(), second.sum(), (first & second).sum()).at_least)
        a, b = first | noticed, second | noticed
        copied.append(recapture(a.sum(), b.sum(), (a & b).sum()).at_least)
    assert np.mean(alone) == pytest.approx(all_events, rel=0.01)
    assert np.mean(copied) < 0.95 * all_events


@given(st.integers(0, 1_000_000), st.integers(0, 1_000_000), st.integers(0, 1_000_000))
def test_the_bound_is_never_below_what_was_seen(both, first, second):
    found = recapture(both + first, both + second, both)
    assert found.seen <= found.low <= found.at_least * (1 + 1e-9)
    assert found.at_least <= found.high * (1 + 1e-9)
    assert all(math.isfinite(number) for number in (found.at_least, found.se, found.low, found.high))
    assert found.first_complete is None or 0 <= found.first_complete <= 1
