"""The rows of a sheet, judged one by one in their order; nothing is written here."""

from collections.abc import Iterable

from sqlalchemy import select

from models.rules.errors import InvalidInput
from models.rules.measure import LOGGED_KINDS, HoldingKind
from models.tables import Entry, Event, Holding
from services.sheets import events, groups
from services.sheets.cells import Judge, Judged, Problems, RowState, attempt, effort_in, filled, rejected
from services.sheets.layout import COLUMNS, EFFORT, JOINED, LEFT, Cells, Line, group_cells


def judged(judge: Judge, lines: Iterable[Line]) -> list[Judged]:
    """Every row that says something, in order."""
    lines, seen, found = list(lines), set(), []
    out = {line.key for line in lines if line.base and line.base["taken"] and not line.cells["taken"]}
    own = select(Holding).filter_by(**judge.mine, kind=HoldingKind.GROUP).order_by(Holding.id)
    judge.groups = {group.request_id: group for group in judge.session.scalars(own)}
    judge.known = [cells for key, cells in _logged(judge) if key not in out]
    judge.dropped = {line.key[1:] for line in lines if line.key[:1] == "j" and not line.cells["taken"]}
    for line in lines:
        problems: Problems = list(line.faults.items())
        if line.key in seen and line.key:
            problems.append(("taken", InvalidInput("row_twice", field="taken")))
        seen.add(line.key)
        if problems:
            found.append(rejected(line, line.cells, [*problems, *_more(line, problems)]))
        elif (one := _row(judge, line)) is not None:
            found.append(one)
            if one.state is RowState.NEW:
                judge.known.append(one.final)
    return found


def _more(line: Line, problems: Problems) -> Problems:
    """What else is wrong in a row that holds an unreadable cell: whoever mends it should not come back for the next one."""
    more: Problems = []
    unread, cells = {column for column, _ in problems}, filled(line)
    if cells["kind"] in LOGGED_KINDS and not unread & set(EFFORT):
        attempt(more, lambda: effort_in({**cells, "minutes": cells["minutes"] or 0}))
    return more


def _row(judge: Judge, line: Line) -> Judged | None:
    kind, mine = line.cells["kind"], filled(line)
    if line.key[0] == "s" and not any(line.cells[column.key] not in (None, "", False) for column in COLUMNS):
        return None
    if line.key[0] == "s":
        mine["taken"] = True  # what somebody wrote down was there, ticked or not
    if line.key[0] == "l":
        return groups.leaving(judge, line, mine)
    if line.key[0] == "j" or (line.key[0] == "s" and kind == JOINED):
        return groups.joining(judge, line, mine)
    if line.key[0] == "s" and kind == LEFT:
        return rejected(line, mine, [("kind", InvalidInput("left_from_list", field="kind"))])
    return events.judged(judge, line, mine)


def _logged(judge: Judge) -> Iterable[tuple[str, Cells]]:
    """What the week holds, by the key of its row."""
    log = judge.log
    rows = judge.session.execute(
        select(Event, Entry)
        .join(Entry, (Entry.county_code == Event.county_code) & (Entry.event_id == Event.id))
        .where(Entry.county_code == log.county_code, Entry.week == log.week, Entry.village_code == log.village_code)
    )
    yield from ((f"e{event.id}", events.cells_of(event, entry)) for event, entry in rows.all())
    for group in judge.groups.values():
        if group.since in judge.week:
            yield f"j{group.id}", group_cells(JOINED, group.since, group.department_code, group.name)
