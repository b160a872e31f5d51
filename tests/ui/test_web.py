"""What app.py serves beside Streamlit: the cookie, health, compressed bundles, and headers on everything."""

import gzip
import json

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from models.db import open_session
from models.tables import LoginSession
from services.access import anonymous
from services.actions import sign_in
from tests import world
from tests.ui.asgi import ask
from ui import clock, first_page, web

OURS = {"x-requested-with": "burden"}
HEADERS = ("content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options", "permissions-policy")


def page(_request):
    return HTMLResponse(
        '<html lang="en"><head><title>Streamlit</title>'
        '<link rel="preload" href="./static/media/SourceSans.woff2" /></head></html>',
        headers={"etag": "x", "x-frame-options": "SAMEORIGIN"},
    )


def boom(_request):
    raise RuntimeError("boom")


@pytest.fixture
def app(sqlite_engine, monkeypatch) -> Starlette:
    """Our routes and middleware around a stand-in for Streamlit."""
    monkeypatch.setattr(clock, "now", lambda: world.NOW)
    others = [
        Route("/_stcore/metrics", lambda _request: PlainTextResponse("sessions 42")),
        Route("/boom", boom),
        Route("/{path:path}", page),
    ]
    return Starlette(routes=[*web.ROUTES, *others], middleware=web.MIDDLEWARE)


@pytest.fixture
def ticket(sqlite_engine) -> str:
    """A ticket just issued to the task force."""
    with open_session(sqlite_engine, write=True) as session:
        sign_in.succeed(
            session,
            anonymous(world.NOW),
            username="task_force",
            compared=world.PASSWORD_HASH,
            session_id="fresh",
            ticket="the-ticket",
        )
    return "the-ticket"


def post(app, ticket, **headers):
    given = OURS | {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(app, "POST", "/auth/session", json.dumps({"ticket": ticket}).encode(), given)


def test_a_ticket_becomes_an_http_only_cookie_whose_hash_is_stored(app, ticket, sqlite_engine):
    answer = post(app, ticket)
    assert answer.status == 200
    cookie = answer["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Max-Age=43200" in cookie
    assert "Secure" not in cookie
    assert answer["cache-control"] == "no-store"
    value = cookie.removeprefix("burden_session=").split(";")[0]
    with open_session(sqlite_engine) as session:
        assert sign_in.session_of_cookie(session, anonymous(world.NOW), cookie=value) == "fresh"
        assert value not in session.scalars(select(LoginSession.cookie_hash)).all()


def test_a_ticket_works_once(app, ticket):
    assert post(app, ticket).status == 200
    again = post(app, ticket)
    assert again.status == 400
    assert not again.all("set-cookie")


@pytest.mark.parametrize("said", ["https", "https, http", "HTTPS".lower()])
def test_behind_https_the_cookie_is_secure(app, ticket, said):
    assert "Secure" in post(app, ticket, x_forwarded_proto=said)["set-cookie"]


def test_taking_the_cookie_back_expires_it(app):
    answer = ask(app, "DELETE", "/auth/session", headers=OURS)
    assert answer.status == 200
    assert "Max-Age=0" in answer["set-cookie"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-requested-with": "XMLHttpRequest"},
        OURS | {"origin": "https://elsewhere.test"},
        OURS | {"origin": "http://burden.test.elsewhere.test"},
        OURS | {"origin": "http://burden.test:81"},
        OURS | {"origin": "null"},
        OURS | {"sec-fetch-site": "cross-site"},
        OURS | {"sec-fetch-site": "same-site"},
    ],
)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_another_site_is_refused_and_the_ticket_stays_good(app, ticket, headers, method):
    refused = ask(app, method, "/auth/session", json.dumps({"ticket": ticket}).encode(), headers)
    assert refused.status == 403
    assert not refused.all("set-cookie")
    assert post(app, ticket, origin="http://burden.test").status == 200


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"{",
            b"[]",
            b"5",
            b"null",
            b'"x"',
            b"{}",
            b'{"ticket": null}',
            b'{"ticket": 5}',
            b'{"ticket": ["a"]}',
            b"\xff\xfe",
        ),
        b'{"ticket": "' + b"x" * 2000 + b'"}',
        b"[" * 900,
    ],
)
def test_a_body_that_is_not_ours_is_a_bad_request(app, body):
    assert ask(app, "POST", "/auth/session", body, OURS).status == 400


def test_reading_the_cookie_route_gives_no_cookie(app, ticket):
    assert not ask(app, "GET", f"/auth/session?ticket={ticket}", headers=OURS).all("set-cookie")


@pytest.mark.parametrize(
    "path", ["/", "/trends", "/health", "/auth/session", "/burden/chrome.js", "/_stcore/metrics", "/static/x.js"]
)
def test_security_headers_are_on_every_answer_once(app, path):
    answer = ask(app, "GET", path)
    for name in HEADERS:
        assert len(answer.all(name)) == 1
    assert answer["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["content-security-policy"]


def test_a_page_may_connect_to_nobody_but_this_server(app):
    policy = dict(part.split(" ", 1) for part in ask(app, "GET", "/")["content-security-policy"].split("; "))
    assert set(policy["connect-src"].split()) == {"'self'", "data:", "blob:"}


def test_nobody_is_told_how_many_sessions_there_are(app):
    answer = ask(app, "GET", "/_stcore/metrics")
    assert answer.status == 404
    assert "42" not in answer.text


def test_an_error_shows_no_traceback(app):
    answer = ask(app, "GET", "/boom")
    assert answer.status == 500
    assert "boom" not in answer.text


def test_health_says_whether_the_database_answers(app, monkeypatch):
    good = ask(app, "GET", "/health")
    assert (good.status, json.loads(good.text)) == (200, {"database": "ok"})

    def unreachable():
        raise OperationalError("SELECT 1", {}, Exception("secret-host refused"))

    monkeypatch.setattr(web, "_ping", unreachable)
    bad = ask(app, "GET", "/health")
    assert bad.status == 503
    assert "secret-host" not in bad.text


def test_the_page_is_chinese_without_the_web_font_and_with_our_script(app):
    answer = ask(app, "GET", "/trends", headers={"if-none-match": "x"})
    assert answer.status == 200
    assert '<html lang="zh-CN">' in answer.text
    assert "SourceSans" not in answer.text
    assert '<script async src="./burden/chrome.js"></script></head>' in answer.text
    assert not answer.all("etag")
    assert int(answer["content-length"]) == len(answer.body)


def test_our_script_is_served(app):
    answer = ask(app, "GET", "/burden/chrome.js")
    assert answer["content-type"].startswith("text/javascript")
    assert "MutationObserver" in answer.text


def test_bundles_are_gzipped_and_kept_for_ever(app):
    name = next((first_page.STATIC / "static" / "js").glob("index.*.js"))
    answer = ask(app, "GET", f"/static/js/{name.name}", headers={"accept-encoding": "gzip"})
    assert answer["content-encoding"] == "gzip"
    assert answer["content-type"].startswith("text/javascript")
    assert "immutable" in answer["cache-control"]
    assert gzip.decompress(answer.body) == name.read_bytes()
    assert len(answer.body) < name.stat().st_size / 2


def test_who_does_not_take_gzip_gets_streamlits_own_answer(app):
    name = next((first_page.STATIC / "static" / "js").glob("index.*.js"))
    answer = ask(app, "GET", f"/static/js/{name.name}", headers={"accept-encoding": "identity"})
    assert not answer.all("content-encoding")


@pytest.mark.parametrize(
    "name", ["../../__init__.py", "js/../../../config.py", "nothing.js", "js", "../index.html", "/etc/passwd"]
)
def test_only_streamlits_bundles_are_compressed(name):
    assert first_page.bundle(name, "gzip") is None
