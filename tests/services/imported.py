"""Files as people send them."""

import csv
import io
from collections.abc import Sequence

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from models.rules.errors import ImportRefused
from models.tables import Base


def csv_file(*rows: Sequence[object]) -> bytes:
    """UTF-8 with a BOM, as Excel saves it."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def excel_file(*rows: Sequence[object]) -> bytes:
    """A workbook with real numbers and dates in its cells."""
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def refused(read, *args, **params) -> list[tuple[int, str]]:
    """Line and code of each problem."""
    with pytest.raises(ImportRefused) as caught:
        read(*args, **params)
    return [(problem.line, problem.code) for problem in caught.value.problems]


def row_counts(bind: Engine | Session) -> dict[str, int]:
    """How many rows each table has, in a transaction of its own when given an engine."""
    if isinstance(bind, Session):
        return {t.name: bind.scalar(select(func.count()).select_from(t)) or 0 for t in Base.metadata.sorted_tables}
    with Session(bind) as session:
        return row_counts(session)
