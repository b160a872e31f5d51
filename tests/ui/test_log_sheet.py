"""The sheet that goes out: over HTTP for who may fill it in, as a workbook that guides, and on paper from the same columns."""

import io
from urllib.parse import unquote

import openpyxl
import pytest

from models.db import open_session
from models.tables import LoginSession
from services.sessions import digest
from services.sheets.layout import BLANKS, COLUMNS, KEYS
from tests import world
from tests.services.logging_week import add
from tests.sheets import Filled
from tests.ui.http import get
from ui import clock
from ui.exports.log_words import head
from ui.i18n import translator

SHEETS = "/export/weekly_sheets"


@pytest.fixture(autouse=True)
def browsers(sqlite_engine, monkeypatch):
    """Everybody's browser holds a cookie of the user's name; a neighbour has entered something."""
    monkeypatch.setattr(clock, "now", lambda: world.NOW)
    with open_session(sqlite_engine, write=True) as session:
        for one in session.query(LoginSession):
            one.cookie_hash = digest(one.username)
        session.commit()
        add(session, world.persona(session, "recorder_a2"), kind="form", title="<b>人口表</b>")


@pytest.mark.parametrize(
    ("cookie", "address", "status"),
    [
        ("", "", 401),
        ("task_force", "", 403),
        ("department", "", 403),
        ("village_recorder", "", 200),
        ("village_recorder", "?weeks=2026-W47,2026-W46", 200),
        ("village_recorder", "?weeks=soon", 400),
        ("village_recorder", "?weeks=2026-W40", 400),
        ("village_recorder", f"?villages={world.VILLAGE_A2}", 400),
        ("village_recorder", "?villages=%00", 400),
        ("township_liaison", f"?villages={world.VILLAGE_A2}", 200),
        ("township_liaison", f"?villages={world.VILLAGE_B1}", 400),
    ],
)
def test_a_sheet_is_asked_for_anew_by_who_may_fill_it_in(cookie, address, status):
    answer = get(f"{SHEETS}.xlsx{address}", cookie)
    assert answer.status == status
    assert b"CANARY" not in answer.body
    assert get(f"{SHEETS}.csv{address}", cookie).status in (status, 404)


def test_the_workbook_guides_and_guards_what_is_written():
    answer = get(f"{SHEETS}.xlsx?weeks=2026-W47", "village_recorder")
    assert unquote(answer.headers["content-disposition"]).endswith("没有信号时填的周报-青山村-2026-W47.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    sheet, options = book.worksheets
    assert (book.security.lockStructure, sheet.protection.sheet, options.sheet_state) == (True, True, "veryHidden")
    assert all(sheet.column_dimensions[letter].hidden for letter in "AB")
    assert sheet.row_dimensions[1].hidden
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.print_title_rows) == ("landscape", 1, "$5:$5")
    filled = Filled(answer.body)
    blank, offered = filled.of("s")[0], filled.of("e")[0]
    assert not any(filled.cell(blank, key).protection.locked for key in KEYS)
    free = {key for key in KEYS if not filled.cell(offered, key).protection.locked}
    assert {"taken", "minutes", "people", "copies", "scored"} <= free
    assert not free & {"kind", "day", "department", "title"}
    rules = sheet.data_validations.dataValidation
    ruled = {key: [one.formula1 for one in rules if filled.cell(blank, key).coordinate in one.sqref] for key in KEYS}
    assert [key for key in KEYS if len(ruled[key]) != 1] == ["title"]
    kinds = [options.cell(row, 2).value for row in range(2, 6)]
    assert (ruled["kind"], kinds) == (["options!$B$2:$B$5"], ["会议", "检查", "报表", "进群"])


def test_no_two_workbooks_have_the_same_blank_rows():
    first, second = (Filled(get(f"{SHEETS}.xlsx", "village_recorder").body).of("s") for _ in range(2))
    assert not set(first) & set(second)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_paper_has_the_columns_of_the_workbook_and_is_shown_to_be_printed(sqlite_engine, language):
    with open_session(sqlite_engine, write=True) as session:
        for account in session.query(world.Account):
            account.language = language
        session.commit()
    answer = get(f"{SHEETS}.html?weeks=2026-W47,2026-W46", "township_liaison")
    text, t = answer.body.decode(), translator(language)
    assert answer.headers["content-disposition"] == "inline"
    assert text.count("<section>") == 4
    assert "A4 landscape" in text
    assert "<b>人口表" not in text
    assert all(f'<th scope="col">{head(t, column)}</th>' in text for column in COLUMNS)
    assert text.count('<td class="kinds">') == 4 * BLANKS
