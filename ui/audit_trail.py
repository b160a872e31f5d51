"""The trail as a table, newest first: when, who, what to which subject, from what to what, and why."""

import json
from collections.abc import Hashable, Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from models.rules.week import ZONE
from services.access import OPERATOR
from services.queries import audits
from ui import audit_filters, blocks, facts
from ui.audit_filters import Wanted
from ui.facts import Names
from ui.i18n import Translator, catalogue
from ui.kept import drawn
from ui.shell import Page

ROWS = 50
USUAL: dict[str, object] = {  # of an event, an entry, a group
    "title": "", "name": "", "called_as": "", "emergency": False, "travel_minutes": 0, "people": 1, "copies": 1, "demands": [],
}  # fmt: skip
LONGEST = 120  # characters of one value on the screen; the download has all of it


def show(page: Page) -> None:
    """Headline, filters, the check on demand, a page of the trail."""
    t = page.t
    place = st.empty()
    wanted = audit_filters.choose(page)
    first = st.session_state.get(_key(wanted), 0)
    found = page.read(audits.listing, **vars(wanted), limit=ROWS + 1, offset=first)
    n = len(found)
    days = t("audit.basis", since=t.full_day(wanted.since), until=t.full_day(wanted.until))
    headline = t("audit.headline_many", n=ROWS) if n > ROWS or first else t("audit.headline", n=n)
    place.html(blocks.headline(escape(headline), days))
    _check(page, wanted)
    if found.empty:
        st.html(blocks.nothing(t("audit.none_found")))
    else:
        st.html(rows(t, found, page.read(audits.names, chain_code=wanted.chain_code)))
        st.html(links(t, wanted, page.county_code))
    _turn(t, _key(wanted), first, more=n > ROWS)


def links(t: Translator, wanted: Wanted, county_code: str) -> str:
    """The same days and filters as a file."""
    asked = escape(urlencode({**vars(wanted), "county": county_code}))
    kinds = (f'<a download href="./export/audit.{kind}?{asked}">{escape(t(f"audit.{kind}"))}</a>' for kind in ("xlsx", "csv"))
    return f'<p class="meta files">{" · ".join(kinds)}</p>'


@drawn
def rows(t: Translator, found: pd.DataFrame, names: Names) -> str:
    """The table."""
    heads = (("seq", "n opt"), ("at", ""), ("who", ""), ("what", ""), ("changed", ""), ("reason", "opt"))
    head = "".join(f'<th scope="col" class="{css}">{escape(t(f"audit.{key}"))}</th>' for key, css in heads)
    body = "".join(_row(t, row, names) for row in found.head(ROWS).to_dict("records"))
    inside = f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="scroll" tabindex="0"><table class="plain audit">{inside}</table></div>'


def changes(t: Translator, old: str, new: str, names: Names) -> list[tuple[str, str, str]]:
    """(fact, before, after) of what differs, in words; what was not there is empty."""
    before, after = _facts(old), _facts(new)
    differing = [fact for fact in dict.fromkeys((*before, *after)) if _told(before, fact) != _told(after, fact)]
    told = []
    for fact in differing:
        was = None if isinstance(after.get(fact), Mapping) else before.get(fact)  # lines taken in are named once
        told.append((facts.name(t, fact), facts.value(t, fact, was, names), facts.value(t, fact, after.get(fact), names)))
    return told


def _told(stored: Mapping[str, Any], fact: str) -> object:
    """A value worth a line: what is as it mostly is, one copy or no emergency, is none."""
    value = stored.get(fact)
    return None if fact in USUAL and value == USUAL[fact] else value


def _who(t: Translator, row: Mapping[Hashable, Any]) -> tuple[str, str]:
    """The user name and the role in words; the machine itself, and whoever owns it, has no role."""
    if row["username"] == OPERATOR:
        return t("audit.operator"), ""
    role = f"role.{row['role']}"
    return row["username"] or "—", t(role) if role in catalogue(t.language) else row["role"]


def _row(t: Translator, row: Mapping[Hashable, Any], names: Names) -> str:
    at = row["at"].astimezone(ZONE)
    name, role = _who(t, row)
    told = changes(t, row["old"], row["new"], names)
    lines = [f"<i>{escape(fact)}</i> {_arrow(t, before, after)}" for fact, before, after in told]
    about = f'<small title="{escape(row["subject"])}">{escape(facts.subject(t, row["subject"], names))}</small>'
    cells = [
        (t.number(row["seq"]), "n opt"),
        (f"{escape(t.full_day(at.date()))}<small>{at:%H:%M:%S}</small>", ""),
        (
            f"{escape(name)}<small>{escape(role)}</small>",
            "",
        ),
        (f"{escape(audit_filters.deed(t, row['action']))}{about}", "what"),
        ("<br>".join(lines) or "—", "changed"),
        (escape(row["reason"]), "reason opt"),
    ]
    return "<tr>" + "".join(f'<td class="{css}">{html}</td>' for html, css in cells) + "</tr>"


def _arrow(t: Translator, before: str, after: str) -> str:
    before, after = _short(before), _short(after)
    if not before:
        return escape(after)
    return f'{escape(before)} <span class="to" aria-label="{escape(t("audit.became"))}">→</span> {escape(after or "—")}'


def _facts(text: str) -> dict[str, Any]:
    """What was recorded; a text that is no JSON object (somebody edited it) is shown as it is."""
    try:
        facts = json.loads(text) if text else {}
    except ValueError:
        facts = None
    return facts if isinstance(facts, dict) else {"": text}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _check(page: Page, wanted: Wanted) -> None:
    t = page.t
    with st.container(horizontal=True, vertical_alignment="center", key="audit_check"):
        pressed = st.button(t("audit.check"), icon=":material/verified_user:", key="check_chain")
        if pressed:
            checked = page.read(audits.verdict, chain_code=wanted.chain_code, as_of=page.this_moment)
            if checked.broken is None:
                st.success(t("audit.whole", n=t.number(checked.links)), icon=":material/check_circle:")
            else:
                st.error(t("audit.broken", at=t.number(checked.broken)), icon=":material/warning:")
        else:
            st.caption(t("audit.check_means"))


def _key(wanted: Wanted) -> str:
    return f"audit_first_{hash(wanted)}"


def _turn(t: Translator, key: str, first: int, *, more: bool) -> None:
    if first or more:
        with st.container(horizontal=True):
            st.button(t("audit.newer"), disabled=not first, on_click=_go, args=(key, first - ROWS), key="audit_newer")
            st.button(t("audit.older"), disabled=not more, on_click=_go, args=(key, first + ROWS), key="audit_older")


def _go(key: str, first: int) -> None:
    st.session_state[key] = first
