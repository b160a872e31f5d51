"""What a department may be told: no small cell, and no two numbers whose difference is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.suppression import Least, merged

LEAST = Least(events=5, villages=3)
EVENTS = st.dictionaries(st.integers(), st.sets(st.sampled_from("abcdefgh"), min_size=1), max_size=12)


@pytest.mark.parametrize(
    ("events", "villages", "hidden"),
    [(0, 0, True), (1, 1, True), (4, 9, True), (5, 3, False), (5, 2, True), (90, 2, True), (90, 30, False)],
)
def test_a_count_is_hidden_below_either_least(events, villages, hidden):
    assert LEAST.hides(events, villages) is hidden


def test_nothing_is_merged_where_every_event_has_villages_enough():
    assert merged({1: {"a", "b", "c"}, 2: {"b", "c", "d"}}, LEAST) == frozenset()


def test_the_next_smallest_join_until_those_left_out_are_no_small_cell():
    events = {n: set("abcd") for n in range(10, 20)} | {1: {"a"}}
    assert merged(events, LEAST) == {1, 10, 11, 12, 13}


def test_events_of_the_same_two_villages_need_a_third_village():
    events = {n: {"a", "b"} for n in range(6)} | {9: set("abc")}
    assert merged(events, LEAST) == set(events)


@given(EVENTS)
def test_an_event_listed_alone_has_villages_enough(events):
    listed = events.keys() - merged(events, LEAST)
    assert all(len(events[key]) >= LEAST.villages for key in listed)


@given(EVENTS)
def test_what_is_told_together_is_nothing_everything_or_no_small_cell(events):
    out = merged(events, LEAST)
    villages = set().union(*(events[key] for key in out))
    assert not out or out == events.keys() or not LEAST.hides(len(out), len(villages))
