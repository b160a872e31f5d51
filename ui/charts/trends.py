"""The trend of one measure with its reporting strip, and a small one per township.

`trend(frames, …, t)`: the drawing is built once per language and start, and only names its data sets; this run's frames
are joined to it. Frames are Arrow bytes (ui/charts/packing.py), made once per set of figures. Dates are ISO text on a UTC
scale, so that no browser's zone can move a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC as UTC_ZONE
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import altair as alt

from ui.charts.size import sized
from ui.i18n import Translator
from ui.look import (
    GRID,
    GROUND,
    INK,
    INK2,
    INK3,
    PANEL,
    QUIET,
    RULE,
    SANS,
    SHADE,
    TEAL,
    TEAL_MID,
    TEAL_SOFT,
    VERMILION,
    VERMILION_TEXT,
)

TOP = 70  # pixels above the plot for the strip: the y range starts there
NARROW = "width < 460px"  # then words give way, only marks stay
STATES = ("submitted", "zero", "missing", "not_due")
FLOOR = alt.value(alt.ExprRef("height"))
UTC = alt.Scale(type="utc", domain=[alt.ExprRef("since"), alt.ExprRef("until")])
UP = alt.Scale(domain=[0, alt.ExprRef("roof")], nice=False, range=[alt.ExprRef("height"), alt.ExprRef("top * 1px")])
CONFIG = {
    "font": SANS,
    "background": None,
    "view": {"stroke": None},
    "line": {"strokeCap": "round", "strokeJoin": "round"},
    "axis": {"labelFontSize": 12, "labelColor": INK2, "domain": False, "ticks": False, "gridColor": GRID},
    "axisX": {"grid": False, "domain": True, "domainColor": RULE, "ticks": True, "tickColor": RULE, "tickSize": 5},
    "text": {"fontSize": 12.5, "color": INK, "baseline": "middle"},
}


@dataclass(frozen=True)
class Extent:
    """How far a drawing reaches: `weeks` from the Monday `first` on, to the day `until` and up to a rate, above 0.

    It is told to the drawing and not found from its marks: a layer may be empty, and an empty layer has no extent.
    """

    first: date
    weeks: int
    until: date
    roof: float

    @property
    def step(self) -> int:
        """Days between the dates written below."""
        return 14 if self.weeks <= 16 else 28 if self.weeks <= 30 else 56


def trend(frames: Mapping[str, bytes], extent: Extent, t: Translator) -> dict[str, Any]:
    """The spec. `frames`: weeks, reports, path and notes, as ui/trends_frames.py makes them."""
    return within(_trend(t, extent.first, extent.step), frames, extent, TOP)


def within(drawn: Mapping[str, Any], frames: Mapping[str, bytes], extent: Extent, top: int) -> dict[str, Any]:
    """A kept drawing with this run's frames and extent; its plot begins `top` pixels below the edge."""
    since, until = (datetime.combine(day, time.min, UTC_ZONE) for day in (extent.first, extent.until))
    told = {"since": (since - timedelta(days=3.5)).timestamp() * 1000, "until": until.timestamp() * 1000}
    values = told | {"roof": extent.roof, "top": top}
    return {**drawn, "params": [{"name": name, "value": value} for name, value in values.items()], "datasets": dict(frames)}


def multiples(frames: Mapping[str, bytes], t: Translator) -> dict[str, Any]:
    """The spec of the townships. `frames`: parts and towns."""
    return {**_multiples(t), "datasets": dict(frames)}


@lru_cache(maxsize=64)
def _trend(t: Translator, first: date, step: int) -> dict[str, Any]:
    x = alt.X("week:T", scale=UTC, axis=dates(t, first, step), title=None)
    y = alt.Y("rate:Q", scale=UP, title=None, axis=alt.Axis(tickCount=5, labelColor=INK3, format=",.2~f"))
    plot = alt.layer(*_ground(x, y), *_line(x, y), *_words(x, y), _touch(t))
    drawn = alt.layer(plot, alt.layer(*strip(t))).resolve_scale(y="independent")
    return finished(drawn, 430, t)


def dates(t: Translator, first: date, step: int) -> alt.Axis:
    """11月16日 every two, four or eight weeks; the first one of a year, and the first of all, with the year below."""
    begin = f"utc({first.year}, {first.month - 1}, {first.day})"
    ticks = alt.ExprRef(f"sequence({begin}, {begin} + 110 * 7 * 864e5, {step} * 864e5)")
    day = f"utcFormat(datum.value, '{'%-m月%-d日' if t.chinese else '%b %-d'}')"
    newly = f"datum.index == 0 || datum.value - utc(utcyear(datum.value), 0, 1) < {step} * 864e5"
    year = f"utcFormat(datum.value, '{'%Y年' if t.chinese else '%Y'}')"
    return alt.Axis(values=ticks, labelExpr=f"({newly}) ? [{day}, {year}] : {day}", labelOverlap="greedy", labelFlush=True)


def _ground(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """What the line is seen against: baseline window, baseline, target path."""
    roof = alt.value(TOP)
    return [
        note("window").mark_rect(color=SHADE).encode(x=x, x2="until:T", y=roof, y2=FLOOR),
        note("base").mark_rule(color=INK2).encode(x=x, x2="until:T", y=y),
        named("path")
        .mark_line(color=INK, strokeWidth=1.5, strokeDash=[1.5, 4], strokeCap="butt")
        .encode(x=x, y=alt.Y("rate:Q", title=None)),
    ]


def _line(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The rate: closed weeks firm, provisional ones dashed and lighter, the running one dotted, gaps where nobody reported."""
    weeks = named("weeks")
    closed, running = alt.when("datum.closed"), alt.when("datum.running")
    return [
        weeks.mark_line(color=TEAL, strokeWidth=2.3).encode(x=x, y=alt.Y("rate_closed:Q", title=None)),
        weeks.mark_line(color=TEAL_MID, strokeWidth=2.3, strokeDash=[5, 4], strokeCap="butt").encode(
            x=x, y=alt.Y("rate_open:Q", title=None)
        ),
        weeks.transform_filter("isValid(datum.rate)")
        .mark_point(filled=True, opacity=1, strokeWidth=1.7)
        .encode(
            x=x,
            y=y,
            stroke=closed.then(alt.value(TEAL)).otherwise(alt.value(TEAL_MID)),
            fill=closed.then(alt.value(TEAL)).otherwise(alt.value(PANEL)),
            strokeDash=running.then(alt.value([2, 1.5])).otherwise(alt.value([1, 0])),
            size=running.then(alt.value(60)).otherwise(alt.value(26)),
        ),
    ]


def _words(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Lines are named where they end."""
    wide, figure = (
        note(*kinds).transform_calculate(shown=f"{NARROW} ? '' : datum.text") for kinds in (("base", "goal"), ("above",))
    )
    halos: tuple[dict[str, Any], ...] = ({"stroke": GROUND, "strokeWidth": 4, "strokeJoin": "round"}, {})  # lines stop at a name
    bold: dict[str, Any] = {"fontSize": 15, "fontWeight": "bold", "color": TEAL}
    return [
        note("window").mark_text(align="left", dx=5, dy=11, color=INK2).encode(x=x, y=alt.value(TOP), text="text:N"),
        *(
            wide.transform_filter(side)
            .mark_text(align="right", dy=dy, color=INK2, **halo)
            .encode(x=alt.X("until:T", scale=UTC), y=y, text="shown:N")
            for halo in halos
            for side, dy in (("datum.above", -9), ("!datum.above", 11))
        ),
        note("end").mark_text(align="left", dx=9, **bold).encode(x=x, y=y, text="text:N"),
        figure.transform_filter("datum.above").mark_text(dy=-14, **bold).encode(x=x, y=y, text="shown:N"),
        figure.transform_filter("!datum.above").mark_text(dy=16, **bold).encode(x=x, y=y, text="shown:N"),
        note("running").mark_text(align="left", dx=9, color=INK2).encode(x=x, y=y, text="text:N"),
        note("gap").mark_text(color=VERMILION_TEXT, baseline="bottom", dy=-6).encode(x=x, y=FLOOR, text="mark:N"),
        note("festival").mark_text(color=INK2, align="right", baseline="bottom", dx=-9, dy=-3).encode(x, y=FLOOR, text="text:N"),
    ]


def _touch(t: Translator) -> Any:
    """A week-wide target for finger and mouse, with everything that is known about the week."""
    fields = ("label", "iso", "shown", "total", "path", "reported", "state")
    tip = [alt.Tooltip(f"{field}_text:N", title=t(f"trends.tip_{field}")) for field in fields]
    across = alt.X("from:T", scale=UTC)
    return named("weeks").mark_rect(opacity=0).encode(x=across, x2="to:T", y=alt.value(TOP), y2=FLOOR, tooltip=tip)


def strip(t: Translator) -> list[alt.Chart]:
    """Who reported: above the plot, in its first 44 pixels; on a vertical scale of its own."""
    lane = alt.Y("low:Q", scale=alt.Scale(domain=[0, 1], range=[TOP - 26, 14]), axis=None)
    paint = alt.Scale(domain=list(STATES), range=[TEAL_MID, TEAL_SOFT, PANEL, GRID])
    reports = named("reports")
    tip = [
        alt.Tooltip(f"{field}:N", title=t(f"trends.tip_{title}"))
        for field, title in (("iso", "iso"), ("word", "state"), ("count", "points"))
    ]
    return [
        reports.mark_rect(strokeWidth=1).encode(
            x=alt.X("from:T", scale=UTC),
            x2="to:T",
            y=lane,
            y2="high:Q",
            fill=alt.Fill("state:N", scale=paint, legend=None),
            stroke=alt.when("datum.state == 'missing'").then(alt.value(VERMILION)).otherwise(alt.value("transparent")),
            tooltip=tip,
        ),
        reports.transform_calculate(shown=f"datum.told && !({NARROW}) ? datum.count : ''")
        .mark_text(fontSize=12, color=VERMILION_TEXT)
        .encode(x=alt.X("week:T", scale=UTC), y=alt.value(6), text="shown:N"),
    ]


@lru_cache(maxsize=8)
def _multiples(t: Translator) -> dict[str, Any]:
    """A trellis laid out by arithmetic on the `width` signal: four columns on a desk, two on a phone; one view, no facet.

    Marks lie below the nominal height: with autosize fit-x the picture grows to them.
    """
    columns = alt.param(name="columns", expr="width < 240px ? 1 : width < 640px ? 2 : 4")
    wide, high = "(width / columns)", 148
    across, up = f"({wide} - (columns == 4 ? 58px : 38px))", high - 78
    place = {"left": f"(datum.town % columns) * {wide}", "top": f"floor(datum.town / columns) * {high}px"}

    def level(value: str) -> str:
        return f"isValid({value}) ? datum.top + {high - 24}px - {value} / datum.most * {up}px : null"

    parts = (
        named("parts")
        .transform_calculate(**place)
        .transform_calculate(along=f"datum.left + datum.part * {across}", own=level("datum.rate"), all=level("datum.county"))
    )
    towns = (
        named("towns")
        .transform_calculate(**place)
        .transform_calculate(
            right=f"datum.left + {across}",
            head="datum.top + 12px",
            line="datum.top + 32px",
            floor=f"datum.top + {high - 24}px",
            foot=f"datum.top + {high - 13}px",
            base_y=level("datum.base"),
            now_y=level("datum.now"),
        )
    )
    return finished(alt.layer(*_small_lines(parts, towns), *_small_words(towns)).add_params(columns), high, t, fit="fit-x")


def _small_lines(parts: alt.Chart, towns: alt.Chart) -> list[alt.Chart]:
    return [
        towns.mark_rule(color=RULE).encode(_at("x", "left"), _at("y", "floor"), x2="right:Q"),
        towns.transform_filter("isValid(datum.base_y)")
        .mark_rule(color=INK2, strokeDash=[1, 3])
        .encode(_at("x", "left"), _at("y", "base_y"), x2="right:Q"),
        parts.mark_line(color=QUIET, strokeWidth=1.3).encode(_at("x", "along"), _at("y", "all"), detail="town:N"),
        parts.mark_line(color=TEAL, strokeWidth=2.2).encode(_at("x", "along"), _at("y", "own"), detail="town:N"),
        towns.transform_filter("isValid(datum.now_y)")
        .mark_point(filled=True, opacity=1, fill=PANEL, stroke=TEAL, strokeWidth=1.8, size=36)
        .encode(_at("x", "right"), _at("y", "now_y")),
    ]


def _small_words(towns: alt.Chart) -> list[alt.Chart]:
    fall, rise = "datum.code == 'fall'", "datum.code == 'rise'"
    small: dict[str, Any] = {"align": "left", "fontSize": 12, "color": INK3}
    return [
        towns.mark_text(align="left", fontSize=13.5, fontWeight="bold").encode(_at("x", "left"), _at("y", "head"), text="name:N"),
        towns.mark_point(filled=True, opacity=1, size=64, strokeWidth=1.8, xOffset=5).encode(
            _at("x", "left"),
            _at("y", "line"),
            shape=alt.when(rise).then(alt.value("triangle-up")).otherwise(alt.value("circle")),
            fill=alt.when(fall).then(alt.value(TEAL)).when(rise).then(alt.value(VERMILION)).otherwise(alt.value("transparent")),
            stroke=alt.when(fall).then(alt.value(TEAL)).when(rise).then(alt.value(VERMILION)).otherwise(alt.value(INK2)),
            strokeDash=alt.when("datum.code == 'few'").then(alt.value([1.5, 2])).otherwise(alt.value([1, 0])),
        ),
        towns.mark_text(align="left", dx=15).encode(
            _at("x", "left"),
            _at("y", "line"),
            text="word:N",
            color=alt.when(fall).then(alt.value(TEAL)).when(rise).then(alt.value(VERMILION_TEXT)).otherwise(alt.value(INK2)),
        ),
        towns.transform_filter("isValid(datum.now_y)")
        .mark_text(align="left", fontSize=13.5, fontWeight="bold", color=TEAL, dx=8)
        .encode(_at("x", "right"), _at("y", "now_y"), text="now_text:N"),
        towns.mark_text(**small).encode(_at("x", "left"), _at("y", "foot"), text="from:N"),
        towns.mark_text(**{**small, "align": "right"}).encode(_at("x", "right"), _at("y", "foot"), text="until:N"),
    ]


def _at(channel: str, field: str) -> Any:
    made = alt.X if channel == "x" else alt.Y
    return made(f"{field}:Q", scale=None, axis=None)


def named(name: str) -> alt.Chart:
    """A chart over one of the spec's data sets."""
    return alt.Chart(alt.NamedData(name))


def note(*kinds: str) -> alt.Chart:
    """A chart over the notes of these kinds."""
    return named("notes").transform_filter(alt.FieldOneOfPredicate("kind", list(kinds)))


def finished(chart: Any, height: int, t: Translator, fit: str = "fit") -> dict[str, Any]:
    """The spec, in our type, in the reader's size and as wide as its place."""
    spec: dict[str, Any] = chart.to_dict()
    kept = {"config": CONFIG, "autosize": {"type": fit, "contains": "padding"}}
    return sized({**spec, **kept, "padding": {"left": 2, "right": 2, "top": 4, "bottom": 4}}, t) | {"height": height}
