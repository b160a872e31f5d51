"""One browser tab without a browser: Streamlit's own protocol over its WebSocket, and how long a rerun takes."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE = 60


@dataclass
class Answer:
    """What a run sent: elements and containers by their place on the page, how many bytes, and in which time."""

    seconds: float
    size: int
    deltas: dict[tuple[int, ...], Delta]


class Visitor:
    """A tab at one address, signed in by a cookie."""

    def __init__(self, port: int, path: str, query: str = "", cookie: str = "") -> None:
        self.path, self.query = path, query
        self._hash = ""
        headers = {"Cookie": cookie} if cookie else {}
        self._socket: ClientConnection = connect(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            origin=Origin(f"http://127.0.0.1:{port}"),
            subprotocols=[Subprotocol("streamlit"), Subprotocol("PLACEHOLDER_AUTH_TOKEN")],
            additional_headers=headers,
            max_size=None,
            compression=None,
        )

    def run(self) -> Answer:
        """Ask for one rerun of the whole page and read until it is finished."""
        order = BackMsg()
        order.rerun_script.query_string = self.query
        order.rerun_script.page_script_hash = self._hash
        if not self._hash:
            order.rerun_script.page_name = self.path
        order.rerun_script.context_info.timezone = "Asia/Shanghai"
        order.rerun_script.context_info.locale = "zh-CN"
        started = time.perf_counter()
        self._socket.send(order.SerializeToString())
        answer = Answer(0, 0, {})
        for message in self._messages(answer):
            if message.WhichOneof("type") == "delta":
                answer.deltas[tuple(message.metadata.delta_path)] = message.delta
        answer.seconds = time.perf_counter() - started
        return answer

    def close(self) -> None:
        """Leave."""
        self._socket.close()

    def _messages(self, answer: Answer) -> Iterator[ForwardMsg]:
        running = False
        while True:
            received = self._socket.recv(timeout=PATIENCE)
            assert isinstance(received, bytes)
            answer.size += len(received)
            message = ForwardMsg.FromString(received)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                running, answer.deltas = True, {}
                self._hash = message.new_session.page_script_hash
            elif kind == "navigation":
                self._hash = message.navigation.page_script_hash
            elif kind == "script_finished" and running and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return
            yield message
