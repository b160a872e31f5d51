"""Events that several villages share: which one is meant, who may receive it, what may still be corrected.

The rule (models/rules/entry.py decides on titles): same county, kind, department, day and emergency
mark; meant for the whole county or
for this township; a compatible title. An event that this village already has is never matched, so the same words logged
twice are two events. An event that nobody has any more is not matched either: it stays in the table, so that its number is
never given to another one, counts nowhere, and comes back only when it is ticked again.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from functools import cache

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from models.rules.entry import Candidate, Effort, Naming, Occasion, best_match, check_called_as, clean_title, same_title
from models.rules.errors import Conflict, NotAllowedNow, NotFound
from models.rules.measure import LOGGED_KINDS, Demand
from models.tables import Department, Entry, Event, WeeklyLog
from services.access import Actor
from services.log.village_week import asking_areas, next_id, township

_HIGHEST_ID = 2**63 - 1


def meant(session: Session, log: WeeklyLog, occasion: Occasion) -> Event | None:
    """The stored event that the village means; None when it is the first to tell."""
    asked = {
        "county": log.county_code, "week": log.week, "village": log.village_code, "township": township(log),
        "kind": occasion.kind, "department": occasion.department_code, "day": occasion.day, "emergency": occasion.emergency,
    }  # fmt: skip
    rows = session.execute(_candidates(), asked)
    found = best_match(occasion.title, [Candidate(*row) for row in rows])
    return session.get_one(Event, (log.county_code, found)) if found is not None else None


@cache
def _candidates() -> Select[int, str, int]:
    """Built once: every thing that is logged by hand asks it."""
    county: BindParameter[str] = bindparam("county")
    week: BindParameter[date] = bindparam("week")
    mine = select(Entry.event_id).where(
        Entry.county_code == county, Entry.week == week, Entry.village_code == bindparam("village")
    )
    return (
        select(Event.id, Event.title, func.count(Entry.village_code))
        .outerjoin(Entry, (Entry.county_code == Event.county_code) & (Entry.event_id == Event.id))
        .where(
            Event.county_code == county,
            Event.week == week,
            Event.kind == bindparam("kind"),
            Event.department_code == bindparam("department"),
            Event.happened_on == bindparam("day"),
            Event.emergency == bindparam("emergency"),  # the two are counted apart: one must not vanish in the other
            or_(Event.township_code.is_(None), Event.township_code == bindparam("township")),
            Event.id.not_in(mine),
        )
        .group_by(Event.county_code, Event.id, Event.title, Event.source)
        .having(or_(Event.source != "village", func.count(Entry.village_code) > 0))
    )


def new_event(session: Session, actor: Actor, log: WeeklyLog, occasion: Occasion, minutes: int, department: Department) -> Event:
    """A new event as its first village tells it; one of a township's own office is meant for that township only."""
    event = Event(
        county_code=log.county_code,
        id=next_id(session, Event, log.county_code),
        kind=occasion.kind,
        department_code=occasion.department_code,
        happened_on=occasion.day,
        week=log.week,
        title=occasion.title,
        called_as=occasion.called_as,
        minutes=minutes,
        emergency=occasion.emergency,
        township_code=township(log) if department.area_code == township(log) else None,
        source="village",
        created_at=actor.now,
        created_by=actor.username,
    )
    session.add(event)
    session.flush()
    return event


def receivable(session: Session, log: WeeklyLog, event_id: int, today: date) -> Event:
    """The event, if the village can have received it that week. NotFound(no_such_event) at `event` otherwise."""
    event = session.get(Event, (log.county_code, event_id)) if 0 < event_id <= _HIGHEST_ID else None
    if (
        event is None
        or event.township_code not in (None, township(log))
        or event.week != log.week
        or event.happened_on > today
        or event.kind not in LOGGED_KINDS
        or session.get_one(Department, event.department_code).area_code not in asking_areas(log.village_code)
    ):
        raise NotFound("no_such_event", field="event")
    return event


def entry_of(session: Session, log: WeeklyLog, event_id: int) -> Entry | None:
    """The village's own entry of an event."""
    key = (log.county_code, log.week, log.village_code, event_id)
    return session.get(Entry, key) if 0 < event_id <= _HIGHEST_ID else None


def is_still(session: Session, entry: Entry, wanted: Occasion) -> bool:
    """Whether the entry is of what is wanted: its title may have been corrected into another one since it was tapped."""
    event = session.get_one(Event, (entry.county_code, entry.event_id))
    facts = (event.kind, event.department_code, event.happened_on)
    return facts == (wanted.kind, wanted.department_code, wanted.day) and same_title(event.title, wanted.title)


def has_alike(session: Session, log: WeeklyLog, wanted: Occasion) -> bool:
    """Whether the village has logged something that reads the same."""
    titles = session.scalars(
        select(Event.title)
        .join(Entry, (Entry.county_code == Event.county_code) & (Entry.event_id == Event.id))
        .where(Entry.county_code == log.county_code, Entry.week == log.week, Entry.village_code == log.village_code)
        .where(Event.kind == wanted.kind, Event.department_code == wanted.department_code)
        .where(Event.happened_on == wanted.day, Event.emergency == wanted.emergency)
    )
    return any(same_title(wanted.title, title) for title in titles)


def correct(session: Session, log: WeeklyLog, event: Event, wanted: Naming, seen: Naming) -> None:
    """Changes how an event is called while this village is the only one that has it; later only blanks are filled in.

    What stands in `wanted` as it was seen is left alone. At the field that cannot be changed: NotAllowedNow(event_shared), or
    Conflict(…_changed) with `theirs` where the village's other phone has written something else since.
    """
    for field, value in corrections(session, log, event, wanted, seen).items():
        setattr(event, field, value)


def corrections(session: Session, log: WeeklyLog, event: Event, wanted: Naming, seen: Naming) -> dict[str, str | bool]:
    """What `correct` would change, and its refusals; changes nothing."""
    wanted = replace(wanted, title=clean_title(wanted.title))
    check_called_as(event.kind, wanted.called_as)
    own, found = is_own(session, log, event), {}
    for field in ("title", "called_as", "emergency"):
        before, after, stored = (getattr(one, field) for one in (seen, wanted, event))
        if after in (before, stored):
            continue
        if not own and stored != "":
            raise NotAllowedNow("event_shared", field=field)
        if stored != before:
            raise Conflict(f"{field}_changed", field=field, theirs=stored)
        found[field] = after
    return found


def correct_length(session: Session, log: WeeklyLog, event: Event, minutes: int) -> None:
    """A wrong length must not be offered to the neighbours; once one of them has the event, each has its own."""
    if is_own(session, log, event):
        event.minutes = minutes


def fill_in(event: Event, title: str, called_as: str) -> None:
    """An empty title or name gets what somebody knows; a filled one never changes."""
    event.title, event.called_as = event.title or title, event.called_as or called_as


def effort_of(entry: Entry) -> Effort:
    """What is stored of the village's own part."""
    demands = frozenset(str(demand) for demand in Demand if getattr(entry, demand))
    return Effort(entry.minutes, entry.travel_minutes, entry.people, entry.copies, demands)


def enter(session: Session, actor: Actor, log: WeeklyLog, event: Event, effort: Effort, request_id: str) -> None:
    """The village's own part of an event, as a new row. The log is kept before: the row refers to it."""
    key = {"county_code": log.county_code, "week": log.week, "village_code": log.village_code, "event_id": event.id}
    entry = Entry(**key, request_id=request_id, saved_at=actor.now)
    set_effort(entry, effort)
    session.add(entry)


def set_effort(entry: Entry, effort: Effort) -> None:
    """Stores the village's own part."""
    entry.minutes, entry.travel_minutes = effort.minutes, effort.travel_minutes
    entry.people, entry.copies = effort.people, effort.copies
    for demand in Demand:
        setattr(entry, demand, demand in effort.demands)


def facts(event: Event, effort: Effort) -> Mapping[str, object]:
    """Both, for the audit trail."""
    occasion = {
        "kind": event.kind, "department": event.department_code, "day": event.happened_on, "title": event.title,
        "called_as": event.called_as, "emergency": event.emergency,
    }  # fmt: skip
    return occasion | asdict(effort) | {"demands": sorted(effort.demands)}


def is_own(session: Session, log: WeeklyLog, event: Event) -> bool:
    """Whether this village told of the event and no other one has it."""
    others = select(Entry.village_code).where(
        Entry.county_code == log.county_code, Entry.event_id == event.id, Entry.village_code != log.village_code
    )
    return event.source == "village" and session.scalars(others.limit(1)).first() is None
