"""Departments as a file: the same figures as on the screen, and nothing that the screen would hide."""

import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import Engine

from models.db import open_session
from models.tables import LoginSession
from services.sessions import digest
from tests import world
from tests.held import ALL, group, held, log, quota
from tests.ui.http import get
from tests.world import AGRI, FIRE
from ui import clock

ADDRESS = f"?county={world.COUNTY}&period=2026"


@pytest.fixture(autouse=True)
def browsers(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every user's browser holds a cookie of the user's name; emergency management is over, agriculture has few events."""
    monkeypatch.setattr(clock, "now", lambda: world.NOW)
    with open_session(sqlite_engine, write=True) as session:
        for user in ("compliance_officer", "department", "village_recorder"):
            session.get_one(LoginSession, f"session-{user}").cookie_hash = digest(user)
        quota(session, FIRE, "inspection", 2)
        quota(session, FIRE, "group", 0)
        quota(session, AGRI, "inspection", 20)
        group(session, 1, FIRE, "=林火群", world.VILLAGE_A1)
        for n in range(4):
            held(session, n, FIRE, date(2026, 3, 2) + timedelta(days=n))
        for n in range(10, 13):
            held(session, n, AGRI, date(2026, 3, 2) + timedelta(days=n), [world.VILLAGE_A1])
        held(session, 40, world.CANARY_DEPT, date(2026, 5, 4), [world.VILLAGE_C1], county=world.CANARY, title="CANARY")
        session.commit()


def rows(address: str, user: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(get(f"/export/departments.csv{address}", user).body.decode("utf-8-sig"))))


def test_the_file_tells_what_the_screen_tells_worst_first():
    found = rows(ADDRESS, "compliance_officer")
    assert [(row["部门"], row["事项"], row["状态"]) for row in found] == [
        ("应急管理局", "工作群", "超额"),
        ("应急管理局", "检查", "超额"),
        ("农业农村局", "检查", "额度内"),
    ]
    fire = found[1]
    assert (fire["额度"], fire["已用"], fire["余量"], fire["越线日期"], fire["越线的一场"]) == (
        "2",
        "4",
        "-2",
        "2026-03-04",
        "事项2",
    )
    assert found[0]["占比"] == ""  # use of a quota of zero has no share
    told = [(row["已报村周"], row["应报村周"], row["是否关账"]) for row in found]
    assert told == [("6", "188", "暂定")] * 3


def test_the_file_has_the_chance_of_overrun_and_says_on_what_it_rests(sqlite_engine: Engine):
    with open_session(sqlite_engine, write=True) as session:
        for n in range(40):
            for village in ALL:
                log(session, village, date(2026, 1, 5) + timedelta(weeks=n))
        session.commit()
    found = {(row["部门"], row["事项"]): row["期末超额的可能"] for row in rows(ADDRESS, "compliance_officer")}
    assert found["应急管理局", "检查"] == ""  # over already
    assert found["应急管理局", "工作群"] == ""  # no pace
    assert 0 <= float(found["农业农村局", "检查"]) < 0.05
    book = openpyxl.load_workbook(io.BytesIO(get(f"/export/departments.xlsx{ADDRESS}", "compliance_officer").body))
    about = {row[0].value: row[1].value for row in book.worksheets[1]}
    assert "照现在的速度" in about["期末超额的可能"]


def test_excel_has_real_numbers_and_dates_and_says_how_to_read_them():
    book = openpyxl.load_workbook(io.BytesIO(get(f"/export/departments.xlsx{ADDRESS}", "compliance_officer").body))
    heads = [cell.value for cell in book.worksheets[0][1]]
    values = dict(zip(heads, [cell.value for cell in book.worksheets[0][3]], strict=True))
    assert (values["已用"], values["占比"], values["越线日期"].date()) == (4, 2, date(2026, 3, 4))
    about = {row[0].value: row[1].value for row in book.worksheets[1]}
    assert (about["地方"], about["时段"], about["事项"]) == ("示例县", "2026年", "全部")
    assert "已报" in about["怎么算的"]


def test_the_file_of_one_measure_and_quarter():
    found = rows(f"?county={world.COUNTY}&period=2026-Q1&measure=inspection", "compliance_officer")
    assert [(row["部门"], row["额度"], row["全年额度"]) for row in found] == [("应急管理局", "1", "2"), ("农业农村局", "5", "20")]


def test_a_department_gets_its_own_row_without_the_small_count():
    found = rows(ADDRESS, "department")
    told = [(row["部门"], row["已用"], row["余量"], row["状态"]) for row in found]
    assert told == [("农业农村局", "", "", "数太少，不显示")] * 4
    body = get(f"/export/departments.csv{ADDRESS}", "department").body.decode("utf-8-sig")
    assert "应急管理局" not in body
    assert world.VILLAGE_A1 not in body


@pytest.mark.parametrize(
    ("user", "address", "status"),
    [
        ("", ADDRESS, 401),
        ("village_recorder", ADDRESS, 403),
        ("compliance_officer", f"?county={world.CANARY}", 404),
        ("compliance_officer", "", 404),
        ("compliance_officer", f"?county={world.COUNTY}&period=9999&measure=plaque", 200),
        ("compliance_officer", f"?county={world.COUNTY}&period=%00", 200),
        ("department", f"?county={world.COUNTY}&period=2026-Q1", 400),
    ],
)
def test_only_who_may_see_the_figures_gets_the_file(user, address, status):
    answer = get(f"/export/departments.csv{address}", user)
    assert answer.status == status
    assert b"CANARY" not in answer.body
