"""Asking an ASGI app without a network: one request, one answer."""

import asyncio
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """Status, headers as they were sent (names in lower case), body as it was sent."""

    status: int
    pairs: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Every header of that name."""
        return [value for key, value in self.pairs if key == name]

    def __getitem__(self, name: str) -> str:
        (value,) = self.all(name)
        return value

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


def ask(app: Any, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
    """The app's answer. An error that the app lets through after answering is its server's to log, not ours."""
    return asyncio.run(_ask(app, method, path, body, {"host": "burden.test", **(headers or {})}))


async def _ask(app: Any, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
    scope = {
        "type": "http", "http_version": "1.1", "method": method, "scheme": "http", "path": path, "raw_path": path.encode(),
        "query_string": b"", "root_path": "", "client": ("127.0.0.1", 1), "server": ("burden.test", 80),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    halves = [body[: len(body) // 2], body[len(body) // 2 :]]  # a body never comes as one piece for sure
    waiting = [{"type": "http.request", "body": half, "more_body": n == 0} for n, half in enumerate(halves)]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.Event().wait()  # the asker stays
        return waiting.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    try:
        await app(scope, receive, send)
    except RuntimeError:
        assert sent, "nothing was answered"
    start = sent[0]
    pairs = [(name.decode().lower(), value.decode()) for name, value in start["headers"]]
    return Answer(start["status"], pairs, b"".join(message.get("body", b"") for message in sent[1:]))
