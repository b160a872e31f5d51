"""Reading files: what can be read without guessing is, everything else is refused with its line."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.errors import ImportRefused
from services.imports import files
from services.imports.files import Columns, Problems, code_text, day_of, lines
from tests.services.imported import csv_file, excel_file

COLUMNS = Columns(("code", "name"), ("since",), {"代码": "code", "名称": "name"})
HEADER = ("code", "name")


def read(content: bytes) -> list[tuple[int, dict[str, str]]]:
    problems = Problems()
    found = [(line.number, dict(line.cells)) for line in lines(content, COLUMNS, problems)]
    problems.raise_any()
    return found


def refusal(content: bytes) -> list[tuple[int, str]]:
    with pytest.raises(ImportRefused) as caught:
        read(content)
    return [(problem.line, problem.code) for problem in caught.value.problems]


@pytest.mark.parametrize("made", [csv_file, excel_file])
def test_cells_are_read_with_the_line_they_stand_in(made):
    assert read(made(HEADER, ("1", " 甲\u3000"), (), ("2", "乙"))) == [
        (2, {"code": "1", "name": "甲"}),
        (4, {"code": "2", "name": "乙"}),
    ]


def test_chinese_headers_and_capitals_are_understood():
    assert read("代码,NAME\n1,甲\n".encode()) == [(2, {"code": "1", "name": "甲"})]


def test_excel_numbers_and_dates_become_the_text_they_show():
    rows = read(excel_file((*HEADER, "since"), (522301, 5.0, date(2026, 11, 16)), (1.5, True, date(2026, 1, 2))))
    assert rows == [
        (2, {"code": "522301", "name": "5", "since": "2026-11-16"}),
        (3, {"code": "1.5", "name": "True", "since": "2026-01-02"}),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", (0, "file_empty")),
        (b"\n \n", (0, "file_empty")),
        (b"\xef\xbb\xbf", (0, "file_empty")),
        (b"code,name\n", (0, "file_no_rows")),
        ("code,name\n1,甲\n2,乙\n".encode("gbk"), (2, "file_gbk")),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xfe", (1, "file_binary")),
        (b"code,name\n1,\x00\n", (2, "file_binary")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), (0, "file_old_excel")),
        (b"PK\x03\x04 but no archive", (0, "file_not_workbook")),
        (b'code,name\n1,"open\n2,b\n', (2, "csv_quotes")),
        (b"name\n1\n", (1, "column_missing")),
        (b"code,name,code\n1,a,1\n", (1, "column_twice")),
        (b"code,name,colour\n1,a,red\n", (1, "column_unknown")),
        (b"code;name\n1;a\n", (1, "column_missing")),
        (b"code,name\n1,a,b,c\n", (2, "cells_count")),
        (b"code,name\n1,a\n2,b\x1b[31m\n", (3, "control_character")),
        ("code,name\n1,a\u202eb\n".encode(), (2, "control_character")),
        (b'code,name\n1,"a\nb"\n', (2, "control_character")),
    ],
)
def test_a_wrong_file_is_refused_with_the_line(content, problem):
    assert problem in refusal(content)


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(files, "MOST_BYTES", 1000)
    assert refusal(excel_file(HEADER, ("1", "a"))) == [(0, "file_large")]


def test_a_document_that_is_no_workbook_is_refused(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal((tmp_path / "letter.docx").read_bytes()) == [(0, "file_not_workbook")]


def test_a_file_that_is_wrong_everywhere_is_not_read_to_its_end():
    assert len(refusal(csv_file(HEADER, *[("1", "a", "b")] * 10_000))) == files.MOST_PROBLEMS


def test_lines_after_one_in_quotes_keep_their_numbers():
    with pytest.raises(ImportRefused) as caught:
        read(b'code,name\n"1","a\nb"\n3,c,d\n')
    assert [problem.line for problem in caught.value.problems] == [2, 4]


@pytest.mark.parametrize(("typed", "code"), [("522301.0", "522301"), ("522301", "522301"), ("1.50", "1.50"), ("a.0", "a.0")])
def test_a_whole_number_written_with_a_point_is_the_code(typed, code):
    assert code_text(typed) == code


@pytest.mark.parametrize("typed", ["2026-11-16", "2026/11/16", "2026年11月16日", "2026.11.16"])
def test_a_day_is_read_as_people_write_it(typed):
    assert day_of(typed) == date(2026, 11, 16)


@pytest.mark.parametrize("typed", ["16.11.2026", "2026-02-30", "20261116", "46342", "", "2026-11-16T08:00:00"])
def test_what_is_no_day_is_not_guessed(typed):
    assert day_of(typed) is None


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_never_an_accident(content):
    with suppress(ImportRefused):
        read(content)


words = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(words, words), min_size=1, max_size=5))
def test_what_is_written_is_what_is_read(rows):
    for made in (csv_file, excel_file):
        found = [(cells["code"], cells["name"]) for _, cells in read(made(HEADER, *rows))]
        assert found == [tuple(row) for row in rows]


def test_a_web_page_with_a_workbooks_name_is_told_apart():
    assert refusal(b"\xef\xbb\xbf\n<html><table><tr><td>code</td></tr></table></html>") == [(0, "file_not_workbook")]
