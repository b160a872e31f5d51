"""How something gets into a village's week: ticked where it is known, or added, which joins what another village means by it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.entry import Effort, Occasion, check_occasion
from models.rules.errors import InvalidInput
from models.rules.week import Week, today_at
from models.tables import Entry, Event, WeeklyLog
from services.access import Actor
from services.log import shared_events
from services.log.village_week import Saved, check_token, department, put_in, saved


@dataclass(frozen=True)
class Tap:
    """Which action it is for the audit trail, its one-time token, and when the recorder's screen was opened."""

    action: str
    request_id: str
    opened_at: datetime | None = None


def add(session: Session, actor: Actor, log: WeeklyLog, wanted: Occasion, effort: Effort, tap: Tap) -> Saved:
    """What was added by hand or comes again. The same tap again is the same entry, unless that was renamed meanwhile."""
    earlier = _entry_of_tap(session, log, tap.request_id)
    if earlier is not None and shared_events.is_still(session, earlier, wanted):
        return saved(log, earlier.event_id)
    occasion = check_occasion(wanted, Week(log.week), today_at(actor.now))
    holder = department(session, log.village_code, wanted.department_code, wanted.day)
    event = shared_events.meant(session, log, occasion)
    if event is None:
        event = shared_events.new_event(session, actor, log, occasion, effort.minutes, holder)
    shared_events.fill_in(event, occasion.title, occasion.called_as)
    if earlier is not None:  # renamed since, and what it was is offered again: its token is the new entry's now
        earlier.request_id = f"renamed-{earlier.event_id}"
    return _enter(session, actor, log, event, effort, tap)


def join(session: Session, actor: Actor, log: WeeklyLog, event: Event, effort: Effort, tap: Tap) -> Saved:
    """What somebody else entered. Twice is one entry."""
    if shared_events.entry_of(session, log, event.id) is not None:
        return saved(log, event.id)
    if _entry_of_tap(session, log, tap.request_id) is not None:
        raise InvalidInput("bad_request_id", field="event")
    return _enter(session, actor, log, event, effort, tap)


def _enter(session: Session, actor: Actor, log: WeeklyLog, event: Event, effort: Effort, tap: Tap) -> Saved:
    receipt = put_in(session, actor, log, tap.opened_at, tap.action, event.id, shared_events.facts(event, effort))
    entry = Entry(
        county_code=log.county_code,
        week=log.week,
        village_code=log.village_code,
        event_id=event.id,
        request_id=tap.request_id,
        saved_at=actor.now,
    )
    shared_events.set_effort(entry, effort)
    session.add(entry)
    session.flush()
    return receipt


def _entry_of_tap(session: Session, log: WeeklyLog, request_id: str) -> Entry | None:
    check_token(request_id)
    mine = select(Entry).where(Entry.county_code == log.county_code, Entry.village_code == log.village_code)
    return session.scalar(mine.where(Entry.request_id == request_id))
