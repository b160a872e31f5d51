"""Weeks: ISO year and week travel together, and no zone moves a date."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.errors import InvalidInput
from models.rules.week import ZONE, Week, span, today_at

DATES = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2019, 12, 31), "2020-W01"),
        (date(1986, 1, 1), "1986-W01"),
        (date(1987, 1, 1), "1987-W01"),
        (date(1988, 1, 1), "1987-W53"),
        (date(1989, 1, 1), "1988-W52"),
        (date(1990, 1, 1), "1990-W01"),
        (date(2021, 1, 3), "2020-W53"),
        (date(2021, 1, 4), "2021-W01"),
        (date(2025, 12, 28), "2025-W52"),
        (date(2025, 12, 29), "2026-W01"),
        (date(2026, 1, 4), "2026-W01"),
        (date(2026, 12, 28), "2026-W53"),
        (date(2026, 11, 21), "2026-W47"),
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
    ],
)
def test_the_label_is_the_iso_week(day, label):
    assert Week.of(day).label == label
    assert Week.parse(label) == Week.of(day)


@pytest.mark.parametrize(
    "wrong", ["", "2026-W00", "2026-W54", "2025-W53", "2014-W53", "2026W47", "2026-47", "2026-W4", "２０２６-W47", "x" * 99]
)
def test_what_is_not_a_week_is_refused_at_its_field(wrong):
    with pytest.raises(InvalidInput) as refused:
        Week.parse(wrong)
    assert (refused.value.code, refused.value.field) == ("bad_week", "week")


def test_a_week_starts_on_a_monday_or_not_at_all():
    with pytest.raises(ValueError, match="not a Monday"):
        Week(date(2026, 11, 17))


@given(DATES)
def test_every_day_lies_in_its_week_and_in_no_other(day):
    week = Week.of(day)
    assert day in week
    assert day not in week + 1
    assert day not in week - 1
    assert week.days[0] == week.monday
    assert week.days[-1] == week.sunday


@given(DATES, st.integers(-200, 200))
def test_adding_weeks_and_taking_them_away_is_nothing(day, weeks):
    week = Week.of(day)
    assert (week + weeks) - weeks == week
    assert Week.parse((week + weeks).label) == week + weeks


def test_a_span_holds_both_ends_and_is_empty_backwards():
    first = Week.parse("2026-W52")
    assert [week.label for week in span(first, first + 2)] == ["2026-W52", "2026-W53", "2027-W01"]
    assert list(span(first + 1, first)) == []


def test_a_week_ends_on_sunday_midnight_in_shanghai():
    assert Week.parse("2026-W47").ends_at() == datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1)), st.integers(-12, 14))
def test_today_is_shanghais_whatever_zone_the_moment_came_in(moment, hours):
    here = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert today_at(here) == here.astimezone(ZONE).date() == today_at(here.astimezone(UTC))


def test_a_moment_without_a_zone_is_not_guessed():
    with pytest.raises(ValueError, match="zone"):
        today_at(datetime(2026, 11, 21, 8, 0))
