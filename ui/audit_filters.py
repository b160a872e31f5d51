"""Which links of which chain: days, action, person, subject."""

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from services.access import SYSTEM_CHAIN
from services.queries import audits
from ui.i18n import Translator, catalogue
from ui.shell import Page

PREFIX = "audit.action."
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
    since, until = _days(page, days.date_input(
        t("audit.days"), (page.today - timedelta(days=USUAL_DAYS - 1), page.today), max_value=page.today,
        format="YYYY-MM-DD", key="audit_days",
    ))  # fmt: skip
    action = what.selectbox(
        t("audit.what"), ["", *known_actions()], format_func=lambda a: deed(t, a) if a else t("audit.any"), key="audit_action"
    )
    username = who.text_input(t("audit.who"), max_chars=64, key="audit_username", placeholder=t("audit.who_hint"))
    words = subject.text_input(t("audit.subject"), max_chars=60, key="audit_subject", placeholder=t("audit.subject_hint"))
    return Wanted(chain, since, until, str(action), username.strip(), words.strip())


def known_actions() -> list[str]:
    """Every action that has a name in the catalogue."""
    return sorted(key.removeprefix(PREFIX) for key in catalogue("zh_CN") if key.startswith(PREFIX))


def deed(t: Translator, action: str) -> str:
    """An action in words; one without a name as it is stored."""
    return t(PREFIX + action) if PREFIX + action in catalogue(t.language) else action


def _chain(page: Page) -> str:
    """The county at the top of the page; from the prefecture up also the system's own chain."""
    t = page.t
    if SYSTEM_CHAIN not in page.read(audits.chains):
        return page.county_code
    wider = st.segmented_control(
        t("audit.chain"),
        ["county", "system"],
        default="county",
        required=True,
        format_func=lambda chain: t(f"audit.chain_{chain}"),
        key="audit_chain",
    )
    return SYSTEM_CHAIN if wider == "system" else page.county_code


def _days(page: Page, chosen: object) -> tuple[date, date]:
    """Both ends; while only the first is chosen, up to today."""
    days = chosen if isinstance(chosen, tuple) else (chosen,)
    since = days[0] if days and isinstance(days[0], date) else page.today
    return since, days[1] if len(days) > 1 else page.today
