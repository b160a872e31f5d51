"""The words of a weekly sheet, for the workbook and the paper: heads, lists, and what stands in a cell."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.rules.measure import CalledAs
from services.sheets.layout import DEMANDS, FINISH, JOINED, KINDS, LEFT, Column, Finish, Form, Sheet, SheetRow
from ui.i18n import Translator

TICK = "√"
Words = Mapping[str, Mapping[str, str]]  # column → code → word


def words(t: Translator, sheets: Iterable[Sheet]) -> Words:
    """Every list: kinds, departments (those that stand in a row too), names of inspections, and what becomes of the week."""
    moves = {JOINED: t("weekly_log.joined"), LEFT: t("weekly_log.left")}
    return {
        "kind": {kind: moves.get(kind) or t(f"kind.{kind}") for kind in KINDS},
        "department": _departments(t, sheets),
        "called_as": {name.value: t(f"called_as.{name}") for name in CalledAs},
        FINISH: {one.value: t(f"sheets.finish_{one}") for one in Finish},
    }


def head(t: Translator, column: Column) -> str:
    """What a column is called."""
    return t(f"demand.{column.key}") if column.key in DEMANDS else t(f"sheets.head_{column.key}")


def place(t: Translator, sheet: Sheet) -> str:
    """青石镇 青山村 第47周 11月16日–22日."""
    named = sheet.place
    names = (t.name(named.township, named.township_en), t.name(named.village, named.village_en))
    return " ".join((*names, t("weekly_log.week", n=sheet.week.number), t.week(sheet.week)))


def shown(column: Column, row: SheetRow, lists: Words) -> Any:
    """What stands in a cell of a row that goes out: a word, a date, a number, a tick, or nothing."""
    value = row.base.get(column.key)
    if column.form is Form.TICK:
        return TICK if value else None
    if column.form is Form.WORD:
        return lists[column.key].get(value or "", value) or None
    if value in (None, "") or row.base["kind"] not in column.kinds:
        return None
    return value


def name_of(t: Translator, sheets: Sequence[Sheet]) -> str:
    """The file's name, without ending."""
    first = sheets[0]
    if len(sheets) == 1:
        return f"{t('sheets.file')}-{t.name(first.place.village, first.place.village_en)}-{first.week.label}"
    weeks = sorted({sheet.week for sheet in sheets})
    labels = weeks[0].label if len(weeks) == 1 else f"{weeks[0].label}-{weeks[-1].label}"
    return f"{t('sheets.file')}-{t.name(first.place.township, first.place.township_en)}-{labels}"


def _departments(t: Translator, sheets: Iterable[Sheet]) -> dict[str, str]:
    """Code → name; two of one name are told apart by their codes."""
    found: dict[str, str] = {}
    for sheet in sheets:
        found |= {one.code: t.name(one.name, one.name_en) for one in sheet.departments if one.code not in found}
    for sheet in sheets:
        for row in sheet.rows:
            found.setdefault(row.base["department"], t.name(row.department, row.department_en))
    names = list(found.values())
    return {code: name if names.count(name) == 1 else f"{name} ({code})" for code, name in found.items()}
