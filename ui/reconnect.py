"""A browser that comes back to a server which does not know it: another replica, one that was restarted, or after a long sleep.

Streamlit keeps the screen as it is and drops the next tap without a word where that tap belongs to a part of the screen that
runs alone, because the new session has no such part yet. Here that tap draws the whole screen as it is stored, and says so.
"""

from typing import Any

import streamlit as st
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession

from ui.i18n import Translator

LOST = "tap_lost"


def keep_taps() -> None:
    """From now on no tap is dropped in silence; called once, before the first visitor."""
    streamlits_own = AppSession.request_rerun

    def request_rerun(self: AppSession, client_state: ClientState | None) -> None:
        streamlits_own(self, whole_screen(self, client_state))

    AppSession.request_rerun = request_rerun  # type: ignore[method-assign]


def whole_screen(session: Any, client_state: ClientState | None) -> ClientState | None:
    """What is asked to run; the whole screen when a session that has not run yet is asked for a part of it."""
    is_new = session._scriptrunner is None and not session._client_state.page_script_hash
    if client_state is None or not client_state.fragment_id or not is_new:
        return client_state
    sent = client_state.widget_states.widgets
    session._session_state[LOST] = "button" if any(one.WhichOneof("value") == "trigger_value" for one in sent) else "choice"
    asked = ClientState()
    asked.CopyFrom(client_state)
    asked.fragment_id = ""
    return asked


def tap_found() -> None:
    """What was tapped is saved after all: a choice, unlike a button, is sent again with everything else on the screen."""
    if st.session_state.get(LOST) == "choice":
        del st.session_state[LOST]


def tell(t: Translator) -> None:
    """After such a tap: that it was not saved."""
    if st.session_state.pop(LOST, None):
        st.toast(t("frame.tap_lost"), icon=":material/sync_problem:", duration="long")
