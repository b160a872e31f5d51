"""Initial passwords: made here, shown once, kept nowhere."""

import secrets
from html import escape

import streamlit as st

from models.rules.password import initial_password
from ui.shell import Page


def new_password() -> str:
    """A random one that can be read out."""
    return initial_password(secrets.token_bytes(12))


def keep(place: str, told: str, username: str, password: str) -> None:
    """For `show_once` at the same place, in the next run."""
    st.session_state["accounts_password"] = (place, told, username, password)


def show_once(page: Page, place: str) -> None:
    """The password just made, below the button that made it, until somebody says that it is noted."""
    held = st.session_state.get("accounts_password")
    if held and held[0] == place:
        _, told, username, password = held
        t = page.t
        st.success(told, icon=":material/check:")
        with st.container(key="shown_once_one", border=True):
            st.html(f'<p>{escape(t("accounts.password_of", username=username))}</p><p class="password">{escape(password)}</p>')
            st.caption(t("accounts.password_once"))
            st.button(t("accounts.password_noted"), on_click=_forget, key="password_noted")


def _forget() -> None:
    st.session_state.pop("accounts_password", None)
