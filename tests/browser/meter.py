"""What a screen costs whoever works on it: taps, keystrokes, swipes, server runs, bytes, seconds."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, WebSocket
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.steps import settled

TAP = 1.2  # seconds of a thumb that knows where to go
IN_REACH = """e => { const r = e.getBoundingClientRect(), top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
    return !!top && (e.contains(top) || top.contains(e)); }"""
HEAD = f"{'':<34}{'taps':>6}{'keys':>6}{'swipes':>8}{'runs':>6}{'kB':>7}{'server s':>10}{'seconds':>9}"


@dataclass
class Cost:
    """`server` is the time from what a tap sent until the last that was answered; `size` counts both ways, before compression."""

    taps: int = 0
    keys: int = 0
    swipes: int = 0
    runs: int = 0
    size: int = 0
    server: float = 0

    @property
    def seconds(self) -> float:
        """A steady thumb, and the server's answers."""
        return self.taps * TAP + self.server

    def line(self, name: str) -> str:
        """Below HEAD."""
        numbers = f"{self.taps:>6}{self.keys:>6}{self.swipes:>8}{self.runs:>6}{self.size / 1024:>7.0f}"
        return f"{name:<34}{numbers}{self.server:>10.1f}{self.seconds:>9.1f}"


class Meter:
    """Made before its page opens anything; `cost` begins anew with `start`."""

    def __init__(self, page: Page) -> None:
        self.page, self.cost = page, Cost()
        self._asked = self._answered = 0.0
        page.on("websocket", self._listen)

    def start(self) -> None:
        """What was opened before does not count."""
        self.cost = Cost()

    def tap(self, target: Locator) -> None:
        """One touch; what has to be moved into reach first costs a swipe, whatever the distance."""
        target.wait_for()
        if not target.evaluate(IN_REACH):
            self.cost.swipes += 1
        self._timed(target.tap)

    def tap_at(self, x: float, y: float) -> None:
        """One touch at a point: a canvas has nothing that could be named."""
        self._timed(lambda: self.page.touchscreen.tap(x, y))

    def type(self, text: str) -> None:
        """Each letter is a keystroke (a Chinese one costs more), and so is Enter."""
        self.page.keyboard.type(text)
        self.cost.keys += len(text) + 1
        self._timed(lambda: self.page.keyboard.press("Enter"), taps=0)

    def _timed(self, act: Callable[[], object], taps: int = 1) -> None:
        self.cost.taps += taps
        self._asked = self._answered = 0.0
        act()
        settled(self.page)
        if self._answered:
            self.cost.server += self._answered - self._asked

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, frame: bytes | str) -> None:
        self._asked = self._asked or time.perf_counter()
        self.cost.size += len(frame)

    def _received(self, frame: bytes | str) -> None:
        self.cost.size += len(frame)
        if self._asked:
            self._answered = time.perf_counter()
        if isinstance(frame, bytes):
            self.cost.runs += ForwardMsg.FromString(frame).WhichOneof("type") == "new_session"
