"""A session: its ticket, its cookie, and how long it lives."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from models import settings
from models.db import open_session
from models.rules.errors import SignedOut
from models.tables import LoginSession
from services import sessions
from services.access import actor_of
from services.actions import sign_in
from tests import world
from tests.services.entering import IDLE, SECOND, WHOLE, claim, enter, whose

pytestmark = pytest.mark.usefixtures("cheap_hashes")


# tickets and cookies


def test_a_ticket_buys_a_cookie_and_the_cookie_means_the_session(session):
    enter(session)
    assert claim(session)
    assert whose(session) == "fresh"
    assert actor_of(session, "fresh", world.NOW).username == "task_force"


def test_a_ticket_works_once(session):
    enter(session)
    assert claim(session)
    assert not claim(session, cookie="another cookie")
    assert whose(session, "another cookie") is None


def test_a_ticket_used_by_many_at_once_works_once(engine, session):
    enter(session)

    def use(n):
        with open_session(engine, write=True) as own:
            return claim(own, cookie=f"cookie {n}")

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(use, range(8))) == 1


def test_a_ticket_lasts_thirty_seconds(session):
    for seconds, works in ((29, True), (30, False), (31, False)):
        enter(session, session_id=f"fresh {seconds}", ticket=f"ticket {seconds}")
        assert claim(session, f"ticket {seconds}", f"cookie {seconds}", world.NOW + seconds * SECOND) is works


def test_a_ticket_of_an_ended_session_buys_nothing(session):
    enter(session)
    sessions.end_all(session, "task_force", world.NOW)
    session.commit()
    assert not claim(session)


def test_a_wrong_ticket_and_an_empty_one_buy_nothing(session):
    enter(session)
    assert not claim(session, "another ticket")
    assert not claim(session, "")


def test_the_database_holds_neither_cookie_nor_ticket(session):
    enter(session)
    claim(session)
    row = session.get_one(LoginSession, "fresh")
    assert "the cookie" not in (row.cookie_hash, row.ticket_hash)
    assert row.ticket_hash is None


def test_the_cookie_of_an_ended_session_signs_nobody_in(session):
    enter(session)
    claim(session)
    sign_in.sign_out(session, actor_of(session, "fresh", world.NOW))
    with pytest.raises(SignedOut):
        actor_of(session, whose(session), world.NOW)


# how long a session lives


def test_idle_for_29_59_is_signed_in_and_for_30_00_is_not(session):
    enter(session)
    assert actor_of(session, "fresh", world.NOW + IDLE - SECOND).username == "task_force"
    with pytest.raises(SignedOut):
        actor_of(session, "fresh", world.NOW + IDLE)


def test_twelve_hours_are_the_end_however_busy(session):
    enter(session)
    now = world.NOW
    while now < world.NOW + WHOLE - timedelta(minutes=20):
        now += timedelta(minutes=20)
        sessions.touch(session, "fresh", now)
    last = world.NOW + WHOLE - SECOND
    sessions.touch(session, "fresh", last)
    assert actor_of(session, "fresh", last).username == "task_force"
    with pytest.raises(SignedOut):
        actor_of(session, "fresh", last + SECOND)


def test_using_a_session_is_noted_at_most_once_a_minute(session):
    enter(session)
    for later, noted in ((59, 0), (61, 61), (90, 61)):
        sessions.touch(session, "fresh", world.NOW + later * SECOND)
        session.expire_all()
        assert session.get_one(LoginSession, "fresh").seen_at == world.NOW + noted * SECOND


def test_how_long_is_configuration(session, monkeypatch):
    monkeypatch.setenv("SESSION_IDLE_MINUTES", "5")
    monkeypatch.setenv("SESSION_HOURS", "1")
    settings.session_limits.cache_clear()
    try:
        enter(session)
        assert session.get_one(LoginSession, "fresh").ends_at == world.NOW + timedelta(hours=1)
        with pytest.raises(SignedOut):
            actor_of(session, "fresh", world.NOW + timedelta(minutes=5))
    finally:
        monkeypatch.undo()
        settings.session_limits.cache_clear()


@pytest.mark.parametrize("value", ["0", "-1", "inf", "nan", "soon"])
def test_a_limit_that_is_no_positive_number_is_refused(monkeypatch, value):
    monkeypatch.setenv("SESSION_HOURS", value)
    settings.session_limits.cache_clear()
    with pytest.raises(ValueError, match=r"SESSION_HOURS|could not convert"):
        settings.session_limits()
    monkeypatch.undo()
    settings.session_limits.cache_clear()
