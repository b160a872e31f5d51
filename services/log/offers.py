"""What a village is offered in a week, how strong each offer is, and which of it came last week too."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models.rules.area import Level, ancestor
from models.rules.entry import Origin, same_title, title_key
from models.rules.habit import LOOKED_BACK, WEEKS_OF_MONTHS, is_weekly, lasting, monthly_day, usual
from models.rules.measure import LOGGED_KINDS
from models.rules.place_name import masker
from models.rules.week import Week
from models.tables import Department, Entry, Event, WeeklyLog
from services.access import Actor, in_area, in_scope
from services.log.village_week import asking_areas, names_in, own_village
from services.log.week_view import Row
from services.thresholds import threshold

Received = tuple[Event, Department, int]  # with the minutes that the village itself gave


def offers(session: Session, actor: Actor, week: Week, today: date) -> tuple[Row, ...]:
    """Events up to `today` that the village has not logged: entered by another point of its township, by the township or by a
    department that may ask the village; and what comes again. By day. Seven statements.
    """
    county, village = own_village(actor)
    least = threshold(session, county, "least_villages", today)
    entered = _entered(session, county, village, week, today, least)
    told = _told(session, county, village, week)
    history = _history(session, actor, county, village, told)
    logged = _logged(session, actor, county, village, week)
    known = [*logged, *((row.kind, row.department_code, row.title) for row in entered)]
    again = [row for row in _again(history, told, week) if row.day <= today and not any(_same(row, *one) for one in known)]
    last = {_mark(event.kind, event.department_code, event.title) for event, _, _ in history if event.week == (week - 1).monday}
    rows = [replace(row, repeats=_mark(row.kind, row.department_code, row.title) in last) for row in (*entered, *again)]
    return tuple(sorted(rows, key=lambda row: (row.day, LOGGED_KINDS.index(row.kind), row.key)))


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
    mask = masker(name for code, (name, _) in names_in(session, township).items() if code not in (township, village))
    return [
        _suggestion(event, owner, villages, least)
        for event, owner, villages in rows
        if event.source != "village" or villages >= least or mask(event.title) == event.title  # it would tell who entered it
    ]


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


def _told(session: Session, county: str, village: str, week: Week) -> list[Week]:
    """The weeks before that the village submitted, newest first; one that had nothing is one of them."""
    mine = (WeeklyLog.county_code == county, WeeklyLog.village_code == village, WeeklyLog.state == "submitted")
    mondays = select(WeeklyLog.week).where(*mine, WeeklyLog.week < week.monday).order_by(WeeklyLog.week.desc())
    return [Week(monday) for monday in session.scalars(mondays.limit(WEEKS_OF_MONTHS))]


def _history(session: Session, actor: Actor, county: str, village: str, told: list[Week]) -> list[Received]:
    """What the village itself logged in those weeks, newest first; emergencies do not come again by the calendar."""
    rows = session.execute(
        select(Event, Department, Entry.minutes)
        .join(Entry, and_(Entry.county_code == Event.county_code, Entry.event_id == Event.id))
        .join(Department, Department.code == Event.department_code)
        .where(
            Entry.county_code == county,
            Entry.village_code == village,
            in_scope(actor, Entry.county_code, Entry.village_code),
            Entry.week.in_([one.monday for one in told]),
            Event.kind.in_(LOGGED_KINDS),
            ~Event.emergency,
        )
        .order_by(Event.happened_on.desc(), Event.id.desc())
    )
    return [(event, owner, minutes) for event, owner, minutes in rows]


def _again(history: list[Received], told: list[Week], week: Week) -> list[Row]:
    """What comes nearly every week, or once a month."""
    found: dict[tuple[str, str, str], list[Received]] = {}
    for one in history:
        event, owner, _ = one
        found.setdefault(_mark(event.kind, owner.code, event.title), []).append(one)
    rows = [_habit(times, told, week) for times in found.values()]
    return [row for row in rows if row is not None]


def _habit(times: list[Received], told: list[Week], week: Week) -> Row | None:
    event, owner, _ = times[0]  # the latest; of equally usual ones the latest wins too
    if is_weekly([Week(event.week) for event, _, _ in times], told):
        lately = [one for one in times if Week(one[0].week) in told[:LOOKED_BACK]]
        day = week.monday + timedelta(days=usual([event.happened_on.weekday() for event, _, _ in lately]))
        origin, minutes = Origin.WEEKLY, usual([minutes for _, _, minutes in lately])
    else:
        due = monthly_day([event.happened_on for event, _, _ in times], week)
        if due is None:
            return None
        day, origin, minutes = due, Origin.MONTHLY, usual([minutes for _, _, minutes in times])
    if (owner.valid_from and day < owner.valid_from) or (owner.valid_until and day >= owner.valid_until):
        return None
    title = event.title if len({title_key(one.title) for one, _, _ in times}) == 1 else lasting(event.title)
    return Row(None, event.kind, day, owner.code, owner.name, owner.name_en, title, event.called_as, False, minutes, origin)


def _mark(kind: str, department_code: str, title: str) -> tuple[str, str, str]:
    """What is the same thing in another week."""
    return kind, department_code, title_key(lasting(title))


def _same(row: Row, kind: str, department_code: str, title: str) -> bool:
    return row.kind == kind and row.department_code == department_code and same_title(lasting(row.title), lasting(title))
