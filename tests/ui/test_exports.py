"""Files: harmless in a spreadsheet, real numbers and dates, names that Excel accepts."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.exports.csv_file import csv_bytes
from ui.exports.document import Column, Document, Form
from ui.exports.excel import sheet_name, workbook

COLUMNS = (Column("周一", Form.DAY), Column("名称"), Column("数", Form.WHOLE), Column("率", Form.DECIMAL))
ROWS = [[date(2026, 11, 16), "会议，“一”\n二", 3, 1.5], [date(2026, 11, 23), "=1+1", 0, None]]
DOCUMENT = Document("趋势", "会议趋势", COLUMNS, ROWS, "说明", [("截至", "2026年11月22日"), ("=公式", "@x")])


def _csv(document):
    return list(csv.reader(io.StringIO(csv_bytes(document).decode("utf-8-sig"), newline="")))


def test_csv_starts_with_the_mark_that_excel_needs_and_keeps_every_cell():
    assert csv_bytes(DOCUMENT).startswith(b"\xef\xbb\xbf")
    assert _csv(DOCUMENT) == [
        ["周一", "名称", "数", "率"],
        ["2026-11-16", "会议，“一”\n二", "3", "1.5"],
        ["2026-11-23", "'=1+1", "0", ""],
    ]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "\rx", " =1", "\n=1"])
def test_no_text_becomes_a_formula(text):
    document = Document("x", "x", (Column(text),), [[text]])
    assert [row[0][0] for row in _csv(document)] == ["'", "'"]
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(document))).active
    assert [cell.data_type for cell in sheet["A"]] == ["s", "s"]
    assert all(cell.value.startswith("'") for cell in sheet["A"])


def test_a_negative_number_stays_a_number():
    assert _csv(Document("x", "x", (Column("n", Form.DECIMAL),), [[-1.5]]))[1] == ["-1.5"]


def test_excel_holds_numbers_dates_a_frozen_head_and_what_they_mean():
    book = openpyxl.load_workbook(io.BytesIO(workbook(DOCUMENT)))
    assert book.sheetnames == ["会议趋势", "说明"]
    sheet = book["会议趋势"]
    assert [cell.value for cell in sheet[2]][1:] == ["会议，“一”\n二", 3, 1.5]
    assert sheet["A2"].is_date
    assert sheet["A2"].value.date() == date(2026, 11, 16)
    assert sheet["A2"].number_format == "yyyy-mm-dd"
    assert sheet["D3"].value is None
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in book["说明"]["A"]] == ["截至", "'=公式"]


def test_signs_that_excel_cannot_hold_are_left_out():
    document = Document("x", "x", (Column("a"),), [["a\x00b\x1fc"]])
    assert openpyxl.load_workbook(io.BytesIO(workbook(document))).active["A2"].value == "abc"


@given(st.lists(st.text(max_size=60), max_size=12))
def test_sheet_names_are_always_accepted_and_never_twice(titles):
    taken = []
    for title in titles:
        taken.append(sheet_name(title, taken))
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in taken)
    assert len({name.lower() for name in taken}) == len(taken)
