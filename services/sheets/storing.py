"""Does what was planned for a sheet, inside the caller's transaction: rows, groups, and what becomes of the week."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.errors import InvalidInput, NotFound
from models.rules.measure import HoldingKind
from models.rules.schedule import LogState
from models.rules.week import Week, today_at
from models.tables import Entry, Event, Holding, WeeklyLog
from services.access import Actor
from services.log import entering, shared_events
from services.log.village_week import is_empty, keep, next_id, open_log
from services.sheets.cells import Judged, RowState, effort_in, naming_in, occasion_of, token_of
from services.sheets.layout import JOINED, LEFT, Finish
from services.sheets.planning import SheetPlan, standing_in

ORDER = {
    "l": 0,
    "j": 1,
    "e": 2,
    "w": 3,
    "s": 4,
}  # leaving before joining; an event before what may mean it


def store(session: Session, actor: Actor, plan: SheetPlan) -> WeeklyLog | None:
    """The log as it now is; None when nothing had to be stored."""
    if not plan.changes or plan.week is None:
        return None
    acting = standing_in(session, actor, plan.village)
    log = open_log(session, acting, plan.week)
    keep(session, acting, log, acting.now)  # nobody worked on a screen of ours
    wanted = [row for row in plan.rows if row.state in (RowState.NEW, RowState.CHANGED)]
    for row in sorted(wanted, key=lambda row: (row.final["taken"], ORDER[row.key[0]])):  # first what goes
        _store_row(session, acting, log, row)
    session.flush()
    empty = is_empty(session, log)
    if not empty:
        log.zero = False
    elif log.state == LogState.SUBMITTED and not log.zero:  # "nothing" is said, never inferred
        log.state, log.submitted_at, log.submitted_by = LogState.DRAFT, None, None
    if plan.finish is not Finish.KEEP:
        log.state, log.zero = LogState.SUBMITTED, plan.finish is Finish.ZERO
        log.submitted_at, log.submitted_by = acting.now, acting.username
    session.flush()
    return log


def facts(plan: SheetPlan) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What the audit trail keeps of the rows: as they were, and as they are."""
    rows = [row for row in plan.rows if row.state in (RowState.NEW, RowState.CHANGED)]
    old = {_told(row): dict(row.theirs) for row in rows if row.theirs is not None and row.state is RowState.CHANGED}
    return {"rows": old}, {"rows": {_told(row): dict(row.final) for row in rows}}


def _told(row: Judged) -> str:
    """A row for who reads the trail: 2026-11-17 meeting 992121-01 春耕会 (e17)."""
    cells = row.final
    return " ".join(
        str(part) for part in (cells["day"], cells["kind"], cells["department"], cells["title"], f"({row.key})") if part
    )


def _store_row(session: Session, actor: Actor, log: WeeklyLog, row: Judged) -> None:
    kind = row.final["kind"]
    if kind in (JOINED, LEFT):
        _store_group(session, actor, log, row)
        return
    entry = shared_events.entry_of(session, log, row.subject) if row.state is RowState.CHANGED else None
    if entry is None:
        _enter(session, actor, log, row)
    elif not row.final["taken"]:
        session.delete(entry)
        session.flush()
    else:
        _change(session, actor, log, entry, row)


def _enter(session: Session, actor: Actor, log: WeeklyLog, row: Judged) -> None:
    cells, token = row.final, token_of(Week(log.week), row.key)
    effort = effort_in(cells)
    if row.subject and row.key[0] == "e":
        event = shared_events.receivable(session, log, row.subject, today_at(actor.now))
    else:
        event = entering.event_of(session, actor, log, occasion_of(cells), effort.minutes)
        earlier = session.scalar(select(Entry).filter_by(**_place(log), request_id=token))
        if earlier is not None:  # renamed since, and what it was is offered again
            earlier.request_id = f"renamed-{earlier.event_id}"
    shared_events.enter(session, actor, log, event, effort, token)
    session.flush()


def _change(session: Session, actor: Actor, log: WeeklyLog, entry: Entry, row: Judged) -> None:
    event = session.get_one(Event, (log.county_code, entry.event_id))
    shared_events.correct(session, log, event, naming_in(row.final), naming_in(row.theirs or row.final))
    effort = effort_in(row.final)
    shared_events.set_effort(entry, effort)
    shared_events.correct_length(session, log, event, effort.minutes)
    entry.saved_at = actor.now


def _store_group(session: Session, actor: Actor, log: WeeklyLog, row: Judged) -> None:
    cells = row.final
    if row.state is RowState.NEW and cells["kind"] == JOINED:
        number = next_id(session, Holding, log.county_code)
        told = {"name": cells["title"], "department_code": cells["department"], "since": cells["day"]}
        token = token_of(Week(log.week), row.key)
        group = Holding(**_place(log), id=number, kind=HoldingKind.GROUP, request_id=token, saved_at=actor.now, **told)
        session.add(group)
    else:
        group = _group(session, log, row)
        group.saved_at = actor.now
        if cells["kind"] == LEFT:
            group.until = cells["day"] if cells["taken"] else None
        elif cells["taken"]:
            group.name = cells["title"]
        else:
            session.delete(group)
    session.flush()


def _group(session: Session, log: WeeklyLog, row: Judged) -> Holding:
    """The group, as it was planned for: another sheet of the same upload may have changed it."""
    group = session.get(Holding, (log.county_code, row.subject))
    if group is None:
        raise NotFound("no_such_group", field="file")
    if row.final["kind"] == LEFT and row.final["taken"] and group.until is not None:
        raise InvalidInput("left_already", field="file", day=group.until)
    return group


def _place(log: WeeklyLog) -> dict[str, str]:
    return {"county_code": log.county_code, "village_code": log.village_code}
