"""The events behind one department's use of one quota: what each was called, and what really happened."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from models.rules.measure import Measure
from models.rules.period import Period
from models.rules.quota import Status
from services.queries import departments
from ui import blocks
from ui.departments_answer import Row, status_word
from ui.departments_choice import Chosen, choose_department, own_only, period_name
from ui.departments_forecast import sentence
from ui.i18n import Translator
from ui.kept import drawn
from ui.revisions import quiet_lines
from ui.shell import Page

FEW = 15


def chosen_row(chosen: Chosen, rows: list[Row]) -> Row | None:
    """The standing whose events are shown: the department in the address with its worst measure, else the worst of all."""
    own = [row for row in rows if row["department_code"] == chosen.department]
    return next(iter(own or rows), None)


def show(page: Page, chosen: Chosen, rows: list[Row]) -> None:
    """A selectbox as well as the bars, so that the keyboard and the phone reach every department."""
    t, row = page.t, chosen_row(chosen, rows)
    if row is None:
        return
    if not own_only(page):
        _choose(t, rows, row)
    measure = Measure(row["measure"])
    found: pd.DataFrame = page.read(
        departments.events, county_code=page.county_code, department_code=row["department_code"], measure=measure,
        period=chosen.period.label, today=page.today,
    )  # fmt: skip
    told, n = _events(t, found, row, chosen.period, own=own_only(page), everything=bool(st.session_state.get("all_events")))
    st.html(told)
    if n > FEW:
        st.toggle(t("departments.show_all_events", n=n), key="all_events")


@drawn
def _events(t: Translator, found: pd.DataFrame, row: Row, period: Period, *, own: bool, everything: bool) -> tuple[str, int]:
    """The section as HTML, and how many lines it could have."""
    measure, name = Measure(row["measure"]), t.name(row["department"], row["department_en"])
    counted = int(found.loc[~found.emergency.astype(bool), "events"].sum())
    title = t(f"departments.events_{measure.value}", department=name, n=t.number(counted), period=period_name(t, period))
    sub = t("departments.events_sub_own" if own else "departments.events_sub")
    foreseen = sentence(t, row, period, own=own)
    mark = f'<p class="basis">{escape(foreseen)}</p>' if foreseen else ""
    mark += quiet_lines(t, [(t(f"measure.{measure.value}"), row["revision"])] if row["revision"] else [])
    if found.empty:
        hidden = row["status"] == Status.HIDDEN
        none = blocks.nothing(t("departments.events_few" if hidden else "departments.events_none"))
        return blocks.section(title if not hidden else name, sub) + mark + none, 0
    lines = event_lines(t, found, row)
    shown = {name: head for name, head in heads(t, measure).items() if lines[name].astype(bool).any()}
    some = lines if everything else lines.head(FEW)
    table = blocks.table(some, shown, numeric=("villages", "people"), optional=("people", "called"), mark_column="mark")
    return blocks.section(title, sub) + mark + table, len(lines)


def event_lines(t: Translator, found: pd.DataFrame, row: Row) -> pd.DataFrame:
    """The events as text, newest first; the one that crossed the line and a relabelled one carry a hint."""
    events = found.to_dict("records")
    crossing = next((n for n, event in enumerate(events) if _crosses(event, row)), None)  # one, also among equals of one day
    return pd.DataFrame([_line(t, event, crossed=status_word(t, row) if n == crossing else "") for n, event in enumerate(events)])


def heads(t: Translator, measure: Measure) -> dict[str, str]:
    """The columns; a chat group has neither a name it was called nor demands."""
    names = ["date", "title", "called", "done", "villages", "people", "note"]
    if measure.is_stock:
        names = ["date", "title", "villages", "note"]
    elif measure is not Measure.INSPECTION:
        names.remove("called")
    return {name: t(f"departments.{name}_col") for name in names}


def _crosses(event: dict[Any, Any], row: Row) -> bool:
    if event["happened_on"] is None or event["emergency"]:
        return False
    return (event["happened_on"], event["title"]) == (row["crossed_on"], row["crossed_title"])


def _line(t: Translator, event: dict[Any, Any], *, crossed: str) -> dict[str, str]:
    alone = event["happened_on"] is not None
    notes = [t("departments.note_crossed", over=crossed)] * bool(crossed)
    notes += [t("departments.note_relabelled")] * bool(event["relabelled"])
    notes += [t("departments.note_emergency")] * bool(event["emergency"])
    return {
        "date": t.day(event["happened_on"]) if alone else "",
        "title": (event["title"] or t("departments.untitled")) if alone else t("departments.together", n=event["events"]),
        "called": t(f"called_as.{event['called_as']}") if event["called_as"] else "",
        "done": t.join([t(f"demand.{demand}") for demand in event["demands"]]),
        "villages": t.number(event["villages"]) if event["villages"] is not None else t("departments.under"),
        "people": t.number(event["people"]) if event["people"] is not None else "",
        "note": " ".join(notes),
        "mark": "crossed" if crossed else "open" if event["emergency"] else "hint" if event["relabelled"] else "",
    }


def _choose(t: Translator, rows: list[Row], row: Row) -> None:
    names = {one["department_code"]: t.name(one["department"], one["department_en"]) for one in rows}
    if st.session_state.get("department_choice") != row["department_code"]:
        st.session_state["department_choice"] = row["department_code"]
    st.selectbox(
        t("departments.department"), list(names), format_func=names.__getitem__, key="department_choice", width=320,
        on_change=lambda: choose_department(st.session_state["department_choice"]),
    )  # fmt: skip
