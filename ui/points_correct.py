"""Opening a closed village-week again, and what is being corrected: for the task force; others see the list."""

import pandas as pd
import streamlit as st

from models.rules.basis import LONGEST_REASON, SHORTEST_REASON
from models.rules.week import Week
from services.access import Permission
from services.actions import corrections as actions
from services.queries import corrections, points
from ui import blocks
from ui.i18n import Translator
from ui.kept import drawn
from ui.shell import Page

HEADS = ("week", "village", "reason", "opened", "state")


def show(page: Page) -> None:
    """The list, where there is anything in it; each correction under way can be ended by who may open one."""
    t = page.t
    found = page.read(corrections.listing, county_code=page.county_code)
    if found.empty:
        return
    st.html(blocks.section(t("corrections.title"), t("corrections.sub")))
    st.html(_table(t, found))
    if page.actor.can(Permission.REOPEN_WEEKS):
        for one in found[found.closed_at.isna()].to_dict("records"):
            label = t("corrections.finish", week=t.week(Week(one["week"])), village=t.name(one["name"], one["name_en"]))
            if st.button(label, key=f"finish_{one['week']}_{one['village_code']}", icon=":material/task_alt:"):
                where = {"county_code": page.county_code, "village_code": str(one["village_code"])}
                if page.do(actions.finish, **where, week=Week(one["week"])) is not None:
                    st.rerun()


def reopen(page: Page) -> None:
    """Which week, which village, why."""
    t = page.t
    closed = [Week(monday) for monday in page.read(corrections.closed_weeks, county_code=page.county_code)]
    if not closed:
        st.html(blocks.nothing(t("corrections.none_closed")))
        return
    week = st.selectbox(t("corrections.which_week"), closed, format_func=lambda w: f"{t.week(w)} · {w.label}", width=320)
    found = page.read(points.listing, county_code=page.county_code, first=week, last=week, as_of=page.as_of)
    named = {
        one["village_code"]: f"{t.name(one['township'], one['township_en'])} {t.name(one['name'], one['name_en'])}"
        for one in found.to_dict("records")
    }
    with st.form(f"corrections_{week.label}_{st.session_state.get('corrections_done', 0)}", border=False):
        village = st.selectbox(
            t("corrections.village"), list(named), index=None, format_func=lambda code: named.get(code, code),
            placeholder=t("points.village_placeholder"),
        )  # fmt: skip
        at_village = st.empty()
        reason, at_reason = st.text_input(t("corrections.why", least=SHORTEST_REASON), max_chars=LONGEST_REASON), st.empty()
        pressed = st.form_submit_button(t("corrections.submit"), type="primary")
    if pressed:
        where = {"county_code": page.county_code, "village_code": village or ""}
        until = page.do(actions.reopen, **where, week=week, reason=reason)
        if until is not None:
            st.session_state["corrections_done"] = st.session_state.get("corrections_done", 0) + 1
            st.session_state["points_told"] = t("corrections.opened_told", moment=t.moment(until))
            st.rerun()
        for field, spot in (("village", at_village), ("reason", at_reason)):
            with spot:
                page.show_problem(field)


@drawn
def _table(t: Translator, found: pd.DataFrame) -> str:
    rows = [
        {
            "week": t.week(Week(one["week"])),
            "village": f"{t.name(one['township'], one['township_en'])} {t.name(one['name'], one['name_en'])}",
            "reason": one["reason"],
            "opened": t.moment(one["opened_at"]),
            "state": t("corrections.until", moment=t.moment(one["until"]))
            if pd.isna(one["closed_at"])
            else t("corrections.closed", moment=t.moment(one["closed_at"])),
        }
        for one in found.to_dict("records")
    ]
    return blocks.table(pd.DataFrame(rows), {head: t(f"corrections.{head}") for head in HEADS}, optional=("opened",))
