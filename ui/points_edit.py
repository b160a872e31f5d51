"""Adding and ending observation points: for the task force, from an open week on, with a reason."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.rules.week import Week
from services.access import Permission
from services.actions import points as actions
from services.queries import points
from ui import blocks, points_import
from ui.shell import Page

Spot = DeltaGenerator  # where a field's refusal is shown
AHEAD = 12  # weeks one can plan ahead
SELECTIONS = ("random", "purposive")


def show(page: Page) -> None:
    """One choice; its form appears only when it is wanted."""
    if not page.actor.can(Permission.EDIT_POINTS):
        return
    t = page.t
    st.html(blocks.section(t("points.change"), t("points.change_sub")))
    parts = {"add": _add, "end": _end, "import": points_import.show}
    wanted = st.segmented_control(
        t("points.change"),
        list(parts),
        format_func=lambda part: t(f"points.change_{part}"),
        key="points_change",
        label_visibility="collapsed",
    )
    if told := st.session_state.pop("points_told", None):
        st.success(told, icon=":material/check:")
    if wanted:
        parts[wanted](page)


def _add(page: Page) -> None:
    t, weeks = page.t, _weeks(page)
    found = page.read(points.candidates, county_code=page.county_code, week=weeks[0])
    if found.empty:
        st.html(blocks.nothing(t("points.no_candidates")))
        return
    with st.form(_key("add"), border=False):
        village, at_village = _village(page, found, "points.village")
        since, at_since = _week(page, weeks, "points.from_week")
        selection = st.segmented_control(
            t("points.selection"), SELECTIONS, format_func=lambda how: t(f"points.{how}"), key=_key("add_selection")
        )
        at_selection = st.empty()
        reason, at_reason = _reason(page)
        pressed = st.form_submit_button(t("points.add_submit"), type="primary")
    if pressed:
        where = {"county_code": page.county_code, "village_code": village or ""}
        done = page.do(actions.add, **where, since=since, selection=selection or "", reason=reason)
        _finish(page, done is not None, t("points.added", week=t.week(since)))
        _show(page, village=at_village, since=at_since, selection=at_selection, reason=at_reason)


def _end(page: Page) -> None:
    t, weeks = page.t, _weeks(page)
    found = page.read(points.open_points, county_code=page.county_code, week=weeks[0])
    if found.empty:
        st.html(blocks.nothing(t("points.none_headline")))
        return
    with st.form(_key("end"), border=False):
        village, at_village = _village(page, found, "points.village")
        until, at_until = _week(page, weeks, "points.until_week")
        reason, at_reason = _reason(page)
        pressed = st.form_submit_button(t("points.end_submit"), type="primary")
    if pressed:
        done = page.do(actions.end, county_code=page.county_code, village_code=village or "", until=until, reason=reason)
        _finish(page, done is not None, t("points.ended", week=t.week(until)))
        _show(page, village=at_village, until=at_until, reason=at_reason)


def _weeks(page: Page) -> list[Week]:
    """The weeks a change may begin with: those still open, and some ahead."""
    running = Week.of(page.today)
    last = running + AHEAD
    return page.read(points.open_weeks, county_code=page.county_code, first=running - AHEAD, last=last, as_of=page.as_of)


def _village(page: Page, found: pd.DataFrame, label: str) -> tuple[str | None, Spot]:
    t = page.t
    named: dict[str, str] = {
        r["village_code"]: f"{t.name(r['township'], r['township_en'])} {t.name(r['name'], r['name_en'])}"
        for r in found.to_dict("records")
    }
    village = st.selectbox(
        t(label), list(named), index=None, format_func=lambda code: named.get(code, code),
        placeholder=t("points.village_placeholder"), key=_key(f"{label}_village"),
    )  # fmt: skip
    return village, st.empty()


def _week(page: Page, weeks: list[Week], label: str) -> tuple[Week, Spot]:
    coming = weeks.index(Week.of(page.today) + 1) if Week.of(page.today) + 1 in weeks else 0
    week = st.selectbox(
        page.t(label), weeks, index=coming, format_func=lambda w: f"{page.t.week(w)} · {w.label}", key=_key(label), width=320
    )
    return week, st.empty()


def _reason(page: Page) -> tuple[str, Spot]:
    return st.text_input(page.t("points.reason"), max_chars=500, key=_key("reason")), st.empty()


def _finish(page: Page, done: bool, told: str) -> None:
    """After a change that worked: an empty form, the new figures, and a word about it."""
    if done:
        st.session_state["points_told"] = told
        st.session_state["points_changes"] = st.session_state.get("points_changes", 0) + 1
        st.rerun()


def _show(page: Page, **spots: Spot) -> None:
    for field, spot in spots.items():
        with spot:
            page.show_problem(field)


def _key(name: str) -> str:
    return f"points_{name}_{st.session_state.get('points_changes', 0)}"
