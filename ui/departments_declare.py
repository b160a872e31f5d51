"""For a department: what it declares of its own, one by one or from a file, and what it declared. Nothing of any report."""

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.rules import declaration
from models.rules.entry import LONGEST_TITLE
from models.rules.measure import LOGGED_KINDS
from services.access import Permission
from services.actions import declarations as actions
from services.actions import imports as import_actions
from services.queries import declarations, imports
from ui import blocks, import_form, import_templates
from ui.departments_choice import Chosen
from ui.i18n import Translator
from ui.shell import Page

ONE, FILE = "one", "file"
FEW = 15
FIELDS = ("kind", "day", "title", "township")
HEADS = ("date", "kind", "title", "where")
Row = dict[str, Any]  # one declaration, as declarations.listing has it


def show(page: Page, chosen: Chosen) -> None:
    """The form or the file, and below it the list with what can be taken back."""
    if not page.actor.can(Permission.DECLARE_EVENTS):
        return
    t = page.t
    st.html(blocks.section(t("declarations.title"), t("declarations.sub")))
    way = st.segmented_control(
        t("declarations.way"), (ONE, FILE), default=ONE, required=True, format_func=lambda way: t(f"declarations.way_{way}"),
        key="declare_way", label_visibility="collapsed",
    )  # fmt: skip
    if way == FILE:
        both: dict[str, Any] = {"plan": imports.declarations_plan, "apply": import_actions.declarations_apply}
        place: dict[str, Any] = {"county_code": page.county_code, "as_of": page.as_of}
        both["template"] = import_templates.for_declarations(page)
        import_form.show(page, "declarations", **both, **place, subject="declarations.date_head", told=("kind",))
    else:
        _form(page)
    _listed(page, chosen)


def _form(page: Page) -> None:
    t, turn = page.t, st.session_state.get("declared_turn", 0)
    towns = page.read(declarations.townships, county_code=page.county_code)
    first, last = declaration.days(page.today)
    spots: dict[str, DeltaGenerator] = {}
    with st.form(f"declare_{turn}", border=False):
        kind = st.segmented_control(t("declarations.kind"), LOGGED_KINDS, format_func=lambda k: t(f"kind.{k}"), key=f"dk_{turn}")
        spots["kind"] = st.empty()
        dates: dict[str, Any] = {"min_value": first, "max_value": last, "format": "YYYY-MM-DD", "width": 240}
        day = st.date_input(t("declarations.day"), page.today, key=f"dd_{turn}", **dates)
        spots["day"] = st.empty()
        label, hint = t("declarations.name"), t("declarations.name_hint")
        title = st.text_input(label, max_chars=LONGEST_TITLE, placeholder=hint, key=f"dt_{turn}")
        spots["title"] = st.empty()
        label = t("declarations.where")
        town = st.selectbox(label, ["", *towns], format_func=lambda c: _where(t, towns.get(c)), key=f"dw_{turn}", width=320)
        spots["township"] = st.empty()
        pressed = st.form_submit_button(t("declarations.declare"), type="primary")
    if told := st.session_state.pop("declared_told", None):
        st.success(told, icon=":material/check:")
    if not pressed:
        return
    params: dict[str, Any] = {"kind": kind or "", "day": day, "title": title, "township_code": town or None}
    if page.do(actions.declare, county_code=page.county_code, **params) is not None:
        _done(t("declarations.declared"))
    for name, spot in spots.items():
        with spot:
            page.show_problem(name)


def _listed(page: Page, chosen: Chosen) -> None:
    """What was declared of the year's days, and of days to come."""
    t = page.t
    found: pd.DataFrame = page.read(declarations.listing, county_code=page.county_code, since=chosen.period.first)
    rows: list[Row] = found.to_dict("records")  # type: ignore[assignment]
    if not rows:
        st.html(blocks.nothing(t("declarations.nothing", year=chosen.period.year)))
        return
    shown = rows if st.session_state.get("all_declared") else rows[:FEW]
    heads = {name: t(f"declarations.{name}_head") for name in HEADS}
    frame = pd.DataFrame([line(t, row) for row in shown])
    title = blocks.section(t("declarations.own", n=len(rows), year=chosen.period.year))
    st.html(title + blocks.table(frame, heads, optional=("where",)))
    if len(rows) > FEW:
        st.toggle(t("declarations.show_all", n=len(rows)), key="all_declared")
    _withdraw(page, rows)


def _withdraw(page: Page, rows: list[Row]) -> None:
    """One choice and one button; the list above says what it is."""
    t, turn = page.t, st.session_state.get("declared_turn", 0)
    with st.popover(t("declarations.withdraw"), key=f"withdraw_{turn}"):
        names = {n: f"{t.day(row['happened_on'])} {t('kind.' + row['kind'])} {row['title']}" for n, row in enumerate(rows)}
        picked = st.selectbox(
            t("declarations.which"), list(names), index=None, format_func=names.__getitem__, key=f"dx_{turn}",
            placeholder=t("declarations.which_hint"),
        )  # fmt: skip
        pressed = st.button(t("declarations.withdraw_do"), key=f"db_{turn}", disabled=picked is None)
        if pressed and picked is not None:
            row = rows[picked]
            key = {"kind": row["kind"], "day": row["happened_on"], "title": row["title"]}
            if page.do(actions.withdraw, county_code=page.county_code, **key) is not None:
                _done(t("declarations.withdrawn"))
            page.show_problem()


def line(t: Translator, row: Row) -> dict[str, str]:
    """One declaration as text."""
    return {
        "date": t.day(row["happened_on"]),
        "kind": t(f"kind.{row['kind']}"),
        "title": row["title"],
        "where": _where(t, (row["township"], row["township_en"]) if row["township"] else None),
    }


def _where(t: Translator, town: tuple[str, str | None] | None) -> str:
    return t.name(*town) if town else t("declarations.everywhere")


def _done(sentence: str) -> None:
    """An empty form and the new list, with a word about what was done."""
    st.session_state["declared_told"] = sentence
    st.session_state["declared_turn"] = st.session_state.get("declared_turn", 0) + 1
    st.rerun()
