"""What this village probably received in a week, so that it is entered once and ticked elsewhere."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models.rules.area import Level, ancestor
from models.rules.entry import Origin, same_title, title_key
from models.rules.measure import LOGGED_KINDS
from models.rules.week import Week
from models.tables import Department, Entry, Event, WeeklyLog
from services.access import Actor, Permission, in_area, in_scope
from services.log.village_week import asking_areas, own_village
from services.log.week_view import Row
from services.thresholds import threshold
from services.usecase import query

LOOKED_BACK, NEEDED = 4, 3  # weekly: in three of the last four submitted weeks


@query(Permission.VIEW_WEEKLY_LOG)
def week(session: Session, actor: Actor, *, week: Week, today: date) -> tuple[Row, ...]:
    """Events up to `today` that the village has not logged: entered by another point of its township, by the township or
    by a department that may ask the village; and what it logs nearly every week. By day; never who entered it. Four statements.
    """
    county, village = own_village(actor)
    least = threshold(session, county, "least_villages", today)
    entered = _entered(session, county, village, week, today, least)
    logged = _logged(session, actor, county, village, week)
    known = [*logged, *((row.kind, row.department_code, row.title) for row in entered)]
    habits = [
        row
        for row in _habits(session, actor, county, village, week)
        if row.day <= today and not any(_same(row, *one) for one in known)
    ]
    return tuple(sorted([*entered, *habits], key=lambda row: (row.day, LOGGED_KINDS.index(row.kind), row.key)))


def _entered(session: Session, county: str, village: str, week: Week, today: date, least: float) -> list[Row]:
    township = ancestor(village, Level.TOWNSHIP)
    near = func.count(Entry.village_code).filter(in_area(township, Entry.village_code))
    mine = select(Entry.event_id).where(Entry.county_code == county, Entry.week == week.monday, Entry.village_code == village)
    rows = session.execute(
        select(Event, Department, near)
        .join(Department, Department.code == Event.department_code)
        .outerjoin(Entry, and_(Entry.county_code == Event.county_code, Entry.event_id == Event.id))
        .where(
            Event.county_code == county,
            Event.week == week.monday,
            Event.kind.in_(LOGGED_KINDS),
            Event.happened_on <= today,
            or_(Event.township_code.is_(None), Event.township_code == township),
            Department.area_code.in_(asking_areas(village)),  # nobody is asked by another township's office
            Event.id.not_in(mine),
        )
        .group_by(Event.county_code, Event.id, Department.code)
        .having(or_(near > 0, Event.source != "village"))
    )
    return [_suggestion(event, owner, villages, least) for event, owner, villages in rows]


def _suggestion(event: Event, owner: Department, villages: int, least: float) -> Row:
    origin = Origin(event.source) if event.source != "village" else Origin.NEIGHBOURS
    return Row(
        event.id, event.kind, event.happened_on, owner.code, owner.name, owner.name_en, event.title, event.called_as,
        event.emergency, event.minutes, origin, villages if villages >= least else 0, shared=True,
    )  # fmt: skip


def _logged(session: Session, actor: Actor, county: str, village: str, week: Week) -> Sequence[Any]:
    return session.execute(
        select(Event.kind, Event.department_code, Event.title)
        .join(Entry, and_(Entry.county_code == Event.county_code, Entry.event_id == Event.id))
        .where(
            Entry.county_code == county,
            Entry.week == week.monday,
            Entry.village_code == village,
            in_scope(actor, Entry.county_code, Entry.village_code),
        )
    ).all()


def _habits(session: Session, actor: Actor, county: str, village: str, week: Week) -> list[Row]:
    """What came in three of the last four submitted weeks: on its usual weekday, with its usual minutes."""
    last = (
        select(WeeklyLog.week)
        .where(
            WeeklyLog.county_code == county,
            WeeklyLog.village_code == village,
            WeeklyLog.state == "submitted",
            WeeklyLog.week < week.monday,
        )
        .order_by(WeeklyLog.week.desc())
        .limit(LOOKED_BACK)
    )
    rows = session.execute(
        select(Event, Department, Entry.minutes)
        .join(Entry, and_(Entry.county_code == Event.county_code, Entry.event_id == Event.id))
        .join(Department, Department.code == Event.department_code)
        .where(
            Entry.county_code == county,
            Entry.village_code == village,
            in_scope(actor, Entry.county_code, Entry.village_code),
            Entry.week.in_(last),
            Event.kind.in_(LOGGED_KINDS),
            ~Event.emergency,
        )
        .order_by(Event.happened_on.desc(), Event.id.desc())
    )
    found: dict[tuple[str, str, str], list[tuple[Event, Department, int]]] = {}
    for event, owner, minutes in rows:
        found.setdefault((event.kind, owner.code, title_key(event.title)), []).append((event, owner, minutes))
    habits = [_habit(times, week) for times in found.values() if len({event.week for event, _, _ in times}) >= NEEDED]
    return [row for row in habits if row is not None]


def _habit(times: list[tuple[Event, Department, int]], week: Week) -> Row | None:
    event, owner, _ = times[0]  # the latest; of equally usual ones the latest wins too
    day = week.monday + timedelta(days=_usual([event.happened_on.weekday() for event, _, _ in times]))
    if (owner.valid_from and day < owner.valid_from) or (owner.valid_until and day >= owner.valid_until):
        return None
    minutes = _usual([minutes for _, _, minutes in times])
    return Row(
        None, event.kind, day, owner.code, owner.name, owner.name_en, event.title, event.called_as, False, minutes, Origin.WEEKLY
    )


def _usual(values: list[int]) -> int:
    return Counter(values).most_common(1)[0][0]


def _same(row: Row, kind: str, department_code: str, title: str) -> bool:
    return row.kind == kind and row.department_code == department_code and same_title(row.title, title)
