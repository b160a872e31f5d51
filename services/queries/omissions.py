"""Possible omissions: what most points of a township logged and one that reported did not. To be asked about, never a finding.

Only for the task force and the township's own liaison; no department, no other county, no list of villages by how often.
"""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models.rules.week import Week, today_at
from models.tables import Area, Department, Entry, Event, ObservationPoint, WeeklyLog
from services.access import Actor, Permission, county_of
from services.figures.counting import counted
from services.thresholds import threshold
from services.usecase import query

COLUMNS = [
    "township_code", "township", "township_en", "week", "happened_on", "kind", "title",
    "department", "department_en", "logged", "reported", "villages",
]  # fmt: skip
Place = tuple[date, str]  # Monday, township


@query(Permission.VIEW_OMISSIONS)
def listing(session: Session, actor: Actor, *, county_code: str, first: Week, last: Week, as_of: datetime) -> pd.DataFrame:
    """Events of the weeks first…last that most points of a township logged, but not all that reported; by township and day.

    `logged` of `reported` points of that township have the event: at least `omission_villages`, and at least `omission_share`
    of them (thresholds). `villages`: (name, English name) of the others, by area code. Who has not submitted is no omission,
    and a point that said there was nothing is asked like any other; emergency work is asked of nobody. NotFound(no_such_county).
    """
    county = county_of(actor, county_code)
    share, least = (threshold(session, county, name, today_at(as_of)) for name in ("omission_share", "omission_villages"))
    reported = _reported(session, actor, county, first, last)
    found = []
    for *event, week, township, villages in session.execute(_logged(actor, county, first, last, int(least))):
        points, logged = reported[week, township], set(villages.split(","))
        if len(logged) < len(points) and len(logged) >= share * len(points):
            found.append((township, week, event, len(logged), len(points), sorted(points - logged)))
    names = _names(session, {code for township, *_, silent in found for code in (township, *silent)})
    rows = [
        (township, *names[township], week, *event[1:], logged, points, tuple(names[code] for code in silent))
        for township, week, event, logged, points, silent in sorted(found, key=lambda one: (one[0], one[2][1], one[2][0]))
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _reported(session: Session, actor: Actor, county: str, first: Week, last: Week) -> dict[Place, set[str]]:
    """The points that submitted, by week and township."""
    logs: Any = select(WeeklyLog.week, ObservationPoint.township_code, WeeklyLog.village_code).select_from(WeeklyLog)
    found: dict[Place, set[str]] = defaultdict(set)
    for week, township, village in session.execute(_within(counted(logs, actor, county), first, last)):
        found[week, township].add(village)
    return found


def _logged(actor: Actor, county: str, first: Week, last: Week, least: int) -> Any:
    """(id, day, kind, title, department, its English name, week, township, villages joined by commas) of events with enough."""
    entry = and_(
        Entry.county_code == WeeklyLog.county_code, Entry.week == WeeklyLog.week, Entry.village_code == WeeklyLog.village_code
    )
    event = and_(Event.county_code == Entry.county_code, Event.id == Entry.event_id)
    what = (Event.id, Event.happened_on, Event.kind, Event.title, Department.name, Department.name_en)
    place = (WeeklyLog.week, ObservationPoint.township_code)
    columns: tuple[Any, ...] = (*what, *place, func.aggregate_strings(Entry.village_code, ","))
    rows = select(*columns).select_from(WeeklyLog).join(Entry, entry).join(Event, event)
    rows = rows.join(Department, Department.code == Event.department_code)
    meant = or_(Event.township_code.is_(None), Event.township_code == ObservationPoint.township_code)
    rows = _within(counted(rows, actor, county), first, last).where(meant, Event.emergency.is_(False)).group_by(*what, *place)
    return rows.having(func.count(Entry.village_code) >= least)


def _within(rows: Any, first: Week, last: Week) -> Any:
    return rows.where(WeeklyLog.week.between(first.monday, last.monday))


def _names(session: Session, codes: set[str]) -> dict[str, tuple[str, str]]:
    rows = session.execute(select(Area.code, Area.name, func.coalesce(Area.name_en, "")).where(Area.code.in_(codes)))
    return {code: (name, name_en) for code, name, name_en in rows}
