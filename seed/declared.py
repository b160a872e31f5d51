"""What two departments declare since the county's plan began: most of what villages tell of, and some that nobody told."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from models.rules.measure import Kind
from models.rules.week import ZONE
from seed.calendar import POLICY, WEEKS, Calendar
from seed.offices import Office, office
from seed.places import FIRST

DECLARING = ("农业农村局", "应急管理局")
SHARE, LATER = 0.78, 0.2  # of what was reported: declared at all, and of that a day off
UNTOLD = 0.4  # events a week that no village has told of, which the department declares all the same
WORDED = {Kind.MEETING: "工作会", Kind.INSPECTION: "抽查", Kind.FORM: "月报"}
TOPICS = ("种粮补贴", "农机安全", "高标准农田", "耕地流转", "疫病防控", "仓储粮情", "农药残留", "畜禽粪污")
DANGERS = ("烟花爆竹", "非煤矿山", "森林扑火", "应急物资", "避险演练", "汛期值守", "燃气瓶组", "危化运输")
Row = dict[str, Any]


def declarations(calendar: Calendar, events: Iterable[Row]) -> list[Row]:
    """One row per declared event of the two, in the order of their keys. A stream of its own: it moves nothing else."""
    rng = Random(f"{calendar.today} declared")
    found: dict[tuple[str, str, date, str], Row] = {}
    since = calendar.weeks[POLICY].monday
    for name, topics in zip(DECLARING, (TOPICS, DANGERS), strict=True):
        sender = office(FIRST, name)
        told = [one for one in events if one["department_code"] == sender.code and one["happened_on"] >= since]
        rows = [_of(calendar, sender, rng, one) for one in told if not one["emergency"] and rng.random() < SHARE]
        rows += _untold(calendar, sender, rng, topics)
        found |= {(row["department_code"], row["kind"], row["happened_on"], row["title"]): row for row in rows}
    return [found[key] for key in sorted(found)]


def _of(calendar: Calendar, sender: Office, rng: Random, event: Row) -> Row:
    """The event as its department has it: with the county before its title, now and then a day off."""
    day = event["happened_on"] - timedelta(days=rng.random() < LATER)
    return _row(calendar, sender, event["kind"], day, f"全县{event['title']}")


def _untold(calendar: Calendar, sender: Office, rng: Random, topics: tuple[str, ...]) -> list[Row]:
    rows = []
    for index in range(POLICY, WEEKS - 1):
        if rng.random() < UNTOLD:
            kind, topic = rng.choice(list(WORDED)), rng.choice(topics)
            day = calendar.weeks[index].monday + timedelta(days=rng.randrange(5))
            rows.append(_row(calendar, sender, kind.value, day, f"{topic}{WORDED[kind]}"))
    return rows


def _row(calendar: Calendar, sender: Office, kind: str, day: date, title: str) -> Row:
    at = min(calendar.now, datetime.combine(day, time(17), ZONE))
    return {
        "county_code": FIRST.code,
        "department_code": sender.code,
        "kind": kind,
        "happened_on": day,
        "title": title,
        "township_code": None,
        "declared_at": at,
        "declared_by": "department" if sender.name == DECLARING[0] else "command-line",
    }
