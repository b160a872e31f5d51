"""Documents as an Excel workbook: real numbers, real dates, and a sheet that says what they mean."""

import io
import re
from collections.abc import Sequence
from typing import Any

from ui.exports.csv_file import harmless
from ui.exports.document import Column, Document, Form, Value

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_NAME = 31
FORMATS = {Form.TEXT: "@", Form.WHOLE: "#,##0", Form.DECIMAL: "#,##0.00", Form.DAY: "yyyy-mm-dd"}
WIDTHS = {Form.TEXT: 14, Form.WHOLE: 11, Form.DECIMAL: 12, Form.DAY: 13}
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
NOT_IN_CELLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def workbook(*documents: Document) -> bytes:
    """One sheet per document, and after it one with what is `about` it."""
    from openpyxl import Workbook  # a fifth of a second to import, so only where it is used

    book = Workbook()
    for empty in book.worksheets:
        book.remove(empty)
    for document in documents:
        _table(book.create_sheet(sheet_name(document.title, book.sheetnames)), document)
        if document.about:
            _about(book.create_sheet(sheet_name(document.about_title, book.sheetnames)), document)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def sheet_name(title: str, taken: Sequence[str]) -> str:
    """A name Excel accepts: at most 31 signs, none of []:*?/\\, no apostrophe at an end, not taken in any case of letters."""
    used = {name.lower() for name in taken}
    plain = _NOT_IN_NAMES.sub(" ", title).strip().strip("'").strip() or "Sheet"
    name, number = plain[:LONGEST_NAME], 1
    while name.lower() in used:
        number += 1
        tail = f" ({number})"
        name = plain[: LONGEST_NAME - len(tail)] + tail
    return name


def _table(sheet: Any, document: Document) -> None:
    from openpyxl.styles import Font

    sheet.append([harmless(column.head) for column in document.columns])
    for row in document.rows:
        sheet.append([_value(value) for value in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, column in zip(_letters(len(document.columns)), document.columns, strict=True):
        _dress(sheet, letter, column)
    sheet.freeze_panes = "A2"


def _dress(sheet: Any, letter: str, column: Column) -> None:
    sheet.column_dimensions[letter].width = max(WIDTHS[column.form], 2 * len(column.head) + 2)
    for cell in sheet[letter][1:]:
        cell.number_format = FORMATS[column.form]


def _about(sheet: Any, document: Document) -> None:
    for what, value in document.about:
        sheet.append([_value(what), _value(value)])
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 80


def _value(value: Value) -> Value:
    return harmless(NOT_IN_CELLS.sub("", value)) if isinstance(value, str) else value


def _letters(count: int) -> list[str]:
    from openpyxl.utils import get_column_letter

    return [get_column_letter(number) for number in range(1, count + 1)]
