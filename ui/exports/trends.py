"""The figures of the Trends screen as a file: every week of the period chosen, and what they rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isnan

import pandas as pd

from models.rules.measure import Unit
from services.queries.trends import Picture
from ui import sentences
from ui.exports.document import Column, Document, Form, Value
from ui.i18n import Translator
from ui.trends_choice import Choice, words
from ui.trends_frames import complete, path_at, running, state

WHOLE = ("expected", "submitted", "zero", "missing", "not_due", "late")
DECIMAL = ("total", "emergency", "rate")


@dataclass(frozen=True)
class Context:
    """Where and when the file is made, and the names of the codes chosen."""

    place: str
    as_of: datetime
    names: Mapping[str, str]


def document(found: Picture, choice: Choice, t: Translator, context: Context) -> Document:
    """One row per complete week, oldest first, then the running one if reported; from the same picture as the screen."""
    unit = t(f"unit.{choice.unit}")
    sums = Form.DECIMAL if choice.unit is Unit.HOURS else Form.WHOLE
    heads = [
        Column(t("trends.head_monday"), Form.DAY),
        Column(t("trends.head_label")),
        *(Column(t(f"trends.file_{name}"), Form.WHOLE) for name in WHOLE),
        Column(t("trends.head_total", unit=unit), sums),
        Column(t("trends.file_emergency", unit=unit), sums),
        Column(t("trends.head_rate"), Form.DECIMAL),
        Column(t("trends.head_path"), Form.DECIMAL),
        Column(t("trends.head_state")),
    ]
    rows = []
    for week in pd.concat([complete(found), running(found)]).to_dict("records"):
        numbers = [_number(week[name]) for name in DECIMAL]
        counts = [week[name] for name in WHOLE]
        row: list[Value] = [week["week"], week["label"], *counts, *numbers, path_at(found, week["week"]), state(week, t)]
        rows.append(row)
    title = t("trends.file_title", measure=t(f"measure.{choice.measure}"))
    name = f"{context.place}-{title}-{context.as_of:%Y%m%d}"
    return Document(name, title, heads, rows, t("trends.about"), about(found, choice, t, context))


def about(found: Picture, choice: Choice, t: Translator, context: Context) -> list[tuple[str, str]]:
    """Filters, as-of, n of N, the verdict's ground, and what is provisional."""
    weeks, compared = complete(found), found.comparison
    reported = t("trends.about_reported", n=t.number(weeks.received.sum()), expected=t.number(weeks.expected.sum()))
    verdict = f"{sentences.word(t, compared.verdict)} ({sentences.trend_basis(t, found)})"
    return [
        (t("trends.about_place"), context.place),
        (t("trends.measure"), t(f"measure.{choice.measure}")),
        (t("trends.unit"), t(f"unit.{choice.unit}")),
        (t("trends.period"), words(t, choice)),
        (t("trends.township"), _named(context, choice.township) or t("trends.all_townships")),
        (t("trends.department"), _named(context, choice.department) or t("trends.all_departments")),
        (t("trends.about_as_of"), f"{t.full_day(context.as_of.date())} {context.as_of:%H:%M}"),
        (t("trends.tip_reported"), reported),
        (t("trends.about_verdict"), verdict),
        *((fact.name, f"{fact.value} · {fact.why}") for fact in sentences.trend_facts(t, found, choice)),
        (t("trends.head_state"), t("trends.about_provisional")),
        (t("trends.head_rate"), t(f"trends.note_{choice.unit}")),
    ]


def _number(value: float) -> float | int | None:
    if isnan(value):
        return None
    return int(value) if value.is_integer() else value


def _named(context: Context, code: str) -> str:
    return context.names.get(code, code)
