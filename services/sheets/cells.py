"""What all rows of a weekly sheet share: their states, what they are judged by, and how three values of a cell are settled.

`base` is what a cell held when the sheet was made, `mine` what it says now, `theirs` what is stored. Who did not touch a cell
changes nothing; who changed what has been changed on a phone meanwhile is asked. A blank row has no base: once stored, it is
known again by its key, and whatever then differs is asked.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from zlib import crc32

from sqlalchemy.orm import Session

from models.rules.entry import Effort, Naming, Occasion, check_effort, clean_title, same_title
from models.rules.errors import AppError, InvalidInput
from models.rules.week import Week
from models.tables import Holding, WeeklyLog
from services.sheets.layout import COLUMN, COLUMNS, DEFAULTS, DEMANDS, EFFORT, KINDS, NAMING, Cells, Line

T = TypeVar("T")
Problems = list[tuple[str, AppError]]  # column → why


class RowState(StrEnum):
    """What becomes of a row. `asked`: two values, and somebody must say which holds."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ASKED = "asked"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Judged:
    """A row and what would be done: `final` is stored, where `theirs` is now; `differing`: the cells that are (or were) asked
    about, "taken" for the row as a whole.

    `subject` is the event's or group's number, 0 for a new one; `problems`: column → why it cannot be taken. `again`: asked
    whether it is the very thing that is stored, whatever that costs.
    """

    line: int
    key: str
    state: RowState
    mine: Cells
    final: Cells
    theirs: Cells | None = None
    subject: int = 0
    differing: tuple[str, ...] = ()
    problems: tuple[tuple[str, AppError], ...] = ()
    again: bool = False

    @property
    def question(self) -> str:
        """What a choice is filed under."""
        return question(self.key, self.theirs, again=self.again)


@dataclass
class Judge:
    """What the rows of one sheet are judged by."""

    session: Session
    log: WeeklyLog
    today: date
    choices: Mapping[str, str]
    known: list[Cells] = field(default_factory=list)  # what the week holds and the sheet leaves in, then the sheet's new rows
    dropped: set[str] = field(default_factory=set)  # groups whose joining is taken back
    groups: Mapping[str, Holding] = field(default_factory=dict)  # by the token of their joining

    @property
    def week(self) -> Week:
        """The sheet's week."""
        return Week(self.log.week)

    @property
    def mine(self) -> dict[str, str]:
        """County and village, as every row is looked up by."""
        return {"county_code": self.log.county_code, "village_code": self.log.village_code}


def token_of(week: Week, key: str) -> str:
    """The one-time token of a row: for a box that the screen offers too the same as there, else the row's own key; with the
    week, for a workbook of several weeks has the same blank rows in each.
    """
    return f"{key}-{week.label}" if key[0] == "s" else f"tick-{week.label}-{key}"


def question(key: str, theirs: Cells | None, *, again: bool = False) -> str:
    """A row, and the stored value that a choice was made against: once that is another one, it is asked anew.

    `again`: whether both are the very thing is asked of the row alone; no answer to it writes over what is stored.
    """
    if again:
        return f"{key}/again"
    return f"{key}/{crc32(repr(sorted((theirs or {}).items())).encode()):x}"


def occasion_of(cells: Cells) -> Occasion:
    """What happened."""
    return Occasion(cells["kind"], cells["department"], cells["day"], cells["title"], cells["called_as"], cells["emergency"])


def naming_in(cells: Cells) -> Naming:
    """What it is called."""
    return Naming(cells["title"], cells["called_as"], cells["emergency"])


def effort_in(cells: Cells) -> Effort:
    """What it cost. InvalidInput at the number that cannot be."""
    numbers = {name: cells[name] for name in EFFORT if name not in DEMANDS}
    return check_effort(cells["kind"], demands=[name for name in DEMANDS if cells[name]], **numbers)


def filled(line: Line) -> dict[str, Any]:
    """The cells with what an empty one means."""
    cells = {name: value if value not in (None, "") else DEFAULTS.get(name, value) for name, value in line.cells.items()}
    return cells | {"kind": cells["kind"] or ""}


def misplaced(mine: Cells) -> Problems:
    """Cells that are not asked of such a row, and hold something."""
    kind = mine["kind"]
    empty = (None, "", False)
    asked = [column for column in COLUMNS if kind in KINDS and kind not in column.kinds]
    told = [column.key for column in asked if mine[column.key] not in (*empty, DEFAULTS.get(column.key, ""))]
    return [(name, InvalidInput("cell_not_asked", field=name)) for name in told]


def missing(mine: Cells, names: Iterable[str]) -> Problems:
    """Cells that must not be empty."""
    return [(name, InvalidInput("cell_missing", field=name)) for name in names if mine[name] in (None, "")]


def merged(
    base: Cells | None, mine: Cells, theirs: Cells, names: Iterable[str], *, shared: bool
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What is to be stored, and which cells two people changed. In a row without a base an empty name says nothing."""
    final, differing = dict(theirs), []
    for name in names:
        if mine[name] == theirs[name]:
            continue
        if base is None and (_says_nothing(name, mine, theirs) or (shared and name == "called_as")):
            continue
        if base is not None and mine[name] == base[name]:
            continue
        if base is None or theirs[name] != base[name]:
            differing.append(name)
        final[name] = mine[name]
    return final, tuple(differing)


def _says_nothing(name: str, mine: Cells, theirs: Cells) -> bool:
    return (name == "title" and same_title(mine[name], theirs[name])) or (name == "called_as" and not mine[name])


def settled(
    judge: Judge, line: Line, mine: Cells, final: Cells, theirs: Cells, differing: tuple[str, ...], subject: int,
    check: Callable[[Cells], object],
) -> Judged:  # fmt: skip
    """The row as it is to be, once it is known which value holds and that it may be stored."""
    choice = judge.choices.get(question(line.key, theirs)) if differing else None
    if choice == "theirs":
        final = theirs if "taken" in differing else {**final, **{name: theirs[name] for name in differing}}
    problems: Problems = []
    attempt(problems, lambda: check(final))
    if problems:
        return rejected(line, mine, problems, theirs)
    if differing and choice is None:
        return Judged(line.number, line.key, RowState.ASKED, mine, final, theirs, subject, differing)
    if "title" in final and final["taken"]:
        final = {**final, "title": clean_title(final["title"])}
    state = RowState.SAME if final == theirs else RowState.CHANGED
    return Judged(line.number, line.key, state, mine, final, theirs, subject, differing)


def unticked(judge: Judge, line: Line, mine: Cells, theirs: Cells | None, subject: int) -> Judged | None:
    """Taken out, if it was in when the sheet was made; a row that was changed and not ticked is not passed over."""
    base = line.base or {}
    free = [name for name in (*NAMING, *EFFORT, "day") if name in base and mine.get(name) != base[name]]
    if not base.get("taken"):
        if free and theirs is None:
            return rejected(line, mine, [("taken", InvalidInput("row_unticked", field="taken"))])
        return None
    if theirs is None:
        return None
    changed = tuple(name for name in (*NAMING, *EFFORT) if name in theirs and theirs[name] != base.get(name, theirs[name]))
    out = {**theirs, "taken": False}
    return settled(judge, line, mine, out, theirs, changed and ("taken",), subject, lambda _cells: None)


def added(judge: Judge, line: Line, mine: Cells, final: Cells, same: Cells | None, subject: int = 0) -> Judged:
    """A row that the week has not; it is asked about when the week holds the `same` already."""
    choice, differing = judge.choices.get(question(line.key, same, again=True)), ("taken",) if same is not None else ()
    if same is not None and choice is None:
        return Judged(line.number, line.key, RowState.ASKED, mine, final, same, differing=differing, again=True)
    state = RowState.SAME if same is not None and choice == "theirs" else RowState.NEW
    return Judged(line.number, line.key, state, mine, final, same, subject, differing, again=True)


def double(judge: Judge, cells: Cells) -> Cells | None:
    """What the week holds already and reads the same: perhaps the very thing, logged on a phone meanwhile."""
    same = ("kind", "day", "department", "emergency")
    for known in judge.known:
        if all((known.get(name) or "") == (cells.get(name) or "") for name in same) and same_title(
            known["title"], cells["title"]
        ):
            return known
    return None


def rejected(line: Line, mine: Cells, problems: Iterable[tuple[str, AppError]], theirs: Cells | None = None) -> Judged:
    """A row that cannot be taken, and why."""
    return Judged(line.number, line.key, RowState.REJECTED, mine, mine, theirs, problems=tuple(problems))


def attempt(problems: Problems, check: Callable[[], T]) -> T | None:
    """The check's answer; a refusal is noted at its column."""
    try:
        return check()
    except AppError as error:
        column = {"demands": DEMANDS[0], "name": "title", "event": "taken"}.get(error.field or "", error.field or "taken")
        problems.append((column if column in COLUMN else "taken", error))
        return None
