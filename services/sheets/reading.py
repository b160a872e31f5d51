"""Workbooks of weekly sheets, read cell by cell: what each row says, and which cell could not be understood and why.

Nothing is known by its place or by the name of a sheet: the hidden first row says which village-week it is and what each
column holds, and each row carries its key. Words are read by the lists that the workbook itself brought along.
"""

import json
import re
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from models.rules.errors import AppError, ImportRefused, InvalidInput, Problem
from models.rules.measure import CalledAs
from models.rules.week import Week
from services.imports.files import day_of, workbook
from services.sheets.layout import COLUMN, COLUMNS, FINISH, KEYS, KINDS, MARK, OPTIONS, VERSION, Column, Finish, Form, Line

MOST_BYTES = 30_000_000  # of a workbook when unpacked
MOST_ROWS, MOST_SHEETS = 2000, 120
LONGEST_SHOWN = 40
TICKS = frozenset(["√", "✓", "✔", "☑", "v", "y", "yes", "1", "是", "有", "对", "true"])
NO_TICKS = frozenset(("", "×", "0", "n", "no", "否", "无", "没有", "false"))
FIRST = 3  # the first column that is seen; before it stand a row's key and what it held
_KEY = re.compile(r"e[1-9]\d{0,17}|w[0-9a-f]{1,8}|[jl][1-9]\d{0,17}|s[0-9a-f]{8}-\d{1,3}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{0,40}")
_MONTH_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})日?")
Cell = tuple[Any, str]  # its value and openpyxl's letter for what it is: f is a formula
Words = Mapping[str, Mapping[str, str]]  # column → word → code
HELD: dict[Form, Any] = {Form.TICK: bool, Form.WORD: str, Form.TEXT: str, Form.NUMBER: int, Form.DAY: date | None}
# Whatever a list says, there are no other codes.
CODES: dict[str, set[Any]] = {
    "kind": set(KINDS),
    "called_as": set(CalledAs),
    FINISH: set(Finish),
}
GROUP = {"taken", "kind", "day", "department", "title"}  # what every row held, of an event or of a chat group


@dataclass(frozen=True)
class Read:
    """One sheet as it came back. With an `error` nothing of it can be used; `columns`: key → the letter of its column."""

    file: str
    name: str
    error: AppError | None = None
    village: str = ""
    week: Week | None = None
    finish: Line | None = None
    lines: tuple[Line, ...] = ()
    columns: Mapping[str, str] | None = None


def read(files: Sequence[tuple[str, bytes]]) -> list[Read]:
    """The sheets of all files, in order. A file that is none of ours is one `Read` with an error; so is a sheet."""
    found = [sheet for name, content in files for sheet in _file(name, content)]
    if len(found) > MOST_SHEETS:
        return [Read(files[0][0], "", InvalidInput("sheets_many", field="file", most=MOST_SHEETS))]
    return found


def _file(name: str, content: bytes) -> list[Read]:
    try:
        raw = _raw(content)
    except AppError as error:
        return [Read(name, "", error)]
    words = next((_words(rows) for _, rows in raw if _text(rows, 0, 0) == OPTIONS), None)
    sheets = [(title, rows) for title, rows in raw if _text(rows, 0, 0) != OPTIONS and any(v for row in rows for v, _ in row)]
    if words is None or not any(_text(rows, 0, 0).startswith("{") for _, rows in sheets):
        return [Read(name, "", InvalidInput("sheet_foreign", field="file"))]
    return [_sheet(name, title, rows, words) for title, rows in sheets]


def _raw(content: bytes) -> list[tuple[str, list[list[Cell]]]]:
    """Every sheet's cells. ImportRefused, InvalidInput(file_macros)."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise ImportRefused([Problem(0, "file_old_excel")])
    if not content.startswith(b"PK\x03\x04"):
        raise ImportRefused([Problem(0, "file_not_workbook" if content else "file_empty")])
    with workbook(content, most_bytes=MOST_BYTES, formulas=True) as book:
        found = []
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=len(COLUMNS) + 30)
            found.append((sheet.title, [[(cell.value, cell.data_type) for cell in row] for row in rows]))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if any(part.lower().endswith("vbaproject.bin") for part in archive.namelist()):
            raise InvalidInput("file_macros", field="file")
    return found


def _words(rows: list[list[Cell]]) -> Words:
    """The lists: a column of words under its name, the codes to its right."""
    found: dict[str, dict[str, str]] = {}
    for at, (head, _) in enumerate(rows[0]):
        if head in COLUMN or head == FINISH:
            pairs = ((_text(rows, n, at), _text(rows, n, at + 1)) for n in range(1, len(rows)))
            known = CODES.get(str(head))
            found[str(head)] = {word: code for word, code in pairs if word and code and (known is None or code in known)}
    return found


def _sheet(file: str, name: str, rows: list[list[Cell]], words: Words) -> Read:
    from openpyxl.utils import get_column_letter

    try:
        about = json.loads(_text(rows, 0, 0))
        if about["mark"] != MARK:
            raise InvalidInput("sheet_foreign", field="file")
        if about["version"] != VERSION:
            raise InvalidInput("sheet_old", field="file")
        village, week = str(about["village"]), Week.parse(str(about["week"]))
        places = {str(head): at for at, (head, _) in enumerate(rows[0]) if at >= FIRST - 1 and head}
        if tuple(places) != KEYS:
            raise InvalidInput("sheet_structure", field="file")
    except AppError as error:
        return Read(file, name, error)
    except (ValueError, KeyError, TypeError, RecursionError):
        return Read(file, name, InvalidInput("sheet_foreign", field="file"))
    lines = [_line(number, row, places, words, week) for number, row in enumerate(rows[1:], 2) if _is_told(row, places)]
    letters = {key: get_column_letter(at + 1) for key, at in places.items()}
    finish = next((line for line in lines if line.key == FINISH), None)
    if finish is None:
        return Read(file, name, InvalidInput("sheet_structure", field="file"))
    return Read(file, name, None, village, week, finish, tuple(line for line in lines if line.key != FINISH), letters)


def _is_told(row: Sequence[Cell], places: Mapping[str, int]) -> bool:
    """Whether the row is one of ours, or somebody wrote something into it; heads and titles have a key of their own."""
    key = _string(row[0][0])
    return key != "-" and bool(key or any(_string(row[at][0]) for at in places.values()))


def _line(number: int, row: Sequence[Cell], places: Mapping[str, int], words: Words, week: Week) -> Line:
    key = _string(row[0][0])
    cells: dict[str, Any] = {}
    faults: dict[str, AppError] = {}
    if key == FINISH:
        word = _string(row[places["department"]][0])
        code = words.get(FINISH, {}).get(word, "" if word else Finish.KEEP.value)
        if not code:
            faults["department"] = InvalidInput("cell_word", field="finish", value=word[:LONGEST_SHOWN])
        return Line(number, key, None, {FINISH: code}, faults)
    for column in COLUMNS:
        try:
            cells[column.key] = _value(column, row[places[column.key]], words.get(column.key, {}), week)
        except AppError as error:
            cells[column.key], faults[column.key] = None, error
    base = _base(_string(row[1][0]))
    if not _KEY.fullmatch(key) or (base is None and key[0] != "s"):
        faults["taken"] = InvalidInput("row_added", field="taken")
    return Line(number, key, base if key[:1] != "s" else None, cells, faults)


def _base(text: str) -> dict[str, Any] | None:
    """What the row held when the sheet was made; None for a blank row and for what cannot be read."""
    try:
        base = json.loads(text) if text else None
        if not isinstance(base, dict):
            return None
        day = base.get("day")
        base |= {"day": date.fromisoformat(day) if day else None}
    except (ValueError, TypeError, RecursionError):
        return None
    known = [(COLUMN[key].form, value) for key, value in base.items() if key in COLUMN]
    fits = all(isinstance(value, HELD[form]) for form, value in known) and _TOKEN.fullmatch(str(base.get("token", "")))
    return base if fits and set(base) >= GROUP else None


def _value(column: Column, cell: Cell, words: Mapping[str, str], week: Week) -> Any:
    """What the cell says. InvalidInput: cell_formula, cell_tick, cell_number, cell_word, date_bad."""
    value, kind = cell
    if kind in ("f", "e"):
        raise InvalidInput("cell_formula", field=column.key)
    if column.form is Form.TEXT:
        return _string(value)
    text = unicodedata.normalize("NFKC", _string(value))
    if column.form is Form.TICK:
        return _tick(column, value, text.lower())
    if not text:
        return None if column.form in (Form.DAY, Form.NUMBER) else ""
    if column.form is Form.DAY:
        return _day(column, value, text, week)
    if column.form is Form.NUMBER:
        return _number(column, text)
    code = words.get(_string(value))
    if code is None and column.key != "department":  # a department that is not in the list is judged by the database
        raise InvalidInput("cell_word", field=column.key, value=text[:LONGEST_SHOWN])
    return code if code is not None else _string(value)


def _tick(column: Column, value: Any, text: str) -> bool:
    if text in TICKS or value is True or unicodedata.normalize("NFC", text) in TICKS:
        return True
    if text in NO_TICKS:
        return False
    raise InvalidInput("cell_tick", field=column.key, value=text[:LONGEST_SHOWN])


def _number(column: Column, text: str) -> float:
    try:
        number = float(text)
    except ValueError as error:
        raise InvalidInput("cell_number", field=column.key, value=text[:LONGEST_SHOWN]) from error
    return int(number) if number.is_integer() else number


def _day(column: Column, value: Any, text: str, week: Week) -> date:
    """A date in whatever way the spreadsheet keeps it; a month and a day are those of the sheet's week."""
    from openpyxl.utils.datetime import from_excel

    told: date | None
    try:
        if isinstance(value, int | float) and 30_000 < value < 80_000:  # the cell lost its form: days since 1900
            value = from_excel(value)
        if isinstance(value, datetime):
            told = value.date()
        elif short := _MONTH_DAY.fullmatch(text):
            month, day = int(short[1]), int(short[2])
            told = date(week.sunday.year if month == week.sunday.month else week.monday.year, month, day)
        else:
            told = day_of(text)
    except (ValueError, OverflowError):
        told = None
    if told is None:
        raise InvalidInput("cell_day", field=column.key, value=text[:LONGEST_SHOWN])
    return told


def _string(value: Any) -> str:
    """What is seen in the cell."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value).strip(" \u3000\xa0")


def _text(rows: Sequence[Sequence[Cell]], row: int, at: int) -> str:
    return _string(rows[row][at][0]) if row < len(rows) and at < len(rows[row]) else ""
