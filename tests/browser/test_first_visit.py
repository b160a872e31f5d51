"""What a stranger meets: the sign-in form, in Chinese, light, and from this server alone."""

import pytest
from playwright.sync_api import expect

from seed.accounts import LOGINS
from tests.browser import first_visit
from tests.browser.steps import open_path, overflow, settled
from ui.i18n import translator

ZH, EN = translator("zh_CN"), translator("en")
HEAVY = ("vega", "arrow", "DataFrame", "glide", "echarts", "plotly", "deck")  # chunks that only charts and tables need


@pytest.mark.parametrize("path", ["/", "/trends", "/weekly_log?week=2026-W47", "/no_such_page"])
def test_every_address_asks_a_stranger_to_sign_in(phone, path):
    open_path(phone, path)
    expect(phone.get_by_label(ZH("sign_in.username"), exact=True)).to_be_visible()
    expect(phone.get_by_role("button", name=ZH("sign_in.submit"), exact=True)).to_be_visible()
    assert overflow(phone) == 0


def test_who_starts_the_server_is_told_every_login_and_the_address(server):
    assert all(f"  {login.username} " in server.log for login in LOGINS)
    assert f"http://127.0.0.1:{server.port}" in server.log


def test_the_page_says_that_it_is_chinese(desktop):
    open_path(desktop)
    assert desktop.evaluate("document.documentElement.lang") == "zh-CN"
    assert desktop.title() == ZH("frame.product")


def test_english_is_one_tap_away(desktop):
    open_path(desktop)
    desktop.get_by_role("radio", name="English").or_(desktop.get_by_role("button", name="English")).first.click()
    expect(desktop.get_by_label(EN("sign_in.username"), exact=True)).to_be_visible()
    settled(desktop)


def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(desktop):
    for name in ("taskforce", "nobody_of_that_name"):
        open_path(desktop)
        desktop.get_by_label(ZH("sign_in.username"), exact=True).fill(name)
        desktop.locator("input[type=password]").fill("not the password")
        desktop.locator("input[type=password]").press("Enter")
        expect(desktop.get_by_text(ZH("error.wrong_password"))).to_be_visible()


def test_the_sign_in_form_loads_no_charts_and_no_tables(desktop):
    asked: list[str] = []
    desktop.on("request", lambda request: asked.append(request.url))
    open_path(desktop)
    assert asked
    heavy = [url for url in asked if any(word.lower() in url.lower() for word in HEAVY)]
    assert heavy == []


def test_the_watch_notices_another_host(desktop, troubles):
    open_path(desktop)
    desktop.evaluate("new Image().src = 'http://192.0.2.1/pixel.png'")
    desktop.wait_for_timeout(300)
    assert any("192.0.2.1" in trouble for trouble in troubles)
    troubles.clear()


def test_the_watch_notices_an_uncaught_error(desktop, troubles):
    open_path(desktop)
    desktop.evaluate("setTimeout(() => { throw new Error('on purpose') })")
    desktop.wait_for_timeout(300)
    assert any("on purpose" in trouble for trouble in troubles)
    troubles.clear()


def test_a_visit_leaves_no_line_per_request_in_the_log(desktop, server):
    open_path(desktop)
    assert "/static/" not in server.log


def test_a_strangers_first_visit_stays_below_its_bars(phone):
    first, log = first_visit.stranger(phone.context, slow=False)
    told = (first.line("sign-in"), log.line("weekly log"))
    assert first.sizes["fonts"] < 30_000, told
    for name, visit in (("sign-in", first), ("weekly log", log)):
        assert visit.kilobytes <= first_visit.KILOBYTES[name], told
        assert visit.requests <= first_visit.REQUESTS[name], told
