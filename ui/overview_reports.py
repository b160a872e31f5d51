"""Who reported, who did not: four states per township and week, never a village by name."""

from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from models.rules.week import Week
from services.figures.comparing import NOW_WEEKS
from services.queries import overviews, reporting
from services.queries.overviews import Picture
from ui import blocks
from ui.charts import overview as charts
from ui.charts.packing import ready
from ui.i18n import Translator
from ui.kept import drawn
from ui.shell import Page

WEEKS = overviews.SHOWN_WEEKS
Frames = tuple[pd.DataFrame, pd.DataFrame]
GLYPHS = {"submitted": "submitted", "zero": "zero", "missing": "missing", "not_due": "notdue"}


def show(page: Page, picture: Picture) -> None:
    """The section with its picture: the last WEEKS weeks, the running one included."""
    t = page.t
    title, spec, told = drawing(t, picture, Week.of(page.today))
    st.html(title)
    st.vega_lite_chart(spec=spec, theme=None, alt=told)


@drawn
def drawing(t: Translator, picture: Picture, running: Week) -> tuple[str, dict[str, Any], str]:
    """Title, spec, and what it says in words: cell by cell, or as shares where there are too many points for that."""
    told = sentence(t, picture.reports, running)
    fits = picture.reports["expected"].max() <= charts.CELLS_FIT
    note = t("overview.cells_note" if fits else "overview.shares_note")
    title = blocks.section(t("overview.reports"), told + note, legend(t, "" if fits else "part_"))
    draw, lay_out = (charts.strip, _strip) if fits else (charts.shares, _shares)
    towns = sorted(picture.reports["township_code"].unique())
    frames = lay_out(t, picture.reports, towns, [t.name(*picture.names[code]) for code in towns], running)
    return title, ready(draw(*frames, WEEKS, t)), told


def legend(t: Translator, prefix: str = "") -> str:
    """The four shapes (of cells, or `part_` of bars) and their words."""
    return blocks.key(*((f"{prefix}{glyph}", t(f"points.{state}")) for state, glyph in GLYPHS.items()))


def sentence(t: Translator, weekly: pd.DataFrame, running: Week) -> str:
    """近4周应报128个村周：已报118，缺报5，待报5。"""
    last = running - 1
    since = (last - (NOW_WEEKS - 1)).monday
    sums = weekly[(weekly["week"] >= since) & (weekly["week"] <= last.monday)][reporting.COUNTS].sum()
    got = t.number(sums["submitted"] + sums["zero"])
    counts = {name: t.number(sums[name]) for name in ("expected", "missing", "not_due")}
    return t("overview.reports_sub", n=NOW_WEEKS, got=got, **counts)


def _strip(t: Translator, weekly: pd.DataFrame, towns: list[str], named: list[str], running: Week) -> Frames:
    """Cells in the order of states inside a township, so that no cell stands for a certain village."""
    rows = []
    for one in _labelled(t, weekly, towns, named, running):
        states = [code for code, state in enumerate(charts.STATES) for _ in range(one[state])]
        rows += [{**one["at"], "slot": slot, "state": state} for slot, state in enumerate(states)]
    return pd.DataFrame(rows), pd.DataFrame({"town": range(len(named)), "town_name": named})


def _shares(t: Translator, weekly: pd.DataFrame, towns: list[str], named: list[str], running: Week) -> Frames:
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
    return pd.DataFrame(rows), pd.DataFrame({"town": range(len(named)), "town_name": named, "told": told})


def _labelled(t: Translator, weekly: pd.DataFrame, towns: list[str], named: list[str], running: Week) -> list[dict[Any, Any]]:
    """Each township's week with its place in the picture and its words."""
    first = (running - (WEEKS - 1)).monday
    found = []
    for one in weekly.to_dict("records"):
        town, week = towns.index(one["township_code"]), Week(one["week"])
        at = {"w": (week.monday - first) // timedelta(weeks=1), "town": town, "town_name": named[town]}
        found.append({**one, "at": {**at, "iso": week.label, "day": t.day(week.monday)}})
    return found
