"""Who is looking: sign-in form, session cookie, first password. streamlit-authenticator over one account at a time.

The library keeps the form's protocol and compares the password; its own cookie is not used (it is readable by scripts and
outlives a log-out). Ours is HttpOnly, set by a route of app.py against a one-time ticket, and means a row on the server.
"""

import secrets
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import streamlit as st
from streamlit_authenticator.controllers.authentication_controller import AuthenticationController

from models.db import open_session
from models.rules.errors import AppError, InvalidInput, SignedOut
from models.rules.password import LONGEST_BYTES
from services.access import Actor, actor_of, anonymous
from services.actions import sign_in
from ui import blocks, clock
from ui.i18n import LANGUAGES, Translator

COOKIE = "burden_session"
_COOKIE_JS = """
const done = new Set();
export default function ({ data }) {
  if (done.has(data.nonce)) return;
  done.add(data.nonce);
  const base = document.querySelector('base')?.href ?? window.location.origin + '/';
  fetch(new URL('auth/session', base), {
    method: data.method, credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'burden' },
    body: JSON.stringify({ ticket: data.ticket }),
  });
}
"""


class OneAccount(Mapping[str, dict[str, Any]]):
    """The library's `credentials["usernames"]` with a single name in it: never all accounts, and never "unknown name"."""

    def __init__(self, username: str, password_hash: str) -> None:
        self._username = username
        self._account: dict[str, Any] = {"name": username, "email": "", "roles": [], "password": password_hash}

    def __getitem__(self, username: str) -> dict[str, Any]:
        if username != self._username:
            raise KeyError(username)
        return self._account

    def __iter__(self) -> Iterator[str]:
        return iter((self._username,))

    def __len__(self) -> int:
        return 1


def password_fits(username: str, password: str, password_hash: str) -> bool:
    """Whether the password is the account's, compared by streamlit-authenticator (bcrypt)."""
    controller = AuthenticationController({"usernames": {}}, None, False, None, None, secrets.token_hex(16), None)
    name = username.strip().lower() or "-"
    controller.authentication_model.credentials["usernames"] = OneAccount(name, password_hash)
    typed = password if 0 < len(password.encode()) <= LONGEST_BYTES else "-"  # bcrypt refuses longer ones: same time, same answer
    fits = controller.login(name, typed) is True and typed == password
    controller.logout()  # only the comparison was wanted; who is signed in is our session's business
    return fits


def current_actor() -> Actor | None:
    """Who is signed in on this browser, read from the database on every run; None for nobody."""
    moment = clock.now()
    with open_session() as session:
        session_id = st.session_state.get("session_id") or _session_of_cookie()
        if not session_id:
            return None
        try:
            actor = actor_of(session, session_id, moment)
        except SignedOut:
            st.session_state["session_id"] = session_id  # remembered as ended: the handshake's cookie is not tried again
            return None
    st.session_state["session_id"] = session_id
    _touch(actor)
    return actor


def form(t: Translator) -> None:
    """The sign-in form; on success the page runs again for the new actor."""
    with st.container(key="sign_in", width=420):
        st.html(blocks.headline(escape(t("sign_in.headline")), t("sign_in.basis")))
        with st.form("sign_in_form", border=False):
            username = st.text_input(t("sign_in.username"), key="typed_username", max_chars=64, autocomplete="username")
            password = st.text_input(
                t("sign_in.password"), type="password", key="typed_password", autocomplete="current-password"
            )
            pressed = st.form_submit_button(t("sign_in.submit"), type="primary", width="stretch")
        if pressed:
            try:
                _open(username, password)
            except AppError as error:
                st.error(t(f"error.{error.code}", **error.params), icon=":material/error:")
            else:
                st.rerun()
        st.segmented_control(
            t("frame.language"), list(LANGUAGES), format_func=LANGUAGES.__getitem__, key="language", required=True,
            default=t.language, label_visibility="collapsed",
        )  # fmt: skip
        st.caption(t("sign_in.note"))


def change_password_form(actor: Actor, t: Translator) -> None:
    """A new password; forced at the first sign-in."""
    with st.container(key="change_password", width=420):
        st.html(blocks.headline(escape(t("password.headline")), t("password.basis")))
        with st.form("password_form", border=False):
            old = st.text_input(t("password.old"), type="password", autocomplete="current-password")
            new = st.text_input(t("password.new"), type="password", autocomplete="new-password")
            repeated = st.text_input(t("password.repeated"), type="password", autocomplete="new-password")
            pressed = st.form_submit_button(t("password.submit"), type="primary", width="stretch")
        if pressed:
            try:
                change_password(actor, old, new, repeated)
            except AppError as error:
                st.error(t(f"error.{error.code}", **error.params), icon=":material/error:")
            else:
                st.rerun()


def change_password(actor: Actor, old: str, new: str, repeated: str) -> None:
    """Compares the old password (counted like a sign-in) and stores the new one. AppError says what is wrong."""
    right = password_fits(actor.username, old, _attempt(actor.username))
    with open_session(write=True) as session:
        sign_in.change_password(session, actor, old_is_right=right, new=new, repeated=repeated)


def sign_out(actor: Actor) -> None:
    """Ends the session here and in every other tab, and takes the cookie back."""
    with open_session(write=True) as session:
        sign_in.sign_out(session, actor)
    st.session_state["cookie_order"] = {"method": "DELETE", "ticket": "", "nonce": secrets.token_hex(8)}


def deliver_cookie() -> None:
    """Lets the browser fetch or drop its cookie. Last in the run: a rerun before it is mounted would lose it."""
    if order := st.session_state.get("cookie_order"):
        _cookie_component()(data=order, key="cookie_order_mount")


def _open(username: str, password: str) -> None:
    password_hash = _attempt(username)
    actor = anonymous(clock.now())
    if not password_fits(username, password, password_hash):
        with open_session(write=True) as session:
            sign_in.refuse(session, actor, username=username)
        raise InvalidInput("wrong_password")
    session_id, ticket = secrets.token_hex(32), secrets.token_urlsafe(32)
    with open_session(write=True) as session:
        sign_in.succeed(session, actor, username=username, session_id=session_id, ticket=ticket)
    for leftover in list(st.session_state):  # nothing of whoever sat here before
        del st.session_state[leftover]
    st.session_state["session_id"] = session_id
    st.session_state["cookie_order"] = {"method": "POST", "ticket": ticket, "nonce": ticket}


def _attempt(username: str) -> str:
    with open_session(write=True) as session:
        return sign_in.attempt(session, anonymous(clock.now()), username=username)


def _session_of_cookie() -> str | None:
    cookie = handshake_cookie()
    if cookie is None:
        return None
    with open_session() as session:
        return sign_in.session_of_cookie(session, anonymous(clock.now()), cookie=cookie)


def handshake_cookie() -> str | None:
    """The cookie this browser connected with. The seam for tests, where Streamlit answers with a mock."""
    value = st.context.cookies.get(COOKIE)
    return value if isinstance(value, str) else None


def _touch(actor: Actor) -> None:
    last = st.session_state.get("touched_at")
    if last is None or actor.now - last >= sign_in.SEEN_EVERY:
        with open_session(write=True) as session:
            sign_in.touch(session, actor.session_id, actor.now)
            session.commit()
        st.session_state["touched_at"] = actor.now


@st.cache_resource
def _cookie_component() -> Any:
    return st.components.v2.component("burden_cookie", html="", js=_COOKIE_JS)
