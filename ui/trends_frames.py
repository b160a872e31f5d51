"""A picture of the trend as the frames that its drawings and tables name: places, labels, states."""

from datetime import date, timedelta
from functools import lru_cache
from math import isnan
from typing import Any

import pandas as pd

from models.rules.holiday import is_spring_festival
from models.rules.measure import Unit
from models.rules.week import Week, today_at
from services.figures.comparing import NOW_WEEKS
from services.queries.trends import Picture
from ui.charts import trends as charts
from ui.charts.packing import packed
from ui.i18n import Translator
from ui.trends_choice import Choice, Names

TABLE_WEEKS = 12
PART = NOW_WEEKS  # weeks that a township's small line takes together: its last part is "the last four weeks"
KEPT = 128  # choices of filters whose frames are kept
RATES = ("rate", "rate_closed", "rate_open", "county", "base", "now")
Rows = list[dict[str, Any]]
Listed = tuple[tuple[str, tuple[str, str | None]], ...]  # names as a key of what is kept


@lru_cache(maxsize=KEPT)
def trend(found: Picture, t: Translator) -> dict[str, bytes]:
    """The frames of the main drawing."""
    weeks, until = found.weeks.to_dict("records"), _horizon(found)
    frames: dict[str, tuple[Rows, list[str]]] = {
        "weeks": _weeks(weeks, found, t),
        "reports": reports(weeks, t),
        "path": _path(found, until),
        "notes": _notes(weeks, found, until, t),
    }
    return {name: packed(_typed(pd.DataFrame(rows, columns=columns))) for name, (rows, columns) in frames.items()}


def extent(found: Picture) -> charts.Extent:
    """How far the main drawing reaches: all its lines are below the roof."""
    base = found.target.baseline.rate if found.target else None
    highest = max([*found.weeks.rate.dropna(), base or 0.0])
    return charts.Extent(found.weeks.week.iloc[0], len(found.weeks), _horizon(found), float(highest) * 1.1 or 1.0)


@lru_cache(maxsize=KEPT)
def multiples(found: Picture, names: Listed, choice: Choice, t: Translator) -> dict[str, bytes]:
    """The frames of the townships, by area code: four-week parts ending with the last complete week."""
    named: Names = dict(names)
    county = _parts(found.weeks, choice.unit)
    towns, parts = [], []
    lines = {code: _parts(found.townships[found.townships.township_code == code], choice.unit) for code in found.by_township}
    rates = [rate for line in (county, *lines.values()) for rate in line.values()]
    rates += [comparison.verdict.base.rate for comparison in found.by_township.values()]
    most = max([rate for rate in rates if rate is not None], default=0) * 1.05 or 1.0
    days = sorted(county)
    for number, (code, comparison) in enumerate(found.by_township.items()):
        line, verdict = lines[code], comparison.verdict
        for place, day in enumerate(days):
            share = place / max(len(days) - 1, 1)
            shown = None if choice.unit is Unit.SESSIONS else county[day]  # a county's sessions are no township's measure
            parts.append({"town": number, "part": share, "rate": line.get(day), "county": shown, "most": most})
        now, base = verdict.now.rate, verdict.base.rate
        towns.append(
            {
                "town": number,
                "name": f"{t.name(*named.get(code, (code, None)))} {comparison.points}/{comparison.expected}",
                "code": verdict.code.value,
                "word": t(f"verdict.{verdict.code}"),
                "base": base,
                "now": line.get(days[-1]) if days else None,
                "now_text": "" if now is None else t.rate(now),
                "most": most,
                "from": t.day(max(days[0], found.weeks.week.iloc[0])) if days else "",
                "until": t.day(_last(found)) if days else "",
            }
        )
    return {"parts": packed(_typed(pd.DataFrame(parts))), "towns": packed(_typed(pd.DataFrame(towns)))}


def complete(found: Picture) -> pd.DataFrame:
    """The weeks that sums and verdicts are made of: those whose Sunday has passed."""
    return found.weeks[found.weeks.complete]


def running(found: Picture) -> pd.DataFrame:
    """The running week, as soon as somebody reported it: it is shown, and counts in no sum and no verdict."""
    return found.weeks[~found.weeks.complete & (found.weeks.received > 0)]


def table(found: Picture, choice: Choice, t: Translator) -> pd.DataFrame:
    """The running week, the last twelve complete ones, newest first, as text, and the sum of all complete weeks chosen.

    A stock has no sum.
    """
    every = complete(found)
    shown = pd.concat([every.tail(TABLE_WEEKS), running(found)])
    rows = [_line(week, found, t) for week in shown.iloc[::-1].to_dict("records")]
    total = {"day": t("trends.sum", n=len(every)), "label": "", "rate": "", "path": "", "state": "", "mark": "total"}
    total["reported"] = f"{t.number(every.received.sum())}/{t.number(every.expected.sum())}"
    total |= {name: t.number(every[name].sum()) for name in ("zero", "missing")}
    total["total"] = "" if choice.measure.is_stock else amount(t, float(every.total.sum()))
    return pd.DataFrame([*rows, total])


def amount(t: Translator, value: float) -> str:
    """Whole numbers whole, hours with one decimal, a dash for what nobody reported."""
    if isnan(value):
        return "—"
    shown = round(float(value), 1)  # sums of hours are a hair beside whole numbers
    return t.number(shown, 0 if shown.is_integer() else 1)


def state(week: dict[Any, Any], t: Translator) -> str:
    """Running, provisional, closed, closed and corrected since; or that nobody reported."""
    if not week["complete"]:
        return t("trends.state_running")
    if week["expected"] and not week["received"]:
        return t("trends.state_silent")
    if not week["closed"]:
        return t("trends.state_provisional")
    revised = week["revised_at"]
    return t("trends.state_closed") if pd.isna(revised) else t("trends.state_revised", day=t.day(today_at(revised)))


def path_at(found: Picture, monday: date) -> float | None:
    """The target path's rate in a week; None where there is none, and before it starts."""
    path = found.target.path if found.target else None
    return path.at(monday) if path and monday >= Week.of(path.starts).monday else None


def _line(week: dict[Any, Any], found: Picture, t: Translator) -> dict[str, str]:
    path = path_at(found, week["week"])
    return {
        "day": t.week(Week(week["week"])),
        "label": week["label"],
        "reported": f"{week['received']}/{week['expected']}",
        "zero": str(week["zero"]),
        "missing": str(week["missing"]) if week["closed"] or week["missing"] else "—",
        "total": amount(t, week["total"]),
        "rate": "—" if isnan(week["rate"]) else t.number(week["rate"], 2),
        "path": "—" if path is None else t.number(path, 2),
        "state": state(week, t),
        "mark": "" if week["closed"] else "open" if week["complete"] else "open running",
    }


def _weeks(weeks: list[dict[Any, Any]], found: Picture, t: Translator) -> tuple[Rows, list[str]]:
    rows: Rows = []
    for at, week in enumerate(weeks):
        rate = None if isnan(week["rate"]) else week["rate"]
        following = weeks[at + 1] if at + 1 < len(weeks) else week
        joins = week["closed"] and not following["closed"]  # the dashed line begins where the firm one ends
        line = _line(week, found, t)
        rows.append(
            {
                "week": week["week"].isoformat(),
                "from": (week["week"] - timedelta(days=3.5)).isoformat(),
                "to": (week["week"] + timedelta(days=4)).isoformat(),
                "rate": rate,
                "rate_closed": rate if week["closed"] else None,
                "rate_open": rate if joins or not week["closed"] else None,
                "closed": week["closed"],
                "running": not week["complete"],
                "label_text": line["day"],
                "iso_text": week["label"],
                "shown_text": "—" if rate is None else t.number(rate, 2),
                **{f"{name}_text": line[name] for name in ("total", "path", "reported", "state")},
            }
        )
    texts = [f"{name}_text" for name in ("label", "iso", "shown", "total", "path", "reported", "state")]
    return rows, ["week", "from", "to", "rate", "rate_closed", "rate_open", "closed", "running", *texts]


def reports(weeks: list[dict[Any, Any]], t: Translator) -> tuple[Rows, list[str]]:
    """Stacked shares of the largest number of points; a missing tenth is told by its number."""
    most = max((week["expected"] for week in weeks), default=0) or 1
    rows: Rows = []
    for week in weeks:
        low = 0
        for name in charts.STATES:
            count = week[name]
            if count:
                told = name == "missing" and count >= 0.1 * week["expected"] and len(weeks) <= 30
                rows.append(
                    {
                        "week": week["week"].isoformat(),
                        "from": (week["week"] - timedelta(days=2.8)).isoformat(),
                        "to": (week["week"] + timedelta(days=3)).isoformat(),
                        "iso": week["label"],
                        "state": name,
                        "word": t(f"trends.{name}"),
                        "count": count,
                        "low": low / most,
                        "high": (low + count) / most,
                        "told": told,
                    }
                )
            low += count
    return rows, ["week", "from", "to", "iso", "state", "word", "count", "low", "high", "told"]


def _path(found: Picture, until: date) -> tuple[Rows, list[str]]:
    path = found.target.path if found.target else None
    first = found.weeks.week.iloc[0]
    days = sorted({max(first, path.starts), min(path.ends, until), until}) if path and until > path.starts else []
    rows: Rows = [{"week": day.isoformat(), "rate": path.at(day)} for day in days if path and day >= first]
    return rows, ["week", "rate"]


def _notes(weeks: list[dict[Any, Any]], found: Picture, until: date, t: Translator) -> tuple[Rows, list[str]]:
    """What stands written in the drawing, with its place."""
    first, line = found.weeks.week.iloc[0], found.target
    notes: Rows = []
    base = line.baseline.rate if line else None
    if line and base is not None:
        text = t("trends.base_line", rate=t.rate(base))
        path_ends_lower = line.path is not None and line.path.at(until) < base
        notes.append(_note("base", first, until, base, text, path_ends_lower or line.path is None))
        if line.path and until > line.path.starts:
            text = t("trends.path_end", rate=t.rate(line.path.goal), day=t.day(line.path.ends))
            notes.append(_note("goal", first, until, line.path.at(until), text, _lies_above(line.path.at(until), weeks)))
        if line.baseline_until >= first:
            days = f"{t.day(line.baseline_from)}–{t.day(line.baseline_until)}"
            shown_from = max(first, line.baseline_from)
            notes.append(_note("window", shown_from, line.baseline_until, None, t("trends.base_window", days=days), True))
    notes += _ends(weeks, until, t, below=any(note["kind"] == "goal" and note["above"] for note in notes))
    silent = [week for week in weeks if week["complete"] and week["expected"] and not week["received"]]
    notes += [_note("gap", week["week"], until, None, "", True, "×") for week in silent]
    return notes + _festivals(weeks, until, t), ["kind", "week", "until", "rate", "text", "mark", "above"]


def _festivals(weeks: list[dict[Any, Any]], until: date, t: Translator) -> Rows:
    """The name of the Spring Festival at its week, the first where it has two: nobody shall take its few meetings for a fall."""
    festive = [is_spring_festival(Week(week["week"])) for week in weeks]
    firsts = [week for week, now, before in zip(weeks, festive, [False, *festive], strict=False) if now and not before]
    return [_note("festival", week["week"], until, None, t("trends.festival"), True) for week in firsts]


def _lies_above(rate: float, weeks: list[dict[Any, Any]]) -> bool:
    """Whether the path ends above the last figures: then its name keeps away from them, and they from it."""
    told = [week["rate"] for week in weeks if not isnan(week["rate"])][-2:]
    return all(rate >= one for one in told)


def _ends(weeks: list[dict[Any, Any]], until: date, t: Translator, *, below: bool) -> Rows:
    """The last complete week's figure; and, by its point, that a week is running: then the figure stands above the line,
    or below it where the target path runs above."""
    told = [week for week in weeks if not isnan(week["rate"])]
    now = [week for week in told if not week["complete"]]
    last = [week for week in told if week["complete"]][-1:]
    kind = "above" if now else "end"
    return [
        *(_note(kind, week["week"], until, week["rate"], t.rate(week["rate"]), not below) for week in last),
        *(_note("running", week["week"], until, week["rate"], t("trends.state_running"), True) for week in now),
    ]


def _note(kind: str, week: date, until: date, rate: float | None, text: str, above: bool, mark: str = "") -> dict[str, Any]:
    return {
        "kind": kind,
        "week": week.isoformat(),
        "until": until.isoformat(),
        "rate": rate,
        "text": text,
        "mark": mark,
        "above": above,
    }


def _horizon(found: Picture) -> date:
    """How far the drawing reaches: a little beyond the last week, to the target's end if that is not much farther."""
    first: date = found.weeks.week.iloc[0]
    last: date = found.weeks.week.iloc[-1]
    room = max((last - first) // 7, timedelta(weeks=3))
    path = found.target.path if found.target else None
    return max(last + room / 2, min(path.ends, last + room)) if path else last + room / 2


def _last(found: Picture) -> date:
    """The Sunday of the last complete week."""
    monday: date = complete(found).week.iloc[-1]
    return monday + timedelta(days=6)


def _parts(weeks: pd.DataFrame, unit: Unit) -> dict[date, float | None]:
    """Monday of each four-week part → rate; None where nothing was reported in it."""
    rows = weeks[weeks.complete]
    if rows.empty:
        return {}
    last: date = rows.week.iloc[-1]
    ages = rows.week.map(lambda day: (last - day).days // 7 // PART)
    found: dict[date, float | None] = {}
    for age, part in rows.groupby(ages):
        received = part[part.received > 0]
        per = len(received) if unit is Unit.SESSIONS else received.received.sum()
        monday = last - timedelta(weeks=PART * (int(str(age)) + 1) - 1)
        found[monday] = float(received.total.sum() / per) if per else None
    return found


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Rates as numbers also where none is known: a column of nothing would reach the browser as text."""
    return frame.astype({name: "float64" for name in RATES if name in frame})
