"""Two replicas behind nginx, on PostgreSQL: who is signed in at one is at the other; one dies, and the phone goes on."""

import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import make_url, text

from models.db import make_engine, open_session
from models.rules.week import Week, today_at
from models.settings import secret
from services.access import Actor, Role
from services.actions import weekly_logs
from tests import world
from tests.browser.recorder import box
from tests.browser.replicas import NGINX, NO_NGINX, SHIPPED, Replicas
from tests.browser.steps import settled, sign_in
from tests.conftest import _admin

pytestmark = [pytest.mark.replicas, pytest.mark.skipif(NGINX is None, reason=NO_NGINX)]

OPENSSL = shutil.which("openssl")
LAST_WEEK = Week.of(today_at(datetime.now(UTC))) - 1
PATH = f"/weekly_log?week={LAST_WEEK.label}"
TITLES = ("春耕部署会", "防火部署会")
ENTRIES = text("SELECT count(*) FROM entry WHERE village_code = :village AND week = :week")


@pytest.fixture(scope="module")
def database(postgres_template: str) -> Iterator[str]:
    """The small world on PostgreSQL; last week a neighbour has logged two meetings."""
    _admin(postgres_template, "CREATE DATABASE replicas TEMPLATE template_world")
    url = make_url(postgres_template).set(database="replicas").render_as_string(hide_password=False)
    engine = make_engine(url)
    now = datetime.now(UTC)
    neighbour = Actor(now, "n", "n", Role.VILLAGE_RECORDER, "", world.VILLAGE_A2, None, (world.COUNTY,))
    with open_session(engine, write=True) as session:
        for n, title in enumerate(TITLES):
            what = {"kind": "meeting", "department_code": world.AGRI, "day": LAST_WEEK.monday, "minutes": 60, "title": title}
            weekly_logs.add_event(session, neighbour, week=LAST_WEEK, request_id=f"n{n}", **what)
    engine.dispose()
    yield url
    _admin(postgres_template, "DROP DATABASE replicas WITH (FORCE)")


@pytest.fixture(scope="module")
def replicas(database: str) -> Iterator[Replicas]:
    """They share the database and, through the environment, the secret; nothing else. A short folder: sockets live in it."""
    folder = Path(tempfile.mkdtemp(prefix="burden-"))
    made = Replicas(folder, {"DATABASE_URL": database, "BURDEN_SECRET": secret(), "DEMO": "0"})
    made.start()
    yield made
    made.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def base_url(replicas: Replicas) -> str:
    """The browser's contexts open here, and not at the other tests' server."""
    return replicas.base_url


def test_who_is_signed_in_stays_so_when_a_replica_dies_and_the_draft_too(replicas, database, phone):
    routes = {replicas.of(route): route for route in (f"{n:032x}" for n in range(16))}
    assert set(routes) == {"1", "2"}

    def send_to(name: str) -> None:
        phone.context.add_cookies([{"name": "burden_route", "value": routes[name], "url": replicas.base_url}])

    send_to("1")
    sign_in(phone, "village_recorder", PATH, password=world.PASSWORD)
    assert replicas.served("/auth/session") == ["1"]
    box(phone, TITLES[0]).tap()
    settled(phone)
    expect(phone.locator(".st-key-bar")).to_contain_text("1 条")

    send_to("2")
    phone.reload()
    settled(phone)
    expect(box(phone, TITLES[0]).locator("input")).to_be_checked()  # signed in there too, and the draft is there
    assert replicas.served("/weekly_log")[-1] == "2"

    with phone.expect_websocket():  # the page connects anew by itself
        replicas.kill("2")
    settled(phone)
    box(phone, TITLES[1]).tap()  # without a reload
    settled(phone)
    if not box(phone, TITLES[1]).locator("input").is_checked():  # a replica that has not drawn the screen yet says so
        box(phone, TITLES[1]).tap()
        settled(phone)
    expect(phone.locator(".st-key-bar")).to_contain_text("2 条")
    phone.reload()
    settled(phone)
    for title in TITLES:
        expect(box(phone, title).locator("input")).to_be_checked()
    assert replicas.served("/weekly_log")[-1] == "1"
    engine = make_engine(database)
    with engine.connect() as connection:
        assert connection.scalar(ENTRIES, {"village": world.VILLAGE_A1, "week": LAST_WEEK.monday}) == 2
    engine.dispose()


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed: no certificate can be made")
def test_the_site_with_tls_and_the_one_of_the_compose_file_are_read_by_nginx(tmp_path):
    made = [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=burden"]
    subprocess.run([*made, "-keyout", tmp_path / "key", "-out", tmp_path / "cert"], check=True, capture_output=True)
    places = {
        "/etc/ssl/certs/burden.pem": tmp_path / "cert",
        "/etc/ssl/private/burden.key": tmp_path / "key",
        "/var/cache/nginx/burden": tmp_path / "cache",
        "snippets/burden-server.conf": SHIPPED / "burden-server.conf",
        "include burden-": f"include {SHIPPED}/burden-",
        "replica-": "127.0.0.",  # names that only the compose file's network knows
    }
    site = "".join((SHIPPED / f"{name}.conf").read_text() for name in ("burden-http", "burden-replicas", "site"))
    compose = (SHIPPED.parent / "compose" / "nginx.conf").read_text()
    for text_of in (f"events {{}} http {{ {site} }}", compose):
        for shipped, here in places.items():
            text_of = text_of.replace(shipped, str(here))
        (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\n{text_of}")
        command = [NGINX, "-t", "-q", "-p", tmp_path, "-e", "stderr", "-c", tmp_path / "nginx.conf"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_bundles_are_compressed_and_kept_for_a_year_and_the_routing_cookie_is_given_once(replicas):
    with urllib.request.urlopen(f"{replicas.base_url}/", timeout=5) as page:
        cookie, body = page.headers["Set-Cookie"], page.read().decode()
    assert cookie.startswith("burden_route=")
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    bundle = body.split('src="./static/js/')[1].split('"')[0]
    wanted = urllib.request.Request(f"{replicas.base_url}/static/js/{bundle}", headers={"Accept-Encoding": "gzip"})
    for _ in range(2):  # from a replica, then from nginx's own copy
        with urllib.request.urlopen(wanted, timeout=10) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert "max-age=31536000" in answer.headers["Cache-Control"]
    forged = urllib.request.Request(f"{replicas.base_url}/", headers={"Cookie": "burden_route=../../anything"})
    with urllib.request.urlopen(forged, timeout=5) as page:
        assert page.headers["Set-Cookie"].startswith("burden_route=")
