"""The two screens before the menu: sign-in, and the first own password."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from html import escape

import streamlit as st

from models.rules.errors import AppError
from models.settings import ROOT
from services.access import Actor
from ui import blocks, look, sign_in
from ui.i18n import LANGUAGES, Translator


@cache
def emblem() -> str:
    """The mark above the name; drawn inside the page, so that nothing is fetched for it."""
    drawn = base64.b64encode((ROOT / "ui/look/icon.png").read_bytes()).decode()
    return f'<img class="emblem" alt="" width="56" height="56" src="data:image/png;base64,{drawn}">'


def sign_in_screen(t: Translator) -> None:
    """The form; on success the page asked for runs again for the new actor."""
    with _card("sign_in"):
        st.html(emblem() + blocks.headline(escape(t("sign_in.headline")), t("sign_in.basis")))
        if sign_in.was_signed_in():
            st.info(t("error.signed_out"), icon=":material/lock_clock:")
        with st.form("sign_in_form", border=False):
            username = st.text_input(t("sign_in.username"), key="typed_username", max_chars=64, autocomplete="username")
            password = st.text_input(
                t("sign_in.password"), type="password", key="typed_password", autocomplete="current-password"
            )
            pressed = st.form_submit_button(t("sign_in.submit"), type="primary", width="stretch")
        if pressed:
            _try(t, sign_in.open_browser, username, password)
        with st.container(horizontal_alignment="center"):
            st.segmented_control(
                t("frame.language"), list(LANGUAGES), format_func=LANGUAGES.__getitem__, key="language", required=True,
                default=t.language, label_visibility="collapsed", on_change=_language_was_chosen,
            )  # fmt: skip
        st.caption(t("sign_in.note"))


def first_password_screen(actor: Actor, t: Translator) -> None:
    """Nothing else opens before the first own password."""
    with _card("first_password", large=t.large):
        st.html(blocks.headline(escape(t("password.headline")), t("password.greeting", name=actor.name)))
        password_form(actor, t)
        if st.button(t("frame.sign_out"), type="tertiary", key="sign_out"):
            sign_in.sign_out(actor)
            st.rerun()


def password_form(actor: Actor, t: Translator) -> None:
    """The old password and twice the new one."""
    with st.form("password_form", border=False):
        st.caption(t("password.rules"))
        old = st.text_input(t("password.old"), type="password", autocomplete="current-password", key="typed_old")
        new = st.text_input(t("password.new"), type="password", autocomplete="new-password", key="typed_new")
        repeated = st.text_input(
            t("password.repeated"), type="password", autocomplete="new-password", key="typed_repeated"
        )  # fmt: skip
        pressed = st.form_submit_button(t("password.submit"), type="primary", width="stretch")
    if st.session_state.pop("password_changed", False):
        st.success(t("password.changed"), icon=":material/check:")
    if pressed:
        _try(t, _change, actor, old, new, repeated)


@contextmanager
def _card(key: str, *, large: bool = False) -> Iterator[None]:
    """A sheet in the middle of the screen."""
    st.html(look.page_style("sign_in", large=large))
    with st.container(horizontal_alignment="center", key="middle"), st.container(key=key, width=440):
        yield


def _change(actor: Actor, old: str, new: str, repeated: str) -> None:
    sign_in.change_password(actor, old, new, repeated)
    st.session_state["password_changed"] = not actor.must_change


def _try(t: Translator, act: Callable[..., None], *values: object) -> None:
    try:
        act(*values)
    except AppError as error:
        st.error(t(f"error.{error.code}", **error.params), icon=":material/error:")
    else:
        st.rerun()


def _language_was_chosen() -> None:
    st.session_state["language_chosen"] = True
