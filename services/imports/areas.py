"""The official list of areas: code, name, level. Stored whole or not at all; the same list twice changes nothing.

Areas that the list does not name are left alone: it may be one prefecture's. An area that ceased gets `valid_until`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from models.rules.area import Level, level_of, pad, parent_of
from models.rules.errors import InvalidInput
from models.tables import Area, Base
from services import audit
from services.access import SYSTEM_CHAIN, Actor
from services.imports.files import Columns, Line, Problems, code_text, day_of, is_scientific, lines

COLUMNS = Columns(
    ("code", "name", "level"),
    ("name_en", "valid_from", "valid_until"),
    {"代码": "code", "名称": "name", "级别": "level", "英文名称": "name_en", "起始日期": "valid_from", "截止日期": "valid_until"},
)
LEVELS = {level.value: level for level in Level} | dict(zip(("省级", "地级", "县级", "乡级", "村级"), Level, strict=True))
LONGEST_NAME = 60
BATCH = 5000
CHANGEABLE = ("name", "name_en", "valid_from", "valid_until")
TABLE = Base.metadata.tables[Area.__tablename__]
T = TypeVar("T")


class AreaRow(NamedTuple):
    """A checked line; sorted by code, so that parents come before their children."""

    code: str
    line: int
    name: str
    name_en: str | None
    valid_from: date | None
    valid_until: date | None


@dataclass(frozen=True)
class AreaCounts:
    """What became of the list."""

    new: int
    changed: int
    same: int


def store_areas(
    session: Session, actor: Actor, rows: Sequence[AreaRow], filename: str, *, since: date | None = None
) -> AreaCounts:
    """Stores what `read_areas` gave, in the caller's transaction. `since`: from when new areas without a date exist."""
    new = changed = 0
    for batch in _batches(rows):
        added, altered = _store(session, batch, since)
        new, changed = new + added, changed + altered
    counts = AreaCounts(new, changed, len(rows) - new - changed)
    if new or changed:
        told = {"new": new, "changed": changed, "same": counts.same}
        audit.record(session, actor, "imports.areas", filename[:120], new=told, chain_code=SYSTEM_CHAIN)
    return counts


def read_areas(session: Session, content: bytes) -> list[AreaRow]:
    """The checked rows, parents first; the database only says which parents are there already.

    ImportRefused with the lines that are wrong.
    """
    problems = Problems()
    rows = sorted(row for line in lines(content, COLUMNS, problems) if (row := _row(line, problems)))
    for one, other in pairwise(rows):
        if one.code == other.code:
            problems.add(other.line, "code_twice", str(one.line))
    for row in _orphans(session, rows):
        problems.add(row.line, "parent_missing", row.code)
    problems.raise_any()
    return rows


def _row(line: Line, problems: Problems) -> AreaRow | None:
    code, name, level = code_text(line["code"]), line["name"], LEVELS.get(line["level"])
    before = len(problems.found)
    found = _level(line.number, code, problems)
    if level is None:
        problems.add(line.number, "level_unknown", line["level"])
    elif found and found is not level:
        problems.add(line.number, "level_contradicts", f"{code} {line['level']}")
    if not name:
        problems.add(line.number, "name_empty", code)
    elif max(len(name), len(line["name_en"])) > LONGEST_NAME:
        problems.add(line.number, "name_long", name)
    days = [_day(line, column, problems) for column in ("valid_from", "valid_until")]
    if len(problems.found) > before:
        return None
    return AreaRow(pad(code), line.number, name, line["name_en"] or None, *days)


def _level(number: int, code: str, problems: Problems) -> Level | None:
    try:
        return level_of(code)
    except InvalidInput:
        problems.add(number, "code_scientific" if is_scientific(code) else "code_bad", code)
        return None


def _day(line: Line, column: str, problems: Problems) -> date | None:
    day = day_of(line[column])
    if day is None and line[column]:
        problems.add(line.number, "date_bad", line[column])
    return day


def _orphans(session: Session, rows: Sequence[AreaRow]) -> list[AreaRow]:
    here = {row.code for row in rows if row.code[9:] == "000"}  # a village is nobody's parent
    waiting = [row for row in rows if (above := parent_of(row.code)) and above not in here]
    wanted = sorted({parent for row in waiting if (parent := parent_of(row.code))})
    for part in _batches(wanted):
        here.update(session.scalars(select(Area.code).where(Area.code.in_(part))))
    return [row for row in waiting if parent_of(row.code) not in here]


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _store(session: Session, rows: Sequence[AreaRow], since: date | None) -> tuple[int, int]:
    columns = (Area.code, Area.name, Area.name_en, Area.valid_from, Area.valid_until)
    found = session.execute(select(*columns).where(Area.code.in_([row.code for row in rows])))
    there = {row.code: AreaRow(row.code, 0, row.name, row.name_en, row.valid_from, row.valid_until) for row in found}
    new = [_values(row) | {"valid_from": row.valid_from or since} for row in rows if row.code not in there]
    kept = [_kept(row, there[row.code]) for row in rows if row.code in there]
    changed = [_values(row) for row in kept if row != there[row.code]]
    if new:
        session.execute(insert(TABLE), new)
    if changed:
        values: dict[str, Any] = {column: bindparam(f"new_{column}") for column in CHANGEABLE}
        rows_changed = [{"key": row["code"]} | {f"new_{column}": row[column] for column in CHANGEABLE} for row in changed]
        session.execute(update(TABLE).where(TABLE.c.code == bindparam("key")).values(values), rows_changed)
    return len(new), len(changed)


def _values(row: AreaRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "name_en": row.name_en,
        "level": level_of(row.code).value,
        "parent_code": parent_of(row.code),
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
    }


def _kept(row: AreaRow, there: AreaRow) -> AreaRow:
    """What the area becomes: an empty cell leaves what is stored."""
    return AreaRow(
        row.code,
        0,
        row.name,
        row.name_en or there.name_en,
        row.valid_from or there.valid_from,
        row.valid_until or there.valid_until,
    )
