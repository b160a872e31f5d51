"""Who reported, who did not: four states per township and week, never a village by name."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from models.rules.week import Week
from services.figures.comparing import NOW_WEEKS
from services.queries import overviews, reporting
from ui import blocks
from ui.charts import overview as charts
from ui.i18n import Translator
from ui.shell import Page

WEEKS = overviews.SHOWN_WEEKS
GLYPHS = {"submitted": "submitted", "zero": "zero", "missing": "missing", "not_due": "notdue"}


def show(page: Page, weekly: pd.DataFrame, names: Mapping[str, tuple[str, str | None]]) -> None:
    """The section with its picture; `weekly` holds the last WEEKS weeks, the running one included."""
    t = page.t
    towns = sorted(weekly["township_code"].unique())
    named = [t.name(*names[code]) for code in towns]
    told = sentence(t, weekly, page)
    fits = weekly["expected"].max() <= charts.CELLS_FIT
    note = t("overview.cells_note" if fits else "overview.shares_note")
    st.html(blocks.section(t("overview.reports"), told + note, legend(t, "" if fits else "part_")))
    draw = _strip if fits else _shares
    st.vega_lite_chart(spec=draw(t, weekly, towns, named, Week.of(page.today)), theme=None, alt=told)


def legend(t: Translator, prefix: str = "") -> str:
    """The four shapes (of cells, or `part_` of bars) and their words."""
    return blocks.key(*((f"{prefix}{glyph}", t(f"points.{state}")) for state, glyph in GLYPHS.items()))


def sentence(t: Translator, weekly: pd.DataFrame, page: Page) -> str:
    """近4周应报128个村周：已报118，缺报5，待报5。"""
    last = Week.of(page.today) - 1
    since = (last - (NOW_WEEKS - 1)).monday
    sums = weekly[(weekly["week"] >= since) & (weekly["week"] <= last.monday)][reporting.COUNTS].sum()
    got = t.number(sums["submitted"] + sums["zero"])
    counts = {name: t.number(sums[name]) for name in ("expected", "missing", "not_due")}
    return t("overview.reports_sub", n=NOW_WEEKS, got=got, **counts)


def _strip(t: Translator, weekly: pd.DataFrame, towns: list[str], named: list[str], running: Week) -> dict[str, Any]:
    """Cells in the order of states inside a township, so that no cell stands for a certain village."""
    rows = []
    for one in _labelled(t, weekly, towns, named, running):
        states = [code for code, state in enumerate(charts.STATES) for _ in range(one[state])]
        rows += [{**one["at"], "slot": slot, "state": state} for slot, state in enumerate(states)]
    cells = pd.DataFrame(rows)
    return charts.strip(cells, pd.DataFrame({"town": range(len(named)), "town_name": named}), WEEKS, t)


def _shares(t: Translator, weekly: pd.DataFrame, towns: list[str], named: list[str], running: Week) -> dict[str, Any]:
    rows = []
    for one in _labelled(t, weekly, towns, named, running):
        below, expected = 0.0, one["expected"]
        for code, state in enumerate(charts.STATES):
            share = one[state] / expected
            if share:
                place = {"y0": below, "y1": below + share, "count": one[state], "expected": expected}
                rows.append({**one["at"], "state": code, **place})
            below += share
    missing = weekly.groupby("township_code")["missing"].sum()
    told = [t("overview.missing_sum", missing=t.number(missing[code])) if missing[code] else "" for code in towns]
    heads = pd.DataFrame({"town": range(len(named)), "town_name": named, "told": told})
    return charts.shares(pd.DataFrame(rows), heads, WEEKS, t)


def _labelled(t: Translator, weekly: pd.DataFrame, towns: list[str], named: list[str], running: Week) -> list[dict[Any, Any]]:
    """Each township's week with its place in the picture and its words."""
    first = (running - (WEEKS - 1)).monday
    found = []
    for one in weekly.to_dict("records"):
        town, week = towns.index(one["township_code"]), Week(one["week"])
        at = {"w": (week.monday - first) // timedelta(weeks=1), "town": town, "town_name": named[town]}
        found.append({**one, "at": {**at, "iso": week.label, "day": t.day(week.monday)}})
    return found
