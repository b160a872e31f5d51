"""Points, departments and accounts at the command line: what the screens do, by the operator of this machine."""

import csv
from pathlib import Path

import bcrypt
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.errors import ImportRefused
from models.tables import Account, AuditEvent, Department, ObservationPoint, Threshold
from seed import commands, lists
from seed.reference import put_reference
from services.access import OPERATOR
from tests import world
from tests.services.imported import csv_file, excel_file, row_counts

DEPARTMENTS = (("code", "area_code", "name", "kind"), ("992121-31", world.COUNTY, "水务局", "government"))
POINTS = (("village_code", "since", "until"), (world.VILLAGE_A1, "2025-06-02", "2026-11-23"))
ACCOUNTS = (("username", "name", "role", "area_code"), ("cun1", "石门村填报员", "village_recorder", world.VILLAGE_B1))
FILES = {"departments": DEPARTMENTS, "points": POINTS, "accounts": ACCOUNTS}
MORE = {
    "departments": ("992121-32", world.COUNTY, "气象局", "vertical"),
    "points": (world.VILLAGE_A2, "2025-06-02"),
    "accounts": ("cun3", "云岭村填报员", "village_recorder", world.VILLAGE_B2),
}
WRONG = {
    "departments": ("x", world.CANARY, "林业局", "government"),
    "points": (world.VILLAGE_C1, "2026-11-23"),
    "accounts": ("cun2", "别县", "village_recorder", world.VILLAGE_C1),
}


@pytest.fixture
def run(engine, tmp_path, monkeypatch, cheap_hashes):
    """`run(noun, content, *words)`: the command on a file with that content."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("seed.commands.upgrade", lambda: None)
    monkeypatch.setattr("seed.lists.engine", lambda: engine)
    monkeypatch.setattr("seed.commands._now", lambda: world.NOW)

    def command(noun, content, *words, language="zh_CN"):
        path = tmp_path / "file"
        path.write_bytes(content)
        return commands.run(["--language", language, noun, str(path), *words])

    return command


def password_files(tmp_path: Path) -> list[Path]:
    return sorted(tmp_path.rglob("passwords*.csv"))


@pytest.mark.parametrize("made", [csv_file, excel_file])
@pytest.mark.parametrize("noun", FILES)
def test_a_file_is_taken_in_by_the_operator_of_the_county_in_its_codes_and_again_without_change(run, engine, capsys, noun, made):
    assert run(noun, made(*FILES[noun])) == 0
    said = capsys.readouterr().out
    assert ("改动1" if noun == "points" else "新增1") in said
    with Session(engine) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == f"imports.{noun}_apply")).one()
        assert (event.username, event.county_code, event.subject) == (OPERATOR, world.COUNTY, "file")
        if noun == "points":
            point = session.scalars(select(ObservationPoint).where(ObservationPoint.village_code == world.VILLAGE_A1)).one()
            assert str(point.until) == "2026-11-23"
        if noun == "departments":
            assert session.get_one(Department, "992121-31").initials == "swj"
    assert run(noun, made(*FILES[noun])) == 0
    assert "未变1" in capsys.readouterr().out


@pytest.mark.parametrize("noun", FILES)
def test_a_stray_line_is_named_in_the_readers_language_and_nothing_is_stored(run, engine, tmp_path, capsys, noun):
    before = row_counts(engine)
    content = csv_file(*FILES[noun], MORE[noun], WRONG[noun])
    for language, line in (("zh_CN", "第4行："), ("en", "Line 4: ")):
        assert run(noun, content, language=language) == 1
        told = capsys.readouterr()
        assert line in told.err
        assert len(told.err.splitlines()) == 2  # how many, and the one
        assert told.out == ""
    assert row_counts(engine) == before
    assert password_files(tmp_path) == []


def test_missing_reference_data_names_the_command_that_puts_it_in(run, engine, capsys):
    with Session(engine) as session:
        session.query(Threshold).delete()
        session.commit()
    assert run("points", csv_file(*POINTS)) == 1
    assert "python -m seed reference" in capsys.readouterr().err


@pytest.mark.parametrize("noun", FILES)
def test_a_check_says_what_would_change_and_changes_nothing(run, engine, tmp_path, capsys, noun):
    before = row_counts(engine)
    assert run(noun, csv_file(*FILES[noun]), "--check") == 0
    said = capsys.readouterr().out
    assert "第2行：" in said
    assert "什么都没有改" in said
    assert ("改动1" if noun == "points" else "新增1") in said
    assert row_counts(engine) == before
    assert password_files(tmp_path) == []


def test_a_check_refuses_a_database_of_another_version_and_leaves_it_so(run, capsys, monkeypatch):
    monkeypatch.setattr("seed.lists.newest", lambda: "a later one")
    monkeypatch.setattr("seed.commands.upgrade", lambda: pytest.fail("a check migrated"))
    assert run("points", csv_file(*POINTS), "--check") == 1
    assert "models.migrate" in capsys.readouterr().err


@pytest.mark.parametrize("named", [False, True])
def test_first_passwords_stand_once_in_a_file_that_only_its_owner_reads(run, engine, tmp_path, capsys, named):
    words = ("--passwords", str(tmp_path / "passwords-mine.csv")) if named else ()
    assert run("accounts", csv_file(*ACCOUNTS), *words) == 0
    said = capsys.readouterr().out
    (file,) = password_files(tmp_path)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent == (tmp_path if named else tmp_path / "data")
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    assert rows[0] == ["用户名", "初始密码"]
    ((username, password),) = rows[1:]
    assert str(file) in said
    assert password not in said
    with Session(engine) as session:
        account = session.get_one(Account, username)
        assert (username, account.active, account.must_change) == ("cun1", False, True)
        assert bcrypt.checkpw(password.encode(), account.password_hash.encode())
    assert run("accounts", csv_file(*ACCOUNTS)) == 0
    assert password_files(tmp_path) == [file]
    assert password not in capsys.readouterr().out


def test_a_file_that_is_there_is_never_written_over(run, engine, tmp_path, capsys):
    kept = tmp_path / "passwords.csv"
    kept.write_text("earlier ones")
    before = row_counts(engine)
    with pytest.raises(SystemExit):
        run("accounts", csv_file(*ACCOUNTS), "--passwords", str(kept))
    assert (kept.read_text(), row_counts(engine)) == ("earlier ones", before)


def test_a_refusal_at_the_last_moment_leaves_no_passwords(run, engine, tmp_path, monkeypatch):
    def refuse(*_args, **_params):
        raise ImportRefused([])

    monkeypatch.setattr(lists.actions, "accounts_apply", refuse)
    assert run("accounts", csv_file(*ACCOUNTS)) == 1
    assert password_files(tmp_path) == []


def test_a_file_without_any_code_has_its_lines_named(run, engine, capsys):
    with Session(engine) as session:
        put_reference(session, world.NOW)
        session.commit()
    assert run("points", csv_file(POINTS[0], ("9.92121E+11", "2026-11-23"))) == 1
    assert "第2行" in capsys.readouterr().err


def test_accounts_of_a_prefecture_and_its_counties_come_in_one_file(run, engine):
    viewer = ("zhou1", "州查看", "prefecture_viewer", world.PREFECTURE)
    assert run("accounts", csv_file(*ACCOUNTS, viewer)) == 0
    with Session(engine) as session:
        assert session.get_one(Account, "zhou1").area_code == world.PREFECTURE
