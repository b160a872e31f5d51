"""Language, type size, password, sign-out: one small popover at the top right of every screen."""

from contextlib import suppress

import streamlit as st

from models.db import open_session
from models.rules.errors import AppError
from services.access import Actor
from services.actions import sign_in as sign_in_actions
from ui import sign_in
from ui.i18n import LANGUAGES, Translator
from ui.sign_in_screens import password_form


def account_menu(actor: Actor, t: Translator) -> None:
    """The popover. Its keys hold what the account has, so that a change made in another tab is not changed back here."""
    language_key, type_key = f"my_language_{actor.language}", f"my_large_type_{actor.large_type}"
    with st.container(key="account_menu"), st.popover(actor.name, icon=":material/account_circle:", type="tertiary"):
        st.caption(f"{actor.username} · {t(f'role.{actor.role}')}")
        st.segmented_control(
            t("frame.language"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            default=actor.language,
            required=True,
            key=language_key,
            on_change=_prefer,
            args=(actor, language_key, type_key),
        )
        st.toggle(
            t("frame.large_type"), value=actor.large_type, key=type_key, on_change=_prefer, args=(actor, language_key, type_key)
        )
        with st.expander(t("password.change"), expanded="password_changed" in st.session_state):
            password_form(actor, t)
        # no callback: after a restart the new process does not know it yet, and the click would be lost
        if st.button(t("frame.sign_out"), icon=":material/logout:", width="stretch", key="sign_out"):
            sign_in.sign_out(actor)
            st.rerun()


def _prefer(actor: Actor, language_key: str, type_key: str) -> None:
    language, large = st.session_state[language_key], st.session_state[type_key]
    with suppress(AppError), open_session(write=True) as session:  # signed out meanwhile: this very run says so
        sign_in_actions.set_preferences(session, actor, language=language, large_type=large)
