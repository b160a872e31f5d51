"""Weekly sheets in tests: taken from the system as somebody gets them, filled in with a spreadsheet, and brought back."""

import io
import json
from functools import cache
from typing import Any

from openpyxl import load_workbook
from sqlalchemy.orm import Session

from services.access import Actor
from services.actions import log_sheets as actions
from services.queries import log_sheets
from services.sheets.layout import KEYS, Sheet
from services.sheets.planning import Plan
from tests import world
from ui.exports import log_sheet
from ui.i18n import translator

LEFT_OF_ALL = 3


class Filled:
    """A workbook being filled in: `put("e1", taken="√")`, `blank(1, kind="会议", …)`, `finish("填完了，提交")`."""

    def __init__(self, content: bytes, at: int = 0) -> None:
        self.book = load_workbook(io.BytesIO(content))
        self.sheet = self.book.worksheets[at]

    def rows(self) -> dict[str, int]:
        """Key → row number."""
        found = ((cell.value, cell.row) for cell in self.sheet["A"] if cell.row > 1 and cell.value not in (None, "-"))
        return {str(key): int(row) for key, row in found}

    def cell(self, key: str, column: str) -> Any:
        """A cell by its row's key and its column's."""
        return self.sheet.cell(self.rows()[key], LEFT_OF_ALL + KEYS.index(column))

    def put(self, key: str, **cells: Any) -> "Filled":
        """Writes into a row."""
        for column, value in cells.items():
            self.cell(key, column).value = value
        return self

    def blank(self, number: int, **cells: Any) -> "Filled":
        """Writes into a blank row; without a word it is an hour's meeting of Agriculture on Tuesday."""
        usual = {"taken": "√", "kind": "会议", "day": world.WEEK.days[1], "department": "农业农村局", "minutes": 60}
        key = next(key for key in self.rows() if key[0] == "s" and key.endswith(f"-{number}"))
        return self.put(key, **(usual | cells))

    def finish(self, word: str) -> "Filled":
        """Says what becomes of the week."""
        return self.put("finish", department=word)

    def of(self, kind: str) -> list[str]:
        """The keys of the rows of a sort: e events, w habits, j and l groups, s blank ones."""
        return [key for key in self.rows() if key[0] == kind and key != "finish"]

    @property
    def content(self) -> bytes:
        """The file."""
        made = io.BytesIO()
        self.book.save(made)
        return made.getvalue()


def sheets(session: Session, actor: Actor, *weeks: Any, villages: tuple[str, ...] = ()) -> tuple[Sheet, ...]:
    """What the system hands out."""
    asked = weeks or (world.WEEK,)
    today = max(world.TODAY, actor.now.date())
    return log_sheets.blank(session, actor, weeks=asked, village_codes=villages, as_of=actor.now, today=today)


def template(session: Session, actor: Actor, *weeks: Any, villages: tuple[str, ...] = (), nonce: str = "0a1b2c3d") -> bytes:
    """The same as a file."""
    return log_sheet.workbook(sheets(session, actor, *weeks, villages=villages), translator("zh_CN"), nonce)


def plan(session: Session, actor: Actor, *contents: bytes, choices: dict[str, str] | None = None) -> Plan:
    """What files would do."""
    return log_sheets.plan(session, actor, files=named(contents), choices=choices or {}, as_of=actor.now)


def bring(session: Session, actor: Actor, *contents: bytes, choices: dict[str, str] | None = None) -> Plan:
    """Files taken in."""
    return actions.apply(session, actor, files=named(contents), choices=choices or {})


def answers(found: Plan, choice: str) -> dict[str, str]:
    """The same answer to every question of a plan."""
    asked = [(sheet, row) for sheet in found.sheets for row in sheet.rows if sheet.week and row.differing]
    return {f"{sheet.village}/{sheet.week.label}/{row.question}": choice for sheet, row in asked if sheet.week}


def named(contents: tuple[bytes, ...]) -> tuple[tuple[str, bytes], ...]:
    """Each file with a name of its own."""
    return tuple((f"{n}.xlsx", content) for n, content in enumerate(contents, 1))


def refusals(found: Plan) -> list[str]:
    """Every reason why something cannot be taken: `E6 cell_missing`, or without a cell for a sheet."""
    told = []
    for sheet in found.sheets:
        told += [sheet.error.code] if sheet.error else []
        told += [f"finish {sheet.finish_error.code}"] if sheet.finish_error else []
        told += [f"{column} {error.code}" for row in sheet.rows for column, error in row.problems]
    return told


@cache
def simple(village: str, week: Any = world.WEEK, department: str = world.AGRI) -> bytes:
    """A sheet made without a database: one meeting written into a blank row."""
    from services.log.week_view import Choice, Place

    name = world.DEPARTMENTS[department][1]
    one = Sheet(village, week, Place("村", None, "镇", None), None, (), (Choice(department, name, None, ""),))
    return Filled(log_sheet.workbook([one], translator("zh_CN"), "0a1b2c3d")).blank(1, department=name, day=week.monday).content


def base_of(filled: Filled, key: str) -> dict[str, Any]:
    """What a row held when the sheet was made."""
    return dict(json.loads(str(filled.sheet.cell(filled.rows()[key], 2).value)))
