"""Quota bars: one line per department, worst first; a bar of what is used, the quota as a line, today's pace dotted.

`bullets(rows, pace, t)`: the drawing is built once per language, row count and kind, and joined with this run's rows.
"""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from ui.i18n import Translator
from ui.look import (
    AMBER,
    AMBER_TEXT,
    GRID,
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
ROW = 25
NARROW = "width < 330"
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
    return {**_drawing(t, len(rows), named), "datasets": {"rows": rows[COLUMNS], "marks": marks}}


def _no_pace() -> pd.DataFrame:
    return pd.DataFrame({"pace": pd.Series(dtype=float), "word": pd.Series(dtype=str)})


@cache
def _drawing(t: Translator, rows: int, named: bool) -> dict[str, Any]:
    plot, count_edge = _places(named)
    share = alt.Scale(domain=[0, FULL], clamp=True, range=[0, alt.ExprRef(plot)])
    y = alt.Y(
        "label:N",
        sort=alt.EncodingSortField("rank", op="min"),
        scale=alt.Scale(paddingInner=0),
        title=None,
        axis=alt.Axis(labelColor=INK, labelFontSize=13, labelPadding=8, labelLimit=alt.ExprRef(f"{NARROW} ? 92 : 190")),
    )
    axis = alt.Axis(orient="bottom", values=[0, 0.5, 1], format=".0%", labelColor=INK3)
    row = alt.Chart(alt.NamedData("rows")).transform_calculate(
        zero="0", one="1", shown=f"{NARROW} ? datum.count_short : datum.count"
    )
    tip = [
        alt.Tooltip(field, title=t(f"departments.{key}"))
        for field, key in (("label:N", "department"), ("count:N", "used_of"), ("word:N", "status"), ("left:N", "left"))
    ]
    pick = alt.selection_point(name=PICK, fields=["code"], toggle=False)
    layers = [
        row.mark_rect(color=TEAL_SOFT, cursor="pointer")
        .encode(y=y, x=_px("-4"), x2=_px("width + 4"), opacity=_cases(0, ("datum.chosen", 1)), tooltip=tip)
        .add_params(pick),
        row.mark_bar(height=15, color=SHADE).encode(y=y, x=_x("zero", share), x2="one:Q"),
        row.mark_bar(height=9).encode(
            y=y, x=_x("zero", share, axis), x2="share:Q", fill=_cases(TEAL, (OVER, VERMILION), (NEAR, AMBER))
        ),
        *_lines(share, plot, t),
        *_texts(row, y, count_edge),
    ]
    return _finish(layers, ROW * rows + 54)


def _lines(share: alt.Scale, plot: str, t: Translator) -> list[alt.Chart]:
    floor = alt.value(alt.ExprRef("height"))
    top = alt.Chart(alt.NamedData("rows")).transform_filter("datum.rank == 0").transform_calculate(one="1")
    marks = alt.Chart(alt.NamedData("marks"))
    quota = t("departments.quota")
    return [
        top.mark_rule(color=INK, strokeWidth=1.8).encode(x=_x("one", share), y=alt.value(-4), y2=floor),
        marks.mark_rule(color=INK2, strokeDash=[2, 3], strokeWidth=1.3).encode(x=_x("pace", share), y=alt.value(-4), y2=floor),
        top.transform_calculate(word=f"'{quota}'")
        .mark_text(align="left", fontSize=12, color=INK2)
        .encode(x=_px(f"{plot} / {FULL}"), y=alt.value(-15), text="word:N"),
        marks.mark_text(align="right", fontSize=12, color=INK2, dx=-1).encode(
            x=_x("pace", share), y=alt.value(-15), text="word:N"
        ),
    ]


def _texts(row: alt.Chart, y: alt.Y, count_edge: str) -> list[alt.Chart]:
    colour = _cases(INK, (OVER, VERMILION_TEXT), (NEAR, AMBER_TEXT))
    loud = row.transform_filter(f"{OVER} || {NEAR}")
    at = f"{NARROW} ? width - 50 : width - 62"
    return [
        row.mark_text(align="right").encode(y=y, x=_px(count_edge), text="shown:N", color=colour),
        row.mark_text(align="right").encode(y=y, x=_px("width"), text="left:N", color=colour),
        loud.mark_point(filled=True, opacity=1, size=70, stroke=PANEL, strokeWidth=0.5).encode(
            y=y, x=_px(at), shape=_cases("diamond", (OVER, "triangle-up")), fill=_cases(AMBER, (OVER, VERMILION))
        ),
    ]


def _places(named: bool) -> tuple[str, str]:
    """The width of the bars and the right edge of the counts, as expressions of the picture's width."""
    wide, narrow = (212, 112) if named else (150, 104)
    return f"(width - ({NARROW} ? {narrow} : {wide}))", f"width - ({NARROW} ? 58 : 78)"


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


def _finish(layers: list[alt.Chart], height: int) -> dict[str, Any]:
    with alt.theme.enable("none"):
        spec: dict[str, Any] = alt.layer(*layers).properties(height=height).to_dict()
    padding = {"left": 2, "right": 2, "top": 4, "bottom": 4}
    return spec | {
        "config": CONFIG | {"axisX": {"grid": False, "domainColor": RULE}},
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": padding,
    }
