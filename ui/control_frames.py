"""A control chart as the frames its drawing and its table name."""

from datetime import date, timedelta
from functools import lru_cache
from math import isnan
from typing import Any

import pandas as pd

from models.rules.control_rules import Meaning
from models.rules.week import Week, today_at
from services.figures.weeks_told import Standing
from services.queries.charts import Control
from ui import control_words as words
from ui.charts import trends as charts
from ui.charts.packing import packed
from ui.i18n import Translator
from ui.trends_frames import reports

KEPT, TABLE_WEEKS = 128, 12
RATES = ("rate", "firm", "loose", "centre", "low", "high")
TIPS = ("label", "iso", "shown", "range", "reported", "said", "state")
CIRCLED = "①②③④⑤⑥⑦⑧⑨"
Row = dict[Any, Any]


@lru_cache(maxsize=KEPT)
def drawing(found: Control, t: Translator) -> dict[str, bytes]:
    """weeks, reports and notes."""
    weeks: list[Row] = found.weeks.to_dict("records")
    end, (cells, columns) = _horizon(found), reports(weeks, t)
    frames = {"weeks": _weeks(weeks, t), "reports": pd.DataFrame(cells, columns=columns), "notes": _notes(found, weeks, end, t)}
    return {name: packed(_typed(frame)) for name, frame in frames.items()}


def extent(found: Control) -> charts.Extent:
    """How far the drawing reaches: all its lines and limits are below the roof."""
    highest = max(found.weeks[["rate", "high", "centre"]].max().dropna(), default=0.0)
    return charts.Extent(found.weeks.week.iloc[0], len(found.weeks), _horizon(found), float(highest) * 1.05 or 1.0)


def table(found: Control, t: Translator) -> pd.DataFrame:
    """The last twelve complete weeks, newest first, as text."""
    rows: list[Row] = found.weeks.tail(TABLE_WEEKS).iloc[::-1].to_dict("records")
    return pd.DataFrame([_line(week, t) for week in rows], columns=[*TIPS, "mark"])


def state(week: Row, t: Translator) -> str:
    """Closed, and since when revised; provisional, too thin, or that nobody reported."""
    if week["standing"] == Standing.CLOSED and not pd.isna(week["revised_at"]):
        return t("trends.state_revised", day=t.day(today_at(week["revised_at"])))
    return t(f"control.standing_{week['standing']}")


def _line(week: Row, t: Translator) -> dict[str, str]:
    return {
        "label": t.week(Week(week["week"])),
        "iso": week["label"],
        "shown": words.amount(t, week["rate"]),
        "range": words.span(t, week["low"], week["high"]),
        "reported": f"{week['received']}/{week['expected']}",
        "said": words.signal(t, week["signal"], week["meaning"]) or "—",
        "state": state(week, t),
        "mark": "" if week["standing"] == Standing.CLOSED else "open",
    }


def _weeks(weeks: list[Row], t: Translator) -> pd.DataFrame:
    rows = []
    for at, week in enumerate(weeks):
        firm = week["standing"] == Standing.CLOSED
        usable = week["exposure"] > 0
        joins = firm and at + 1 < len(weeks) and weeks[at + 1]["standing"] == Standing.PROVISIONAL
        line = _line(week, t)
        rows.append(
            {
                "week": week["week"].isoformat(),
                "from": (week["week"] - timedelta(days=3.5)).isoformat(),
                "to": (week["week"] + timedelta(days=4)).isoformat(),
                "rate": week["rate"],
                "firm": week["rate"] if firm else None,
                "loose": week["rate"] if joins or (usable and not firm) else None,
                **{name: week[name] for name in ("centre", "low", "high")},
                "look": _look(week),
                **{f"{name}_text": line[name] for name in TIPS},
            }
        )
    texts = [f"{name}_text" for name in TIPS]
    return pd.DataFrame(rows, columns=["week", "from", "to", *RATES, "look", *texts])


def _look(week: Row) -> str:
    if week["standing"] != Standing.CLOSED:
        return "open"
    if not isinstance(week["meaning"], str):
        return "usual"
    return "good" if week["meaning"] == Meaning.IMPROVEMENT else "bad"


def _notes(found: Control, weeks: list[Row], end: date, t: Translator) -> pd.DataFrame:
    first, rows = weeks[0]["week"], []
    for part in found.parts:
        if part.base and part.centre is not None and part.base[1] >= first:
            text = t("control.base_window", days=words.days(t, *part.base))
            rows.append(_note("window", max(part.base[0], first), part.base[1] + timedelta(days=6), None, text))
        if part.centre is not None and part.last >= first:
            until = part.last if part is not found.parts[-1] else end
            text = t("control.centre_line", rate=words.amount(t, part.centre))
            rows.append(_note("centre", max(part.first, first), until, part.centre, text))
    told = [week for week in weeks if not isnan(week["rate"])]
    rows += [_note("end", week["week"], end, week["rate"], t.number(week["rate"], 1)) for week in told[-1:]]
    rows += [_note("band", week["week"], end, week["high"], t("control.range")) for week in weeks if not isnan(week["high"])][:1]
    lines = [(found.starts, t("control.policy_line", day=t.day(found.starts)))] if found.starts else []
    lines += [(one.week, t("control.anew_line", reason=one.reason)) for one in found.anew]
    drawn = [line for line in sorted(lines) if first <= line[0] <= end]
    for at, (day, text) in enumerate(drawn):
        side = "left" if day - first > (end - first) * 0.5 else "right"  # words must not run out of the drawing
        rows.append(_note("line", day, end, None, text, CIRCLED[at % len(CIRCLED)], f"{side} {at % 2}"))
    return pd.DataFrame(rows, columns=["kind", "week", "until", "rate", "text", "mark", "lane"])


def _note(kind: str, week: date, until: date, rate: float | None, text: str, mark: str = "", lane: str = "") -> Row:
    place = {"week": week.isoformat(), "until": until.isoformat(), "rate": rate, "lane": lane}
    return {"kind": kind, **place, "text": text, "mark": mark}


def _horizon(found: Control) -> date:
    """A little beyond the last week: room for the figure at the line's end."""
    first: date = found.weeks.week.iloc[0]
    last: date = found.weeks.week.iloc[-1]
    return last + max((last - first) / 8, timedelta(weeks=2))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Rates as numbers also where none is known: a column of nothing would reach the browser as text."""
    return frame.astype({name: "float64" for name in RATES if name in frame})
