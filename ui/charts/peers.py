"""Departments among their peers: one line per kind of department, a dot each, the range of chance as a band around the mean.

`strips(rows, bands, t)`: the drawing is built once per language and number of lines, and joined with this run's rows.
"""

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from ui.charts.departments import CONFIG, NARROW
from ui.charts.size import sized
from ui.i18n import Translator
from ui.look import INK, INK2, INK3, PANEL, RULE, SHADE, TEAL, VERMILION, VERMILION_TEXT

ROW = 46
FULL = 4.0  # times the mean; what lies beyond stands at the edge, with its number
ROWS = ["peers", "rank", "department", "ratio", "standing", "word", "used", "expected"]
BANDS = ["peers", "rank", "low", "high"]
BEYOND = f"datum.department + (datum.ratio > {FULL} ? ' ' + format(datum.ratio, '.1f') + '×' : '')"
HIGH, LOW = "datum.standing == 'high'", "datum.standing == 'low'"


def strips(rows: pd.DataFrame, bands: pd.DataFrame, t: Translator) -> dict[str, Any]:
    """The spec. `rows` has ROWS (ratio = used ÷ mean of the peers), `bands` BANDS: ratios, for peers with equal exposure."""
    return {**_drawing(t, rows["peers"].nunique()), "datasets": {"rows": rows[ROWS], "bands": bands[BANDS]}}


@cache
def _drawing(t: Translator, lines: int) -> dict[str, Any]:
    scale = alt.Scale(domain=[0, FULL], clamp=True, nice=False)
    limit = alt.ExprRef(f"{NARROW} ? 92px : 190px")
    y = alt.Y(
        "peers:N",
        sort=alt.EncodingSortField("rank", op="min"),
        title=None,
        axis=alt.Axis(labelColor=INK, labelFontSize=13, labelPadding=8, labelLimit=limit),
    )
    axis = alt.Axis(orient="bottom", values=[0, 1, 2, 3, 4], format="~g", labelColor=INK3, labelExpr="datum.label + '×'")
    x = alt.X("ratio:Q", scale=scale, title=None, axis=axis)
    rows, bands = alt.Chart(alt.NamedData("rows")), alt.Chart(alt.NamedData("bands"))
    tip = [alt.Tooltip(f"{field}:N", title=t(f"departments.peers_{field}_head")) for field in ("department", "used", "expected")]
    tip.append(alt.Tooltip("word:N", title=t("departments.peers_standing_head")))
    plain = rows.transform_filter(f"!({HIGH} || {LOW})")
    loud = rows.transform_filter(f"{HIGH} || {LOW}")
    mean = rows.transform_aggregate(groupby=["peers", "rank"]).transform_calculate(one="1")
    shape = alt.when(HIGH).then(alt.value("triangle-up")).otherwise(alt.value("triangle-down"))
    fill = alt.when(HIGH).then(alt.value(VERMILION)).otherwise(alt.value(TEAL))
    layers = [
        bands.mark_bar(height=22, color=SHADE).encode(y=y, x=alt.X("low:Q", scale=scale, title=None), x2="high:Q"),
        mean.mark_tick(color=INK2, thickness=1.5, size=26).encode(y=y, x=alt.X("one:Q", scale=scale, title=None)),
        plain.mark_point(color=INK2, size=46, opacity=0.75).encode(y=y, x=x, tooltip=tip),
        loud.mark_point(filled=True, size=110, opacity=1, stroke=PANEL, strokeWidth=0.6).encode(
            y=y, x=x, shape=shape, fill=fill, tooltip=tip
        ),
        rows.transform_filter(HIGH)
        .transform_calculate(said=BEYOND)
        .mark_text(align="right", dx=-9, color=VERMILION_TEXT)
        .encode(y=y, x=x, text="said:N"),
    ]
    with alt.theme.enable("none"):
        spec: dict[str, Any] = alt.layer(*layers).properties(height=ROW * lines + 34).to_dict()
    kept = {
        "config": CONFIG | {"axisX": {"grid": False, "domainColor": RULE}},
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 2, "right": 8, "top": 4, "bottom": 4},
    }
    return sized(spec | kept, t)
