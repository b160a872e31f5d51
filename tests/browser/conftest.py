"""Real Chromium against a real server with the demo in it.

Every context is watched: a request to another host, an uncaught error or a refused script fails the test that caused it.
Tests of one room (tests/conftest.py) run one after the other on one server; what a test writes, the next one sees.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from tests.browser.recorder import PATH, RECORDER, neighbours_log
from tests.browser.server import Server
from tests.browser.steps import fill_in, open_path, signed_in

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # what asks for another host is noted, and gets nothing
]
PHONE = {"viewport": {"width": 360, "height": 800}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1440, "height": 900}, "device_scale_factor": 1}
DEVICES = {"phone": PHONE, "desktop": DESKTOP}
LOCAL = {"127.0.0.1"}
HARMLESS = ("data:", "blob:", "about:", "chrome-error:")
NO_BROWSER = "chromium is not installed: run `make tools` where packages may be installed"
HERE = Path(__file__).parent

expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skipped only where there is no browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server with the demo; killed with all its children at the end."""
    made = Server(tmp_path_factory.mktemp("served"))
    made.seed()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="package")
def base_url(server: Server) -> str:
    """Where the server answers."""
    return server.base_url


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Package scope: Playwright's event loop must be gone before other tests start one."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def troubles() -> Iterator[list[str]]:
    """What the watched contexts noticed; a test that expects trouble clears the list."""
    seen: list[str] = []
    yield seen
    assert not seen, "\n".join(seen)


@pytest.fixture
def open_context(browser: Browser, base_url: str, troubles: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """`open_context("phone", timezone_id="Pacific/Auckland", locale="en-US")`: a watched browser profile of its own."""
    opened: list[BrowserContext] = []

    def make(device: str = "desktop", **options: object) -> BrowserContext:
        settings = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "base_url": base_url} | DEVICES[device] | options
        context = browser.new_context(**settings)
        context.set_default_timeout(60_000)
        watch(context, troubles)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def phone(open_context: Callable[..., BrowserContext]) -> Page:
    """A page 360 pixels wide, with touch."""
    return open_context("phone").new_page()


@pytest.fixture
def desktop(open_context: Callable[..., BrowserContext]) -> Page:
    """A page of 1440 × 900."""
    return open_context("desktop").new_page()


@pytest.fixture(scope="package")
def recorder_cookies() -> list[Any]:
    """Of the recorder's sign-in, once one test has signed in: the next ones go on with it."""
    return []


@pytest.fixture
def log(phone: Page, server: Server, recorder_cookies: list[Any]) -> Page:
    """The recorder's screen, in last week, in which three neighbours have logged nine events and the recorder nothing."""
    server.write(neighbours_log)
    phone.context.add_cookies(recorder_cookies)
    open_path(phone, PATH)
    if phone.locator("input[type=password]").count():
        fill_in(phone, RECORDER)
        signed_in(phone)
        recorder_cookies[:] = phone.context.cookies()
    return phone


def watch(context: BrowserContext, troubles: list[str]) -> None:
    """Note requests to other hosts, uncaught errors, refused scripts and drawings that do not know how far they reach."""

    def requested(request: Request) -> None:
        told(request.url, "request")

    def told(url: str, what: str) -> None:
        if not url.startswith(HARMLESS) and urlsplit(url).hostname not in LOCAL:
            troubles.append(f"{what} to a foreign host: {url}")

    def opened(page: Page) -> None:
        page.on("websocket", lambda socket: told(socket.url, "websocket"))
        page.on("crash", lambda _: troubles.append("the page crashed"))

    def said(kind: str, text: str) -> None:
        refused = kind == "error" and ("Uncaught" in text or "Content Security Policy" in text)
        if refused or "Infinite extent" in text:
            troubles.append(f"console: {text[:500]}")

    context.on("request", requested)
    context.on("page", opened)
    context.on("weberror", lambda error: troubles.append(f"uncaught: {error.error.message[:500]}"))
    context.on("console", lambda message: said(message.type, message.text))
