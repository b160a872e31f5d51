"""The 78 weeks that the demo tells of, ending with the week of today, and what the year does to them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from models.rules.holiday import is_spring_festival
from models.rules.measure import Kind
from models.rules.week import Week, span, today_at

WEEKS = 78
POLICY = 51  # index of the first week of the county's plan: 26 weeks before the current one
BASELINE = range(POLICY - 12, POLICY)
FORMS_RISE = 61  # from here on departments ask for more forms
REBOUND = 67  # from here on one township calls as many meetings as before
REPLACED = WEEKS - 26  # half a year ago one point ended, and another village of its township took its place
SILENT = range(71, WEEKS)  # two points say nothing since: four closed weeks, and those that are still open


@dataclass(frozen=True)
class Calendar:
    """The demo's time, told by the moment at which it is made."""

    now: datetime

    @property
    def today(self) -> date:
        """The date in Asia/Shanghai."""
        return today_at(self.now)

    @property
    def current(self) -> Week:
        """The week of today, index WEEKS − 1."""
        return Week.of(self.today)

    @cached_property
    def weeks(self) -> tuple[Week, ...]:
        """All of them, oldest first. Kept: the story asks for them tens of thousands of times."""
        return tuple(span(self.current - (WEEKS - 1), self.current))

    @property
    def policy(self) -> Week:
        """The week in which the plan starts."""
        return self.weeks[POLICY]

    @cached_property
    def flood(self) -> int:
        """Index of the week of the flood: in high summer, outside the baseline, and not among the last."""
        wet = [
            (abs((week.monday - date(week.monday.year, 7, 25)).days), n)
            for n, week in enumerate(self.weeks)
            if 2 <= n < REBOUND and n not in BASELINE
        ]
        return min(wet)[1]

    def ordinary(self, index: int) -> int:
        """That week, or the last one before it that is no holiday: the story's own events need offices that work."""
        while is_spring_festival(self.weeks[index]):
            index -= 1
        return index

    def workdays(self, index: int) -> list[date]:
        """Monday to Friday, of the current week only those that are there already; Monday at the least."""
        week = self.weeks[index]
        return [day for day in week.days[:5] if day <= self.today]


def season(week: Week, kind: Kind) -> float:
    """How much busier than usual a week is: nothing at Spring Festival, little in National Day week, peaks of inspections."""
    if is_spring_festival(week):
        return 0.0
    factor = 0.5 if sum(day.month == 10 and day.day <= 7 for day in week.days[:5]) >= 3 else 1.0
    thursday = week.monday + timedelta(days=3)
    if kind is Kind.INSPECTION and thursday.month == 12 and thursday.day >= 8:
        return factor * 1.4
    if kind is Kind.INSPECTION and thursday.month in (3, 6, 9) and thursday.day >= 17:
        return factor * 1.35
    return factor


def rate(kind: Kind, index: int, *, rebounds: bool = False, has_story: bool = True) -> float:
    """How many a village gets in a week of that kind: the whole story in one function."""
    if not has_story:
        return {Kind.MEETING: 2.8, Kind.INSPECTION: 1.7, Kind.FORM: 2.4}[kind]
    if kind is Kind.INSPECTION:
        return 1.85  # announced as reduced, and no evidence of it
    if kind is Kind.FORM:
        return _ramp(index, FORMS_RISE, 5, 2.9, 3.7)
    if index >= REBOUND:
        return 3.5 if rebounds else 1.8
    return _ramp(index, POLICY, 4, 3.4, 2.0)


def _ramp(index: int, start: int, length: int, before: float, after: float) -> float:
    done = min(max((index - start) / length, 0.0), 1.0)
    return before + (after - before) * done
