"""What is counted, and what it was called."""

import pytest

from models.rules.measure import HARD_FACTS, SOFT_NAMES, CalledAs, Demand, Measure, is_relabelled


def test_only_groups_are_a_stock():
    assert [measure for measure in Measure if measure.is_stock] == [Measure.GROUP]


@pytest.mark.parametrize("name", list(CalledAs))
@pytest.mark.parametrize("demand", list(Demand))
def test_a_soft_name_with_a_hard_fact_is_an_inspection_in_fact(name, demand):
    assert is_relabelled(name, {demand}) is (name in SOFT_NAMES and demand in HARD_FACTS)


def test_a_name_alone_proves_nothing():
    assert not any(is_relabelled(name, set()) for name in CalledAs)
    assert not is_relabelled("", set(Demand))
