"""A village logs its week on a phone 360 pixels wide: thirty taps, nothing typed, nothing lost, nothing twice."""

import re
import sqlite3

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import open_path, overflow, settled, sign_in

RECORDER = "cun1101203"
TITLES = [f"试点{n}号事项" for n in "一二三四五六七八九"]
HEAVY = ("vega", "arrow", "DataFrame", "glide", "echarts", "plotly", "deck")  # chunks that only charts and tables need
NEIGHBOURS = """
import sys
from datetime import UTC, datetime
from sqlalchemy import select
from models.db import open_session
from models.rules.area import ancestor, Level
from models.rules.week import Week, today_at
from models.tables import Account, Department, Entry, Holding, WeeklyLog
from services.access import Actor, Role
from services.actions import weekly_logs
recorder, *titles = sys.argv[1:]
now = datetime.now(UTC)
week = Week.of(today_at(now))
with open_session(write=True) as session:
    home = session.get_one(Account, recorder).area_code
    county = ancestor(home, Level.COUNTY)
    for table in (Entry, WeeklyLog):
        session.query(table).filter_by(county_code=county, village_code=home, week=week.monday).delete()
    groups = session.query(Holding).filter_by(county_code=county, village_code=home)
    groups.filter(Holding.since >= week.monday).delete()
    groups.filter(Holding.until >= week.monday).update({"until": None})
    session.commit()
    department = session.scalars(select(Department.code).where(Department.area_code == county).order_by(Department.code)).first()
    others = [home[:9] + end for end in ("201", "202", "204")]
    for village in others:
        actor = Actor(now, "tester", "tester", Role.VILLAGE_RECORDER, "", village, None, (county,))
        for n, title in enumerate(titles):
            kind = ("meeting", "inspection", "form")[n % 3]
            weekly_logs.add_event(session, actor, week=week, kind=kind, department_code=department, day=week.monday,
                                  minutes=60, title=title, request_id=f"browser-{n}")
"""


class Taps:
    """Counts what the thumb does."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def __call__(self, target: Locator) -> None:
        target.tap()
        self.count += 1
        settled(self.page)


@pytest.fixture
def log(phone, server) -> Page:
    """The recorder's screen, in a week in which three neighbours have logged nine events and the recorder nothing."""
    done = server.run("-c", NEIGHBOURS, RECORDER, *TITLES)
    assert done.returncode == 0, done.stderr
    sign_in(phone, RECORDER)
    return phone


def box(page: Page, title: str) -> Locator:
    return page.locator("label").filter(has_text=title)


def opener(page: Page, name: str) -> Locator:
    return page.locator(".st-key-openers").get_by_role("button", name=name)


def sheet(page: Page) -> Locator:
    return page.get_by_test_id("stPopoverBody")


def asleep(page: Page) -> None:
    """Rows do not take taps for half a second after a sheet has closed."""
    expect(sheet(page)).to_have_count(0)
    page.wait_for_timeout(600)


def count(server, sql: str) -> int:
    with sqlite3.connect(f"file:{server.folder}/burden.db?mode=ro", uri=True) as connection:
        return int(connection.execute(sql, {"recorder": RECORDER}).fetchone()[0])


ROWS = """SELECT count(*) FROM weekly_log l JOIN account a ON a.area_code = l.village_code
    WHERE a.username = :recorder AND l.week = (SELECT max(week) FROM weekly_log)"""
SUBMITS = """SELECT count(*) FROM audit_event e JOIN account a ON a.username = e.username AND a.username = :recorder
    WHERE e.action = 'weekly_logs.submit'"""


def test_the_reference_week_takes_thirty_taps_and_is_submitted_once(log, server):
    before, taps = count(server, SUBMITS), Taps(log)
    for title in TITLES:
        taps(box(log, title))
    for kind, department, length in (("报表", 1, "1小时"), ("会议", 2, "1小时"), ("检查", 3, "2小时"), ("会议", 4, "半小时")):
        taps(opener(log, kind))
        taps(sheet(log).get_by_role("radio", name="一", exact=True))
        taps(sheet(log).locator("[class*=st-key-grid_]").get_by_role("radio").nth(department))
        taps(sheet(log).get_by_role("button", name=length, exact=True))
        asleep(log)
    for grid in ("grid_join", "grid_leave"):
        taps(opener(log, "群"))
        taps(sheet(log).locator(f"[class*=st-key-{grid}]").get_by_role("radio").nth(0))
        asleep(log)
    expect(log.locator(".st-key-bar")).to_contain_text("15 条")
    log.locator(".st-key-log_submit button").dblclick()
    taps.count += 1
    settled(log)
    expect(log.locator(".st-key-bar")).to_contain_text("已提交")
    expect(log.locator(".st-key-reopen")).to_be_visible()
    assert taps.count <= 30
    assert (count(server, ROWS), count(server, SUBMITS) - before) == (1, 1)
    receipt = log.locator(".sums").inner_text()
    assert re.findall(r"(\d+) [次份]", receipt) == ["5", "4", "4"]


def test_a_draft_survives_a_reload_another_phone_and_a_restart(log, server, open_context):
    box(log, TITLES[0]).tap()
    settled(log)
    expect(log.locator(".st-key-bar")).to_contain_text("已存")
    log.reload()
    settled(log)
    expect(box(log, TITLES[0]).locator("input")).to_be_checked()
    other = open_context("phone").new_page()
    sign_in(other, RECORDER)
    expect(box(other, TITLES[0]).locator("input")).to_be_checked()
    server.stop()
    server.start()
    open_path(log, "/weekly_log")
    expect(box(log, TITLES[0]).locator("input")).to_be_checked()


def test_a_double_tap_on_the_length_saves_one_row(log):
    opener(log, "会议").tap()
    sheet(log).locator("[class*=st-key-grid_]").get_by_role("radio").nth(0).tap()
    sheet(log).get_by_role("button", name="1小时", exact=True).dblclick()
    settled(log)
    asleep(log)
    expect(log.locator(".st-key-bar")).to_contain_text("1 条")


def test_a_bad_number_is_told_at_its_field_and_nothing_typed_is_lost(log):
    box(log, TITLES[2]).tap()
    settled(log)
    log.locator("[class*=st-key-edit_e] button").first.tap()
    dialog = log.get_by_role("dialog")
    dialog.get_by_role("radio", name="更多", exact=True).tap()
    field = dialog.get_by_label("一共几个人")
    field.fill("500")
    field.press("Tab")
    dialog.get_by_role("button", name="好了").tap()
    settled(log)
    expect(dialog.get_by_text("人数要在 1 到 99 之间。")).to_be_visible()
    expect(field).to_have_value("500")


def test_the_screen_is_never_wider_than_the_phone_and_every_target_is_thumb_sized(log):
    box(log, TITLES[0]).tap()
    settled(log)
    opener(log, "检查").tap()
    expect(sheet(log)).to_be_visible()
    small = "els => els.filter(e => e.offsetParent && e.getBoundingClientRect().height < 47.5).map(e => e.innerText)"
    targets = (
        "[data-testid=stMain] button, .st-key-openers button, [class*=st-key-row_] label, [data-testid=stPopoverBody] button"
    )
    for width in (320, 360, 390, 430):
        log.set_viewport_size({"width": width, "height": 800})
        log.wait_for_timeout(300)
        assert overflow(log) == 0
        assert log.locator(targets).evaluate_all(small) == []


def test_the_log_loads_no_charts_and_no_tables(log):
    asked: list[str] = []
    log.on("request", lambda request: asked.append(request.url))
    log.reload()
    settled(log)
    assert asked
    assert [url for url in asked if any(word.lower() in url.lower() for word in HEAVY)] == []
