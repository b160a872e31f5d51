"""What an administrator may do to one account. One thing at a time, each with its consequence said before it is done."""

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from models.rules.account import LONGEST_REASON
from services.access import Permission
from services.actions import accounts as actions
from services.passwords import hash_password
from services.queries import accounts
from services.queries.accounts import AccountCard
from ui import accounts_list, accounts_place, blocks
from ui.accounts_password import keep, new_password, show_once
from ui.shell import Page

DEEDS = "deeds"  # on a phone this stands below the list


def show(page: Page, found: pd.DataFrame) -> None:
    """Choosing one of the rows on the screen, and what can be done to it."""
    t, may_reset = page.t, page.actor.can(Permission.CREATE_ACCOUNTS)
    st.html(blocks.section(t("accounts.one"), t("accounts.one_sub"), anchor=DEEDS))
    named = dict(zip(found["username"], found["name"], strict=True))
    username = st.selectbox(
        t("accounts.which"),
        list(named),
        index=0 if len(named) == 1 else None,
        format_func=lambda u: f"{named.get(u, u)} · {u}",
        placeholder=t("accounts.choose"),
        key=f"account_{len(named) == 1}",
    )
    if told := st.session_state.pop("accounts_told", None):
        st.success(told, icon=":material/check:")
    if username:
        _one(page, page.read(accounts.one, username=username, as_of=page.minute), may_reset=may_reset)
    show_once(page, "reset")


def _one(page: Page, card: AccountCard, *, may_reset: bool) -> None:
    t = page.t
    signed_in = t("accounts.open_sessions", n=card.open_sessions)
    failed = t("accounts.failures", n=card.failures) if card.failures else ""
    st.html(f'<div class="meta">{accounts_list.state(t, card.state)} · {escape(signed_in)}{escape(failed)}</div>')
    if card.username == page.actor.username:
        st.html(blocks.nothing(t("error.own_account")))
        return
    deeds = {"reset": _reset} if may_reset else _granting(card)
    wanted = st.segmented_control(
        t("accounts.deed"),
        list(deeds),
        format_func=lambda deed: t(f"accounts.{deed}"),
        default="reset" if may_reset else None,
        key=f"deed_{card.username}_{card.active}",
        label_visibility="collapsed",
    )
    if wanted:
        st.caption(t(f"accounts.{wanted}_means"))
        deeds[wanted](page, card)


def _granting(card: AccountCard) -> dict[str, Callable[[Page, AccountCard], None]]:
    deeds: dict[str, Callable[[Page, AccountCard], None]] = {"disable": _disable} if card.active else {"enable": _enable}
    deeds["change_role"] = _change_role
    if card.failures:
        deeds["unlock"] = _unlock
    if card.open_sessions:
        deeds["end_sessions"] = _end_sessions
    return deeds


def _reset(page: Page, card: AccountCard) -> None:
    if _pressed(page, "reset"):
        password = new_password()
        done = page.do(actions.reset_password, username=card.username, password_hash=hash_password(password))
        _finish(page, done, password)


def _enable(page: Page, card: AccountCard) -> None:
    if _pressed(page, "enable"):
        _finish(page, page.do(actions.enable, username=card.username))


def _disable(page: Page, card: AccountCard) -> None:
    reason = _reason(page, card)
    if _pressed(page, "disable"):
        _finish(page, page.do(actions.disable, username=card.username, reason=reason))
        page.show_problem("reason")


def _change_role(page: Page, card: AccountCard) -> None:
    place = accounts_place.choose(page, f"grant_{card.username}", card.role, card.department_code)
    reason = _reason(page, card)
    if _pressed(page, "change_role"):
        done = page.do(
            actions.change_role,
            username=card.username,
            role=place.role.value,
            area_code=place.area_code,
            department_code=place.department_code,
            reason=reason,
        )
        _finish(page, done)
        page.show_problem()


def _unlock(page: Page, card: AccountCard) -> None:
    if _pressed(page, "unlock"):
        _finish(page, page.do(actions.unlock, username=card.username))


def _end_sessions(page: Page, card: AccountCard) -> None:
    if _pressed(page, "end_sessions"):
        _finish(page, page.do(actions.end_sessions, username=card.username))


def _reason(page: Page, card: AccountCard) -> str:
    return st.text_input(page.t("accounts.reason"), max_chars=LONGEST_REASON, key=f"reason_{card.username}")


def _pressed(page: Page, deed: str) -> bool:
    return st.button(page.t(f"accounts.{deed}"), type="primary", key=f"do_{deed}")


def _finish(page: Page, done: actions.Receipt | None, password: str = "") -> None:
    """After something that worked: a word about it, the password if there is one, and the list as it is now."""
    if done:
        told = page.t("accounts.done", username=done.username)
        ended = page.t("accounts.signed_out", n=done.sessions_ended) if done.sessions_ended else ""
        told = f"{told} {ended}".strip()
        if password:
            keep("reset", told, done.username, password)
        else:
            st.session_state["accounts_told"] = told
        st.rerun()
