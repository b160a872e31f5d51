"""Writing a village's week: every tap is saved, audited and, once the week was submitted, counted at once.

Events are shared between villages (services/log/shared_events.py has the rule). All actions raise NotAllowedNow at `week` when
the week lies ahead, is closed, or the village is not an observation point in it.
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.rules.entry import UNNAMED, Effort, Naming, Occasion, check_effort
from models.rules.errors import Conflict, InvalidInput, NotAllowedNow, NotFound
from models.rules.schedule import LogState, submittable_from
from models.rules.week import Week, today_at
from models.tables import Event, WeeklyLog
from services import audit
from services.access import Actor, Permission
from services.log import entering, shared_events
from services.log.village_week import Saved, is_empty, keep, open_log, saved, subject, take_out
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
    seen: int | None = None,
) -> Saved:
    """Logs an event by hand: joins the one another village means by it, or makes a new one. The same `request_id` again
    is the same entry, unless that was renamed meanwhile. `seen`: the week's version that the screen showed;
    Conflict(added_meanwhile) at event when another phone has logged the same since. InvalidInput at kind, department, day,
    minutes, travel_minutes, people, copies, demands, title, called_as.
    """
    log = open_log(session, actor, week)
    wanted = Occasion(kind, department_code, day, title, called_as, emergency)
    effort = check_effort(kind, minutes=minutes, travel_minutes=travel_minutes, people=people, copies=copies, demands=demands)
    return entering.add(session, actor, log, wanted, effort, entering.Tap("weekly_logs.add_event", request_id, opened_at, seen))


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
    length = event.minutes if minutes is None else minutes
    effort = check_effort(
        event.kind, minutes=length, travel_minutes=travel_minutes, people=people, copies=copies, demands=demands
    )
    return entering.join(session, actor, log, event, effort, entering.Tap("weekly_logs.join_event", request_id, opened_at))


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
def remove_entry(
    session: Session, actor: Actor, *, week: Week, event_id: int, seen: Effort | None = None, opened_at: datetime | None = None
) -> Saved:
    """Unticks an event; it stays for the villages that have it. Unticking twice is no error. `seen` is what the screen showed:
    Conflict(removed_unseen) with `theirs` at event when another phone has changed it since.

    A submitted week that loses its last thing becomes a draft again (`reverted`): "nothing" is said, never inferred.
    """
    log = open_log(session, actor, week)
    entry = shared_events.entry_of(session, log, event_id)
    if entry is None:
        shared_events.receivable(session, log, event_id, today_at(actor.now))
        return saved(log, event_id)
    theirs = shared_events.effort_of(entry)
    if seen is not None and seen != theirs:
        raise Conflict("removed_unseen", field="event", theirs=theirs)
    old = shared_events.facts(session.get_one(Event, (log.county_code, event_id)), theirs)
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


def _submitted(session: Session, actor: Actor, log: WeeklyLog, opened_at: datetime | None, name: str, *, zero: bool) -> Saved:
    log.state, log.zero, log.submitted_at, log.submitted_by = LogState.SUBMITTED, zero, actor.now, actor.username
    keep(session, actor, log, opened_at)
    audit.record(session, actor, name, subject(log), new={"zero": zero, "seconds": log.seconds})
    return saved(log)
