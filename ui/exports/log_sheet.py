"""Weekly sheets as a workbook that is filled in without a signal: lists to choose from, protected around what may be written.

What must be known again stands in hidden cells: the first row (which village-week, which column is which) and the first two
columns (each row's key, and what it held). Words and codes of the lists stand in a sheet that is hidden too.
"""

import io
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from models.rules.week import Week
from services.sheets.layout import (
    BLANKS,
    COLUMNS,
    FINISH,
    KEYS,
    LEFT,
    LENGTHS,
    MARK,
    OPTIONS,
    VERSION,
    Column,
    Form,
    Sheet,
    SheetRow,
)
from ui.exports.csv_file import FORMULA
from ui.exports.excel import NOT_IN_CELLS, sheet_name
from ui.exports.log_words import TICK, Words, head, place, shown, words
from ui.i18n import Translator

FIRST = 3  # the first column that is seen
TITLE, HELP, DONE, HEADS = 2, 3, 4, 5  # rows
ROW_FORMS = {Form.DAY: 'm"月"d"日"', Form.NUMBER: "0", Form.TEXT: "@", Form.WORD: "@", Form.TICK: "@"}
DAY_IN_ENGLISH = "mmm d"
FREE, HEAD = "FFFDF3", "F2EFE7"  # the ground of cells that may be written, and of heads
LETTERS = {column.key: chr(ord("A") + FIRST - 1 + at) for at, column in enumerate(COLUMNS)}


def workbook(sheets: Sequence[Sheet], t: Translator, nonce: str) -> bytes:
    """One sheet per village-week. `nonce`: 8 hexadecimal digits, different in each workbook; its blank rows are known by it."""
    from openpyxl import Workbook  # a fifth of a second to import, so only where it is used
    from openpyxl.workbook.protection import WorkbookProtection

    book, lists = Workbook(), words(t, sheets)
    for empty in book.worksheets:
        book.remove(empty)
    weeks = sorted({sheet.week for sheet in sheets})
    for sheet in sheets:
        village = t.name(sheet.place.village, sheet.place.village_en)
        title = sheet_name(f"{village} {t('weekly_log.week', n=sheet.week.number)}", book.sheetnames)
        _Writer(book.create_sheet(title), t, lists, weeks.index(sheet.week)).write(sheet, nonce)
    _options(book.create_sheet("options"), lists, weeks, t)
    book.security = WorkbookProtection(lockStructure=True)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _options(sheet: Any, lists: Words, weeks: Sequence[Week], t: Translator) -> None:
    """Words and codes side by side; then the days of each week."""
    sheet.sheet_state = "veryHidden"
    sheet["A1"] = OPTIONS
    for at, (name, pairs) in enumerate(lists.items()):
        _text(sheet.cell(1, 2 + 2 * at), name)
        for row, (code, word) in enumerate(pairs.items(), 2):
            _text(sheet.cell(row, 2 + 2 * at), word)
            _text(sheet.cell(row, 3 + 2 * at), code)
    for at, week in enumerate(weeks):
        for row, day in enumerate(week.days, 2):
            cell = sheet.cell(row, 2 + 2 * len(lists) + at, day)
            cell.number_format = f"{_day_form(t)} aaa" if t.chinese else f"ddd {_day_form(t)}"


class _Writer:
    """Writes one sheet."""

    def __init__(self, sheet: Any, t: Translator, lists: Words, week_at: int) -> None:
        self.sheet, self.t, self.lists, self.week_at = sheet, t, lists, week_at
        self.rules: dict[str, Any] = {}

    def write(self, one: Sheet, nonce: str) -> None:
        """Everything of it."""
        self._hidden(one)
        self._above(one)
        blanks = [(f"s{nonce}-{n}", None) for n in range(1, BLANKS + 1)]
        logged = [(row.key, row) for row in one.rows if row.key[0] != "l"]
        held = [(row.key, row) for row in one.rows if row.key[0] == "l"]
        for number, (key, row) in enumerate([*logged, *blanks, *held], HEADS + 1):
            self._row(number, key, row)
        self._page(HEADS + len(logged) + len(blanks) + len(held))

    def _hidden(self, one: Sheet) -> None:
        about = {"mark": MARK, "version": VERSION, "village": one.village, "week": one.week.label}
        _text(self.sheet.cell(1, 1), json.dumps(about))
        for at, key in enumerate(KEYS, FIRST):
            _text(self.sheet.cell(1, at), key)
        for row in (TITLE, HELP, HEADS):
            _text(self.sheet.cell(row, 1), "-")
        _text(self.sheet.cell(DONE, 1), FINISH)
        self.sheet.row_dimensions[1].hidden = True
        for letter in "AB":
            self.sheet.column_dimensions[letter].hidden = True

    def _above(self, one: Sheet) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill

        last = FIRST + len(COLUMNS) - 1
        _text(self.sheet.cell(TITLE, FIRST), place(self.t, one)).font = Font(bold=True, size=14)
        help_ = _text(self.sheet.cell(HELP, FIRST), self.t("sheets.help"))
        help_.alignment = Alignment(wrap_text=True, vertical="top")
        label = self.t("sheets.finished" if one.state == "submitted" else "sheets.finish")
        _text(self.sheet.cell(DONE, FIRST), label).alignment = Alignment(horizontal="right", vertical="center")
        for row, until in ((TITLE, last), (HELP, last), (DONE, FIRST + 2)):
            self.sheet.merge_cells(start_row=row, start_column=FIRST, end_row=row, end_column=until)
        self.sheet.row_dimensions[HELP].height, self.sheet.row_dimensions[DONE].height = 52, 24
        self._free(self.sheet[f"{LETTERS['department']}{DONE}"], self._list(FINISH))
        for at, column in enumerate(COLUMNS, FIRST):
            cell = _text(self.sheet.cell(HEADS, at), head(self.t, column))
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", start_color=HEAD)
            cell.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
            self.sheet.column_dimensions[LETTERS[column.key]].width = column.width

    def _row(self, number: int, key: str, row: SheetRow | None) -> None:
        from openpyxl.styles import Alignment, Border, Side

        thin = Side(style="thin", color="DAD5C8")
        _text(self.sheet.cell(number, 1), key)
        if row is not None:
            _text(self.sheet.cell(number, 2), json.dumps(dict(row.base), default=date.isoformat, ensure_ascii=False))
        for at, column in enumerate(COLUMNS, FIRST):
            cell = self.sheet.cell(number, at)
            value = shown(column, row, self.lists) if row is not None else None
            if isinstance(value, str):
                _text(cell, value)
            elif value is not None:
                cell.value = value
            cell.number_format = _day_form(self.t) if column.form is Form.DAY else ROW_FORMS[column.form]
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal=None if column.width > 13 else "center")
            if row is None or column.key in row.free:
                self._free(cell, self._rule(column, blank=row is None))
        self.sheet.row_dimensions[number].height = 24

    def _free(self, cell: Any, rule: Any) -> None:
        """A cell that may be written, with what it takes."""
        from openpyxl.styles import PatternFill, Protection

        cell.protection, cell.fill = Protection(locked=False), PatternFill("solid", start_color=FREE)
        if rule is not None:
            rule.add(cell)

    def _rule(self, column: Column, *, blank: bool) -> Any:
        """What a cell of the column takes; a blank row does not take a group to be left, which has a row of its own."""
        if column.form is Form.TICK:
            return self._validation("tick", type="list", formula1=f'"{TICK}"')
        if column.form is Form.TEXT:
            return None
        if column.form is Form.DAY:
            letter = _letter(2 + 2 * len(self.lists) + self.week_at)
            return self._validation("day", type="list", formula1=f"options!${letter}$2:${letter}$8")
        if column.form is Form.WORD:
            return self._list(column.key, but=LEFT if blank and column.key == "kind" else "")
        if column.key == "minutes":  # any number may be written; these are only quick to choose
            return self._validation("minutes", type="list", formula1=f'"{",".join(map(str, LENGTHS))}"', showErrorMessage=False)
        bounds = {"formula1": str(column.least), "formula2": str(column.most)}
        return self._validation(column.key, type="whole", operator="between", **bounds)

    def _list(self, name: str, but: str = "") -> Any:
        letter = _letter(2 + 2 * list(self.lists).index(name))
        codes = [code for code in self.lists[name] if code != but]
        return self._validation(f"{name}{but}", type="list", formula1=f"options!${letter}$2:${letter}${len(codes) + 1}")

    def _validation(self, name: str, **facts: Any) -> Any:
        from openpyxl.worksheet.datavalidation import DataValidation

        if name not in self.rules:
            words_ = {"errorTitle": self.t("sheets.wrong"), "error": self.t("sheets.wrong_do")}
            self.rules[name] = DataValidation(allow_blank=True, **{"showErrorMessage": True, **words_, **facts})
            self.sheet.add_data_validation(self.rules[name])
        return self.rules[name]

    def _page(self, last_row: int) -> None:
        """A4 across, all columns on a page, the heads on each; protected, but for the width of columns."""
        sheet = self.sheet
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = f"{HEADS}:{HEADS}"
        sheet.print_area = f"{LETTERS[COLUMNS[0].key]}{TITLE}:{LETTERS[COLUMNS[-1].key]}{last_row}"
        sheet.print_options.horizontalCentered = True
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.page_margins.top = sheet.page_margins.bottom = 0.5
        sheet.freeze_panes = f"A{HEADS + 1}"
        sheet.protection.sheet = True
        sheet.protection.formatColumns = sheet.protection.formatRows = False


def _text(cell: Any, text: str) -> Any:
    """A text that no spreadsheet takes for a formula: its type says so, and a leading sign is quoted."""
    cell.value = NOT_IN_CELLS.sub("", text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(FORMULA)
    return cell


def _day_form(t: Translator) -> str:
    return ROW_FORMS[Form.DAY] if t.chinese else DAY_IN_ENGLISH


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(column)
