"""A browser tab that taps: Streamlit's protocol over its WebSocket, without a browser, many of them in one process."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Self

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE = 60  # seconds
TRIGGERS = {"button"}


@dataclass
class Widget:
    """What can be tapped: the element, and the part of the screen that alone runs for it."""

    kind: str
    proto: Any
    fragment: str

    @property
    def is_on(self) -> bool:
        """Of a box: whether it is ticked on the server's side."""
        return bool(self.proto.value if self.proto.set_value else self.proto.default)


@dataclass
class Tab:
    """One tab at one address. `problems` is everything that somebody would have to be told about."""

    socket: ClientConnection
    path: str
    query: str
    widgets: dict[str, Widget] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    size: int = 0
    _hash: str = ""
    _part: str = ""
    _kept: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    async def open(cls, port: int, path: str, query: str, cookie: str) -> Self:
        """Connected, and nothing asked for yet."""
        origin, words = Origin(f"http://127.0.0.1:{port}"), [Subprotocol("streamlit"), Subprotocol("PLACEHOLDER_AUTH_TOKEN")]
        address = f"ws://127.0.0.1:{port}/_stcore/stream"
        headers = {"Cookie": cookie}
        socket = await connect(
            address, origin=origin, subprotocols=words, additional_headers=headers, max_size=None, compression=None,
            open_timeout=PATIENCE, ping_interval=None,
        )  # fmt: skip
        return cls(socket, path, query)

    async def run(self) -> None:
        """The whole screen."""
        await self._ask(BackMsg())

    async def tap(self, key: str) -> None:
        """A button is pressed, a box turned round; only its part of the screen runs."""
        widget, order = self.widgets[key], BackMsg()
        state = WidgetState(id=widget.proto.id)
        if widget.kind in TRIGGERS:
            state.trigger_value = True
        else:
            state.bool_value = not widget.is_on
        order.rerun_script.widget_states.widgets.append(state)
        order.rerun_script.fragment_id = widget.fragment
        await self._ask(order)

    async def go(self, path: str) -> None:
        """Another page, as a tap in the menu opens it."""
        self.path, self._hash = path, self.pages[path]
        await self.run()

    async def _ask(self, order: BackMsg) -> None:
        asked = order.rerun_script
        asked.query_string, asked.page_script_hash = self.query, self._hash
        if not self._hash:
            asked.page_name = self.path
        asked.cached_message_hashes.extend(self._kept)
        asked.context_info.timezone, asked.context_info.locale = "Asia/Shanghai", "zh-CN"
        self._part = asked.fragment_id
        begun = time.perf_counter()
        await self.socket.send(order.SerializeToString())
        running = False
        while True:
            message = self._message(await asyncio.wait_for(self.socket.recv(), PATIENCE))
            running = running or message.WhichOneof("type") == "new_session"
            if self._learned(message) and running:
                break
        self.seconds.append(time.perf_counter() - begun)

    def _message(self, received: str | bytes) -> ForwardMsg:
        assert isinstance(received, bytes)
        self.size += len(received)
        message = ForwardMsg.FromString(received)
        if message.metadata.cacheable and message.hash:
            self._kept[message.hash] = received
        if message.WhichOneof("type") != "ref_hash":
            return message
        known = ForwardMsg.FromString(self._kept[message.ref_hash])
        known.metadata.CopyFrom(message.metadata)
        return known

    def _learned(self, message: ForwardMsg) -> bool:
        """Whether the run is finished."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._hash = message.new_session.page_script_hash or self._hash
            part, self._part = self._part, ""  # a part may have the whole drawn again
            self.widgets = {key: one for key, one in self.widgets.items() if part and one.fragment != part}
        elif kind == "navigation":
            self._hash = message.navigation.page_script_hash
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._drawn(message.delta)
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                self.problems.append("the script did not run")
            return bool(message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN)
        return False

    def _drawn(self, delta: Delta) -> None:
        kind = str(delta.new_element.WhichOneof("type"))
        proto = getattr(delta.new_element, kind)
        if kind == "exception" or (kind == "alert" and proto.format == Alert.ERROR):
            self.problems.append(str(getattr(proto, "message", "") or getattr(proto, "body", "")))
        name = str(getattr(proto, "id", ""))
        if name.startswith("$$") and kind in ("button", "checkbox"):
            self.widgets[name.split("-", 2)[-1]] = Widget(kind, proto, delta.fragment_id)
