"""A village logs its week on a phone 360 pixels wide: thirty taps, nothing typed, nothing lost, nothing twice."""

import re

from playwright.sync_api import expect

from tests.browser.recorder import PATH, RECORDER, TITLES, Taps, asleep, box, count, opener, sheet
from tests.browser.steps import open_path, overflow, settled, sign_in

HEAVY = ("vega", "arrow", "DataFrame", "glide", "echarts", "plotly", "deck")  # chunks that only charts and tables need
ROWS = """SELECT count(*) FROM weekly_log l JOIN account a ON a.area_code = l.village_code
    WHERE a.username = :recorder AND l.week = :week"""
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
    sign_in(other, RECORDER, PATH)
    expect(box(other, TITLES[0]).locator("input")).to_be_checked()
    server.stop()
    server.start()
    open_path(log, PATH)
    expect(box(log, TITLES[0]).locator("input")).to_be_checked()


def test_a_double_tap_on_the_length_saves_one_row(log):
    opener(log, "会议").tap()
    sheet(log).get_by_role("radio", name="一", exact=True).tap()
    sheet(log).locator("[class*=st-key-grid_]").get_by_role("radio").nth(0).tap()
    sheet(log).get_by_role("button", name="1小时", exact=True).dblclick()
    settled(log)
    asleep(log)
    expect(log.locator(".st-key-bar")).to_contain_text("1 条")


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
