"""Like with like: which weeks stand against which."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.holiday import is_spring_festival
from models.rules.pairing import Pairs, pair
from models.rules.week import Week, span

firsts = st.integers(0, 52 * 19).map(lambda n: Week.parse("2015-W01") + n)


def weeks(first, last):
    return list(span(Week.parse(first), Week.parse(last)))


def labels(found):
    return [week.label for week in found]


def test_the_same_weeks_of_last_year_where_the_baseline_has_them_all():
    found = pair(weeks("2026-W43", "2026-W46"), weeks("2025-W30", "2025-W52"))
    assert (found.pairs, labels(found.base)) == (Pairs.SAME, ["2025-W43", "2025-W44", "2025-W45", "2025-W46"])
    assert found.festival == found.week_53 == ()


@pytest.mark.parametrize(("last", "pairs"), [("2025-W46", Pairs.SAME), ("2025-W45", Pairs.WHOLE)])
def test_one_week_without_a_partner_and_it_is_the_whole_baseline(last, pairs):
    base = weeks("2025-W30", last)
    found = pair(weeks("2026-W43", "2026-W46"), base)
    assert found.pairs is pairs
    assert (found.base == tuple(base)) == (pairs is Pairs.WHOLE)


def test_of_two_years_each_week_gets_as_many_partners_as_the_others():
    both = pair(weeks("2026-W43", "2026-W46"), weeks("2024-W40", "2025-W50"))
    assert Counter(week.number for week in both.base) == dict.fromkeys(range(43, 47), 2)
    once = pair(weeks("2026-W43", "2026-W46"), weeks("2024-W44", "2025-W50"))  # one week short of two years
    assert labels(once.base) == ["2025-W43", "2025-W44", "2025-W45", "2025-W46"]


def test_week_53_has_no_partner_and_is_left_out_where_weeks_are_paired():
    found = pair(weeks("2026-W51", "2027-W01"), weeks("2024-W52", "2025-W52"))
    assert labels(found.now) == ["2026-W51", "2026-W52", "2027-W01"]
    assert labels(found.base) == ["2025-W01", "2025-W51", "2025-W52"]
    assert labels(found.week_53) == ["2026-W53"]


def test_week_53_of_a_baseline_is_nobodys_partner_not_even_that_of_another_week_53():
    found = pair(weeks("2026-W51", "2027-W01"), weeks("2020-W40", "2021-W10"))
    assert labels(found.base) == ["2020-W51", "2020-W52", "2021-W01"]
    assert labels(found.week_53) == ["2026-W53"]


def test_against_a_whole_baseline_week_53_is_a_week_like_any_other():
    found = pair(weeks("2026-W51", "2027-W01"), weeks("2026-W20", "2026-W31"))
    assert (found.pairs, len(found.now), found.week_53) == (Pairs.WHOLE, 4, ())


def test_spring_festival_is_compared_with_spring_festival():
    """2025: W05; 2026: W08. The weeks around it keep their numbers, but what was W05 last year is no ordinary week."""
    found = pair(weeks("2026-W05", "2026-W08"), weeks("2025-W01", "2025-W52"))
    assert labels(found.now) == ["2026-W06", "2026-W07", "2026-W08"]
    assert labels(found.base) == ["2025-W05", "2025-W06", "2025-W07"]
    assert (found.pairs, labels(found.festival)) == (Pairs.SAME, ["2026-W05"])


def test_spring_festival_without_a_partner_is_left_out():
    found = pair(weeks("2026-W06", "2026-W09"), weeks("2025-W06", "2025-W20"))
    assert labels(found.now) == ["2026-W06", "2026-W07", "2026-W09"]
    assert labels(found.base) == ["2025-W06", "2025-W07", "2025-W09"]
    assert labels(found.festival) == ["2026-W08"]


def test_against_a_whole_baseline_spring_festival_is_left_out_of_both_sides():
    found = pair(weeks("2026-W21", "2026-W24"), weeks("2026-W02", "2026-W13"))
    assert (found.pairs, labels(found.festival), len(found.base)) == (Pairs.WHOLE, ["2026-W08"], 11)
    found = pair(weeks("2026-W06", "2026-W09"), weeks("2025-W40", "2025-W52"))
    assert (found.pairs, labels(found.festival), len(found.now)) == (Pairs.WHOLE, ["2026-W08"], 3)


def test_a_festival_of_two_weeks_against_one_of_one_week():
    """2015 began on a Thursday and took W08 and W09; 2016 took W06."""
    found = pair(weeks("2016-W06", "2016-W06"), weeks("2015-W02", "2015-W20"))
    assert labels(found.base) == ["2015-W08"]
    found = pair(weeks("2018-W08", "2018-W09"), weeks("2015-W02", "2015-W20"))  # what was the festival's is nobody's partner
    assert (labels(found.now), labels(found.festival)) == (["2018-W08"], ["2018-W09"])


def test_nothing_is_left_of_a_window_that_is_all_festival():
    assert pair(weeks("2026-W08", "2026-W08"), weeks("2025-W40", "2025-W52")).now == ()
    assert pair([], []).base == ()


@settings(max_examples=300)
@given(firsts, st.integers(1, 8), st.integers(1, 110), st.integers(0, 60))
def test_what_is_paired_is_alike_and_what_is_not_is_said(first, length, base_length, gap):
    now = [first + n for n in range(length)]
    base = [first - (gap + base_length) + n for n in range(base_length)]
    found = pair(now, base)
    assert set(found.now) <= set(now)
    assert set(found.base) <= set(base)
    left = {*found.festival, *found.week_53}
    assert set(now) - set(found.now) == left & set(now)
    if found.pairs is Pairs.WHOLE:
        assert set(base) - set(found.base) == left & set(base)
        assert not any(is_spring_festival(week) for week in (*found.now, *found.base))
        return
    assert 53 not in {week.number for week in (*found.now, *found.base)}
    holidays = [[week for week in side if is_spring_festival(week)] for side in (found.now, found.base)]
    ordinary = [Counter(week.number for week in side if not is_spring_festival(week)) for side in (found.now, found.base)]
    times = len(found.base) // len(found.now)
    assert len(found.base) == times * len(found.now) > 0
    assert ordinary[1] == Counter({number: n * times for number, n in ordinary[0].items()})
    assert len(holidays[1]) == times * len(holidays[0])


@settings(max_examples=100)
@given(firsts.filter(lambda week: week >= Week.parse("2017-W01")))
def test_a_baseline_that_holds_the_whole_year_before_always_has_the_same_weeks(first):
    found = pair([first + n for n in range(4)], [first - n for n in range(60, 4, -1)])
    assert found.pairs is Pairs.SAME
    assert len(found.now) + len(found.festival) + len(found.week_53) == 4
