"""The password's comparison: the library's, over one account, the same for every name."""

import time

import bcrypt
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from models.db import open_session
from models.tables import AuditEvent, SignInFailure
from services import passwords
from tests import world
from ui import sign_in
from ui.sign_in import OneAccount


def fits(username: str, password: str, password_hash: str = world.PASSWORD_HASH) -> bool:
    return AppTest.from_function(_compare, args=(username, password, password_hash)).run().session_state["fits"]


def _compare(username: str, password: str, password_hash: str) -> None:
    import streamlit as st

    from ui.sign_in import password_fits

    st.session_state["fits"] = password_fits(username, password, password_hash)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        (world.PASSWORD, True),
        (world.PASSWORD + " ", False),
        (world.PASSWORD.upper(), False),
        ("", False),
        ("-", False),
        ("x" * 73, False),
        ("中" * 100, False),
        ("with\x00a nul", False),
    ],
)
def test_only_the_password_itself_fits(typed, right):
    assert fits("task_force", typed) is right


def _change(session_id: str, old: str) -> None:
    import streamlit as st

    from models.db import open_session
    from models.rules.errors import AppError
    from services.access import actor_of
    from tests import world
    from ui import sign_in

    with open_session() as session:
        actor = actor_of(session, session_id, world.NOW)
    try:
        sign_in.change_password(actor, old, "a quite different one", "a quite different one")
    except AppError as error:
        st.session_state["refused"] = error.code


def test_a_wrong_old_password_stands_in_the_trail_like_a_wrong_one_at_the_door(sqlite_engine):
    at = AppTest.from_function(_change, args=("session-task_force", "not mine"), default_timeout=20).run()
    assert at.session_state["refused"] == "wrong_old_password"
    with open_session(sqlite_engine) as session:
        told = session.execute(select(AuditEvent.action, AuditEvent.subject, AuditEvent.county_code)).all()
        assert session.get_one(SignInFailure, "task_force").failures == 1
    assert told == [("sign_in.refuse", "task_force", world.COUNTY)]


def test_a_password_of_the_greatest_length_fits_and_one_more_letter_does_not():
    longest = "abcd" * 18
    kept = bcrypt.hashpw(longest.encode(), bcrypt.gensalt(4)).decode()
    assert fits("a", longest, kept)
    assert not fits("a", longest + "e", kept)


def test_the_hash_of_nobody_fits_nothing(monkeypatch):
    monkeypatch.setattr(passwords, "HASH_COST", 4)
    passwords.nobody_hash.cache_clear()
    for typed in ("", "-", world.PASSWORD):
        assert not fits("nobody", typed, passwords.nobody_hash())
    passwords.nobody_hash.cache_clear()


def test_the_library_is_asked_to_compare_whatever_was_typed(monkeypatch):
    """The same work, so the same time: no name and no odd password gets an answer without a comparison."""
    compared = []

    real = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "checkpw", lambda typed, kept: compared.append(kept) or real(typed, kept))
    for username, typed in (
        ("task_force", "wrong"),
        ("nobody", "wrong"),
        ("", "wrong"),
        ("a", "x" * 100),
        ("a", "a\x00"),
        ("a", ""),
    ):
        fits(username, typed)
    assert compared == [world.PASSWORD_HASH.encode()] * 6


def test_a_known_and_an_unknown_name_take_as_long():
    def seconds(kept: str) -> float:
        began = time.process_time()
        sign_in.library()  # imported outside the clock below
        app = AppTest.from_function(_compare, args=("a", "wrong password", kept))
        began = time.process_time()
        app.run()
        return time.process_time() - began

    known = min(seconds(passwords.hash_password("something")) for _ in range(3))
    unknown = min(seconds(passwords.nobody_hash()) for _ in range(3))
    assert 0.5 < known / unknown < 2


def test_the_library_sees_one_account_and_no_other():
    one = OneAccount("zhang", "hash")
    assert (list(one), len(one), one["zhang"]["password"]) == (["zhang"], 1, "hash")
    assert "li" not in one
    with pytest.raises(KeyError):
        one["li"]


def test_streamlits_mock_of_a_cookie_is_nobodys():
    at = AppTest.from_string(
        "import streamlit as st\nfrom ui.sign_in import handshake_cookie\nst.write(repr(handshake_cookie()))"
    ).run()
    assert at.markdown[0].value == "None"
