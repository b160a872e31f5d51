"""What cannot be taken is told at its cell; and a file that is not ours, or not whose it says, is told as a whole."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from openpyxl import Workbook

from models.db import open_session
from models.rules.errors import ImportRefused, InvalidInput
from models.tables import Department, Event, ObservationPoint
from services.actions import weekly_logs
from services.queries import log_sheets
from services.sheets import reading
from services.sheets.layout import BLANKS
from tests import world
from tests.services.logging_week import MONDAY, TUESDAY, W, add
from tests.sheets import Filled, base_of, plan, refusals, sheets, simple, template

ME = "village_recorder"


WRONG = [
    ({"kind": None}, "kind cell_missing"),
    ({"kind": "聚餐"}, "kind cell_word"),
    ({"kind": "退群", "minutes": None}, "kind left_from_list"),
    ({"day": None}, "day cell_missing"),
    ({"day": "soon"}, "day cell_day"),
    ({"day": "2026-11-30"}, "day day_outside_week"),
    ({"day": W.days[4]}, "day day_future"),
    ({"department": None}, "department cell_missing"),
    ({"department": "没有的局"}, "department unknown_department"),
    ({"department": "CANARY局"}, "department unknown_department"),
    ({"title": "长" * 81}, "title title_long"),
    ({"title": "一\n二"}, "title title_control"),
    ({"minutes": None}, "minutes cell_missing"),
    ({"minutes": "很久"}, "minutes cell_number"),
    ({"minutes": 1441}, "minutes minutes_range"),
    ({"minutes": 7.5}, "minutes not_whole"),
    ({"minutes": "=30+30"}, "minutes cell_formula"),
    ({"title": '=HYPERLINK("x")'}, "title cell_formula"),
    ({"travel_minutes": -1}, "travel_minutes travel_minutes_range"),
    ({"people": 0}, "people people_range"),
    ({"copies": 3}, "copies cell_not_asked"),
    ({"called_as": "指导"}, "called_as cell_not_asked"),
    ({"taken": "或许"}, "taken cell_tick"),
    ({"scored": "或许"}, "scored cell_tick"),
    ({"kind": "进群"}, "minutes cell_not_asked"),
]


@pytest.fixture
def session(sqlite_engine):
    """On SQLite only: what is judged here is cells, and test_log_sheets.py asks both databases."""
    with open_session(sqlite_engine, write=True) as opened:
        yield opened


def test_a_wrong_cell_is_named_with_its_reason(session, as_):
    content = template(session, as_(ME))
    for start in range(0, len(WRONG), BLANKS):
        filled, part = Filled(content), WRONG[start : start + BLANKS]
        for number, (cells, _) in enumerate(part, 1):
            filled.blank(number, **cells)
        assert refusals(plan(session, as_(ME), filled.content)) == [refusal for _, refusal in part]


def test_every_wrong_cell_of_a_row_is_named(session, as_):
    content = Filled(template(session, as_(ME))).blank(1, day="soon", minutes=5000).content
    assert refusals(plan(session, as_(ME), content)) == ["day cell_day", "minutes minutes_range"]


def test_what_stands_in_the_list_is_what_it_was(session, as_):
    add(session, as_(ME), title="春耕会")
    theirs = add(session, as_("recorder_a2"), kind="form", title="人口表").subject_id
    content = template(session, as_(ME))
    for key, cells, refusal in (
        ("e1", {"day": MONDAY}, "day cell_locked"),
        ("e1", {"kind": "检查"}, "kind cell_locked"),
        (f"e{theirs}", {"taken": "√", "title": "别的表"}, "title cell_locked"),
        (f"e{theirs}", {"minutes": 90}, "taken row_unticked"),
    ):
        assert refusals(plan(session, as_(ME), Filled(content).put(key, **cells).content)) == [refusal]


def test_a_title_that_others_share_cannot_be_changed(session, as_):
    add(session, as_(ME), title="春耕会")
    filled = Filled(template(session, as_(ME))).put("e1", title="秋收会")
    assert refusals(plan(session, as_(ME), filled.content)) == []
    weekly_logs.join_event(session, as_("recorder_a2"), week=W, event_id=1, request_id="r2")
    assert refusals(plan(session, as_(ME), filled.content)) == ["title event_shared"]


def test_rows_that_were_copied_added_or_moved_to_another_event_are_refused(session, as_):
    content = template(session, as_(ME))
    filled = Filled(content).blank(1)
    first, second = filled.of("s")[:2]
    filled.sheet.cell(filled.rows()[second], 1).value = first
    assert refusals(plan(session, as_(ME), filled.content)) == ["taken row_twice"]
    filled = Filled(content)
    filled.sheet.cell(60, 7).value = "一件事"
    assert refusals(plan(session, as_(ME), filled.content)) == ["taken row_added"]
    for key in ("e1", "e99999999999999999999", "x", "s1", "j1"):
        filled = Filled(content).blank(1)
        filled.sheet.cell(filled.rows()[filled.of("s")[0]], 1).value = key
        assert refusals(plan(session, as_(ME), filled.content)) == ["taken row_added"], key


def test_a_row_whose_hidden_part_was_written_by_hand_is_judged_like_any_other(session, as_):
    """Hidden is not secret: whoever forges it can do no more than on the screen."""
    elsewhere = add(session, as_("recorder_b1"), department_code=world.CIVIL).subject_id
    session.get_one(Event, (world.COUNTY, elsewhere)).township_code = world.TOWN_B
    session.commit()
    told = {"taken": False, "kind": "meeting", "day": str(TUESDAY), "department": world.CIVIL, "title": "", "called_as": ""}
    told |= {"emergency": False, "minutes": 60, "travel_minutes": 0, "people": 1, "copies": 1, "ledger": False}
    told |= dict.fromkeys(("material", "scored", "photo", "notified"), False)
    for base, refusal in ((told, "taken no_such_event"), ({**told, "title": 5}, "taken row_added"), ([1], "taken row_added")):
        filled = Filled(template(session, as_(ME))).blank(1, department="民政局")
        row = filled.rows()[filled.of("s")[0]]
        filled.sheet.cell(row, 1).value, filled.sheet.cell(row, 2).value = f"e{elsewhere}", json.dumps(base)
        assert refusals(plan(session, as_(ME), filled.content)) == [refusal]


def test_lists_and_keys_that_were_forged_open_nothing(session, as_):
    """A meeting has no copies, whatever its hidden cell says it is; a list knows no more words than ours."""
    add(session, as_("recorder_a2"))
    filled = Filled(template(session, as_(ME))).put("e1", taken="√", kind="报表", copies=9)
    base = base_of(filled, "e1") | {"kind": "form"}
    filled.sheet.cell(filled.rows()["e1"], 2).value = json.dumps(base)
    assert refusals(plan(session, as_(ME), filled.content)) == ["kind cell_locked"]
    for head, word, column in (("kind", "聚会", "kind"), ("called_as", "看看", "called_as"), ("finish", "好", "department")):
        filled = Filled(template(session, as_(ME)))
        lists = filled.book.worksheets[1]
        (at,) = (cell.column for cell in lists[1] if cell.value == head)
        lists.cell(12, at).value, lists.cell(12, at + 1).value = word, "x"
        told = filled.finish(word) if head == "finish" else filled.blank(1, **{column: word})
        refusal = f"{column} cell_word" if head != "finish" else "finish cell_word"
        assert refusals(plan(session, as_(ME), told.content)) == [refusal]
    filled = Filled(template(session, as_(ME))).blank(1, kind="进群", minutes=None)
    row = filled.rows()[filled.of("s")[0]]
    group = {"taken": True, "kind": "joined", "day": str(TUESDAY), "department": world.AGRI, "title": "", "token": "g\0"}
    filled.sheet.cell(row, 1).value, filled.sheet.cell(row, 2).value = "j1", json.dumps(group)
    assert refusals(plan(session, as_(ME), filled.content)) == ["taken row_added"]


def test_the_week_is_not_told_against_the_rules_of_the_screen(session, as_):
    content = template(session, as_(ME))
    for word, code in (("填完了，提交", "nothing_to_submit"), ("这一周没有", "week_too_early"), ("大概", "cell_word")):
        assert refusals(plan(session, as_(ME), Filled(content).finish(word).content)) == [f"finish {code}"]


def test_nothing_is_not_said_of_a_week_that_holds_something(session, as_):
    filled = Filled(template(session, as_(ME, world.FRIDAY))).finish("这一周没有")
    add(session, as_(ME))
    assert refusals(plan(session, as_(ME, world.FRIDAY), filled.content)) == ["finish not_zero"]


def test_a_department_that_has_ceased_since_is_named(session, as_):
    content = Filled(template(session, as_(ME))).blank(1).content
    session.get_one(Department, world.AGRI).valid_until = MONDAY
    session.commit()
    assert refusals(plan(session, as_(ME), content)) == ["department department_not_valid"]


# ---- whose, and when ---------------------------------------------------------------------------------------------------
def test_a_village_brings_its_own_and_a_township_those_of_its_points(session, as_):
    theirs = (world.VILLAGE_B1, world.VILLAGE_C1, world.TOWN_A, "'; --")
    for username, own, others in (
        (ME, [world.VILLAGE_A1], (world.VILLAGE_A2, *theirs)),
        ("township_liaison", [world.VILLAGE_A1, world.VILLAGE_A2], theirs),
    ):
        for village in own:
            assert refusals(plan(session, as_(username), simple(village))) == []
        for village in others:
            found = plan(session, as_(username), simple(village))
            assert (refusals(found), found.sheets[0].village, found.names) == (["no_such_village"], "", {})


def test_the_liaison_is_no_recorder_and_the_village_that_is_no_point_gets_no_sheet(session, as_):
    for point in session.query(ObservationPoint).filter_by(village_code=world.VILLAGE_A2):
        point.until = W.monday
    session.commit()
    assert [one.village for one in sheets(session, as_("township_liaison"))] == [world.VILLAGE_A1]
    assert refusals(plan(session, as_("township_liaison"), simple(world.VILLAGE_A2))) == ["not_a_point"]


def test_closed_and_coming_weeks_are_refused_and_not_handed_out(session, as_):
    assert refusals(plan(session, as_(ME), simple(world.VILLAGE_A1, W + 1))) == ["week_future"]
    assert refusals(plan(session, as_(ME), simple(world.VILLAGE_A1, W - 3))) == ["week_closed"]
    with pytest.raises(InvalidInput, match="no_sheets"):
        sheets(session, as_(ME), W - 3, W + 1)
    content = template(session, as_(ME))
    late = as_(ME, W.ends_at() + timedelta(days=14))
    assert refusals(plan(session, late, content)) == ["week_closed"]


def test_many_weeks_at_once_and_no_village_twice(session, as_):
    content = template(session, as_(ME), W, W - 1, W)
    both = Filled(Filled(content).blank(1).content, 1).blank(1, day=(W - 1).monday).content
    assert [sheet.week for sheet in plan(session, as_(ME), both).sheets] == [W, W - 1]
    assert refusals(plan(session, as_(ME), both, content)) == ["sheet_twice", "sheet_twice"]
    offered = log_sheets.offer(session, as_("township_liaison"), as_of=world.NOW, today=world.TODAY)
    assert (offered.weeks, list(offered.villages)) == ((W, W - 1, W - 2), [world.VILLAGE_A1, world.VILLAGE_A2])


# ---- files -------------------------------------------------------------------------------------------------------------
def _other_workbook() -> bytes:
    book, made = Workbook(), io.BytesIO()
    book.active["A1"] = "村"
    book.save(made)
    return made.getvalue()


def _with(content: bytes, name: str, body: bytes) -> bytes:
    made = io.BytesIO(content)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return made.getvalue()


def _without(content: bytes, at: int) -> bytes:
    filled = Filled(content)
    filled.sheet.delete_cols(at)
    return filled.content


def _renamed(content: bytes) -> bytes:
    filled = Filled(content)
    filled.sheet.title = "我的表"
    return filled.content


def test_a_file_that_cannot_be_read_is_told_as_a_whole(session, as_, monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 2_000_000)
    good = simple(world.VILLAGE_A1)
    for content, code in (
        (b"", "import_refused"),
        (b"not a workbook", "import_refused"),
        (b"\xd0\xcf\x11\xe0 old", "import_refused"),
        (good[:2000], "import_refused"),
        (_with(good, "xl/huge.xml", b"0" * 3_000_000), "import_refused"),
        (_with(good, "xl/vbaProject.bin", b"macro"), "file_macros"),
        (_other_workbook(), "sheet_foreign"),
        (_without(good, 8), "sheet_structure"),
        (_without(good, 1), "sheet_foreign"),
    ):
        found = plan(session, as_(ME), content)
        assert refusals(found) == [code]
        if code == "import_refused":
            assert isinstance(found.sheets[0].error, ImportRefused)
    assert refusals(plan(session, as_(ME), good)) == []
    assert refusals(plan(session, as_(ME), _renamed(good))) == []  # a sheet is known by what it holds, not by its name
