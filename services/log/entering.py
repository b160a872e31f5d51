"""How something gets into a village's week: ticked where it is known, or added, which joins what another village means by it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.rules.entry import Effort, Occasion, check_occasion
from models.rules.errors import Conflict, InvalidInput
from models.rules.week import Week, today_at
from models.tables import Entry, Event, WeeklyLog
from services.access import Actor
from services.log import shared_events
from services.log.village_week import Saved, check_token, department, put_in, saved

_OF_TAP = select(Entry).where(
    Entry.county_code == bindparam("county"),
    Entry.village_code == bindparam("village"),
    Entry.request_id == bindparam("token"),
)


@dataclass(frozen=True)
class Tap:
    """Which action it is for the audit trail, its one-time token, when the recorder's screen was opened, and the version of the
    week that it showed.
    """

    action: str
    request_id: str
    opened_at: datetime | None = None
    seen: int | None = None


def add(session: Session, actor: Actor, log: WeeklyLog, wanted: Occasion, effort: Effort, tap: Tap) -> Saved:
    """What was added by hand or comes again. The same tap again is the same entry, unless that was renamed meanwhile.

    What another phone of the village has told since this one's screen was drawn is asked about: Conflict(added_meanwhile).
    """
    earlier = _entry_of_tap(session, log, tap.request_id)
    if earlier is not None and shared_events.is_still(session, earlier, wanted):
        return saved(log, earlier.event_id)
    occasion = check_occasion(wanted, Week(log.week), today_at(actor.now))
    if tap.seen not in (None, log.version) and shared_events.has_alike(session, log, occasion):
        raise Conflict("added_meanwhile", field="event")
    event = event_of(session, actor, log, occasion, effort.minutes)
    if earlier is not None:  # renamed since, and what it was is offered again: its token is the new entry's now
        earlier.request_id = f"renamed-{earlier.event_id}"
    return _enter(session, actor, log, event, effort, tap)


def event_of(session: Session, actor: Actor, log: WeeklyLog, occasion: Occasion, minutes: int) -> Event:
    """The event that the village means: one that others tell of, else a new one of `minutes`."""
    holder = department(session, log.village_code, occasion.department_code, occasion.day)
    event = shared_events.meant(session, log, occasion)
    if event is None:
        event = shared_events.new_event(session, actor, log, occasion, minutes, holder)
    shared_events.fill_in(event, occasion.title, occasion.called_as)
    return event


def join(session: Session, actor: Actor, log: WeeklyLog, event: Event, effort: Effort, tap: Tap) -> Saved:
    """What somebody else entered. Twice is one entry."""
    if shared_events.entry_of(session, log, event.id) is not None:
        return saved(log, event.id)
    if _entry_of_tap(session, log, tap.request_id) is not None:
        raise InvalidInput("bad_request_id", field="event")
    return _enter(session, actor, log, event, effort, tap)


def _enter(session: Session, actor: Actor, log: WeeklyLog, event: Event, effort: Effort, tap: Tap) -> Saved:
    receipt = put_in(session, actor, log, tap.opened_at, tap.action, event.id, shared_events.facts(event, effort))
    shared_events.enter(session, actor, log, event, effort, tap.request_id)
    session.flush()
    return receipt


def _entry_of_tap(session: Session, log: WeeklyLog, request_id: str) -> Entry | None:
    check_token(request_id)
    return session.scalar(_OF_TAP, {"county": log.county_code, "village": log.village_code, "token": request_id})
