"""When what a department declared is what villages reported: worked pairs, and what holds for any two lists."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.matching import Footing, Listed, footing, likeness, occasions, pairs

DAY = date(2026, 10, 14)
DAYS = 3


def listed(title="秋粮收购推进会", shift=0, *, department="A", kind="meeting", places=(), last=0, emergency=False):
    first = DAY + timedelta(days=shift)
    return Listed(department, kind, first, first + timedelta(days=last), title, frozenset(places), emergency)


@pytest.mark.parametrize(
    ("reported", "is_same"),
    [
        (listed(), True),
        (listed("全县秋粮收购工作推进会议"), True),
        (listed("秋粮收购 推进会。", 3), True),
        (listed("秋粮收购推进会", 4), False),
        (listed("", 0), True),
        (listed("", 1), False),
        (listed("防溺水培训会"), False),
        (listed(department="B"), False),
        (listed(kind="form"), False),
        (listed(places=["t1", "t2"]), True),
        (listed(places=["t2"]), False),
        (listed(shift=-5, last=2), True),
        (listed(shift=-6, last=2), False),
        (listed(emergency=True), True),
    ],
)
def test_two_are_the_same_by_sender_kind_day_place_and_title(reported, is_same):
    assert bool(pairs([listed(places=["t1"])], [reported], DAYS)) is is_same


def test_the_closest_are_paired_first_and_each_only_once():
    declared = [listed(shift=0), listed(shift=2)]
    reported = [listed(shift=2), listed(shift=0), listed("", 0), listed(shift=1)]
    assert pairs(declared, reported, DAYS) == {0: 1, 1: 0}
    assert pairs([listed(), listed()], [listed()], DAYS) == {0: 0}


def test_a_tour_of_several_days_is_one_event_on_both_lists():
    tour = [listed("森林防火检查", n, places=[f"t{n}"]) for n in (0, 1, 4, 8)]
    first, second = occasions(tour, DAYS)
    assert (first.first, first.last, first.places) == (DAY, DAY + timedelta(days=4), {"t0", "t1", "t4"})
    assert second.first == DAY + timedelta(days=8)
    assert len(occasions([listed(""), listed("", 1)], DAYS)) == 2
    assert len(occasions([listed(), listed(emergency=True)], DAYS)) == 2
    assert occasions([listed(places=["t1"]), listed(shift=1)], DAYS)[0].places == frozenset()


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("秋粮收购推进会", "秋粮收购推进会", 1),
        ("秋粮收购推进会", "全县秋粮收购推进会", 1),
        ("秋粮推进会", "春耕推进会", 0.5),
        ("秋粮", "春耕", 0),
        ("会", "春耕会", 1),
        ("会", "春耕", 0),
        ("", "春耕", 0),
        ("", "", 0),
    ],
)
def test_how_alike_two_titles_are(one, other, share):
    assert likeness(one, other) == likeness(other, one) == share


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((0, 0, 0), Footing.NONE_DECLARED),
        ((5, 0, 0), Footing.NONE_DECLARED),
        ((0, 5, 0), Footing.NONE_REPORTED),
        ((5, 5, 0), Footing.NONE_BOTH),
        ((50, 50, 6), Footing.FEW_BOTH),
        ((7, 7, 7), Footing.ENOUGH),
    ],
)
def test_thin_lists_carry_no_estimate(counts, expected):
    assert footing(*counts) is expected


events = st.lists(
    st.builds(
        listed,
        st.sampled_from(["", "秋粮推进会", "秋粮收购推进会", "春耕推进会", "防火检查"]),
        st.integers(0, 9),
        department=st.sampled_from("AB"),
        places=st.sets(st.sampled_from(["t1", "t2"])),
    ),
    max_size=8,
)


@given(events, events, st.randoms(use_true_random=False))
def test_the_order_of_the_lists_changes_neither_the_joining_nor_the_number_of_pairs(declared, reported, rng):
    def both(ours, theirs):
        mine, others = occasions(ours, DAYS), occasions(theirs, DAYS)
        found = pairs(mine, others, DAYS)
        assert len(set(found.values())) == len(found) <= min(len(mine), len(others))
        return Counter(mine), Counter(others), len(found)

    shuffled = [rng.sample(events, len(events)) for events in (declared, reported)]
    assert both(declared, reported) == both(*shuffled)
