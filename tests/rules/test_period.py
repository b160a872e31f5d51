"""Months, quarters, half-years and years, by date."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.errors import InvalidInput
from models.rules.period import Period, PeriodKind, last_closed_month
from models.rules.schedule import days_after
from models.rules.week import ZONE, Week, span

DATES = st.dates(date(2001, 1, 1), date(2998, 12, 31))
KINDS = st.sampled_from(PeriodKind)


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_label_names_its_days(label, first, last):
    period = Period.parse(label)
    assert (period.first, period.last, period.label) == (first, last, label)


@pytest.mark.parametrize(
    "wrong", ["", "26", "2026-13", "2026-00", "2026-H3", "2026-Q5", "2026-X1", "0000", "9999", "２０２６", "2026-1１", "x" * 50]
)
def test_what_is_not_a_period_is_refused(wrong):
    with pytest.raises(InvalidInput) as refused:
        Period.parse(wrong)
    assert refused.value.code == "bad_period"


@given(DATES, KINDS)
def test_every_day_lies_in_one_period_of_a_kind(day, kind):
    period = Period.of(day, kind)
    assert period.first <= day <= period.last
    assert period.next().first == period.last + timedelta(days=1)
    assert period.next().previous() == period
    assert Period.parse(period.label) == period


@given(DATES, KINDS)
def test_the_elapsed_share_grows_from_nothing_to_all(day, kind):
    period = Period.of(day, kind)
    assert period.elapsed(period.first - timedelta(days=1)) == 0
    assert 0 < period.elapsed(day) <= 1
    assert period.elapsed(period.last) == period.elapsed(period.last + timedelta(days=400)) == 1


@pytest.mark.parametrize(
    ("today", "close_days", "month"),
    [
        (date(2026, 11, 15), 14, "2026-09"),  # October's last week ends on November 1 and closes when the 15th is over
        (date(2026, 11, 16), 14, "2026-10"),
        (date(2026, 11, 18), 14, "2026-10"),
        (date(2026, 11, 18), 0, "2026-10"),
        (date(2026, 11, 1), 0, "2026-09"),
        (date(2026, 11, 2), 0, "2026-10"),
        (date(2026, 1, 18), 14, "2025-11"),  # the week across new year
        (date(2026, 1, 19), 14, "2025-12"),
        (date(2026, 1, 19), 14.5, "2025-11"),
    ],
)
def test_a_month_is_closed_when_its_last_week_is(today, close_days, month):
    begins, weeks = datetime.combine(today, time.min, ZONE), span(Week.of(today) - 10, Week.of(today))
    first_open = next(week for week in weeks if begins < days_after(week, close_days))
    assert last_closed_month(today, first_open).label == month
