"""Rows about chat groups: joined, and left. The rules are those of the screen (services/actions/groups.py)."""

from datetime import date

from models.rules.entry import check_day, clean_title
from models.rules.errors import InvalidInput, NotFound
from models.tables import Holding
from services.log.village_week import department
from services.sheets.cells import (
    Judge,
    Judged,
    Problems,
    RowState,
    added,
    attempt,
    double,
    merged,
    misplaced,
    missing,
    rejected,
    settled,
    token_of,
    unticked,
)
from services.sheets.layout import FIXED, JOINED, LEFT, Cells, Line, group_cells


def joining(judge: Judge, line: Line, mine: Cells) -> Judged | None:
    """A group joined in that week: in the list when the sheet was made, or written down."""
    group, base = _holding(judge, line), line.base
    problems = misplaced(mine) + missing(mine, ("day", "department"))
    if group is not None and group.since not in judge.week:
        group = None
    theirs = group_cells(JOINED, group.since, group.department_code, group.name) if group else None
    if base is not None:
        problems += [(name, InvalidInput("cell_locked", field=name)) for name in FIXED if mine[name] != base[name]]
    elif theirs is not None:
        problems += [(name, InvalidInput("row_recorded", field=name)) for name in FIXED if mine[name] != theirs[name]]
    if problems and mine["taken"]:
        return rejected(line, mine, problems)
    if group is None or theirs is None:
        if base is None:
            return _new_group(judge, line, mine)
        changed = mine["taken"] and mine["title"] != base["title"]
        return rejected(line, mine, [("title", NotFound("no_such_group", field="group"))]) if changed else None
    if not mine["taken"]:
        if group.until is not None and group.until not in judge.week:  # another week tells of it too
            return rejected(line, mine, [("taken", NotFound("no_such_group", field="group"))])
        return unticked(judge, line, mine, theirs, group.id)
    final, differing = merged(base, mine, theirs, ("title",), shared=False)
    return settled(judge, line, mine, final, theirs, differing, group.id, lambda cells: clean_title(cells["title"], "name"))


def _new_group(judge: Judge, line: Line, mine: Cells) -> Judged:
    problems: Problems = []
    attempt(problems, lambda: check_day(mine["day"], judge.week, judge.today))
    attempt(problems, lambda: department(judge.session, judge.log.village_code, mine["department"], mine["day"]))
    name = attempt(problems, lambda: clean_title(mine["title"], "name"))
    if problems:
        return rejected(line, mine, problems)
    same = double(judge, group_cells(JOINED, mine["day"], mine["department"], name or ""))
    return added(judge, line, mine, {**mine, "title": name}, same)


def leaving(judge: Judge, line: Line, mine: Cells) -> Judged | None:
    """One of the groups that the village was in when the sheet was made."""
    group, base = _holding(judge, line), line.base or {}
    locked = ("kind", "department", "title", "day") if base["taken"] else ("kind", "department", "title")
    problems = misplaced(mine) + [(one, InvalidInput("cell_locked", field=one)) for one in locked if mine[one] != base[one]]
    left_here = group is not None and group.until is not None and group.until in judge.week
    if problems:
        return rejected(line, mine, problems)
    if not mine["taken"]:
        theirs = group_cells(LEFT, group.until, base["department"], base["title"]) if group and left_here else None
        return unticked(judge, line, mine, theirs, group.id if group else 0)
    if base["taken"]:
        return Judged(line.number, line.key, RowState.SAME, mine, mine)
    if group is None or line.key[1:] in judge.dropped:
        return rejected(line, mine, [("taken", NotFound("no_such_group", field="group"))])
    problems = missing(mine, ("day",)) or _leave_problems(judge, group, mine["day"])
    if problems:
        return rejected(line, mine, problems)
    state = RowState.SAME if group.until == mine["day"] else RowState.NEW
    return Judged(line.number, line.key, state, mine, mine, subject=group.id)


def _leave_problems(judge: Judge, group: Holding, day: date) -> Problems:
    problems: Problems = []
    if group.until not in (None, day):
        return [("day", InvalidInput("left_already", field="day", day=group.until))]
    attempt(problems, lambda: check_day(day, judge.week, judge.today))
    if not problems and day < group.since:
        problems.append(("day", InvalidInput("left_before_joined", field="day", day=group.since)))
    return problems


def _holding(judge: Judge, line: Line) -> Holding | None:
    """The group of the row; a number that was given again is another group, and its token says so."""
    if line.key[0] == "s":
        return judge.groups.get(token_of(judge.week, line.key))
    group = judge.groups.get((line.base or {}).get("token", ""))
    return group if group is not None and group.id == int(line.key[1:]) else None
