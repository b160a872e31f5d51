"""A village logs its week on a phone 360 pixels wide: nothing lost, nothing twice, everything in a thumb's reach."""

from playwright.sync_api import expect

from tests.browser.recorder import PATH, RECORDER, TITLES, asleep, box, count, opener, sheet
from tests.browser.steps import overflow, settled, sign_in

HEAVY = ("vega", "arrow", "DataFrame", "glide", "echarts", "plotly", "deck")  # chunks that only charts and tables need
SUBMITS = """SELECT count(*) FROM audit_event e JOIN account a ON a.username = e.username AND a.username = :recorder
    WHERE e.action = 'weekly_logs.submit'"""


def test_a_draft_survives_a_reload_and_another_phone(log, open_context):
    box(log, TITLES[0]).tap()
    settled(log)
    expect(log.locator(".st-key-bar")).to_contain_text("已存")
    log.reload()
    settled(log)
    expect(box(log, TITLES[0]).locator("input")).to_be_checked()
    other = open_context("phone").new_page()
    sign_in(other, RECORDER, PATH)
    expect(box(other, TITLES[0]).locator("input")).to_be_checked()


def test_a_double_tap_and_the_back_button_are_one_row_and_one_receipt(log, server):
    before = count(server, SUBMITS)
    opener(log, "会议").tap()
    sheet(log).get_by_role("radio", name="一", exact=True).tap()
    sheet(log).locator("[class*=st-key-grid_]").get_by_role("radio").nth(0).tap()
    sheet(log).get_by_role("button", name="1小时", exact=True).dblclick()
    settled(log)
    asleep(log)
    expect(log.locator(".st-key-bar")).to_contain_text("1 条")
    log.locator(".st-key-log_submit button").dblclick()
    settled(log)
    expect(log.locator(".st-key-bar")).to_contain_text("已提交")
    expect(log.locator(".st-key-reopen")).to_be_visible()
    receipt = log.locator(".st-key-bar").inner_text()
    log.go_back()
    log.go_forward()
    settled(log)
    expect(log.locator(".st-key-bar")).to_have_text(receipt, use_inner_text=True)
    assert count(server, SUBMITS) - before == 1


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
