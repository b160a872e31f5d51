"""What comes again: nearly every week, or once a month. Plain rules that a village could check by hand. No SQL, no clock."""

import re
import unicodedata
from calendar import monthrange
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from statistics import median_low
from typing import TypeVar

from models.rules.week import Week

LOOKED_BACK, NEEDED = 4, 3  # weekly: in three of the last four submitted weeks
MONTHS, APART = 3, 7  # monthly: once in each of the last three months, on days of the month at most a week apart
WEEKS_OF_MONTHS = 14  # submitted weeks that hold three whole months
_FRIDAY = 4
_NUMBERED = re.compile(
    r"第?(\d+|[一二三四五六七八九十]+)(年度|年|月份|月|季度|周|期|次|日)|\d+[-./]\d+([-./]\d+)?"  # 第46周, 11月, 2026.11
)
V = TypeVar("V")


def lasting(title: str) -> str:
    """The title without what is another one each time: the number of a year, month, week or issue. 调度会 of 第46周调度会."""
    return " ".join(_NUMBERED.sub("", unicodedata.normalize("NFKC", title)).split()) or title


def is_weekly(came: Collection[Week], told: Sequence[Week]) -> bool:
    """In three of the last four submitted weeks; `told` is newest first."""
    return len(set(came) & set(told[:LOOKED_BACK])) >= NEEDED


def monthly_day(came: Collection[date], week: Week) -> date | None:
    """The day of this week on which a thing that comes once a month is due: on its usual day of the month, on the Friday
    before where that is a weekend. None when it is not monthly, came this month already, or is due in another week.
    """
    for first in sorted({day.replace(day=1) for day in week.days}):
        days = [[day for day in came if day.replace(day=1) == month] for month in _before(first)]
        if any(day >= first for day in came) or any(len(of_month) != 1 for of_month in days):
            continue
        usual = [of_month[0].day for of_month in days]
        due = first.replace(day=min(median_low(usual), monthrange(first.year, first.month)[1]))
        due -= timedelta(days=max(due.weekday() - _FRIDAY, 0))
        if max(usual) - min(usual) <= APART and due in week:
            return due
    return None


def usual(values: Sequence[V]) -> V:
    """The most frequent one; of equally frequent ones the first."""
    return Counter(values).most_common(1)[0][0]


def _before(first: date) -> list[date]:
    """The first days of the months before."""
    months = []
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(first)
    return months
