"""Language, type size, password, sign-out: one small popover at the top right of every screen."""

import streamlit as st

from models.db import open_session
from services.access import Actor
from services.actions import sign_in as sign_in_actions
from ui import sign_in
from ui.i18n import LANGUAGES, Translator


def account_menu(actor: Actor, t: Translator) -> None:
    """Language, type size, password, sign-out: one small popover at the top right of every screen."""
    with st.container(key="account_menu"), st.popover(actor.name, icon=":material/account_circle:", type="tertiary"):
        st.caption(f"{actor.username} · {t(f'role.{actor.role}')}")
        language = st.segmented_control(
            t("frame.language"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            default=actor.language,
            required=True,
            key="my_language",
        )
        large = st.toggle(t("frame.large_type"), value=actor.large_type, key="my_large_type")
        if (language, large) != (actor.language, actor.large_type):
            with open_session(write=True) as session:
                sign_in_actions.set_preferences(session, actor, language=language, large_type=large)
            st.rerun()
        with st.expander(t("password.change")):
            sign_in.change_password_form(actor, t)
        if st.button(t("frame.sign_out"), icon=":material/logout:", width="stretch", key="sign_out"):
            sign_in.sign_out(actor)
            st.rerun()
