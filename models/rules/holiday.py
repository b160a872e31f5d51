"""Spring Festival: it moves by up to a month, and the village's week with it.

First days of the first lunar month, 2015–2035, as published in the Hong Kong Observatory's Gregorian–lunar conversion tables
(GB/T 33661-2017 defines the calendar). A week counts as the festival's when at least three of its five working days lie between
New Year's Eve and the seventh day of the first month: one week in most years, two when the new year begins on a Thursday.
"""

from datetime import date

from models.rules.week import Week

NEW_YEAR = {
    day.year: day
    for day in (
        date(2015, 2, 19),
        date(2016, 2, 8),
        date(2017, 1, 28),
        date(2018, 2, 16),
        date(2019, 2, 5),
        date(2020, 1, 25),
        date(2021, 2, 12),
        date(2022, 2, 1),
        date(2023, 1, 22),
        date(2024, 2, 10),
        date(2025, 1, 29),
        date(2026, 2, 17),
        date(2027, 2, 6),
        date(2028, 1, 26),
        date(2029, 2, 13),
        date(2030, 2, 3),
        date(2031, 1, 23),
        date(2032, 2, 11),
        date(2033, 1, 31),
        date(2034, 2, 19),
        date(2035, 2, 8),
    )
}


def spring_festival(year: int) -> date | None:
    """The first day of the lunar year that begins in this calendar year; None outside the table."""
    return NEW_YEAR.get(year)


def is_spring_festival(week: Week) -> bool:
    """Whether most of the week's working days are holidays; False outside the table."""
    first = NEW_YEAR.get(week.sunday.year)
    return first is not None and sum(-1 <= (day - first).days <= 6 for day in week.days[:5]) >= 3
