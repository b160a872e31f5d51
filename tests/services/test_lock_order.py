"""Chains first, in code order, then rows: on PostgreSQL, where locks are taken row by row, nobody waits in a ring."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from models.db import open_session
from services import audit
from services.access import anonymous
from services.actions import accounts, imports, sign_in
from tests import world
from tests.services.administered import create
from tests.services.imported import csv_file

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)  # SQLite has one writer at a time
RENAMED = csv_file(("username", "name", "role", "area_code"), ("task_force", "新名字", "task_force", world.COUNTY))
MOVED = {"role": "task_force", "area_code": world.CANARY, "department_code": None, "reason": "调动"}


def _disable(session):
    actor = world.persona(session, "security_admin")
    return accounts.disable(session, actor, username="task_force", reason="x")


def _create(session):
    return create(session, world.persona(session, "system_admin"))


def _create_above(session):
    return create(session, world.persona(session, "pref_system"))


def _move(session):
    return accounts.change_role(session, world.persona(session, "pref_security"), username="task_force", **MOVED)


def _end_sessions(session):
    return accounts.end_sessions(session, world.persona(session, "pref_security"), username="task_force")


def _rename(session):
    actor = world.persona(session, "pref_system")
    return imports.accounts_apply(session, actor, content=RENAMED, filename="a.csv", hashes={})


def _enter(session):
    values = {"username": "task_force", "compared": world.PASSWORD_HASH, "session_id": "s", "ticket": "t"}
    return sign_in.succeed(session, anonymous(world.NOW), **values)


def _outcome(engine, act):
    with open_session(engine, write=True) as session:
        try:
            return act(session) is not None
        except Exception as error:
            return type(error).__name__


def _wait_for(engine, waiting):
    """Until so many of this database's connections wait for a lock."""
    count = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
    for _ in range(200):
        with engine.connect() as connection:
            if connection.scalar(count) == waiting:
                return
        time.sleep(0.02)
    raise AssertionError(f"never {waiting} waiting")


@pytest.mark.parametrize(
    ("near", "far", "told"),
    [
        (_disable, _end_sessions, [True, True]),
        (_disable, _move, [True, True]),
        (_disable, _rename, [True, True]),
        (_disable, _enter, [True, "SignedOut"]),
        (_create, _create_above, [True, "NotAllowedNow"]),
    ],
)
def test_who_comes_from_the_county_and_who_comes_from_above_both_get_their_turn(engine, session, pref_admins, near, far, told):
    with ThreadPoolExecutor(2) as pool, open_session(engine, write=True) as first:
        audit.lock(first, world.COUNTY)
        one = pool.submit(_outcome, engine, near)
        _wait_for(engine, 1)
        two = pool.submit(_outcome, engine, far)
        _wait_for(engine, 2)
        first.commit()
        assert [one.result(), two.result()] == told
