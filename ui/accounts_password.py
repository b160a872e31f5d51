"""Initial passwords: made here, shown once, kept nowhere."""

import secrets
from html import escape

import streamlit as st

from models.rules.password import initial_password
from ui.shell import Page


def new_password() -> str:
    """A random one that can be read out."""
    return initial_password(secrets.token_bytes(12))


def show_once(page: Page) -> None:
    """The password just made, until somebody says that it is noted."""
    if held := st.session_state.get("accounts_password"):
        username, password = held
        t = page.t
        with st.container(key="shown_once_one", border=True):
            st.html(f'<p>{escape(t("accounts.password_of", username=username))}</p><p class="password">{escape(password)}</p>')
            st.caption(t("accounts.password_once"))
            st.button(t("accounts.password_noted"), on_click=_forget, key="password_noted")


def _forget() -> None:
    st.session_state.pop("accounts_password", None)
