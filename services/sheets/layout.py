"""The sheet on which a village's week is told without a signal: one definition for the template, its reader and the paper.

A sheet is one village-week, a row one thing. What was logged stands there ticked, what is offered stands there unticked, and
below are blank rows. Each row carries a key, by which it is known again, and what it held when the sheet was made (`base`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from models.rules.errors import AppError
from models.rules.measure import LOGGED_KINDS, Demand, Kind
from models.rules.week import Week
from services.log.week_view import Choice, Group, Place, Row, VillageWeek

MARK = "burden-sheet"  # in the first cell: what is ours
OPTIONS = "burden-options"  # in the first cell of the sheet that holds the lists
VERSION = 1
BLANKS = 12  # rows to write in
JOINED, LEFT = "joined", "left"  # of chat groups; they stand where events have their kind
KINDS = (*(str(kind) for kind in LOGGED_KINDS), JOINED, LEFT)
LENGTHS = (30, 60, 90, 120, 240, 480)  # minutes that are offered; any other may be written
FINISH = "finish"  # the key of the row that says whether the week is told
Cells = Mapping[str, Any]


class Form(StrEnum):
    """What a cell holds: a tick, a word from a list, a day of the week, a whole number, or any text."""

    TICK = "tick"
    WORD = "word"
    DAY = "day"
    NUMBER = "number"
    TEXT = "text"


class Finish(StrEnum):
    """What becomes of the week: stays as it is, is submitted, or is submitted as one without anything."""

    KEEP = "keep"
    SUBMIT = "submit"
    ZERO = "zero"


@dataclass(frozen=True)
class Column:
    """A column: its cells, its width in characters, and of which kinds of rows it is asked (`most`: of a number)."""

    key: str
    form: Form
    width: int
    kinds: frozenset[str] = frozenset(KINDS)
    least: int = 0
    most: int = 0


_EVENTS = frozenset(str(kind) for kind in LOGGED_KINDS)
COLUMNS: tuple[Column, ...] = (
    Column("taken", Form.TICK, 5),
    Column("kind", Form.WORD, 13),
    Column("day", Form.DAY, 11),
    Column("department", Form.WORD, 20),
    Column("title", Form.TEXT, 26),
    Column("minutes", Form.NUMBER, 9, _EVENTS, 0, 1440),
    Column("travel_minutes", Form.NUMBER, 9, _EVENTS, 0, 1440),
    Column("people", Form.NUMBER, 8, _EVENTS, 1, 99),
    Column("copies", Form.NUMBER, 8, frozenset({Kind.FORM.value}), 1, 999),
    Column("called_as", Form.WORD, 11, frozenset({Kind.INSPECTION.value})),
    *(Column(demand.value, Form.TICK, 8, _EVENTS) for demand in Demand),
    Column("emergency", Form.TICK, 10, _EVENTS),
)
KEYS = tuple(column.key for column in COLUMNS)
COLUMN = {column.key: column for column in COLUMNS}
DEMANDS = tuple(demand.value for demand in Demand)
EFFORT = ("minutes", "travel_minutes", "people", "copies", *DEMANDS)
NAMING = ("title", "called_as", "emergency")
FIXED = ("kind", "day", "department")  # of an event that is known: it is another event otherwise
DEFAULTS: Cells = {
    "taken": False,
    "title": "",
    "called_as": "",
    "emergency": False,
    "travel_minutes": 0,
    "people": 1,
    "copies": 1,
}
DEFAULTS = {**DEFAULTS, **dict.fromkeys(DEMANDS, False)}


@dataclass(frozen=True)
class SheetRow:
    """A row as the template holds it; `free`: which cells may be written. A group's `base` holds its token too: numbers of
    groups are given again.
    """

    key: str
    base: Cells
    free: frozenset[str]
    department: str = ""  # the name of it, and the English one
    department_en: str | None = None


@dataclass(frozen=True)
class Sheet:
    """One village-week as it goes out; the departments that may be named, the usual ones first."""

    village: str
    week: Week
    place: Place
    state: str | None
    rows: tuple[SheetRow, ...]
    departments: tuple[Choice, ...]


@dataclass(frozen=True)
class Line:
    """A row as it came back: what is in its cells, and what of it could not be read (`faults`: column → reason)."""

    number: int
    key: str
    base: Cells | None
    cells: Cells
    faults: Mapping[str, AppError] = field(default_factory=dict)


def sheet_of(view: VillageWeek, village: str, offers: Iterable[Row], departments: Sequence[Choice]) -> Sheet:
    """What goes out for a village-week."""
    logged = [_event(row, logged=True) for row in view.rows]
    moved = [_group(group, JOINED, taken=True) for group in view.joined] + [_group(one, LEFT, taken=True) for one in view.left]
    offered = [_event(row, logged=False) for row in offers]
    held = [_group(group, LEFT, taken=False) for group in view.groups]
    return Sheet(village, view.week, view.place, view.state, (*logged, *moved, *offered, *held), tuple(departments))


def event_cells(
    kind: str, day: date, department: str, naming: tuple[str, str, bool], effort: tuple[int, ...], demands: Iterable[str]
) -> dict[str, Any]:
    """The cells of an event that is logged; `effort` in the order of EFFORT, without the demands."""
    cells: dict[str, Any] = {"taken": True, "kind": kind, "day": day, "department": department}
    asked_for = set(demands)
    cells |= dict(zip(NAMING, naming, strict=True)) | dict(zip(EFFORT, effort, strict=False))
    return cells | {demand: demand in asked_for for demand in DEMANDS}


def group_cells(kind: str, day: date | None, department: str, name: str) -> dict[str, Any]:
    """The cells of a chat group joined or left."""
    return {"taken": True, "kind": kind, "day": day, "department": department, "title": name}


def _event(row: Row, *, logged: bool) -> SheetRow:
    effort = row.effort
    numbers = (effort.minutes, effort.travel_minutes, effort.people, effort.copies) if effort else (row.minutes, 0, 1, 1)
    naming = (row.title, row.called_as, row.emergency)
    base = event_cells(row.kind, row.day, row.department_code, naming, numbers, effort.demands if effort else ())
    free = {"taken", *EFFORT}
    if logged:
        free |= {name for name in NAMING if not row.shared or base[name] == ""}
    free = {name for name in free if row.kind in COLUMN[name].kinds}
    return SheetRow(row.key, base | {"taken": logged}, frozenset(free), row.department, row.department_en)


def _group(group: Group, kind: str, *, taken: bool) -> SheetRow:
    day = group.since if kind == JOINED else group.until
    base = group_cells(kind, day, group.department_code, group.name) | {"taken": taken, "token": group.request_id}
    free = {"taken"} | ({"title"} if kind == JOINED else set() if taken else {"day"})
    return SheetRow(f"{kind[0]}{group.holding_id}", base, frozenset(free), group.department, group.department_en)
