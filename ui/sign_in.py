"""Who is looking: password, session, cookie. streamlit-authenticator over one account at a time.

The library compares the password; its own cookie is not used (it is readable by scripts and outlives a log-out). Ours is
HttpOnly, set by a route of app.py against a one-time ticket, and means a row on the server.
"""

import logging
import secrets
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import streamlit as st

from models.db import open_session
from models.rules.errors import InvalidInput, SignedOut
from models.rules.password import LONGEST_BYTES, check_new_password
from services import sessions
from services.access import Actor, actor_of, anonymous
from services.actions import sign_in
from services.passwords import has_todays_cost, hash_password
from services.queries.versions import data_version
from ui import clock, run

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
  }).catch(() => done.delete(data.nonce));
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


@cache
def library() -> Any:
    """The library's controller, imported once and without its remarks on being imported outside a page."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        from streamlit_authenticator.controllers.authentication_controller import AuthenticationController
    finally:
        logging.disable(before)
    return AuthenticationController


def password_fits(username: str, password: str, password_hash: str) -> bool:
    """Whether the password is the account's, compared by streamlit-authenticator (bcrypt)."""
    controller = library()({"usernames": {}}, None, False, None, None, secrets.token_hex(16), None)
    name = username.strip().lower() or "-"
    controller.authentication_model.credentials["usernames"] = OneAccount(name, password_hash)
    usable = 0 < len(password.encode()) <= LONGEST_BYTES and password.isprintable() and password == password.strip()
    typed = password if usable else "-"  # bcrypt refuses some, and no account has one of these: same time, same answer
    fits = controller.login(name, typed) is True and usable
    controller.logout()  # only the comparison was wanted; who is signed in is our session's business
    return fits


def current_actor() -> Actor | None:
    """Who is signed in on this browser, read from the database once in every run; None for nobody."""
    if known := run.actor():
        return known
    moment = clock.now()
    with open_session() as session:
        session_id = st.session_state.get("session_id") or _session_of_cookie()
        if not session_id:
            return None
        st.session_state["session_id"] = session_id  # also of an ended one: the handshake's cookie is not tried again
        try:
            actor = actor_of(session, session_id, moment)
        except SignedOut:
            return None
        version = data_version(session, actor)
    _touch(actor)
    run.keep(actor, version)
    return actor


def was_signed_in() -> bool:
    """Whether a session of this browser has ended, other than by a log-out just here."""
    return "session_id" in st.session_state and not st.session_state.get("signed_out_here")


def open_browser(username: str, password: str) -> None:
    """Signs in. NotAllowedNow(locked_out), or InvalidInput(wrong_password) whatever of the two was wrong."""
    if not username.strip() or not password:
        raise InvalidInput("sign_in_empty")
    password_hash = _attempt(username, password)
    if password_hash is None:
        raise InvalidInput("wrong_password")
    renewed = "" if has_todays_cost(password_hash) else hash_password(password)
    session_id, ticket = secrets.token_hex(32), secrets.token_urlsafe(32)
    actor = anonymous(clock.now())
    with open_session(write=True) as session:
        sign_in.succeed(
            session, actor, username=username, compared=password_hash, session_id=session_id, ticket=ticket, renewed=renewed
        )  # fmt: skip
    language = st.session_state.get("language") if st.session_state.get("language_chosen") else None
    _forget_everything()  # nothing of whoever sat here before
    st.session_state["session_id"] = session_id
    st.session_state["cookie_order"] = {"method": "POST", "ticket": ticket, "nonce": secrets.token_hex(8)}
    _keep_language(language)


def change_password(actor: Actor, old: str, new: str, repeated: str) -> None:
    """Compares the old password (counted and told like a sign-in) and stores the new one. AppError says what is wrong."""
    check_new_password(new, repeated, old=old, username=actor.username)  # first: a weak new one is no wrong try
    compared = _attempt(actor.username, old)
    new_hash = hash_password(new) if compared else ""
    with open_session(write=True) as session:
        sign_in.change_password(
            session, actor, old=old, compared=compared, new=new, repeated=repeated, new_hash=new_hash
        )  # fmt: skip


def sign_out(actor: Actor) -> None:
    """Ends the session here and in every other tab, and takes the cookie back. Works also when it has ended meanwhile."""
    try:
        with open_session(write=True) as session:
            sign_in.sign_out(session, actor)
    except SignedOut:
        pass  # somebody was faster
    _forget_everything()
    st.session_state["session_id"], st.session_state["signed_out_here"] = actor.session_id, True
    st.session_state["cookie_order"] = {"method": "DELETE", "ticket": "", "nonce": secrets.token_hex(8)}


def deliver_cookie() -> None:
    """Lets the browser fetch or drop its cookie. The order stays, so that a rerun before the browser saw it loses nothing."""
    if order := st.session_state.get("cookie_order"):
        with st.container(key="cookie"):
            _cookie_component()(data=order, key="cookie_order_mount")


def handshake_cookie() -> str | None:
    """The cookie this browser connected with. The seam for tests, where Streamlit answers with a mock."""
    value = st.context.cookies.get(COOKIE)
    return value if isinstance(value, str) else None


def _attempt(username: str, password: str) -> str | None:
    """The account's hash when the password fits it; None when not, and the audit trail says so."""
    with open_session(write=True) as session:
        password_hash = sign_in.attempt(session, anonymous(clock.now()), username=username)
    if password_fits(username, password, password_hash):
        return password_hash
    with open_session(write=True) as session:
        sign_in.refuse(session, anonymous(clock.now()), username=username)
    return None


def _session_of_cookie() -> str | None:
    cookie = handshake_cookie()
    if cookie is None:
        return None
    with open_session() as session:
        return sign_in.session_of_cookie(session, anonymous(clock.now()), cookie=cookie)


def _touch(actor: Actor) -> None:
    last = st.session_state.get("touched_at")
    if last is None or actor.now - last >= sessions.SEEN_EVERY:
        with open_session(write=True) as session:
            sessions.touch(session, actor.session_id, actor.now)
            session.commit()
        st.session_state["touched_at"] = actor.now


def _keep_language(language: str | None) -> None:
    """What was picked on the sign-in form is what this person reads from now on."""
    actor = current_actor()
    if actor and language and language != actor.language:
        with open_session(write=True) as session:
            sign_in.set_preferences(session, actor, language=language, large_type=actor.large_type)


def _forget_everything() -> None:
    for leftover in list(st.session_state):
        del st.session_state[leftover]
    run.forget()


@st.cache_resource
def _cookie_component() -> Any:
    return st.components.v2.component("burden_cookie", html="", js=_COOKIE_JS)
