"""What every browser test does: open, sign in, wait until the screen has settled."""

import sqlite3
from contextlib import closing

from playwright.sync_api import Page, expect

from seed.accounts import PASSWORD
from tests.browser.server import Server
from ui.i18n import translator

READY = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
ERRORS = "[data-testid=stException], [data-testid=stAlertContentError]"

FITS = """() => [document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')]
    .every((part) => part.scrollWidth <= part.clientWidth)"""


def settled(page: Page) -> None:
    """Wait until the server has nothing more to send; stays so for a moment, for a rerun may follow a run."""
    for _ in range(2):
        page.wait_for_selector(READY)
        page.wait_for_timeout(250)
    page.wait_for_selector(READY)


def open_path(page: Page, path: str = "/") -> None:
    """Open an address of the server."""
    page.goto(path)
    settled(page)


def sign_in(page: Page, username: str, path: str = "/", password: str = PASSWORD, language: str = "zh_CN") -> None:
    """Fill the sign-in form at an address and wait for the screen behind it."""
    open_path(page, path)
    fill_in(page, username, password, language)
    signed_in(page)


def signed_in(page: Page) -> None:
    """Wait for the screen behind the sign-in form."""
    expect(page.locator("input[type=password]")).to_have_count(0, timeout=60_000)
    settled(page)


def fill_in(page: Page, username: str, password: str = PASSWORD, language: str = "zh_CN") -> None:
    """The sign-in form, filled and sent."""
    t = translator(language)
    page.get_by_label(t("sign_in.username"), exact=True).fill(username)
    page.locator("input[type=password]").fill(password)
    page.locator("input[type=password]").press("Tab")
    page.get_by_role("button", name=t("sign_in.submit"), exact=True).click()


def overflow(page: Page) -> int:
    """By how many pixels the screen is wider than its window."""
    wider = (
        "[document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')].map(e => e.scrollWidth - e.clientWidth)"
    )
    return int(max(page.evaluate(wider)))


def headline(page: Page) -> str:
    """The screen's answer: its main heading."""
    return page.locator("[role=heading][aria-level='1'], h1").first.inner_text().strip()


def speak(server: Server, username: str, language: str) -> None:
    """Set an account's language as if it had been chosen before."""
    with closing(sqlite3.connect(server.folder / "burden.db", timeout=15)) as database, database:
        database.execute("UPDATE account SET language = ? WHERE username = ?", (language, username))
