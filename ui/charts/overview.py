"""The overview's two pictures: who reported, and which department used how much of which quota. Frames in, spec out.

A drawing is made once per language and size and kept; it only names its data sets. Names of places stand in the data, not in
the drawing, so one drawing serves every county. Positions follow the `width` signal: one spec for desk and phone.
"""

import json
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from ui.charts.size import sized
from ui.i18n import Translator
from ui.look import (
    AMBER,
    GRID,
    INK,
    INK2,
    INK3,
    PANEL,
    QUIET,
    SANS,
    TEAL,
    TEAL_MID,
    TEAL_SOFT,
    VERMILION,
    VERMILION_TEXT,
)

Spec = dict[str, Any]
STATES = ("submitted", "zero", "missing", "not_due")
MEASURES = ("meeting", "inspection", "form", "group")
CELLS_FIT = 5  # points per township that can be drawn one by one; with more, shares of them are
PHONE = "620px"  # a picture narrower than this draws only the last weeks
PHONE_WEEKS = 8
ROW, BAND, HEAT_ROW, HEAT_STACKED = 14, 18, 27, 60
STACKED = "(containerSize()[0] < 480px)"  # then names stand above what they name, not beside it
CONFIG = {
    "font": SANS,
    "background": None,
    "view": {"stroke": None},
    "axis": {"labelFontSize": 12, "labelColor": INK2, "domain": False, "ticks": False},
    "text": {"fontSize": 12.5, "color": INK, "baseline": "middle"},
}


def strip(cells: pd.DataFrame, towns: pd.DataFrame, weeks: int, t: Translator) -> Spec:
    """One shape per point and week, by township. cells: w, town, slot, state, iso, day, town_name; towns: town, town_name."""
    slots = int(cells.slot.max()) + 1 if len(cells) else 1
    return {**_strip(t, len(towns), slots, weeks), "datasets": {"cells": cells, "towns": towns}}


def shares(parts: pd.DataFrame, towns: pd.DataFrame, weeks: int, t: Translator) -> Spec:
    """The same as shares of each township's points: for counties with too many points to draw each.

    parts: w, town, state, iso, day, town_name, count, expected, y0, y1 (shares 0–1, from the bottom); towns: … and told.
    """
    return {**_shares(t, len(towns), weeks), "datasets": {"parts": parts, "towns": towns}}


def heat(cells: pd.DataFrame, rows: pd.DataFrame, t: Translator) -> Spec:
    """Used / allowed by department and measure. cells: rank, measure, label, status, share, name; rows: rank, name."""
    return {**_heat(t, len(rows)), "datasets": {"cells": cells, "rows": rows}}


@lru_cache(maxsize=64)
def _strip(t: Translator, towns: int, slots: int, weeks: int) -> Spec:
    pitch = slots + 0.9
    cells = _recent("cells", weeks).transform_calculate(
        state_name=_words(t, "points"), place=f"datum.w * {pitch} + datum.slot", row="datum.town"
    )
    first = alt.ExprRef(f"width > {PHONE} ? 0 : {(weeks - PHONE_WEEKS) * pitch}")  # told: a state that is nowhere has no extent
    across = alt.Scale(domain=[first, (weeks - 1) * pitch + slots - 1], zero=False, nice=False, padding=4)
    x = alt.X("place:Q", scale=across, axis=None)
    y = _rows(towns)
    tip = _tips(t, iso="week", day="days", town_name="township", state_name="state")
    side = f"max(3px, min(8px, width / ((width > {PHONE} ? {weeks} : {PHONE_WEEKS}) * {pitch} + 4)))"
    size, inner = alt.ExprRef(f"pow({side}, 2)"), alt.ExprRef(f"pow({side} - 0.8px, 2)")

    def state(code: int, **style: Any) -> Any:
        return cells.transform_filter(f"datum.state == {code}").mark_point(opacity=1, **style).encode(x, y, tooltip=tip)

    return _finish(
        t,
        [
            state(0, shape="square", filled=True, fill=TEAL_MID, stroke=None, size=size),
            state(1, shape="square", filled=True, fill=PANEL, stroke=TEAL, strokeWidth=1.2, size=inner),
            state(2, shape="M-.5,-.5L.5,.5M.5,-.5L-.5,.5", stroke=VERMILION, strokeWidth=1.6, size=size),
            state(3, shape="circle", filled=True, fill=QUIET, stroke=None, size=8),
            _names("towns", y),
            _dates(cells.transform_filter("datum.slot == 0"), x, weeks),
        ],
        ROW * towns + 26,
    )


@lru_cache(maxsize=64)
def _shares(t: Translator, towns: int, weeks: int) -> Spec:
    parts = _recent("parts", weeks).transform_calculate(
        state_name=_words(t, "points"), from_x="datum.w + 0.06", to_x="datum.w + 0.94", place="datum.w",
        top="datum.town - 0.42 + (1 - datum.y1) * 0.84", bottom="datum.town - 0.42 + (1 - datum.y0) * 0.84",
    )  # fmt: skip
    scale = alt.Scale(zero=False, nice=False)
    x, y = alt.X("from_x:Q", scale=scale, axis=None), alt.Y("top:Q", scale=_down(towns), axis=None)
    tip = _tips(t, iso="week", day="days", town_name="township", state_name="state", count="points", expected="expected")
    fill = _cases("datum.state", GRID, (0, TEAL_MID), (1, TEAL_SOFT), (2, VERMILION))
    boxes = parts.mark_rect().encode(x, y, alt.X2("to_x:Q"), alt.Y2("bottom:Q"), fill=fill, tooltip=tip)
    told = alt.Chart(alt.NamedData("towns")).mark_text(align="left", fontSize=12, color=VERMILION_TEXT)
    told = told.encode(x=alt.value(alt.ExprRef("width + 8px")), y=alt.Y("town:Q", scale=_down(towns)), text="told:N")
    dates = _dates(parts.transform_filter("datum.y0 == 0"), x, weeks)
    names = _names("towns", alt.Y("town:Q", scale=_down(towns), axis=None))
    return _finish(t, [boxes, names, told, dates], BAND * towns + 26)


@lru_cache(maxsize=64)
def _heat(t: Translator, rows: int) -> Spec:
    """On a phone a name stands above its cells, and a loud cell's word below its number: both in full."""
    pitch = f"({STACKED} ? {HEAT_STACKED}px : {HEAT_ROW}px)"
    cells = alt.Chart(alt.NamedData("cells")).transform_calculate(
        word=_word_of(t),
        top=f"datum.rank * {pitch} + ({STACKED} ? 22px : 2px)",
        bottom=f"(datum.rank + 1) * {pitch} - ({STACKED} ? 4px : 2px)",
    )
    loud = cells.transform_filter("datum.status == 'over' || datum.status == 'near'")
    plain = cells.transform_filter("datum.status != 'over' && datum.status != 'near'")
    x = _measures(t)
    top, bottom = alt.Y("top:Q", scale=None, axis=None), alt.Y2("bottom:Q")
    middle = "(datum.top + datum.bottom) / 2"
    tip = _tips(t, name="department", label="used")
    ramp = alt.Color("share:Q", scale=alt.Scale(domain=[0.3, 1], range=["#F6F4EE", "#C6DCD9"], clamp=True), legend=None)
    ink = _cases("datum.status", INK, ("over", "white"), ("absent", INK3))
    tight = f"!{STACKED} && bandwidth('x') < {'80px' if t.chinese else '110px'}"  # a cell in one line, too narrow for the word
    edge = "bandwidth('x') / 2"
    shape, mark = _cases("datum.status", "diamond", ("over", "triangle-up")), _cases("datum.status", INK, ("over", "white"))
    paint = _cases("datum.status", AMBER, ("over", VERMILION))
    number = loud.transform_calculate(at=f"{STACKED} ? datum.top + 11px : {middle}")
    word = loud.transform_calculate(at=f"{STACKED} ? datum.bottom - 10px : {middle}")
    at = alt.Y("at:Q", scale=None, axis=None)
    half = "7px" if t.chinese else "15px"  # half a word
    layers = [
        plain.transform_filter("datum.status != 'absent'").mark_rect(cornerRadius=2).encode(x, top, ramp, y2=bottom, tooltip=tip),
        plain.transform_calculate(at=middle).mark_text().encode(x, at, text="label:N", color=ink),
        loud.mark_rect(cornerRadius=2).encode(x, top, y2=bottom, fill=paint, tooltip=tip),
        word.mark_point(filled=True, opacity=1, size=46, xOffset=alt.ExprRef(f"{STACKED} ? -{half} : -{edge} + 11px")).encode(
            x, at, shape=shape, fill=mark
        ),
        number.mark_text(fontWeight="bold", xOffset=alt.ExprRef(f"{tight} ? 7px : 0")).encode(x, at, text="label:N", color=ink),
        word.transform_filter(STACKED)
        .mark_text(fontWeight="bold", align="center", xOffset=6)
        .encode(x, at, text="word:N", color=ink),
        word.transform_filter(f"!({STACKED}) && !({tight})")
        .mark_text(fontWeight="bold", align="right", xOffset=alt.ExprRef(f"{edge} - 6px"))
        .encode(x, at, text="word:N", color=ink),
        *_heads(HEAT_ROW, pitch),
    ]
    return _finish(t, layers, HEAT_ROW * 2, fit="fit-x")


def _measures(t: Translator) -> alt.X:
    """The four columns, their heads as long as there is room for."""
    heads = {
        m: [t(f"overview.head_{m}"), t(f"measure.{m}"), f"{t(f'measure.{m}')} · {t(f'overview.quota_unit_{m}')}"]
        for m in MEASURES
    }
    fits = ("44px", "84px") if t.chinese else ("74px", "136px")  # so much room a head needs, without and with its unit
    return alt.X(
        "measure:N", sort=list(MEASURES), scale=alt.Scale(domain=list(MEASURES), paddingInner=0.03), title=None,
        axis=alt.Axis(
            orient="top", labelAngle=0, labelFontSize=12, labelOverlap=False,
            labelExpr=f"({json.dumps(heads, ensure_ascii=False)})[datum.value]"
            f"[bandwidth('x') < {fits[0]} ? 0 : bandwidth('x') < {fits[1]} ? 1 : 2]",
        ),
    )  # fmt: skip


def _heads(row: int, pitch: str) -> list[Any]:
    """The rows' names: beside their cells, or above them."""
    names = alt.Chart(alt.NamedData("rows"))
    beside = names.transform_filter(f"!({STACKED})").transform_calculate(at=f"datum.rank * {pitch} + {row / 2}px")
    above = names.transform_filter(STACKED).transform_calculate(at=f"datum.rank * {pitch} + 12px")
    at = alt.Y("at:Q", scale=None, axis=None)
    style: dict[str, Any] = {"fontSize": 13, "color": INK2}
    return [
        beside.mark_text(align="right", limit=190, **style).encode(x=alt.value(-8), y=at, text="name:N"),
        above.mark_text(align="left", limit=alt.ExprRef("containerSize()[0] - 6px"), **style).encode(
            x=alt.value(0), y=at, text="name:N"
        ),
    ]


def _recent(name: str, weeks: int) -> Any:
    """The data set; on a phone its last weeks only."""
    return alt.Chart(alt.NamedData(name)).transform_filter(f"width > {PHONE} || datum.w >= {weeks - PHONE_WEEKS}")


def _down(rows: int) -> alt.Scale:
    """Rows by number from the top: 0 is the first."""
    return alt.Scale(domain=[rows - 0.5, -0.5], nice=False, zero=False)


def _rows(rows: int) -> alt.Y:
    return alt.Y("town:Q", scale=_down(rows), axis=None)


def _names(data: str, y: alt.Y) -> Any:
    """The rows' names to the left of the picture."""
    chart = alt.Chart(alt.NamedData(data)).mark_text(
        align="right", fontSize=12, color=INK2, limit=alt.ExprRef(f"{STACKED} ? 92px : 190px")
    )
    return chart.encode(x=alt.value(-8), y=y, text="town_name:N")


def _dates(first_of_weeks: alt.Chart, x: alt.X, weeks: int) -> Any:
    """Every fifth Monday under the picture, written once: in the first row."""
    step = f"(width > {PHONE} ? datum.w % 5 == 0 : width > 200px ? datum.w % 3 == 0 : datum.w == {weeks - PHONE_WEEKS})"
    few = f"datum.w == {weeks - 1} || datum.w < {weeks - 2} && {step}"
    shown = first_of_weeks.transform_filter(f"datum.town == 0 && ({few})")
    text = shown.mark_text(align=alt.ExprRef(f"datum.w == {weeks - 1} ? 'right' : 'left'"), color=INK2, fontSize=12, dx=-3)
    return text.encode(x, y=alt.value(alt.ExprRef("height + 11px")), text="day:N")


def _word_of(t: Translator) -> str:
    """Expression: the word of a loud status, else nothing."""
    over, near = (json.dumps(t(f"overview.{status}_short"), ensure_ascii=False) for status in ("over", "near"))
    return f"datum.status == 'over' ? {over} : datum.status == 'near' ? {near} : ''"


def _words(t: Translator, noun: str) -> str:
    """Expression: the name of a state from its number."""
    return f"{json.dumps([t(f'{noun}.{state}') for state in STATES], ensure_ascii=False)}[datum.state]"


def _tips(t: Translator, **fields: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{field}:N", title=t(f"overview.tip_{key}")) for field, key in fields.items()]


def _cases(field: str, otherwise: str, *cases: tuple[object, str]) -> Any:
    """The value of the first case that the field equals."""
    chain: Any = alt
    for value, result in cases:
        chain = chain.when(f"{field} == {json.dumps(value)}").then(alt.value(result))
    return chain.otherwise(alt.value(otherwise))


def _finish(t: Translator, layers: list[Any], height: int, fit: str = "fit") -> Spec:
    """The kept half of a spec: layers and house style, no data. `height` is the whole picture's, names and dates included."""
    with alt.theme.enable("none"):
        spec: Spec = alt.layer(*layers).properties(height=height).to_dict()
    padding = {"left": 2, "right": 2, "top": 4, "bottom": 4}
    kept = {"config": CONFIG, "autosize": {"type": fit, "contains": "padding"}, "padding": padding}
    return sized(spec | kept, t)
