"""A document as CSV that a spreadsheet opens as it is: UTF-8 with a mark, and no cell that would run as a formula."""

import csv
import io
from datetime import date

from ui.exports.document import Document, Value

FORMULA = ("=", "+", "-", "@", "\t", "\r")
MEDIA_TYPE = "text/csv; charset=utf-8"


def csv_bytes(document: Document) -> bytes:
    """Head and rows. Dates are ISO; a text that begins like a formula gets an apostrophe in front; unknown is empty."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_cell(column.head) for column in document.columns])
    writer.writerows([_cell(value) for value in row] for row in document.rows)
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """The text, unable to be a formula; spaces in front do not hide one."""
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def _cell(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else value
