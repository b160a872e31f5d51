"""A file as lines of text cells, from CSV (UTF-8) or Excel (.xlsx), told apart by their bytes and not by their name.

What cannot be read without guessing is refused with the line it stands in. Lines count from 1, the header being line 1.
"""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models.rules.errors import ImportRefused, Problem

MOST_PROBLEMS = 200  # a wrong file is usually wrong in every line
MOST_BYTES = 200_000_000  # of a workbook when unpacked
LONGEST_SHOWN = 40
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_WHOLE = re.compile(r"(\d+)\.0+")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True)
class Columns:
    """Which columns a file must have and which it may have; `aliases`: Chinese header → column."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    aliases: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One row under the header. A column that the file does not have reads as an empty cell."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class Problems:
    """Why a file is refused, gathered until there are too many to be read."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, line: int, code: str, value: str = "") -> None:
        """One more; ImportRefused when it is enough."""
        self.found.append(Problem(line, code, value[:LONGEST_SHOWN]))
        if len(self.found) >= MOST_PROBLEMS:
            self.raise_any()

    def raise_any(self) -> None:
        """ImportRefused if there were any, in the order of the lines."""
        if self.found:
            raise ImportRefused(sorted(self.found, key=lambda problem: problem.line))


def lines(content: bytes, columns: Columns, problems: Problems) -> Iterator[Line]:
    """The rows, one by one. ImportRefused at once for a file that is not a table of these columns."""
    rows = _rows(content)
    header = _header(next(rows, (1, []))[1], columns)
    empty = True
    for number, cells in rows:
        if not any(cells):
            continue
        empty = False
        if len(cells) > len(header):
            problems.add(number, "cells_count", str(len(cells)))
        elif not "".join(cells).isprintable():
            problems.add(number, "control_character")
        else:
            yield Line(number, dict(zip(header, cells, strict=False)))
    if empty:
        raise ImportRefused([Problem(0, "file_no_rows")])


def code_text(value: str) -> str:
    """A code as text: `522301.0`, as some programs write it, is 522301."""
    return _WHOLE.sub(r"\1", value) if _WHOLE.fullmatch(value) else value


def is_scientific(value: str) -> bool:
    """Whether a spreadsheet has rounded the code away: 9.92121E+11."""
    return bool(_SCIENTIFIC.fullmatch(value))


def day_of(value: str) -> date | None:
    """2026-11-16, 2026/11/16 or 2026年11月16日; None for anything else."""
    match = _DAY.fullmatch(value)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        raise ImportRefused([Problem(0, "file_empty")])
    if content.startswith(b"PK\x03\x04"):
        return _excel_rows(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise ImportRefused([Problem(0, "file_old_excel")])
    if (
        content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<")
    ):  # a web page with a workbook's name, as some systems export
        raise ImportRefused([Problem(0, "file_not_workbook")])
    return _csv_rows(_text(content))


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ImportRefused([Problem(line, "file_gbk" if _is_gbk(content) else "file_binary")]) from error
    if "\x00" in text:
        raise ImportRefused([Problem(text[: text.index("\x00")].count("\n") + 1, "file_binary")])
    return text


def _is_gbk(content: bytes) -> bool:
    try:
        return content.decode("gb18030").replace("\r", "").replace("\n", "").replace("\t", "").isprintable()
    except UnicodeDecodeError:
        return False


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        for row in reader:
            yield number, _stripped(row)
            number = reader.line_num + 1
    except csv.Error as error:
        raise ImportRefused([Problem(number, "csv_quotes")]) from error


def _excel_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    with workbook(content) as book:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, _stripped([_cell_text(cell) for cell in row])


@contextmanager
def workbook(content: bytes, *, most_bytes: int | None = None, formulas: bool = False) -> Iterator[Any]:
    """The workbook, read as it is asked for; cells hold their results, or their formulas. ImportRefused where it cannot be read
    or is too large when unpacked.
    """
    from openpyxl import load_workbook  # a fifth of a second to import, so only where it is used

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > (most_bytes or MOST_BYTES):
                raise ImportRefused([Problem(0, "file_large")])
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=not formulas)
        yield book
        book.close()
    except ImportRefused:
        raise
    except Exception as error:  # a damaged or foreign archive fails in as many ways as there are formats in zip
        raise ImportRefused([Problem(0, "file_not_workbook")]) from error


def _cell_text(cell: object) -> str:
    """What the cell shows: whole numbers without a point, dates as 2026-11-16."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
    return str(cell)


def _stripped(cells: Sequence[str]) -> list[str]:
    clean = [cell.replace("\u3000", " ").replace("\xa0", " ").strip() for cell in cells]
    while clean and not clean[-1]:
        clean.pop()
    return clean


def _header(cells: list[str], columns: Columns) -> list[str]:
    """The columns in the file's order. ImportRefused for missing, unknown or repeated ones, all of them at once."""
    names = [columns.aliases.get(cell, cell.lower()) for cell in cells]
    known = (*columns.required, *columns.optional)
    chinese = {column: header for header, column in columns.aliases.items()}
    absent = [name for name in columns.required if name not in names]
    missing = [Problem(1, "column_missing", f"{chinese.get(name, name)} / {name}") for name in absent]
    unknown = [Problem(1, "column_unknown", name[:LONGEST_SHOWN]) for name in names if name not in known]
    twice = [Problem(1, "column_twice", name) for name in known if names.count(name) > 1]
    if missing or unknown or twice:
        raise ImportRefused([*missing, *unknown, *twice])
    return names
