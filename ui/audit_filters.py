"""Which links of which chain: days, action, person, subject."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import streamlit as st

from services.access import SYSTEM_CHAIN
from services.queries import audits
from ui import address
from ui.i18n import Translator, catalogue
from ui.shell import Page

PREFIX = "audit.action."
DAYS = "audit_days"
CHAINS = ("county", "system")
USUAL_DAYS = 30


@dataclass(frozen=True)
class Wanted:
    """What the filters say."""

    chain_code: str
    since: date
    until: date
    action: str
    username: str
    subject: str


def choose(page: Page) -> Wanted:
    """One row of widgets."""
    t = page.t
    chain = _chain(page)
    days, what, who, subject = st.columns([1.3, 1, 1, 1.2])
    since, until = _days(page, days)
    actions = ["", *known_actions()]
    action = address.asked("action", actions, "")
    what.selectbox(
        t("audit.what"),
        actions,
        format_func=lambda a: deed(t, a) if a else t("audit.any"),
        **address.control("action", action, "audit_action"),
    )
    username, words = address.asked_text("username", 64), address.asked_text("subject", 60)
    who.text_input(
        t("audit.who"),
        max_chars=64,
        placeholder=t("audit.who_hint"),
        **address.control("username", username, "audit_username"),
    )
    subject.text_input(
        t("audit.subject"),
        max_chars=60,
        placeholder=t("audit.subject_hint"),
        **address.control("subject", words, "audit_subject"),
    )
    return Wanted(chain, since, until, action, username, words)


@cache
def known_actions() -> tuple[str, ...]:
    """Every action that has a name in the catalogue."""
    return tuple(sorted(key.removeprefix(PREFIX) for key in catalogue("zh_CN") if key.startswith(PREFIX)))


def deed(t: Translator, action: str) -> str:
    """An action in words; one without a name as it is stored."""
    return t(PREFIX + action) if PREFIX + action in catalogue(t.language) else action


def _chain(page: Page) -> str:
    """The county at the top of the page; from the prefecture up also the system's own chain."""
    t = page.t
    if SYSTEM_CHAIN not in page.read(audits.chains):
        return page.county_code
    wider = address.asked("chain", CHAINS, CHAINS[0])
    st.segmented_control(
        t("audit.chain"),
        CHAINS,
        required=True,
        format_func=lambda chain: t(f"audit.chain_{chain}"),
        **address.control("chain", wider, "audit_chain"),
    )
    return SYSTEM_CHAIN if wider == "system" else page.county_code


def _days(page: Page, place: Any) -> tuple[date, date]:
    """Both ends; while only the first is chosen, up to today."""
    today = page.today
    until = address.asked_day("until", today, today)
    since = address.asked_day("since", min(until, today) - timedelta(days=USUAL_DAYS - 1), until)
    half = st.session_state.get(DAYS, ())
    if len(half) != 1:
        st.session_state[DAYS] = (since, until)
    place.date_input(page.t("audit.days"), max_value=today, format="YYYY-MM-DD", key=DAYS, on_change=_store_days)
    return (half[0], today) if len(half) == 1 else (since, until)


def _store_days() -> None:
    days = st.session_state[DAYS]
    if len(days) == 2:
        address.put("since", days[0].isoformat())
        address.put("until", days[1].isoformat())
