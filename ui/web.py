"""What app.py serves beside Streamlit: the session cookie, health, small scripts; and what it adds to every answer."""

import json
import mimetypes
import secrets
from pathlib import Path

from anyio.to_thread import run_sync
from sqlalchemy import text
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.db import open_session
from models.settings import session_limits
from services.access import anonymous
from services.actions import sign_in
from ui import clock, download, first_page
from ui.sign_in import COOKIE

SCRIPTS = Path(__file__).parent / "look"
KEPT_FOR_EVER = "public, immutable, max-age=31536000"  # what stands in it is part of its name
NOT_OF_OUR_PAGE = (b"content-length", b"etag", b"last-modified")
NOT_FORWARDED = {b"accept-encoding", b"if-none-match", b"if-modified-since"}  # we need the page plain and whole
LONGEST_BODY = 1000
NOT_SERVED = {"/_stcore/metrics"}  # Streamlit would tell anybody how many sessions there are
CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob: data:",  # Vega compiles its expressions
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "frame-src 'self' blob: data:",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"content-security-policy", CONTENT_POLICY.encode()),
]


async def session_cookie(request: Request) -> Response:
    """POST a ticket, get the HttpOnly cookie; DELETE takes it back. Same origin only."""
    if request.headers.get("x-requested-with") != "burden" or not _same_origin(request):
        return _answer(403)
    secure = request.headers.get("x-forwarded-proto", request.url.scheme).split(",")[0].strip() == "https"
    if request.method == "DELETE":
        gone = _answer(200)
        gone.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=secure)
        return gone
    ticket, value = await _ticket(request), secrets.token_urlsafe(32)
    if not ticket or not await run_sync(_claim, ticket, value):
        return _answer(400)
    answer = _answer(200)
    age = int(session_limits().hours * 3600)
    answer.set_cookie(COOKIE, value, max_age=age, httponly=True, samesite="lax", secure=secure)
    return answer


def _same_origin(request: Request) -> bool:
    """A browser says where a request comes from; what it does not say, the header that only our script sends does."""
    origin, site = request.headers.get("origin", ""), request.headers.get("sec-fetch-site", "same-origin")
    return site == "same-origin" and (not origin or origin.split("//")[-1] == request.headers.get("host"))


async def _ticket(request: Request) -> str:
    """The ticket in the body; empty for anything that is not the small JSON our script sends."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_BODY:
            return ""
    try:
        ticket = json.loads(body)["ticket"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return ticket if isinstance(ticket, str) else ""


def _answer(status: int) -> JSONResponse:
    return JSONResponse({}, status, headers={"cache-control": "no-store"})


async def health(_request: Request) -> Response:
    """200 when the database answers, 503 when it does not."""
    try:
        await run_sync(_ping)
    except Exception:
        return JSONResponse({"database": "unreachable"}, 503)
    return JSONResponse({"database": "ok"})


async def chrome_script(_request: Request) -> Response:
    """Streamlit's own English strings in Chinese."""
    return FileResponse(SCRIPTS / "chrome.js", media_type="text/javascript", headers={"cache-control": "public, max-age=3600"})


async def icon_font(_request: Request) -> Response:
    """The icons that are drawn."""
    return FileResponse(first_page.ICONS, media_type="font/woff2", headers={"cache-control": KEPT_FOR_EVER})


class Dressed:
    """Middleware: security headers on every answer, bundles compressed, the page in our language and without web fonts."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _value in HEADERS}
                message["headers"] = [*(pair for pair in message["headers"] if pair[0].lower() not in ours), *HEADERS]
            await send(message)

        path, headers = scope["path"], dict(scope["headers"])
        if path in NOT_SERVED:
            return await Response(status_code=404)(scope, receive, with_headers)
        coding = first_page.coding(headers.get(b"accept-encoding", b"").decode("latin-1"))
        if scope["method"] == "GET" and path.startswith("/static/") and coding:
            body = await run_sync(first_page.bundle, path.removeprefix("/static/"), coding)
            if body is not None:
                kind = "text/javascript" if path.endswith(".js") else mimetypes.guess_type(path)[0] or "application/octet-stream"
                kept = {"content-encoding": coding, "vary": "Accept-Encoding", "cache-control": KEPT_FOR_EVER}
                return await Response(body, media_type=kind, headers=kept)(scope, receive, with_headers)
        if scope["method"] == "GET" and not path.startswith(("/_stcore/", "/media/", "/component/", "/static/")):
            plain = [(name, value) for name, value in scope["headers"] if name not in NOT_FORWARDED]
            return await self.app({**scope, "headers": plain}, receive, Rewritten(with_headers, coding))
        return await self.app(scope, receive, with_headers)


class Rewritten:
    """Sends an answer on; if it is Streamlit's page, the whole of it at once and in our words."""

    def __init__(self, send: Send, coding: str) -> None:
        self.send, self.coding = send, coding
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        """One message of the answer."""
        if message["type"] == "http.response.start":
            if dict(message["headers"]).get(b"content-type", b"").startswith(b"text/html"):
                self.start = message
                return
        elif self.start is not None:
            self.body += message.get("body", b"")
            if message.get("more_body"):
                return
            page = await run_sync(first_page.packed, first_page.our_page(self.body), self.coding)
            kept = [(name, value) for name, value in self.start["headers"] if name not in NOT_OF_OUR_PAGE]
            kept += [(b"content-length", str(len(page)).encode()), (b"vary", b"Accept-Encoding")]
            kept += [(b"content-encoding", self.coding.encode())] if self.coding else []
            await self.send({**self.start, "headers": kept})
            message = {"type": "http.response.body", "body": page}
        await self.send(message)


def _claim(ticket: str, cookie: str) -> bool:
    with open_session(write=True) as session:
        return sign_in.claim_cookie(session, anonymous(clock.now()), ticket=ticket, cookie=cookie)


def _ping() -> None:
    with open_session() as session:
        session.execute(text("SELECT 1"))


ROUTES = [
    Route("/auth/session", session_cookie, methods=["POST", "DELETE"]),
    Route("/health", health),
    Route("/burden/chrome.js", chrome_script),
    Route(f"/burden/{first_page.icons_name()}", icon_font),
    *download.ROUTES,
]
MIDDLEWARE = [Middleware(Dressed)]
