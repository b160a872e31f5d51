"""Each role's main path, on a phone and on a desktop, in Chinese and in English: signs in, reads its answer, meets no error."""

import re
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from seed.accounts import LOGINS
from services.access import Role
from tests.browser.conftest import DEVICES
from tests.browser.steps import ERRORS, FITS, fill_in, headline, open_path, overflow, settled, sign_in, signed_in, speak
from ui.i18n import translator

PATHS = {  # the first page is where the sign-in leads
    "village": ("weekly_log",),
    "township": ("overview", "points"),
    "taskforce": ("overview", "trends", "targets", "points"),
    "compliance": ("departments", "overview"),
    "department": ("departments",),
    "prefecture": ("overview", "trends"),
    "sysadmin": ("accounts",),
    "secadmin": ("accounts",),
    "auditor": ("audit", "accounts"),
}
UNEXPECTED = re.compile("|".join(re.escape(translator(x)("error.unexpected", id="#").split("#")[0]) for x in ("zh_CN", "en")))


def test_every_role_has_a_main_path():
    assert {login.role for login in LOGINS if login.username in PATHS} == set(Role)


def assert_well(page: Page, where: str) -> str:
    """No error, no traceback, nothing wider than the screen; the headline."""
    assert page.locator(ERRORS).all_inner_texts() == [], where
    text = page.inner_text("body")
    assert "Traceback" not in text, where
    assert not UNEXPECTED.search(text), where
    assert overflow(page) == 0, f"{where} scrolls sideways"
    told = headline(page)
    assert told, f"{where} has no headline"
    return told


@pytest.mark.parametrize("username", PATHS)
def test_a_role_signs_in_and_reads_its_answer_on_a_phone_and_a_desktop_in_both_languages(open_context, server, username):
    """Opened in Chinese on a phone and in English on a desktop; each screen is then looked at in the other width too."""
    speak(server, username, "zh_CN")
    with closing(open_context("phone")) as context:
        page = context.new_page()
        sign_in(page, username)
        expect(page).to_have_url(re.compile(rf"/{PATHS[username][0]}\b"))
        chinese, cookies = _told(page, username, "desktop"), context.cookies()
    speak(server, username, "en")
    with closing(open_context("desktop")) as context:
        context.add_cookies(cookies)
        english = _told(context.new_page(), username, "phone")
    speak(server, username, "zh_CN")
    assert not set(chinese) & set(english), "the same headline in both languages"


def _told(page: Page, username: str, other: str) -> list[str]:
    """The headlines of the role's pages, which are well in this width and in the other device's."""
    told = []
    for stem in PATHS[username]:
        open_path(page, f"/{stem}")
        told.append(assert_well(page, f"{stem} for {username}"))
        before = page.viewport_size
        page.set_viewport_size(DEVICES[other]["viewport"])
        page.wait_for_function(FITS)  # drawings are made anew for the width
        page.set_viewport_size(before)
    return told


def test_the_language_is_switched_from_the_menu_and_remembered(desktop, server):
    speak(server, "auditor", "zh_CN")
    sign_in(desktop, "auditor", "/audit")
    desktop.get_by_test_id("stPopoverButton").first.click()
    desktop.get_by_test_id("stButtonGroup").get_by_text("English", exact=True).click()
    expect(desktop.get_by_role("link", name=translator("en")("page.audit"))).to_be_visible()
    open_path(desktop, "/audit")
    expect(desktop.get_by_role("link", name=translator("en")("page.audit"))).to_be_visible()
    speak(server, "auditor", "zh_CN")


@pytest.mark.parametrize(("username", "stem"), [("village", "trends"), ("department", "overview"), ("sysadmin", "audit")])
def test_an_address_of_somebody_elses_page_shows_nothing_of_it(desktop, username, stem):
    sign_in(desktop, username, f"/{stem}")
    expect(desktop.get_by_text(translator("zh_CN")("error.page_denied"))).to_be_visible()
    expect(desktop.locator("[role=heading], [data-testid=stVegaLiteChart], table")).to_have_count(0)


def test_axis_dates_are_the_same_in_every_zone_of_the_browser(open_context):
    words, cookies = [], []
    for zone in ("UTC", "Etc/GMT-12", "America/Los_Angeles"):
        with closing(open_context("desktop", timezone_id=zone)) as context:
            context.add_cookies(cookies)
            page = context.new_page()
            open_path(page, "/trends")
            if not cookies:
                fill_in(page, "taskforce")
                signed_in(page)
                cookies = context.cookies()
            chart = page.locator("[data-testid=stVegaLiteChart]").first
            expect(chart.locator("svg text").filter(has_text="月").first).to_be_attached()
            words.append(chart.locator("svg text").all_text_contents())
    assert words[0] == words[1] == words[2]


def test_the_first_password_must_be_changed_before_anything_else(phone):
    open_path(phone, "/weekly_log")
    fill_in(phone, "newcomer")
    expect(phone.get_by_text(translator("zh_CN")("password.headline"))).to_be_visible()
    settled(phone)
    assert overflow(phone) == 0
