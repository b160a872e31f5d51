"""A control chart: the ordinary range as a band, the usual level through it, and weeks out of the ordinary by shape and colour.

`control(frames, …, t)`: built once per language and start; frames (weeks, reports, notes) come from ui/control_frames.py. Dates
as in ui/charts/trends.py.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import altair as alt

from ui.charts.trends import FLOOR, NARROW, UP, UTC, Extent, dates, finished, named, note, strip, within
from ui.i18n import Translator
from ui.look import BAND, INK, INK2, INK3, PANEL, SHADE, TEAL, TEAL_MID, VERMILION

TOP = 94  # pixels above the plot: the strip of reports, and below it what is written at the vertical lines
LANES = (58, 76)
ROOF = alt.value(TOP)


def control(frames: Mapping[str, bytes], extent: Extent, t: Translator) -> dict[str, Any]:
    """The spec."""
    return within(_control(t, extent.first, extent.step), frames, extent, TOP)


@lru_cache(maxsize=64)
def _control(t: Translator, first: date, step: int) -> dict[str, Any]:
    x = alt.X("week:T", scale=UTC, axis=dates(t, first, step), title=None)
    y = alt.Y("rate:Q", scale=UP, title=None, axis=alt.Axis(tickCount=5, labelColor=INK3, format=",.2~f"))
    plot = alt.layer(*_ordinary(x, y), *_line(x), *_points(x, y), *_words(x, y), _touch(t))
    return finished(alt.layer(plot, alt.layer(*strip(t))).resolve_scale(y="independent"), 474, t)


def _ordinary(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """What the limits are made of, the band between them, and the usual level."""
    across = alt.X("from:T", scale=UTC)
    return [
        note("window").mark_rect(color=SHADE).encode(x=x, x2="until:T", y=ROOF, y2=FLOOR),
        named("weeks")
        .transform_filter("isValid(datum.high)")
        .mark_rect(color=BAND, opacity=0.75)
        .encode(x=across, x2="to:T", y=alt.Y("low:Q", title=None), y2="high:Q"),
        note("centre").mark_rule(color=INK2).encode(x=x, x2="until:T", y=y),
        note("line").mark_rule(color=INK).encode(x=x, y=alt.value(50), y2=FLOOR),
    ]


def _line(x: alt.X) -> list[alt.Chart]:
    """Closed weeks firm, provisional ones dashed and lighter, gaps where nobody reported."""
    weeks = named("weeks")
    return [
        weeks.mark_line(color=TEAL, strokeWidth=2.3).encode(x=x, y=alt.Y("firm:Q", title=None)),
        weeks.mark_line(color=TEAL_MID, strokeWidth=2.3, strokeDash=[5, 4], strokeCap="butt").encode(
            x=x, y=alt.Y("loose:Q", title=None)
        ),
    ]


def _points(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Better than usual: a full circle; worse: a triangle; ordinary: an empty circle; provisional: a lighter one."""
    good, bad, loose = (f"datum.look == '{look}'" for look in ("good", "bad", "open"))
    fill = alt.when(good).then(alt.value(TEAL)).when(bad).then(alt.value(VERMILION)).otherwise(alt.value(PANEL))
    stroke = alt.when(loose).then(alt.value(TEAL_MID)).when(bad).then(alt.value(VERMILION)).otherwise(alt.value(TEAL))
    points = named("weeks").transform_filter("isValid(datum.rate)").mark_point(filled=True, opacity=1, strokeWidth=1.7)
    shape = alt.when(bad).then(alt.value("triangle-up")).otherwise(alt.value("circle"))
    size = alt.when(bad).then(alt.value(70)).when(good).then(alt.value(44)).otherwise(alt.value(28))
    return [points.encode(x=x, y=y, fill=fill, stroke=stroke, shape=shape, size=size)]


def _words(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """On a phone the lines keep their number only; the words stand beside the drawing."""
    lines = note("line").transform_calculate(shown=f"{NARROW} ? datum.mark : datum.mark + ' ' + datum.text")
    sides: dict[str, Any] = {"right": {"align": "left", "dx": 5}, "left": {"align": "right", "dx": -5}}
    centre = note("centre").transform_calculate(shown=f"{NARROW} ? '' : datum.text")
    return [
        *(
            lines.transform_filter(f"datum.lane == '{side} {lane}'")
            .mark_text(limit=300, **sides[side])
            .encode(x=x, y=alt.value(high), text="shown:N")
            for side in sides
            for lane, high in enumerate(LANES)
        ),
        note("window").mark_text(align="left", dx=5, dy=11, color=INK2).encode(x=x, y=ROOF, text="text:N"),
        note("band").mark_text(align="left", dx=2, dy=-8, color=INK2).encode(x=x, y=y, text="text:N"),
        centre.mark_text(align="right", dy=-9, color=INK2).encode(x=alt.X("until:T", scale=UTC), y=y, text="shown:N"),
        note("end").mark_text(align="left", dx=9, fontSize=15, fontWeight="bold", color=TEAL).encode(x=x, y=y, text="text:N"),
    ]


def _touch(t: Translator) -> Any:
    """A week-wide target for finger and mouse."""
    fields = ("label", "iso", "shown", "range", "reported", "said", "state")
    tip = [alt.Tooltip(f"{field}_text:N", title=t(f"control.tip_{field}")) for field in fields]
    across = alt.X("from:T", scale=UTC)
    return named("weeks").mark_rect(opacity=0).encode(x=across, x2="to:T", y=ROOF, y2=FLOOR, tooltip=tip)
