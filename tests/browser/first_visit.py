"""What a first visit costs on a phone's slow link: bytes, requests and seconds until the screen can be used, by kind of file.

`python -m tests.browser.first_visit` prints it for three visits: a stranger's sign-in page, then the same browser's weekly log,
and the weekly log opened cold by who is signed in. The bars are on bytes and requests, which are the same every time.
"""

import sys
import tempfile
import time
from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, PHONE
from tests.browser.server import Server
from tests.browser.steps import fill_in, settled

LINK = {"offline": False, "latency": 400, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
KINDS = {"Document": "page", "Script": "js", "Stylesheet": "css", "Font": "fonts", "Image": "images", "WebSocket": "ws"}
COLUMNS = ("page", "js", "css", "fonts", "images", "ws", "other")
KILOBYTES, REQUESTS = {"sign-in": 680, "weekly log": 130}, {"sign-in": 105, "weekly log": 6}  # the bars: they only go down
TYPING = 4  # seconds, which is quick for a name and a password
PASSWORD, LOG = "input[type=password]", ".st-key-bar"


@dataclass
class Visit:
    """What came over the link since `start`; bytes as they travelled, of the WebSocket as they were before compression."""

    sizes: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    urls: list[str] = field(default_factory=list)
    seconds: float = 0

    @property
    def kilobytes(self) -> float:
        """All of it."""
        return sum(self.sizes.values()) / 1024

    @property
    def requests(self) -> int:
        """All but what came over the WebSocket."""
        return sum(self.counts.values())

    def line(self, name: str) -> str:
        """Below the head."""
        parts = "".join(f"{self.sizes[kind] / 1024:>8.0f}" for kind in COLUMNS)
        return f"{name:<34}{self.seconds:>8.1f}{self.requests:>10}{self.kilobytes:>8.0f}{parts}"


class Watch:
    """Listens to what a page loads, on a slow link if wanted."""

    def __init__(self, page: Page, *, slow: bool) -> None:
        self.page, self.visit, self._kinds = page, Visit(), {}
        self._client = page.context.new_cdp_session(page)
        self._client.send("Network.enable")
        if slow:
            self._client.send("Network.emulateNetworkConditions", LINK)
        self._client.on("Network.responseReceived", self._answered)
        self._client.on("Network.loadingFinished", self._finished)
        self._client.on("Network.webSocketFrameReceived", self._framed)

    def until(self, act: Callable[[], object], shown: str) -> Visit:
        """What it took from an act until something was shown that can be used."""
        self.visit = visit = Visit()
        begun = time.perf_counter()
        act()
        self.page.wait_for_selector(shown, state="visible", timeout=120_000)
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=120_000)
        visit.seconds = time.perf_counter() - begun
        self.page.wait_for_load_state("networkidle")
        settled(self.page)
        return visit

    def _answered(self, told: dict[str, Any]) -> None:
        response = told["response"]
        if not response.get("fromDiskCache") and response["url"].startswith("http"):
            self._kinds[told["requestId"]] = KINDS.get(told["type"], "other")
            self.visit.urls.append(response["url"])

    def _finished(self, told: dict[str, Any]) -> None:
        if kind := self._kinds.pop(told["requestId"], None):
            self.visit.sizes[kind] += int(told["encodedDataLength"])
            self.visit.counts[kind] += 1

    def _framed(self, told: dict[str, Any]) -> None:
        self.visit.sizes["ws"] += len(b64decode(told["response"]["payloadData"]))


def stranger(context: BrowserContext, *, slow: bool) -> tuple[Visit, Visit]:
    """The sign-in page with nothing in the cache, and the recorder's weekly log behind it."""
    page = context.new_page()
    watch = Watch(page, slow=slow)
    first = watch.until(lambda: page.goto("/"), PASSWORD)
    page.wait_for_timeout(TYPING * 1000)  # what is fetched meanwhile is the first visit's
    return first, watch.until(lambda: fill_in(page, "village"), LOG)


def known(context: BrowserContext, *, slow: bool) -> Visit:
    """The weekly log for who is signed in, with whatever the cache holds."""
    page = context.new_page()
    return Watch(page, slow=slow).until(lambda: page.goto("/weekly_log"), LOG)


def main() -> int:
    """The table; 1 past a bar."""
    print(f"{'400 ms, 1.6 Mbit/s':<34}{'seconds':>8}{'requests':>10}{'kB':>8}" + "".join(f"{kind:>8}" for kind in COLUMNS))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder))
        server.seed()
        server.start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            settings = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "base_url": server.base_url} | PHONE
            for context in (browser.new_context(**settings), browser.new_context(**settings)):  # the first warms the server
                told = stranger(context, slow=True)
            again = known(context, slow=True)
            cold = browser.new_context(**settings)
            cold.add_cookies(context.cookies())
            visits = {"sign-in": told[0], "weekly log": told[1], "weekly log, cold": known(cold, slow=True), "and again": again}
        finally:
            browser.close()
            server.stop()
    for name, visit in visits.items():
        print(visit.line(name))
    if "-v" in sys.argv:
        print(*visits["sign-in"].urls, "----", *visits["weekly log"].urls, sep="\n")
    return int(any(visits[name].kilobytes > most for name, most in KILOBYTES.items())) | int(
        any(visits[name].requests > most for name, most in REQUESTS.items())
    )


if __name__ == "__main__":
    sys.exit(main())
