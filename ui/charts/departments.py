"""Quota bars: one line per department, worst first; a bar of what is used, the quota as a line, today's pace dotted.

`bullets(rows, pace, t)`: the drawing is built once per language, row count and kind, and joined with this run's rows.
"""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from ui.charts.size import sized
from ui.i18n import Translator
from ui.look import (
    AMBER,
    AMBER_TEXT,
    GRID,
    GROUND,
    INK,
    INK2,
    INK3,
    PANEL,
    RULE,
    SANS,
    SHADE,
    TEAL,
    TEAL_SOFT,
    VERMILION,
    VERMILION_TEXT,
)

PICK = "department_pick"
FULL = 1.5  # shares beyond are cut at the edge; the number stands beside the bar
ROW, ROW_STACKED = 25, 46
STACKED = "(containerSize()[0] < 480px)"  # then names stand above their bars, not beside them
NARROW = "width < 330px"
COLUMNS = ["code", "label", "rank", "share", "count", "count_short", "left", "status", "word", "chosen"]
CONFIG = {
    "font": SANS,
    "background": None,
    "view": {"stroke": None},
    "axis": {"labelFontSize": 12, "labelColor": INK2, "domain": False, "ticks": False, "gridColor": GRID},
    "text": {"fontSize": 12.5, "color": INK, "baseline": "middle"},
}
OVER, NEAR = "datum.status == 'over'", "datum.status == 'near'"


def bullets(rows: pd.DataFrame, pace: float | None, t: Translator, *, named: bool) -> dict[str, Any]:
    """The spec. `rows` has COLUMNS, worst first; `pace` is the share of the period that is over, None to leave it out;
    `named`: each count names its measure, so that its column is wider."""
    marks = pd.DataFrame({"pace": [pace], "word": [t("departments.pace", share=t.percent(pace))]}) if pace else _no_pace()
    return {**_drawing(t, len(rows), named, bool(pace)), "datasets": {"rows": rows[COLUMNS], "marks": marks}}


def _no_pace() -> pd.DataFrame:
    return pd.DataFrame({"pace": pd.Series(dtype=float), "word": pd.Series(dtype=str)})


@cache
def _drawing(t: Translator, rows: int, named: bool, paced: bool) -> dict[str, Any]:
    plot, count_edge = _places(named)
    share = alt.Scale(domain=[0, FULL], clamp=True, range=[0, alt.ExprRef(plot)])
    pitch = f"({STACKED} ? {ROW_STACKED}px : {ROW}px)"
    row = alt.Chart(alt.NamedData("rows")).transform_calculate(
        zero="0",
        one="1",
        shown=f"{NARROW} ? datum.count_short : datum.count",
        top=f"datum.rank * {pitch}",
        line=f"datum.rank * {pitch} + ({STACKED} ? 33px : {ROW / 2}px)",
        bottom=f"(datum.rank + 1) * {pitch}",
    )
    y = _at("line")
    tip = [
        alt.Tooltip(field, title=t(f"departments.{key}"))
        for field, key in (("label:N", "department"), ("count:N", "used_of"), ("word:N", "status"), ("left:N", "left"))
    ]
    pick = alt.selection_point(name=PICK, fields=["code"], toggle=False)
    layers = [
        row.mark_rect(color=TEAL_SOFT, cursor="pointer")
        .encode(
            y=_at("top"), y2="bottom:Q", x=_px("0"), x2=_px("width + 4px"), opacity=_cases(0, ("datum.chosen", 1)), tooltip=tip
        )
        .add_params(pick),
        row.mark_bar(height=15, color=SHADE).encode(y=y, x=_x("zero", share), x2="one:Q"),
        row.mark_bar(height=9).encode(
            y=y, x=_x("zero", share), x2="share:Q", fill=_cases(TEAL, (OVER, VERMILION), (NEAR, AMBER))
        ),
        *_lines(share, plot, f"{rows} * {pitch}", t),
        *(_pace(share, f"{rows} * {pitch}") if paced else ()),
        *_names(row),
        *_texts(row, y, count_edge),
    ]
    return _finish(t, layers, ROW)


def _names(row: alt.Chart) -> list[alt.Chart]:
    """Beside the bars; on a phone above them, in full."""
    halos: tuple[dict[str, Any], ...] = ({"stroke": GROUND, "strokeWidth": 4, "strokeJoin": "round"}, {})  # lines stop at a name
    above = row.transform_filter(STACKED).transform_calculate(at="datum.top + 13px")
    return [
        row.transform_filter(f"!({STACKED})")
        .mark_text(align="right", fontSize=13, limit=190)
        .encode(y=_at("line"), x=_px("-8px"), text="label:N"),
        *(
            above.mark_text(align="left", fontSize=13, limit=alt.ExprRef("containerSize()[0] - 6px"), **halo).encode(
                y=_at("at"), x=_px("0"), text="label:N"
            )
            for halo in halos
        ),
    ]


def _lines(share: alt.Scale, plot: str, floor: str, t: Translator) -> list[alt.Chart]:
    top = alt.Chart(alt.NamedData("rows")).transform_filter("datum.rank == 0").transform_calculate(zero="0", half="0.5", one="1")
    quota = t("departments.quota")
    return [
        top.mark_rule(color=INK, strokeWidth=1.8).encode(x=_x("one", share), y=alt.value(-4), y2=_px(floor)),
        top.transform_calculate(word=f"'{quota}'")
        .mark_text(align="left", fontSize=12, color=INK2)
        .encode(x=_px(f"{plot} / {FULL}"), y=alt.value(-15), text="word:N"),
        *(
            top.transform_filter(
                f"datum.{place} == 0.5 ? containerSize()[0] > 240px : true"
            )  # else the three run into each other
            .mark_text(fontSize=12, color=INK3, align="left" if place == "zero" else "center")
            .encode(x=_x(place, share), y=_px(f"{floor} + 10px"), text=alt.value(t.percent(value)))
            for place, value in (("zero", 0), ("half", 0.5), ("one", 1))
        ),
    ]


def _pace(share: alt.Scale, floor: str) -> list[alt.Chart]:
    """How much of the period is over."""
    marks = alt.Chart(alt.NamedData("marks"))
    return [
        marks.mark_rule(color=INK2, strokeDash=[2, 3], strokeWidth=1.3).encode(
            x=_x("pace", share), y=alt.value(-4), y2=_px(floor)
        ),
        marks.transform_filter("containerSize()[0] > 240px")  # else it would run out at the left; the key above says it too
        .mark_text(align="right", fontSize=12, color=INK2, dx=-1)
        .encode(x=_x("pace", share), y=alt.value(-15), text="word:N"),
    ]


def _texts(row: alt.Chart, y: alt.Y, count_edge: str) -> list[alt.Chart]:
    colour = _cases(INK, (OVER, VERMILION_TEXT), (NEAR, AMBER_TEXT))
    loud = row.transform_filter(f"{OVER} || {NEAR}")
    at = f"{NARROW} ? width - 50px : width - 62px"
    return [
        row.mark_text(align="right").encode(y=y, x=_px(count_edge), text="shown:N", color=colour),
        row.mark_text(align="right").encode(y=y, x=_px("width"), text="left:N", color=colour),
        loud.mark_point(filled=True, opacity=1, size=70, stroke=PANEL, strokeWidth=0.5).encode(
            y=y, x=_px(at), shape=_cases("diamond", (OVER, "triangle-up")), fill=_cases(AMBER, (OVER, VERMILION))
        ),
    ]


def _at(field: str) -> alt.Y:
    """A place computed in pixels from the top."""
    return alt.Y(f"{field}:Q", scale=None, axis=None)


def _places(named: bool) -> tuple[str, str]:
    """The width of the bars and the right edge of the counts, as expressions of the picture's width."""
    wide, narrow = (212, 112) if named else (150, 104)
    return f"(width - ({NARROW} ? {narrow}px : {wide}px))", f"width - ({NARROW} ? 58px : 78px)"


def _x(field: str, scale: alt.Scale, axis: alt.Axis | None = None) -> alt.X:
    return alt.X(f"{field}:Q", scale=scale, title=None, axis=axis)


def _px(expression: str) -> Any:
    return alt.value(alt.ExprRef(expression))


def _cases(otherwise: Any, *cases: tuple[str, Any]) -> Any:
    """The value of the first test that holds."""
    chain: Any = alt
    for test, value in cases:
        chain = chain.when(test).then(alt.value(value))
    return chain.otherwise(alt.value(otherwise))


def _finish(t: Translator, layers: list[alt.Chart], height: int) -> dict[str, Any]:
    with alt.theme.enable("none"):
        spec: dict[str, Any] = alt.layer(*layers).properties(height=height).to_dict()
    padding = {"left": 2, "right": 2, "top": 4, "bottom": 4}
    kept = {
        "config": CONFIG | {"axisX": {"grid": False, "domainColor": RULE}},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": padding,
    }
    return sized(spec | kept, t)
