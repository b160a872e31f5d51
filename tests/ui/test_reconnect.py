"""A tap that reaches a server which has never seen the screen draws the whole of it, and is not dropped."""

from types import SimpleNamespace

import pytest
from streamlit.proto.ClientState_pb2 import ClientState

from ui.reconnect import LOST, whole_screen


def session(*, page="", runner=None):
    state = ClientState()
    state.page_script_hash = page
    return SimpleNamespace(_scriptrunner=runner, _client_state=state, _session_state={})


def tap(fragment=""):
    state = ClientState()
    state.fragment_id, state.page_script_hash, state.query_string = fragment, "page", "week=2026-W46"
    return state


def test_a_new_session_asked_for_a_part_draws_the_whole_screen_and_knows_that_a_tap_was_lost():
    new, asked = session(), tap("part")
    drawn = whole_screen(new, asked)
    assert (drawn.fragment_id, drawn.page_script_hash, drawn.query_string) == ("", "page", "week=2026-W46")
    assert asked.fragment_id == "part"
    assert new._session_state == {LOST: "choice"}


def test_it_knows_whether_a_button_was_lost_which_is_not_sent_again():
    new, asked = session(), tap("part")
    asked.widget_states.widgets.add(id="box").bool_value = True
    asked.widget_states.widgets.add(id="button").trigger_value = True
    whole_screen(new, asked)
    assert new._session_state == {LOST: "button"}


@pytest.mark.parametrize(("known", "asked"), [
    (session(page="page"), tap("part")),  # it has run: a part that is gone was removed on purpose
    (session(runner=object()), tap("part")),
    (session(), tap()),
    (session(), None),
])  # fmt: skip
def test_everything_else_is_left_to_streamlit(known, asked):
    assert whole_screen(known, asked) is asked
    assert known._session_state == {}
