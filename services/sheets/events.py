"""Rows about events: meetings, inspections, forms. The rules are those of the screen (services/log/shared_events.py)."""

from dataclasses import replace

from sqlalchemy import select

from models.rules.entry import check_occasion
from models.rules.errors import InvalidInput
from models.tables import Entry, Event
from services.log import shared_events
from services.log.village_week import department
from services.sheets.cells import (
    Judge,
    Judged,
    Problems,
    RowState,
    added,
    attempt,
    double,
    effort_in,
    merged,
    misplaced,
    missing,
    naming_in,
    occasion_of,
    question,
    rejected,
    settled,
    token_of,
    unticked,
)
from services.sheets.layout import EFFORT, FIXED, NAMING, Cells, Line, event_cells


def judged(judge: Judge, line: Line, mine: Cells) -> Judged | None:
    """The row, as far as it says something: unticked and never logged is nothing."""
    entry, base = _entry(judge, line), line.base
    event = judge.session.get_one(Event, (judge.log.county_code, entry.event_id)) if entry else None
    theirs = cells_of(event, entry) if entry and event else None
    if not mine["taken"]:
        return unticked(judge, line, mine, theirs, entry.event_id if entry else 0)
    problems = misplaced(mine)
    against = base if base is not None else theirs
    if against is not None:
        code = "cell_locked" if base is not None else "row_recorded"
        fixed = FIXED if base is None or base["taken"] else (*FIXED, *NAMING)
        problems += [(name, InvalidInput(code, field=name)) for name in fixed if mine[name] != against[name]]
    problems += missing(mine, ("kind", "day", "department", "minutes"))
    if problems:
        return rejected(line, mine, problems)
    if entry is None or event is None or theirs is None:
        return _gone(judge, line, mine) if base and base["taken"] else _new(judge, line, mine)
    shared = not shared_events.is_own(judge.session, judge.log, event)
    final, differing = merged(base, mine, theirs, (*NAMING, *EFFORT), shared=shared)
    return settled(
        judge, line, mine, final, theirs, differing, entry.event_id, lambda cells: _check_change(judge, event, theirs, cells)
    )


def _new(judge: Judge, line: Line, mine: Cells) -> Judged:
    """An event that the village has not logged: ticked, or written down."""
    problems: Problems = []
    subject = 0
    if line.key[0] == "e":
        subject = int(line.key[1:])
        event = attempt(problems, lambda: shared_events.receivable(judge.session, judge.log, subject, judge.today))
        facts = {"kind": event.kind, "day": event.happened_on, "department": event.department_code} if event else {}
        problems += [(name, InvalidInput("cell_locked", field=name)) for name, fact in facts.items() if mine[name] != fact]
        final = dict(mine)
    else:
        occasion = attempt(problems, lambda: check_occasion(occasion_of(mine), judge.week, judge.today))
        attempt(problems, lambda: department(judge.session, judge.log.village_code, mine["department"], mine["day"]))
        final = {**mine, **({"title": occasion.title} if occasion else {})}
    attempt(problems, lambda: effort_in(mine))
    if problems:
        return rejected(line, mine, problems)
    same = None if line.key[0] == "e" else double(judge, final)
    return added(judge, line, mine, final, same, subject)


def _gone(judge: Judge, line: Line, mine: Cells) -> Judged:
    """It was logged when the sheet was made, and is not any more: left alone, unless the sheet changes it."""
    base = line.base or {}
    differing = tuple(name for name in (*NAMING, *EFFORT) if mine[name] != base[name])
    choice = judge.choices.get(question(line.key, None))
    if not differing or choice == "theirs":
        return Judged(line.number, line.key, RowState.SAME, mine, mine, differing=("taken",) if differing else ())
    if choice == "mine":
        return replace(_new(judge, line, mine), differing=("taken",))
    return Judged(line.number, line.key, RowState.ASKED, mine, mine, None, differing=("taken",))


def _check_change(judge: Judge, event: Event, theirs: Cells, final: Cells) -> None:
    effort_in(final)
    shared_events.corrections(judge.session, judge.log, event, naming_in(final), naming_in(theirs))


def _entry(judge: Judge, line: Line) -> Entry | None:
    if line.key[0] == "e":
        return shared_events.entry_of(judge.session, judge.log, int(line.key[1:]))
    token = token_of(judge.week, line.key)
    wanted = select(Entry).filter_by(**judge.mine, request_id=token)
    entry = judge.session.scalar(wanted)
    if entry is not None and line.base is not None and not shared_events.is_still(judge.session, entry, occasion_of(line.base)):
        return None  # renamed since, and offered again
    return entry


def cells_of(event: Event, entry: Entry) -> Cells:
    """A logged event as a row of the sheet."""
    effort = shared_events.effort_of(entry)
    numbers = (effort.minutes, effort.travel_minutes, effort.people, effort.copies)
    naming = (event.title, event.called_as, event.emergency)
    return event_cells(event.kind, event.happened_on, event.department_code, naming, numbers, effort.demands)
