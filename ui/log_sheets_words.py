"""The words of uploaded sheets: whose they are, what a row is about, what changes in it, and why it cannot be taken."""

from html import escape
from typing import Any

import pandas as pd

from models.rules.errors import AppError, ImportRefused
from models.rules.week import Week
from services.sheets.cells import Judged, RowState
from services.sheets.layout import COLUMN, COLUMNS, JOINED, LEFT, Cells, Finish, Form
from services.sheets.planning import Names, Plan, SheetPlan
from ui import blocks
from ui.exports.log_words import TICK, head
from ui.i18n import Translator

MOST_ROWS = 200  # of one sheet's table; the counts are of all


def week(t: Translator, one: Week) -> str:
    """第47周 11月16日–22日."""
    return f"{t('weekly_log.week', n=one.number)} {t.week(one)}"


def place(t: Translator, sheet: SheetPlan, names: Names) -> str:
    """青山村 第47周 11月16日–22日; the sheet's own name where it is not known whose it is."""
    if sheet.week is None or sheet.village not in names:
        return " · ".join(part for part in (sheet.file, sheet.name) if part)
    return f"{t.name(*names[sheet.village])} {week(t, sheet.week)}"


def what(t: Translator, cells: Cells, names: Names) -> str:
    """周二 会议 · 农业农村局 · 春耕会: what a row is about, as far as it is told."""
    day = t.weekday(cells["day"]) if cells.get("day") else ""
    kind = value(t, "kind", cells.get("kind"), names)
    parts = (" ".join(part for part in (day, kind) if part), value(t, "department", cells.get("department"), names))
    return " · ".join(part for part in (*parts, cells.get("title") or "") if part)


def value(t: Translator, key: str, stored: Any, names: Names) -> str:
    """A cell in words; empty for nothing."""
    if stored in (None, ""):
        return ""
    form = COLUMN[key].form
    if form is Form.TICK:
        return TICK if stored else t("sheets.unticked")
    if form is Form.DAY:
        return t.day(stored)
    if key == "kind":
        return {JOINED: t("weekly_log.joined"), LEFT: t("weekly_log.left")}.get(stored) or t(f"kind.{stored}")
    if key == "called_as":
        return t(f"called_as.{stored}")
    if key == "department" and stored in names:
        return t.name(*names[stored])
    return str(stored)


def both(t: Translator, row: Judged, names: Names) -> dict[str, str]:
    """What the sheet says, and what the system holds: of the cells that differ, or of the row as a whole."""
    if "taken" not in row.differing:
        sides = {"mine": row.mine, "theirs": row.theirs or {}}
        return {who: t(f"sheets.{who}", value=_cells(t, row, side, names)) for who, side in sides.items()}
    if not row.mine["taken"]:
        return {"mine": t("sheets.take_out"), "theirs": t("sheets.leave_in", value=_effort(t, row.theirs or {}, names))}
    if row.theirs is None:
        return {"mine": t("sheets.put_back"), "theirs": t("sheets.leave_out")}
    return {"theirs": t("sheets.same_thing", value=what(t, row.theirs, names)), "mine": t("sheets.another_thing")}


def counts(t: Translator, found: Plan | SheetPlan) -> str:
    """新增 3、不变 2: how many rows are so, without those that are not."""
    return t.join([f"{t(f'sheets.is_{state}')} {n}" for state in RowState if (n := found.count(state))])


def refused(t: Translator, sheet: SheetPlan) -> str:
    """Why a sheet or a file cannot be taken."""
    return f'<p class="refused">{escape(sentence(t, sheet.error))}</p>' if sheet.error else ""


def sentence(t: Translator, error: AppError) -> str:
    """A refusal in words."""
    if isinstance(error, ImportRefused):
        return " ".join(t(f"problem.{one.code}", value=one.value) for one in error.problems)
    return t(f"error.{error.code}", **error.params)


def table(t: Translator, sheet: SheetPlan, names: Names) -> str:
    """What is refused and what would change, line by line; what is the same is only counted."""
    order = (RowState.REJECTED, RowState.ASKED, RowState.NEW, RowState.CHANGED)
    told = [row for row in sheet.rows if row.state in order]
    rows = [_row(t, sheet, row, names) for row in sorted(told, key=lambda row: (order.index(row.state), row.line))[:MOST_ROWS]]
    if sheet.finish_error is not None:
        why = t("sheets.at", cell=_at(sheet, "department", sheet.finish_line), why=sentence(t, sheet.finish_error))
        about = {"line": str(sheet.finish_line), "state": t("sheets.is_rejected"), "what": t("sheets.finish")}
        rows.insert(0, {**about, "detail": why})
    elif sheet.finish is not Finish.KEEP:
        rows.append({"line": "", "state": t("sheets.is_new"), "what": t(f"sheets.will_{sheet.finish}"), "detail": ""})
    elif sheet.reverts:
        rows.append({"line": "", "state": t("sheets.is_changed"), "what": t("sheets.will_revert"), "detail": ""})
    if not rows:
        return ""
    heads = {name: t(f"sheets.{name}") for name in ("line", "state", "what", "detail")}
    return f'<div class="problems">{blocks.table(pd.DataFrame(rows), heads)}</div>'


def _row(t: Translator, sheet: SheetPlan, row: Judged, names: Names) -> dict[str, str]:
    if row.state is RowState.REJECTED:
        detail = _list(t, [t("sheets.at", cell=_at(sheet, key, row.line), why=sentence(t, error)) for key, error in row.problems])
    elif row.state is RowState.ASKED:
        detail = t("sheets.choose_below")
    elif not row.final["taken"]:
        detail = t("sheets.taken_out")
    elif row.state is RowState.CHANGED and row.theirs is not None:
        changed = [key for key, old in row.theirs.items() if row.final[key] != old]
        detail = _list(t, [_change(t, key, row.theirs[key], row.final[key], names) for key in changed])
    else:
        detail = _effort(t, row.final, names)
    return {"line": str(row.line), "state": t(f"sheets.is_{row.state}"), "what": what(t, row.final, names), "detail": detail}


def _at(sheet: SheetPlan, key: str, line: int) -> str:
    """F7: where the reader finds the cell."""
    return f"{sheet.columns.get(key, '')}{line}"


def _change(t: Translator, key: str, old: Any, new: Any, names: Names) -> str:
    before, after = (value(t, key, one, names) or "—" for one in (old, new))
    return t("audit.change", fact=head(t, COLUMN[key]), old=before, new=after)


def _cells(t: Translator, row: Judged, side: Cells, names: Names) -> str:
    return _list(t, [_fact(t, key, side.get(key), names) for key in row.differing])


def _effort(t: Translator, cells: Cells, names: Names) -> str:
    """What a row holds beyond its name, without what is usual."""
    usual = {"travel_minutes": 0, "people": 1, "copies": 1}
    told = [column for column in COLUMNS if column.form in (Form.NUMBER, Form.TICK) or column.key == "called_as"]
    shown = [one for one in told if one.key != "taken" and cells.get(one.key) not in (None, "", False, usual.get(one.key))]
    return _list(t, [head(t, one) if one.form is Form.TICK else _fact(t, one.key, cells[one.key], names) for one in shown])


def _fact(t: Translator, key: str, stored: Any, names: Names) -> str:
    return t("sheets.fact", name=head(t, COLUMN[key]), value=value(t, key, stored, names) or "—")


def _list(t: Translator, parts: list[str]) -> str:
    return ("；" if t.chinese else "; ").join(parts)
