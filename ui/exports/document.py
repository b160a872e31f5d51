"""What a file holds before it is one: named columns, rows of real values, and what must be known to read them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

Value = str | int | float | date | bool | None


class Form(StrEnum):
    """How a column's values are written: as text, a whole number, a number with decimals, or a day."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    DAY = "day"


@dataclass(frozen=True)
class Column:
    """A column: its head, in the reader's language, and the form of its values."""

    head: str
    form: Form = Form.TEXT


@dataclass(frozen=True)
class Document:
    """One table. `name` is the file's, without ending; `about` is (what, value): filters, as-of, n of N, reservations."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    about_title: str = ""
    about: Sequence[tuple[str, str]] = field(default_factory=tuple)
