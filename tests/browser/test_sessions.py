"""A sign-in lasts as long as it should: through a reload, a new tab and a restart of the server; and no longer."""

from playwright.sync_api import Page, expect

from tests.browser.steps import open_path, settled, sign_in
from ui.i18n import translator

ZH = translator("zh_CN")


def _is_signed_in(page: Page) -> None:
    expect(page.get_by_test_id("stPopoverButton").first).to_be_visible()
    expect(page.locator("input[type=password]")).to_have_count(0)


def _is_signed_out(page: Page) -> None:
    expect(page.get_by_label(ZH("sign_in.username"), exact=True)).to_be_visible()


def _sign_out(page: Page) -> None:
    page.get_by_test_id("stPopoverButton").first.click()
    page.get_by_role("button", name=ZH("frame.sign_out")).click()
    _is_signed_out(page)


def test_a_reload_keeps_the_sign_in_and_the_page(desktop):
    sign_in(desktop, "taskforce", "/points")
    desktop.reload()
    settled(desktop)
    _is_signed_in(desktop)
    assert desktop.url.split("?")[0].endswith("/points")


def test_the_cookie_is_out_of_reach_for_scripts(open_context):
    context = open_context("desktop")
    page = context.new_page()
    sign_in(page, "taskforce")
    cookie = next(cookie for cookie in context.cookies() if cookie["name"] == "burden_session")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert "burden_session" not in page.evaluate("document.cookie")


def test_a_new_tab_is_signed_in_and_a_sign_out_there_ends_both(open_context):
    context = open_context("desktop")
    first = context.new_page()
    sign_in(first, "taskforce", "/points")
    second = context.new_page()
    open_path(second, "/overview")
    _is_signed_in(second)
    _sign_out(second)
    first.bring_to_front()
    first.get_by_role("link", name=ZH("page.targets")).first.click()
    _is_signed_out(first)
    first.reload()
    settled(first)
    _is_signed_out(first)
    assert [cookie for cookie in context.cookies() if cookie["name"] == "burden_session"] == []


def test_another_browser_is_not_signed_in(open_context):
    sign_in(open_context("desktop").new_page(), "taskforce")
    stranger = open_context("desktop").new_page()
    open_path(stranger, "/overview")
    _is_signed_out(stranger)


def test_a_restart_of_the_server_keeps_the_sign_in(desktop, server):
    sign_in(desktop, "taskforce", "/points")
    server.stop()
    server.start()
    desktop.reload()
    settled(desktop)
    _is_signed_in(desktop)
    assert desktop.url.split("?")[0].endswith("/points")
