"""The official list of areas: whole or not at all, and the same list twice changes nothing."""

from datetime import date
from itertools import islice

import pytest
from sqlalchemy import select

from models.tables import Area, AuditEvent
from seed.areas import made_up
from seed.commands import run
from services.access import SYSTEM_CHAIN, operator
from services.imports.areas import AreaCounts, read_areas, store_areas
from tests import world
from tests.services.imported import csv_file, excel_file, refused, row_counts

HEADER = ("code", "name", "level")
GOOD = (
    ("9931", "新州", "prefecture"),
    ("993121", "新县", "county"),
    ("993121100", "新镇", "township"),
    ("993121100201", "新村", "village"),
)


def take_in(session, content: bytes, **params) -> AreaCounts:
    actor = operator(SYSTEM_CHAIN, world.NOW)
    return store_areas(session, actor, read_areas(session, content), "areas.csv", **params)


@pytest.mark.parametrize("made", [csv_file, excel_file])
def test_a_list_is_stored_with_padded_codes_and_parents(session, made):
    assert take_in(session, made(HEADER, *GOOD)) == AreaCounts(4, 0, 0)
    village = session.get_one(Area, "993121100201")
    assert (village.name, village.level, village.parent_code) == ("新村", "village", "993121100000")
    assert session.get_one(Area, "993100000000").parent_code == "990000000000"


def test_the_same_list_twice_changes_nothing_and_leaves_one_mark(session):
    content = csv_file(HEADER, *GOOD)
    take_in(session, content)
    before = row_counts(session)
    assert take_in(session, content) == AreaCounts(0, 0, 4)
    assert row_counts(session) == before
    assert session.scalars(select(AuditEvent.county_code).where(AuditEvent.action == "imports.areas")).all() == [SYSTEM_CHAIN]


def test_a_new_name_is_taken_over_and_everything_else_is_kept(session):
    content = csv_file(
        (*HEADER, "name_en"), (world.VILLAGE_A1, "青山新村", "village", ""), (world.TOWN_A, "青石镇", "township", "")
    )
    assert take_in(session, content) == AreaCounts(0, 1, 1)
    assert session.get_one(Area, world.VILLAGE_A1).name == "青山新村"
    assert session.get_one(Area, world.TOWN_A).name_en == "Qingshi"


def test_children_may_stand_before_their_parents(session):
    assert take_in(session, csv_file(HEADER, *reversed(GOOD))).new == 4


def test_dates_say_from_when_and_until_when_an_area_exists(session):
    content = csv_file((*HEADER, "valid_from", "valid_until"), ("9931", "新州", "prefecture", "2020-01-01", ""))
    take_in(session, content)
    ended = csv_file((*HEADER, "valid_until"), ("9931", "新州", "prefecture", "2026-12-31"), ("9932", "又一州", "prefecture", ""))
    assert take_in(session, ended, since=date(2027, 1, 1)) == AreaCounts(1, 1, 0)
    one, other = session.get_one(Area, "993100000000"), session.get_one(Area, "993200000000")
    session.refresh(one)
    assert (one.valid_from, one.valid_until) == (date(2020, 1, 1), date(2026, 12, 31))
    assert (other.valid_from, other.valid_until) == (date(2027, 1, 1), None)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("99312", "坏", "county"), "code_bad"),
        (("99312a", "坏", "county"), "code_bad"),
        (("003121", "坏", "county"), "code_bad"),
        (("９９３１２２", "坏", "county"), "code_bad"),
        (("9.93121E+11", "坏", "village"), "code_scientific"),
        (("993122", "坏", "township"), "level_contradicts"),
        (("993122", "坏", "shire"), "level_unknown"),
        (("993122", "", "county"), "name_empty"),
        (("993122", "长" * 61, "county"), "name_long"),
        (("993122", "坏\x07", "county"), "control_character"),
        (("994121", "孤儿县", "county"), "parent_missing"),
        (("993121200201", "孤儿村", "village"), "parent_missing"),
        (("993121", "重复县", "county"), "code_twice"),
        (("993121000000", "重复县", "county"), "code_twice"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_stored(session, row, code):
    before = row_counts(session)
    assert refused(take_in, session, csv_file(HEADER, *GOOD, row)) == [(6, code)]
    assert row_counts(session) == before


def test_a_wrong_date_is_named(session):
    content = csv_file((*HEADER, "valid_from"), ("9931", "新州", "prefecture", "next year"))
    assert refused(take_in, session, content) == [(2, "date_bad")]


def test_codes_that_excel_kept_as_numbers_are_accepted(session):
    assert take_in(session, excel_file(HEADER, (9931, "新州", "prefecture"), (993121.0, "新县", "county"))).new == 2


def test_the_command_names_the_lines_and_changes_nothing(engine, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("seed.commands.upgrade", lambda: None)
    before = row_counts(engine)
    wrong = tmp_path / "wrong.csv"
    wrong.write_bytes("code,name,level\n9931,新州,prefecture\n99312,坏县,county\n".encode())
    assert run(["areas", str(wrong)]) == 1
    assert "第3行：“99312”不是区划代码" in capsys.readouterr().err
    wrong.write_bytes("code,name,level\n9931,新州,prefecture\n".encode("gbk"))
    assert run(["--language", "en", "areas", str(wrong)]) == 1
    assert "Line 2: The text is encoded in GBK" in capsys.readouterr().err
    assert row_counts(engine) == before


def test_the_command_takes_a_made_up_country_in_and_again_without_change(engine, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("seed.commands.upgrade", lambda: None)
    path = tmp_path / "areas.csv"
    path.write_text("\n".join(made_up(21)), encoding="utf-8")
    assert run(["areas", str(path)]) == 0
    villages = 21 * 15 * 14
    assert f"新增{villages + 21 * 15 + 21 + 2 + 1}" in capsys.readouterr().out
    before = row_counts(engine)
    assert run(["areas", str(path)]) == 0
    assert row_counts(engine) == before


def test_a_made_up_country_has_2850_counties_with_unlike_codes():
    counties = [line.split(",")[0] for line in made_up(2850) if line.endswith(",county")]
    assert len(set(counties)) == 2850
    assert next(islice(made_up(1), 1, None)).endswith("province")
