"""Adding and ending observation points: for the task force, from an open week on, with a reason."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.rules.point import SELECTIONS
from models.rules.week import Week
from services.access import Permission
from services.actions import points as actions
from services.queries import points
from ui import blocks, points_correct, points_import
from ui.points_answer import CHANGE
from ui.shell import Page

Field = tuple[Any, DeltaGenerator]  # what was chosen, and where a refusal of it is shown
FORMS: dict[str, tuple[Callable[..., pd.DataFrame], Callable[..., object], str]] = {  # villages, action, its week
    "add": (points.candidates, actions.add, "since"),
    "end": (points.open_points, actions.end, "until"),
}
AHEAD = 12  # weeks one can plan ahead


def show(page: Page) -> None:
    """One choice; its form appears only when it is wanted."""
    if not page.actor.can(Permission.EDIT_POINTS):
        return
    t = page.t
    st.html(blocks.section(t("points.change"), t("points.change_sub"), anchor=CHANGE))
    wanted = st.segmented_control(
        t("points.change"),
        [*FORMS, "import", "correct"],
        format_func=lambda part: t(f"points.change_{part}"),
        key="points_change",
        label_visibility="collapsed",
    )
    if told := st.session_state.pop("points_told", None):
        st.success(told, icon=":material/check:")
    others = {"import": points_import.show, "correct": points_correct.reopen}
    if wanted in others:
        others[wanted](page)
    elif wanted:
        _form(page, wanted)


def _form(page: Page, part: str) -> None:
    """The villages and weeks that can be chosen, and why; adding also asks how the village was chosen."""
    t, weeks = page.t, _weeks(page)
    find, change, week = FORMS[part]
    # Who ends soon can be ended earlier, and who has ended by then can begin again.
    found = page.read(find, county_code=page.county_code, week=weeks[-1] if part == "add" else weeks[0])
    if found.empty:
        st.html(blocks.nothing(t(f"points.{part}_nothing")))
        return
    with st.form(_key(part), border=False):
        fields: dict[str, Field] = {"village": _village(page, found), week: _week(page, weeks, part)}
        if part == "add":
            fields["selection"] = _selection(page)
        fields["reason"] = st.text_input(t("points.reason"), max_chars=500, key=_key("reason")), st.empty()
        pressed = st.form_submit_button(t(f"points.{part}_submit"), type="primary")
    if not pressed:
        return
    given = {name: value for name, (value, _) in fields.items()}
    if page.do(change, county_code=page.county_code, village_code=given.pop("village"), **given) is not None:
        st.session_state["points_told"] = t(f"points.{part}_done", week=t.week(given[week]))
        st.session_state["points_changes"] = st.session_state.get("points_changes", 0) + 1  # an empty form, the new figures
        st.rerun()
    for name, (_, spot) in fields.items():
        with spot:
            page.show_problem(name)


def _weeks(page: Page) -> list[Week]:
    """The weeks a change may begin with: those still open, and some ahead."""
    running = Week.of(page.today)
    last = running + AHEAD
    return page.read(points.open_weeks, county_code=page.county_code, first=running - AHEAD, last=last, as_of=page.as_of)


def _village(page: Page, found: pd.DataFrame) -> Field:
    t = page.t
    named: dict[str, str] = {
        r["village_code"]: f"{t.name(r['township'], r['township_en'])} {t.name(r['name'], r['name_en'])}"
        for r in found.to_dict("records")
    }
    village = st.selectbox(
        t("points.village"), list(named), index=None, format_func=lambda code: named.get(code, code),
        placeholder=t("points.village_placeholder"), key=_key("village"),
    )  # fmt: skip
    return village or "", st.empty()


def _week(page: Page, weeks: list[Week], part: str) -> Field:
    coming = weeks.index(Week.of(page.today) + 1)
    label = page.t(f"points.{part}_week")
    week = st.selectbox(label, weeks, coming, lambda w: f"{page.t.week(w)} · {w.label}", _key(f"{part}_week"), width=320)
    return week, st.empty()


def _selection(page: Page) -> Field:
    t = page.t
    label, words = t("points.selection"), {how: t(f"points.{how}") for how in SELECTIONS}
    return st.segmented_control(label, SELECTIONS, format_func=words.__getitem__, key=_key("selection")) or "", st.empty()


def _key(name: str) -> str:
    return f"points_{name}_{st.session_state.get('points_changes', 0)}"
