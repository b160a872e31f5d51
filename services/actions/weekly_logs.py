"""Writing a village's week: every tap is saved, audited and, once the week was submitted, counted at once.

Events are shared between villages (services/log/shared_events.py has the rule). All actions raise NotAllowedNow at `week` when
the week lies ahead, is closed, or the village is not an observation point in it.
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.entry import UNNAMED, Effort, Naming, Occasion, check_effort, check_occasion
from models.rules.errors import Conflict, InvalidInput, NotAllowedNow, NotFound
from models.rules.schedule import LogState, submittable_from
from models.rules.week import Week, today_at
from models.tables import Entry, Event, WeeklyLog
from services import audit
from services.access import Actor, Permission
from services.log import shared_events
from services.log.village_week import Saved, check_token, department, is_empty, keep, open_log, put_in, saved, subject, take_out
from services.usecase import action


@action(Permission.EDIT_WEEKLY_LOG)
def add_event(
    session: Session,
    actor: Actor,
    *,
    week: Week,
    kind: str,
    department_code: str,
    day: date,
    minutes: float,
    request_id: str,
    title: str = "",
    called_as: str = "",
    emergency: bool = False,
    travel_minutes: float = 0,
    people: float = 1,
    copies: float = 1,
    demands: Collection[str] = (),
    opened_at: datetime | None = None,
) -> Saved:
    """Logs an event by hand: joins the one another village means by it, or makes a new one. The same `request_id` again
    is the same entry, unless that was renamed meanwhile. InvalidInput at kind, department, day, minutes, travel_minutes,
    people, copies, demands, title, called_as.
    """
    log = open_log(session, actor, week)
    wanted = Occasion(kind, department_code, day, title, called_as, emergency)
    earlier = _entry_of_tap(session, log, request_id)
    if earlier is not None and shared_events.is_still(session, earlier, wanted):
        return saved(log, earlier.event_id)
    occasion = check_occasion(wanted, week, today_at(actor.now))
    effort = check_effort(kind, minutes=minutes, travel_minutes=travel_minutes, people=people, copies=copies, demands=demands)
    holder = department(session, log.village_code, department_code, day)
    event = shared_events.meant(session, log, occasion)
    if event is None:
        event = shared_events.new_event(session, actor, log, occasion, effort.minutes, holder)
    shared_events.fill_in(event, occasion.title, occasion.called_as)
    if earlier is not None:  # renamed since, and what it was is offered again: its token is the new entry's now
        earlier.request_id = f"renamed-{earlier.event_id}"
    return _enter(session, actor, log, event, effort, request_id, opened_at, "weekly_logs.add_event")


@action(Permission.EDIT_WEEKLY_LOG)
def join_event(
    session: Session,
    actor: Actor,
    *,
    week: Week,
    event_id: int,
    request_id: str,
    minutes: float | None = None,
    travel_minutes: float = 0,
    people: float = 1,
    copies: float = 1,
    demands: Collection[str] = (),
    opened_at: datetime | None = None,
) -> Saved:
    """Ticks an event that somebody else entered; `minutes` is the event's unless given. Ticking twice is one entry.

    NotFound(no_such_event) at `event` for one of another county, week or township, or not yet happened.
    """
    log = open_log(session, actor, week)
    event = shared_events.receivable(session, log, event_id, today_at(actor.now))
    if shared_events.entry_of(session, log, event_id) is not None:
        return saved(log, event_id)
    if _entry_of_tap(session, log, request_id) is not None:
        raise InvalidInput("bad_request_id", field="event")
    length = event.minutes if minutes is None else minutes
    effort = check_effort(
        event.kind, minutes=length, travel_minutes=travel_minutes, people=people, copies=copies, demands=demands
    )
    return _enter(session, actor, log, event, effort, request_id, opened_at, "weekly_logs.join_event")


@action(Permission.EDIT_WEEKLY_LOG)
def change_entry(
    session: Session,
    actor: Actor,
    *,
    week: Week,
    event_id: int,
    seen: Effort,
    minutes: float,
    travel_minutes: float = 0,
    people: float = 1,
    copies: float = 1,
    demands: Collection[str] = (),
    naming: Naming | None = None,
    seen_naming: Naming = UNNAMED,
    opened_at: datetime | None = None,
) -> Saved:
    """Changes what the event cost this village and, while no other village has it, its length, title, name and emergency mark.

    `seen` and `seen_naming` are what the screen showed; what stands in `naming` as it was seen is left alone. When something
    has become else meanwhile nobody silently overwrites: Conflict(entry_changed) with `mine` and `theirs` at minutes, or
    Conflict(title_changed, called_as_changed, emergency_changed) with `theirs`. NotAllowedNow(event_shared) at the same three.
    """
    log = open_log(session, actor, week)
    entry = shared_events.entry_of(session, log, event_id)
    if entry is None:
        raise NotFound("no_such_entry", field="event")
    event = session.get_one(Event, (log.county_code, event_id))
    effort = check_effort(
        event.kind, minutes=minutes, travel_minutes=travel_minutes, people=people, copies=copies, demands=demands
    )
    theirs = shared_events.effort_of(entry)
    old = shared_events.facts(event, theirs)
    if naming is not None:
        shared_events.correct(session, log, event, naming, seen_naming)
    if theirs not in (seen, effort):
        raise Conflict("entry_changed", field="minutes", mine=effort, theirs=theirs)
    shared_events.set_effort(entry, effort)
    if (new := shared_events.facts(event, effort)) == old:
        return saved(log, event_id)
    shared_events.correct_length(session, log, event, effort.minutes)
    entry.saved_at = actor.now
    keep(session, actor, log, opened_at)
    audit.record(session, actor, "weekly_logs.change_entry", subject(log, event_id), old=old, new=new)
    return saved(log, event_id)


@action(Permission.EDIT_WEEKLY_LOG)
def remove_entry(session: Session, actor: Actor, *, week: Week, event_id: int, opened_at: datetime | None = None) -> Saved:
    """Unticks an event; it stays for the villages that have it. Unticking twice is no error.

    A submitted week that loses its last thing becomes a draft again (`reverted`): "nothing" is said, never inferred.
    """
    log = open_log(session, actor, week)
    entry = shared_events.entry_of(session, log, event_id)
    if entry is None:
        shared_events.receivable(session, log, event_id, today_at(actor.now))
        return saved(log, event_id)
    event = session.get_one(Event, (log.county_code, event_id))
    old = shared_events.facts(event, shared_events.effort_of(entry))
    session.delete(entry)
    return take_out(session, actor, log, opened_at, "weekly_logs.remove_entry", event_id, old)


@action(Permission.EDIT_WEEKLY_LOG)
def submit(session: Session, actor: Actor, *, week: Week, opened_at: datetime | None = None) -> Saved:
    """Submits what is logged; again is the same receipt. InvalidInput(nothing_to_submit) at `week` for an empty one,
    NotAllowedNow(week_too_early) before its Friday: a report speaks for the whole week.
    """
    log = open_log(session, actor, week)
    if log.state == LogState.SUBMITTED:
        return saved(log)
    if is_empty(session, log):
        raise InvalidInput("nothing_to_submit", field="week")
    _check_not_early(actor, week)
    return _submitted(session, actor, log, opened_at, "weekly_logs.submit", zero=False)


@action(Permission.EDIT_WEEKLY_LOG)
def submit_zero(session: Session, actor: Actor, *, week: Week, opened_at: datetime | None = None) -> Saved:
    """Submits "nothing this week"; again is the same receipt. Conflict(not_zero) at `week` when something is logged,
    NotAllowedNow(week_too_early) before its Friday.
    """
    log = open_log(session, actor, week)
    if not is_empty(session, log):
        raise Conflict("not_zero", field="week")
    if log.state == LogState.SUBMITTED:
        return saved(log)
    _check_not_early(actor, week)
    return _submitted(session, actor, log, opened_at, "weekly_logs.submit_zero", zero=True)


def _check_not_early(actor: Actor, week: Week) -> None:
    first = submittable_from(week)
    if today_at(actor.now) < first:
        raise NotAllowedNow("week_too_early", field="week", day=first)


def _enter(
    session: Session, actor: Actor, log: WeeklyLog, event: Event, effort: Effort, request_id: str,
    opened_at: datetime | None, name: str,
) -> Saved:  # fmt: skip
    receipt = put_in(session, actor, log, opened_at, name, event.id, shared_events.facts(event, effort))
    entry = Entry(
        county_code=log.county_code,
        week=log.week,
        village_code=log.village_code,
        event_id=event.id,
        request_id=request_id,
        saved_at=actor.now,
    )
    shared_events.set_effort(entry, effort)
    session.add(entry)
    return receipt


def _submitted(session: Session, actor: Actor, log: WeeklyLog, opened_at: datetime | None, name: str, *, zero: bool) -> Saved:
    log.state, log.zero, log.submitted_at, log.submitted_by = LogState.SUBMITTED, zero, actor.now, actor.username
    keep(session, actor, log, opened_at)
    audit.record(session, actor, name, subject(log), new={"zero": zero, "seconds": log.seconds})
    return saved(log)


def _entry_of_tap(session: Session, log: WeeklyLog, request_id: str) -> Entry | None:
    check_token(request_id)
    mine = select(Entry).where(Entry.county_code == log.county_code, Entry.village_code == log.village_code)
    return session.scalar(mine.where(Entry.request_id == request_id))
