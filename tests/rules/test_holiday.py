"""Spring Festival: the table agrees with the moon, and the weeks of the holiday are found."""

import math
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from models.rules.holiday import NEW_YEAR, is_spring_festival, spring_festival
from models.rules.week import ZONE, Week, span


def new_moon(day):
    """The new moon nearest to a day, good to a quarter of an hour (Meeus, Astronomical Algorithms, chapter 49, main terms)."""
    k = round((day.year + (day.timetuple().tm_yday - 0.5) / 365.25 - 2000) * 12.3685)
    century = k / 1236.85
    sun = math.radians(2.5534 + 29.10535670 * k)
    moon = math.radians(201.5643 + 385.81693528 * k + 0.0107582 * century**2)
    node = math.radians(160.7108 + 390.67050284 * k)
    shift = -0.40720 * math.sin(moon) + 0.17241 * math.sin(sun) + 0.01608 * math.sin(2 * moon) + 0.01039 * math.sin(2 * node)
    shift += 0.00739 * math.sin(moon - sun) - 0.00514 * math.sin(moon + sun) + 0.00208 * math.sin(2 * sun)
    julian = 2451550.09766 + 29.530588861 * k + 0.00015437 * century**2 + shift - 70 / 86400
    return datetime(2000, 1, 1, 12, tzinfo=UTC) + timedelta(days=julian - 2451545)


@pytest.mark.parametrize("day", NEW_YEAR.values())
def test_every_new_year_is_a_new_moon_in_china(day):
    assert new_moon(day).astimezone(ZONE).date() == day


def test_the_table_has_every_year_once_twelve_or_thirteen_moons_apart():
    assert list(NEW_YEAR) == list(range(2015, 2036))
    assert all((1, 21) <= (day.month, day.day) <= (2, 20) for day in NEW_YEAR.values())
    assert {(b - a).days // 10 for a, b in pairwise(NEW_YEAR.values())} == {35, 38}
    assert spring_festival(2026) == date(2026, 2, 17)
    assert spring_festival(2036) is None


def test_the_week_of_the_holiday_is_that_with_most_of_its_days():
    weeks = [week.label for week in span(Week.parse("2025-W01"), Week.parse("2027-W20")) if is_spring_festival(week)]
    assert weeks == ["2025-W05", "2026-W08", "2027-W06"]


def test_a_holiday_that_begins_on_a_thursday_takes_two_weeks():
    assert [is_spring_festival(Week.of(date(2015, 2, 19)) + i) for i in (-1, 0, 1, 2)] == [False, True, True, False]


def test_a_week_outside_the_table_is_no_holiday():
    assert not is_spring_festival(Week.of(date(2050, 1, 23)))
