"""Whoever stops reporting, a series measured by who reported it stays what it was; a real change is still one."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.rules.makeup import busyness, makeup

BUSY, QUIET = "busy", ("quiet1", "quiet2")


def series(rates, weeks, level=lambda week: 1.0):
    """Weeks of who reported → (total, who), and what each point told."""
    told = dict.fromkeys(rates, 0.0)
    for week, reported in enumerate(weeks):
        for point in reported:
            told[point] += rates[point] * level(week)
    return [(sum(rates[point] * level(week) for point in reported), reported) for week, reported in enumerate(weeks)], told


def test_a_busy_point_that_stops_by_hand():
    """Ten and twice one a week; then the busy one is silent: the rate falls from 4 to 1, and who reports from 4 to 1 too."""
    weeks, told = series({BUSY: 10, QUIET[0]: 1, QUIET[1]: 1}, [{BUSY, *QUIET}] * 6 + [set(QUIET)] * 3)
    busy = busyness(weeks, told)
    assert busy[BUSY] == pytest.approx(10 * busy[QUIET[0]])
    assert makeup(busy, weeks[0][1]) == pytest.approx(4 * makeup(busy, weeks[-1][1]), rel=1e-5)
    assert sum(makeup(busy, reported) * len(reported) for _, reported in weeks) == pytest.approx(24, rel=1e-5)


def test_a_real_fall_of_all_is_seen_while_a_busy_point_is_missing():
    rates = {BUSY: 10, QUIET[0]: 1, QUIET[1]: 2}
    weeks, told = series(rates, [{BUSY, *QUIET}] * 8 + [set(QUIET)] * 4, lambda week: 1.0 if week < 6 else 0.5)
    busy = busyness(weeks, told)
    levels = [total / len(reported) / makeup(busy, reported) for total, reported in weeks]
    assert levels[6:] == pytest.approx([levels[0] / 2] * 6, rel=1e-5)


def test_points_that_all_report_change_nothing_however_they_change_themselves():
    weeks = [(7.0, {"a", "b"}), (0.0, {"a", "b"}), (3.0, {"a", "b"})]
    busy = busyness(weeks, {"a": 10.0, "b": 0.0})
    assert [makeup(busy, reported) for _, reported in weeks] == [1, 1, 1]


def test_what_nothing_is_known_of_is_average():
    assert busyness([], {}) == busyness([(0.0, set())], {}) == {}
    assert busyness([(0.0, {"a"}), (0.0, {"a", "b"})], {}) == {"a": 1, "b": 1}
    assert makeup({"a": 3.0}, []) == 1
    assert makeup({"a": 3.0}, ["a", "new"]) == 2


@given(
    st.lists(st.integers(0, 10**6), min_size=1, max_size=6),
    st.lists(st.integers(0, 63), min_size=1, max_size=15),
)
def test_any_points_and_weeks_have_a_makeup_and_equal_rates_a_level_series(rates, masks):
    names = [f"p{n}" for n in range(len(rates))]
    whole = set(names)  # one week that all reported: without it nobody can compare the points
    weeks, told = series(
        dict(zip(names, rates, strict=True)), [whole, *({p for n, p in enumerate(names) if mask >> n & 1} for mask in masks)]
    )
    busy = busyness(weeks, told)
    assert all(0 <= one < float("inf") for one in busy.values())
    assume(sum(rates))
    for total, reported in weeks:
        if made := makeup(busy, reported) if reported else 0:
            assert total / len(reported) / made == pytest.approx(
                weeks[0][0] / len(names) / makeup(busy, whole), rel=1e-3, abs=1e-3
            )
