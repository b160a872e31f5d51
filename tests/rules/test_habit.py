"""What comes again: every week, or once a month."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.habit import is_weekly, lasting, monthly_day, usual
from models.rules.week import Week

W = Week.parse("2026-W47")  # 16 to 22 November
TOLD = [W - 1, W - 2, W - 4, W - 5, W - 6]


@pytest.mark.parametrize(
    ("came", "weekly"),
    [
        ([W - 1, W - 2, W - 4], True),
        ([W - 1, W - 1, W - 2], False),
        ([W - 2, W - 4, W - 5], True),
        ([W - 4, W - 5, W - 6], False),
        ([], False),
    ],
)
def test_weekly_is_three_of_the_last_four_submitted_weeks(came, weekly):
    assert is_weekly(came, TOLD) is weekly


@pytest.mark.parametrize(
    ("came", "due"),
    [
        ([date(2026, 8, 18), date(2026, 9, 18), date(2026, 10, 19)], date(2026, 11, 18)),
        ([date(2026, 8, 21), date(2026, 9, 22), date(2026, 10, 22)], date(2026, 11, 20)),  # a Sunday: the Friday before
        ([date(2026, 9, 18), date(2026, 10, 19)], None),
        ([date(2026, 7, 18), date(2026, 8, 18), date(2026, 10, 18)], None),
        ([date(2026, 8, 18), date(2026, 9, 18), date(2026, 9, 25), date(2026, 10, 19)], None),
        ([date(2026, 8, 18), date(2026, 9, 18), date(2026, 10, 19), date(2026, 11, 3)], None),
        ([date(2026, 8, 5), date(2026, 9, 18), date(2026, 10, 28)], None),
        ([date(2026, 8, 25), date(2026, 9, 25), date(2026, 10, 26)], None),
    ],
    ids=["due", "weekend", "two months", "a gap", "twice in a month", "came already", "any day", "another week"],
)
def test_monthly_is_once_in_each_of_the_last_three_months_about_the_same_day(came, due):
    assert monthly_day(came, W) == due


def test_the_last_day_of_a_month_is_the_last_day_of_a_shorter_one():
    came = [date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)]
    assert monthly_day(came, Week.of(date(2027, 2, 26))) == date(2027, 2, 26)  # the 28th is a Sunday


@given(st.integers(1, 31), st.dates(date(2025, 1, 1), date(2027, 12, 31)))
def test_what_is_monthly_is_due_in_one_week_of_a_month(day, today):
    first = today.replace(day=1)
    came = []
    for _ in range(3):
        last = first.fromordinal(first.toordinal() - 1)
        came.append(last.replace(day=min(day, last.day)))
        first = last.replace(day=1)
    start = Week.of(today.replace(day=1))
    due = [found for n in range(6) if (found := monthly_day(came, start + n)) and found.month == today.month]
    assert len(due) <= 1


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("第46周调度会", "调度会"),
        ("１１月低保月报", "低保月报"),
        ("十一月份 报表", "报表"),
        ("2026年第三季度台账", "台账"),
        ("2026.11.16例会", "例会"),
        ("60岁以上老人名册", "60岁以上老人名册"),  # a number that does not change
        ("十五五规划会", "十五五规划会"),
        ("一号台账", "一号台账"),
        ("11月", "11月"),
        ("", ""),
    ],
)
def test_what_comes_again_is_known_without_the_number_of_its_week_or_month(title, rest):
    assert lasting(title) == rest


def test_the_first_of_equally_usual_values_wins():
    assert usual([60, 30, 30, 60]) == 60
