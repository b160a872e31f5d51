"""One GET against the routes beside Streamlit, without a server: `get("/export/trends.csv?…", cookie="…")`."""

from dataclasses import dataclass
from typing import Any

import anyio
from starlette.applications import Starlette

from ui.sign_in import COOKIE
from ui.web import ROUTES


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def get(address: str, cookie: str = "") -> Answer:
    """The answer to one request."""
    path, _, query = address.partition("?")
    headers = [(b"host", b"test"), *([(b"cookie", f"{COOKIE}={cookie}".encode())] if cookie else [])]
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "",
        "query_string": query.encode(), "headers": headers, "scheme": "http", "server": ("test", 80), "client": ("test", 1),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def run() -> None:
        await Starlette(routes=ROUTES)(scope, receive, send)

    anyio.run(run)
    headers_back = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers_back, b"".join(message.get("body", b"") for message in sent[1:]))
