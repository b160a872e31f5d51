"""Quotas that fit the story: three departments over theirs in the current year, five near, whatever the day is."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil
from random import Random
from typing import Any

from models.rules.measure import CalledAs, Kind, Measure
from models.rules.schedule import LogState
from models.rules.week import Week
from seed.calendar import Calendar
from seed.happenings import Happening, received
from seed.offices import office, offices
from seed.places import FIRST, PREFECTURE, County
from seed.reports import Reports

OVER = ((Kind.MEETING, "农业农村局"), (Kind.INSPECTION, "生态环境局"), (Kind.FORM, "民政局"))
NEAR = (
    (Kind.MEETING, "县委组织部"),
    (Kind.INSPECTION, "住房和城乡建设局"),
    (Kind.INSPECTION, "应急管理局"),
    (Kind.FORM, "人力资源和社会保障局"),
    (Kind.FORM, "卫生健康局"),
)
LEAST = {**dict.fromkeys(OVER, 3), **dict.fromkeys(NEAR, 4)}  # events this year, even on the first days of January
TITLES = {
    Kind.MEETING: ("部署会", "推进会", "培训会", "视频会"),
    Kind.INSPECTION: ("检查", "专项检查", "抽查", "回头看"),
    Kind.FORM: ("统计表", "台账", "花名册", "进展情况表"),
}
TOO_MANY = {Kind.MEETING: 0.2, Kind.INSPECTION: 0.12, Kind.FORM: 0.25}  # share of what was used
Row = dict[str, Any]
Use = Counter[tuple[str, str, int]]


def fulfilled(calendar: Calendar, told: Reports, happened: list[Happening], rng: Random) -> list[Happening]:
    """The events that are still missing in a year that has just begun."""
    used = Counter((one.kind, one.office.name) for one in happened if _counts(one, told, calendar.today.year))
    reported = _reported_this_year(calendar, told)
    visited = {(one.township, one.day) for one in happened if one.called_as}
    quiet = [at for at in reported if (FIRST.points[at[0]], at[2]) not in visited] or reported  # not to make a cluster
    added: list[Happening] = []
    taken = {one.mark for one in happened}
    for key, least in LEAST.items():
        kind, name = key
        sender = office(FIRST, name)
        for _ in range(least - used[key]):
            village, index, day = rng.choice(quiet if kind is Kind.INSPECTION else reported)
            quiet = [at for at in quiet if at[0] is not village] or quiet
            called_as = CalledAs.INSPECTION if kind is Kind.INSPECTION else ""
            titles = (f"{subject}{suffix}" for subject in sender.subjects for suffix in TITLES[kind])
            title = next(one for one in titles if (sender.code, day, one) not in taken)
            made = Happening(kind, sender, day, index, title, 60, called_as, township=FIRST.points[village])
            added.append(received(rng, made, [village]))
            taken.add(made.mark)
    return added


def _counts(one: Happening, told: Reports, year: int) -> bool:
    if one.emergency or one.day.year != year:
        return False
    return any(
        (report := told.get((village, one.week))) and report.state is LogState.SUBMITTED and not report.is_quiet
        for village in one.receipts
    )


def _reported_this_year(calendar: Calendar, told: Reports) -> list[Any]:
    days = {index: _days_of(calendar, week) for index, week in enumerate(calendar.weeks) if index == calendar.ordinary(index)}
    told_of = [at for at, report in told.items() if report.state is LogState.SUBMITTED and not report.is_quiet]
    return [(village, index, day) for village, index in told_of for day in days.get(index, ())]


def _days_of(calendar: Calendar, week: Week) -> list[date]:
    """The workdays of this year that are there already; other days where none is."""
    days = [day for day in week.days if day.year == calendar.today.year and day <= calendar.today]
    return [day for day in days if day.weekday() < 5] or days


def use_of(events: Iterable[Row], entries: Iterable[Row], logs: Iterable[Row]) -> Use:
    """(department, measure, year) → events that count: not an emergency, and in a log that was submitted."""
    submitted = {(log["village_code"], log["week"]) for log in logs if log["state"] == LogState.SUBMITTED}
    counted = {entry["event_id"] for entry in entries if (entry["village_code"], entry["week"]) in submitted}
    return Counter(
        (event["department_code"], event["kind"], event["happened_on"].year)
        for event in events
        if event["id"] in counted and not event["emergency"]
    )


def allowances(county: County, calendar: Calendar, used: Use, last_year: Use, groups: Iterable[Row]) -> Use:
    """(department, measure, year) → allowance, for this year and the one before. `last_year`: use in the last 52 weeks.

    None for what stands above the county: it cannot limit that.
    """
    year = calendar.today.year
    promised = _promises(used, year) if county is FIRST else {}
    most = _most_groups(groups, calendar.weeks)
    made: Use = Counter()
    for one in offices(county):
        if one.area_code == PREFECTURE:
            continue
        for measure in Measure:
            key = (one.code, measure.value)
            usual = ceil(max(used[*key, year] / 0.7, last_year[*key, 0] * 1.2, 2))
            if measure.is_stock:
                usual = max(ceil(most[one.code] / 0.7), 2)
            this = promised.get(key, usual)
            made[*key, year] = this
            made[*key, year - 1] = max(ceil(used[*key, year - 1] / 0.8), ceil(this * 1.1), usual)
    return made


def _promises(used: Use, year: int) -> dict[tuple[str, str], int]:
    """Allowances of those who are over and near."""
    found = {}
    for kind, name in OVER:
        key = (office(FIRST, name).code, kind.value)
        found[key] = used[*key, year] - max(1, round(used[*key, year] * TOO_MANY[kind]))
    for kind, name in NEAR:
        key = (office(FIRST, name).code, kind.value)
        found[key] = max(used[*key, year], round(used[*key, year] / 0.87))
    return found


def _most_groups(groups: Iterable[Row], weeks: Sequence[Week]) -> Counter[str]:
    """Department → the most chat groups, by name, that it had at the end of any week."""
    rows = list(groups)
    most: Counter[str] = Counter()
    for sunday in [week.sunday for week in weeks]:
        names = {(row["department_code"], row["name"]) for row in rows if _is_open(row, sunday)}
        most |= Counter(department for department, _ in names)
    return most


def _is_open(row: Row, day: date) -> bool:
    return bool(row["since"] <= day) and (row["until"] is None or row["until"] > day)
