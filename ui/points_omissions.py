"""Possible omissions: one quiet line, and behind a click what to ask the township about. Never a count against a village."""

from html import escape
from itertools import groupby
from typing import Any

import streamlit as st

from models.rules.week import Week
from services.access import Permission
from services.queries import omissions
from ui import blocks
from ui.i18n import Translator
from ui.kept import drawn, records
from ui.points_answer import Window
from ui.shell import Page

FEW = 6  # so many lists, one of a township and week each, before "show all"
Row = dict[str, Any]  # one event in one township, as omissions.listing has it


def show(page: Page, window: Window) -> None:
    """The line, and its list when it is wanted."""
    if not page.actor.can(Permission.VIEW_OMISSIONS):
        return
    t = page.t
    found = page.read(omissions.listing, county_code=page.county_code, first=window.first, last=window.last, as_of=page.as_of)
    if found.empty:
        return
    rows = records(found)
    st.html(f'<p class="basis">{escape(line(t, rows, window))}</p>')
    if not st.toggle(t("points.omissions_show"), key="omissions"):
        return
    lists = places(t, rows)
    some = lists if st.session_state.get("all_omissions") else lists[:FEW]
    st.html(blocks.section(t("points.omissions"), t("points.omissions_sub")) + "".join(some))
    if len(lists) > FEW:
        st.toggle(t("points.omissions_all", n=len(lists)), key="all_omissions")


def line(t: Translator, rows: list[Row], window: Window) -> str:
    """近4周有 3 项事多数点都记了、个别点没有记，可能漏报，请核实。"""
    return t("points.omissions_line", weeks=window.weeks, n=len(rows))


@drawn
def places(t: Translator, rows: list[Row]) -> list[str]:
    """A list for each township and week, in the order of the area codes: how many points of how many, and what."""
    found = []
    for (_, monday), group in groupby(rows, key=lambda row: (row["township_code"], row["week"])):
        here = list(group)
        asked = {village for row in here for village in row["villages"]}
        title = t(
            "points.omissions_place",
            township=t.name(here[0]["township"], here[0]["township_en"]),
            week=t.week(Week(monday)),
            n=len(asked),
            points=here[0]["reported"],
        )
        lines = "".join(f"<li>{_line(t, row)}</li>" for row in here)
        found.append(f'<p class="asked">{escape(title)}</p><ul class="asked">{lines}</ul>')
    return found


def _line(t: Translator, row: Row) -> str:
    what = t(
        "points.omissions_event",
        day=t.day(row["happened_on"]),
        department=t.name(row["department"], row["department_en"]),
        kind=t(f"measure.{row['kind']}"),
        title=row["title"] or t("departments.untitled"),
    )
    asked = t(
        "points.omissions_ask", logged=row["logged"], points=row["reported"], names=t.join([t.name(*v) for v in row["villages"]])
    )
    return f"{escape(what)}<span>{escape(asked)}</span>"
