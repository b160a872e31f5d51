"""Files over HTTP: the same figures as on the screen, for who may see them, asked anew each time."""

import csv
import io
from urllib.parse import unquote

import openpyxl
import pytest
from sqlalchemy import Engine, update

from models.db import open_session
from models.rules.measure import Unit
from models.tables import Account, LoginSession, WeeklyLog
from services.queries import trends
from services.sessions import digest
from tests import world
from tests.logged import Received, week_of
from tests.ui.http import get
from ui import clock, trends_frames
from ui.i18n import translator
from ui.trends_choice import Choice

ADDRESS = f"?county={world.COUNTY}&measure=meeting&unit=hours&period=13"
USERS = ("task_force", "township_liaison", "village_recorder", "department", "canary_task_force")


@pytest.fixture(autouse=True)
def browsers(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Every user's browser holds a cookie of the user's name; a few weeks are reported."""
    monkeypatch.setattr(clock, "now", lambda: world.NOW)
    with open_session(sqlite_engine, write=True) as session:
        for user in USERS:
            row = session.get_one(LoginSession, f"session-{user}")
            row.cookie_hash = digest(user)
        for back in range(10):
            week_of(session, world.VILLAGE_A1, world.WEEK - back, Received(back + 1, minutes=50))
            week_of(session, world.VILLAGE_B1, world.WEEK - back)
            week_of(session, world.VILLAGE_C1, world.WEEK - back, Received(back + 1, minutes=900, department=world.CANARY_DEPT))
        session.commit()
    return sqlite_engine


def test_screen_csv_and_excel_tell_the_same_sum(browsers):
    choice = Choice(unit=Unit.HOURS, period="13")
    with open_session(browsers) as session:
        actor = world.persona(session, "task_force")
        found = trends.picture(session, actor, **choice.params(world.COUNTY, world.NOW, world.TODAY))
    rows = list(csv.reader(io.StringIO(get(f"/export/trends.csv{ADDRESS}", "task_force").body.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(get(f"/export/trends.xlsx{ADDRESS}", "task_force").body)).worksheets[0]
    column = rows[0].index("合计（小时）")
    in_csv = sum(float(row[column]) for row in rows[1:-1] if row[column])
    in_excel = sum(cell.value for cell in sheet[chr(ord("A") + column)][1:-1] if cell.value is not None)
    on_screen = trends_frames.table(found, choice, translator("zh_CN")).total.iloc[-1]
    assert in_csv == pytest.approx(in_excel) == pytest.approx(9 * 50 / 60)
    assert on_screen == "7.5"
    assert len(rows) == 15


def test_the_running_week_stands_last_and_says_so_once_it_is_reported(browsers):
    def last_row():
        body = get(f"/export/trends.csv{ADDRESS}", "task_force").body.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(body)))[-1]

    row = last_row()
    assert (row["ISO 周"], row["状态"], float(row["合计（小时）"])) == (world.WEEK.label, "进行中", pytest.approx(50 / 60))
    with open_session(browsers, write=True) as session:
        session.execute(update(WeeklyLog).where(WeeklyLog.week == world.WEEK.monday).values(state="draft", zero=False))
        session.commit()
    assert last_row()["状态"] == "暂定"


def test_a_week_nobody_reported_is_empty_and_not_zero():
    rows = list(csv.reader(io.StringIO(get(f"/export/trends.csv{ADDRESS}", "task_force").body.decode("utf-8-sig"))))
    assert rows[1][rows[0].index("周均")] == ""
    assert rows[1][rows[0].index("缺报")] == "4"


def test_excel_says_what_was_asked_and_what_it_rests_on():
    answer = get(f"/export/trends.xlsx{ADDRESS}&township={world.TOWN_B}&department={world.AGRI}", "task_force")
    about = {row[0].value: row[1].value for row in openpyxl.load_workbook(io.BytesIO(answer.body)).worksheets[1]}
    assert (about["乡镇"], about["部门"], about["时段"]) == ("大坪乡", "农业农村局", "近 13 周")
    assert about["可比的点"] == "1/2 · 近 4 周和基期都只用两段时间都报了的点；至少要 80%"


def test_the_file_is_named_in_chinese():
    disposition = get(f"/export/trends.csv{ADDRESS}", "task_force").headers["content-disposition"]
    assert unquote(disposition.split("UTF-8''")[1]) == "示例县-会议趋势-20261118.csv"
    assert disposition.isascii()


@pytest.mark.parametrize(
    ("cookie", "address", "status"),
    [
        ("", ADDRESS, 401),
        ("stolen", ADDRESS, 401),
        ("village_recorder", ADDRESS, 403),
        ("department", ADDRESS, 403),
        ("canary_task_force", ADDRESS, 404),
        ("task_force", f"?county={world.CANARY}", 404),
        ("task_force", "", 404),
        ("task_force", "?county=%00&measure=x&period=99999999999", 400),
    ],
)
def test_only_who_may_see_the_figures_gets_the_file(cookie, address, status):
    answer = get(f"/export/trends.csv{address}", cookie)
    assert answer.status == status
    assert b"CANARY" not in answer.body


@pytest.mark.parametrize("name", ["trends.pdf", "accounts.csv", "trends.csv.exe"])
def test_a_name_that_nobody_registered_is_not_found(name):
    assert get(f"/export/{name}{ADDRESS}", "task_force").status == 404


def test_a_township_gets_its_own_figures_only():
    body = get(f"/export/trends.csv{ADDRESS}", "township_liaison").body.decode("utf-8-sig")
    expected = [row["应报"] for row in csv.DictReader(io.StringIO(body))]
    assert set(expected) == {"2"}
    assert b"CANARY" not in get(f"/export/trends.xlsx{ADDRESS}", "township_liaison").body


@pytest.mark.parametrize("statement", ["disabled", "ended"])
def test_a_disabled_account_and_an_ended_session_get_nothing(browsers, statement):
    with open_session(browsers, write=True) as session:
        if statement == "disabled":
            session.execute(update(Account).where(Account.username == "task_force").values(active=False))
        else:
            session.execute(update(LoginSession).where(LoginSession.username == "task_force").values(ended_at=world.NOW))
        session.commit()
    assert get(f"/export/trends.csv{ADDRESS}", "task_force").status == 401


def test_wrong_values_fall_back_to_defaults():
    asked = f"?county={world.COUNTY}&measure=gossip&unit=%3Cscript%3E&period=-4&township=x&department=%27"
    assert get(f"/export/trends.csv{asked}", "task_force").status == 200
