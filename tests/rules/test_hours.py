"""Burden hours: published filings recomputed, and a change whose parts add up to the whole exactly."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.hours import Burden, Load, change, change_per, present_value, settled, shown

D = Decimal
loads = st.builds(Load, st.integers(0, 1_000_000), st.integers(0, 100_000_000))


@pytest.mark.parametrize(
    ("respondents", "times", "hours_each", "hours", "price", "cost"),
    [
        (2000, 2, D("0.5"), "2000.00", None, None),  # APHIS, OMB 0579-0245 (2007)
        (220, 1, D("0.75"), "165.00", D("17.22"), "2841.30"),  # RMA, OMB 0563-0067 (2012)
        (220, 1, 16, "3520.00", D("20.53"), "72265.60"),  # the same
        (100, 1, 22, "2200.00", D("99.96"), "219912.00"),  # Department of Education, 91 FR 29254
        (20, 52, 6, "6240.00", 600, "3744000.00"),  # Standard Cost Model, protagsystems
        (1000, 12, 2, "24000.00", 50, "1200000.00"),  # Standard Cost Model calculator
    ],
)
def test_published_burdens(respondents, times, hours_each, hours, price, cost):
    found = Burden.of(respondents, times, hours_each)
    assert shown(found.hours, 2) == D(hours)
    assert price is None or shown(found.cost(price), 2) == D(cost)


def test_the_published_present_value_of_ten_years():
    """The calculator prints about $8,428,000."""
    assert shown(present_value(1_200_000, 10, D("0.07")), -3) == D(8_428_000)


@pytest.mark.parametrize(("before", "after", "difference"), [(335_090, 401_178, 66_088), (314, 18_866, 18_552)])
def test_differences_are_computed_and_not_typed(before, after, difference):
    """ICR 200904-3235-003; ICR 201504-2130-001 states 18,852 for the second."""
    assert change(Load(1, after * 60), Load(1, before * 60)).total == difference


def test_rounding_is_for_display_only():
    """Filings that round row by row print 15 × 0.16 = 2.00, 18 × 0.25 = 5.00, 9 × 0.25 = 2."""
    rows = [Burden.of(15, 1, D("0.16")), Burden.of(18, 1, D("0.25")), Burden.of(9, 1, D("0.25"))]
    assert [shown(row.hours, 2) for row in rows] == [D("2.40"), D("4.50"), D("2.25")]
    assert shown(3 * rows[0].hours) == 7 != 3 * shown(rows[0].hours)


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [(Fraction(1, 8), 2, "0.13"), (Fraction(-1, 8), 2, "-0.13"), (Fraction(5, 2), 0, "3"), (Fraction(2, 3), 3, "0.667")],
)
def test_halves_are_rounded_up_as_people_do(value, digits, said):
    assert shown(value, digits) == D(said)


def test_fewer_and_shorter_meetings_by_hand():
    """40 of 90 minutes → 30 of 60: ten fewer save 15 h, half an hour each saves 20 h, and 5 h were counted twice."""
    found = change(Load(30, 30 * 60), Load(40, 40 * 90))
    assert (found.quantity, found.unit, found.interaction, found.total) == (-15, -20, 5, -30)


@pytest.mark.parametrize(("now", "base"), [(Load(0, 0), Load(4, 300)), (Load(4, 300), Load(0, 0)), (Load(0, 0), Load(0, 0))])
def test_without_entries_before_or_now_all_of_it_is_quantity(now, base):
    found = change(now, base)
    assert (found.quantity, found.unit, found.interaction) == (now.hours - base.hours, 0, 0)


@given(loads, loads)
def test_the_parts_add_up_to_the_whole_exactly(now, base):
    assert change(now, base).total == now.hours - base.hours


@given(loads, loads)
def test_back_again_is_the_opposite(now, base):
    assert change(now, base).total == -change(base, now).total


@given(loads, loads, st.integers(1, 500), st.integers(1, 500))
def test_per_week_of_a_village_the_parts_add_up_to_the_change_of_the_rate(now, base, now_weeks, base_weeks):
    found = change_per(now, base, now_weeks, base_weeks)
    assert found.total == now.hours / now_weeks - base.hours / base_weeks


@given(st.lists(st.fractions(-1000, 1000), min_size=1, max_size=5), st.booleans())
def test_what_is_shown_of_the_parts_adds_up_to_what_is_shown_of_the_whole(parts, up):
    whole = ceil(sum(parts)) if up else floor(sum(parts))
    numbers = settled(parts, whole)
    assert sum(numbers) == whole
    assert all(abs(number - part) <= 1 for number, part in zip(numbers, parts, strict=True))
