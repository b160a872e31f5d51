"""What counts against a department's quota: events that a submitted log of an observation point tells of, groups open there.

Emergency work counts for no quota; who asks gets it apart.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from models.rules.measure import LOGGED_KINDS, HoldingKind
from models.rules.schedule import LogState
from models.rules.week import Week, span
from models.tables import Entry, Event, Holding, ObservationPoint, WeeklyLog
from services.access import ROLES, Actor, in_scope
from services.figures.counting import assigned, counted, week_table

FURTHEST_BACK = 53  # weeks in which a village must have told of its groups
IGNORED = " \u3000.,:;·-_。，、：；（）()"  # in the names of chat groups


def speaks_for_department(actor: Actor) -> bool:
    """Whether the actor is there for one department, and sees nothing but its own standing."""
    return actor.role is None or ROLES[actor.role].needs_department


def own(actor: Actor, department: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Condition: for an actor who speaks for a department, only that one; for anybody else all."""
    if speaks_for_department(actor):
        return department == (actor.department_code or "")
    return true()


def receipts(actor: Actor, county_code: str, *columns: Any) -> Select[Any]:
    """The entries that count, with their event: one row per village and event."""
    entry = and_(Entry.county_code == Event.county_code, Entry.event_id == Event.id)
    return select(*columns).select_from(Event).join(Entry, entry).where(_reported(actor, county_code))


def happened(actor: Actor, county_code: str, first: date, through: date) -> ColumnElement[bool]:
    """Condition on events: those of the days from `first` through `through` that the actor may know of.

    Their weeks are named too: that is how events are stored, and earlier years are not even looked at.
    """
    return and_(
        Event.county_code == county_code,
        Event.week.between(Week.of(first).monday, Week.of(through).monday),
        Event.kind.in_(LOGGED_KINDS),
        Event.happened_on.between(first, through),
        own(actor, Event.department_code),
    )


def received(actor: Actor, county_code: str) -> ColumnElement[bool]:
    """Condition on events: at least one observation point received it and submitted the week's log."""
    of_event = (Entry.county_code == Event.county_code, Entry.event_id == Event.id)
    return exists().where(*of_event, _reported(actor, county_code)).correlate(Event)


def villages_of_event(actor: Actor, county_code: str) -> ScalarSelect[Any]:
    """For an event of the statement around it: the villages that received it and reported, joined by commas; else None."""
    of_event = (Entry.county_code == Event.county_code, Entry.event_id == Event.id)
    villages = select(func.aggregate_strings(Entry.village_code, ","))
    return villages.where(*of_event, _reported(actor, county_code)).correlate(Event).scalar_subquery()


def _reported(actor: Actor, county_code: str) -> ColumnElement[bool]:
    """Condition on entries: their log counts. A condition and no join, so that every planner starts from the events."""
    log = select(WeeklyLog.week).where(WeeklyLog.week == Entry.week, WeeklyLog.village_code == Entry.village_code)
    return counted(log, actor, county_code).correlate(Entry).exists()


def events_by_department(
    actor: Actor, county_code: str, first: date, through: date, told: Collection[date]
) -> Select[str, str, bool, int, int]:
    """(department_code, kind, emergency, count of events, how many of them lie in the weeks of the Mondays `told`)."""
    of_told = func.sum(case((Event.week.in_(told), 1), else_=0))
    return (
        select(Event.department_code, Event.kind, Event.emergency, func.count(), of_told)
        .where(happened(actor, county_code, first, through), received(actor, county_code))
        .group_by(Event.department_code, Event.kind, Event.emergency)
    )


def events_in_order(actor: Actor, county_code: str, departments: Collection[str], first: date, through: date) -> Select[Any]:
    """(department_code, measure, day, title, id, place): events that count against a quota, numbered as they happened."""
    place = func.row_number().over(partition_by=(Event.department_code, Event.kind), order_by=(Event.happened_on, Event.id))
    return select(
        Event.department_code,
        Event.kind.label("measure"),
        Event.happened_on.label("day"),
        Event.title,
        Event.id,
        place.label("place"),
    ).where(
        happened(actor, county_code, first, through),
        Event.department_code.in_(departments),
        Event.emergency.is_(False),
        received(actor, county_code),
    )


def group_open(actor: Actor, county_code: str, day: date) -> ColumnElement[bool]:
    """Condition on holdings: a chat group that is open on the day in a village that is an observation point then.

    It counts once the village has submitted the week it was joined in, or a later one of the last FURTHEST_BACK: what only
    stands in a draft is told by nobody yet.
    """
    last = Week.of(day)
    weeks = week_table(list(span(last - FURTHEST_BACK, last)))
    point = exists().where(
        ObservationPoint.county_code == Holding.county_code,
        ObservationPoint.village_code == Holding.village_code,
        assigned(last.monday),
    )
    of_village = (WeeklyLog.county_code == Holding.county_code, WeeklyLog.village_code == Holding.village_code)
    told = exists().where(
        *of_village, WeeklyLog.week == weeks.c.week, weeks.c.sunday >= Holding.since, WeeklyLog.state == LogState.SUBMITTED
    )
    return and_(
        Holding.county_code == county_code,
        Holding.kind == HoldingKind.GROUP,
        Holding.since <= day,
        or_(Holding.until.is_(None), Holding.until > day),
        in_scope(actor, Holding.county_code, Holding.village_code),
        own(actor, Holding.department_code),
        point,
        told,
    )


def group_key() -> ColumnElement[str]:
    """What makes two villages' chat groups the same one: the name, whatever its spaces, stops and case.

    Groups without a name are one for each department: how many they are nobody knows, and a count that may only be too low
    accuses nobody wrongly.
    """
    key: ColumnElement[str] = func.lower(Holding.name)
    for character in IGNORED:
        key = func.replace(key, character, "")
    return key


def groups_in_order(actor: Actor, county_code: str, day: date) -> Select[Any]:
    """(department_code, key, name, since, villages, place): a department's open groups, oldest first."""
    since, key = func.min(Holding.since), group_key()
    place = func.row_number().over(partition_by=Holding.department_code, order_by=(since, key))
    return (
        select(
            Holding.department_code,
            key.label("key"),
            func.min(Holding.name).label("name"),
            since.label("since"),
            func.count(Holding.village_code.distinct()).label("villages"),
            place.label("place"),
        )
        .where(group_open(actor, county_code, day))
        .group_by(Holding.department_code, key)
    )
