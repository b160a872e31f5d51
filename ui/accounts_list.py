"""Who has an account, in which state, and when they were last here: a page of the list at a time."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from models.rules.week import ZONE
from services.access import ROLES
from services.queries import accounts
from ui import blocks
from ui.i18n import Translator
from ui.kept import drawn
from ui.shell import Page

ROWS = 20
MARKS = {"active": "fall", "locked": "over", "must_change": "near", "never": "few", "waiting": "waiting", "disabled": "none"}


@dataclass(frozen=True)
class Wanted:
    """What the filters say; empty means everything."""

    search: str
    role: str
    state: str


def headline(page: Page) -> None:
    """The answer: how many accounts work."""
    st.html(blocks.headline(*answer(page.t, page.read(accounts.tally, as_of=page.minute))))


def show(page: Page, wanted: Wanted) -> pd.DataFrame:
    """Table and page numbers. Returns the rows on the screen."""
    counted = page.read(accounts.tally, as_of=page.minute, search=wanted.search, role=wanted.role)
    total = counted[wanted.state] if wanted.state else sum(counted.values())
    if not total:
        st.html(blocks.nothing(page.t("accounts.none_found")))
        return pd.DataFrame(columns=["username", "name"])
    place = st.container()
    number = _page_number(total, f"accounts_page_{wanted.search}_{wanted.role}_{wanted.state}")
    found = page.read(accounts.listing, as_of=page.minute, **vars(wanted), limit=ROWS, offset=(number - 1) * ROWS)
    place.html(rows(page.t, found))
    return found


def answer(t: Translator, counted: Mapping[str, int]) -> tuple[str, str]:
    """How many accounts work, and what is the matter with the others."""
    sentence = t("accounts.headline", total=t.number(sum(counted.values())), active=f"<em>{t.number(counted['active'])}</em>")
    others = [f"{t(f'accounts.state_{state}')} {t.number(counted[state])}" for state in accounts.STATES[1:] if counted[state]]
    return sentence, t("accounts.basis") + (f" {t('accounts.others', what=t.join(others))}" if others else "")


@drawn
def rows(t: Translator, found: pd.DataFrame) -> str:
    """The table."""
    heads = ("accounts.person", "accounts.role", "accounts.state", "accounts.last_seen")
    head = "".join(
        f'<th scope="col" class="{"opt" if at == len(heads) - 1 else ""}">{escape(t(key))}</th>' for at, key in enumerate(heads)
    )
    body = "".join(_row(t, row) for row in found.to_dict("records"))
    inside = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="scroll" tabindex="0"><table class="plain accounts">{inside}</table></div>'


def where(t: Translator, row: Mapping[Hashable, Any]) -> str:
    """青石镇 青山村, or the county and the department."""
    names = [(row["above"], row["above_en"]), (row["area"], row["area_en"]), (row["department"], row["department_en"])]
    return " ".join(t.name(name, name_en) for name, name_en in names if name)


def state(t: Translator, code: str) -> str:
    """A state's shape and word."""
    return f'<span class="state">{blocks.mark(MARKS[code])}{escape(t(f"accounts.state_{code}"))}</span>'


def _row(t: Translator, row: Mapping[Hashable, Any]) -> str:
    seen = f"{t.full_day(row['last_seen'].astimezone(ZONE).date())} {t.clock(row['last_seen'])}" if row["last_seen"] else "—"
    cells = [
        (f"{escape(row['name'])}<small>{escape(row['username'])}</small>", "who"),
        (f"{escape(t('role.' + row['role']))}<small>{escape(where(t, row))}</small>", "who"),
        (state(t, row["state"]), ""),
        (escape(seen), "opt"),
    ]
    return "<tr>" + "".join(f'<td class="{css}">{html}</td>' for html, css in cells) + "</tr>"


def filters(page: Page) -> Wanted:
    """One row of widgets."""
    t = page.t
    words, role, state_column = st.columns([2, 1, 1])
    anything = t("accounts.any")
    search = words.text_input(t("accounts.search"), key="accounts_search", max_chars=60, placeholder=t("accounts.search_hint"))
    chosen_role = role.selectbox(
        t("accounts.role"), ["", *ROLES], format_func=lambda r: t(f"role.{r}") if r else anything, key="accounts_role"
    )
    chosen_state = state_column.selectbox(
        t("accounts.state"),
        ["", *accounts.STATES],
        format_func=lambda s: t(f"accounts.state_{s}") if s else anything,
        key="accounts_state",
    )
    return Wanted(search.strip(), str(chosen_role), str(chosen_state))


def _page_number(total: int, key: str) -> int:
    pages = -(-total // ROWS)
    return st.pagination(pages, key=key) if pages > 1 else 1
