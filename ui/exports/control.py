"""A control chart's figures as a file: every week drawn, its range and its signal, and what the range is made of."""

import pandas as pd

from models.rules.measure import Unit
from services.queries.charts import Control
from ui import control_frames, control_words
from ui.exports.document import Column, Document, Form, Value
from ui.exports.trends import Context
from ui.i18n import Translator
from ui.trends_choice import Choice, words

NUMBERS = ("total", "rate", "centre", "low", "high")


def document(found: Control, choice: Choice, t: Translator, context: Context) -> Document:
    """One row per complete week, oldest first; from the same answer as the screen."""
    total = t("trends.head_total", unit=t(f"unit.{choice.unit}"))
    heads = [
        Column(t("trends.head_monday"), Form.DAY),
        Column(t("trends.head_label")),
        Column(t("trends.file_expected"), Form.WHOLE),
        Column(t("control.file_received"), Form.WHOLE),
        Column(total, Form.DECIMAL if choice.unit is Unit.HOURS else Form.WHOLE),
        *(Column(t(f"control.file_{name}"), Form.DECIMAL) for name in NUMBERS[1:]),
        Column(t("control.tip_said")),
        Column(t("control.tip_state")),
    ]
    rows = []
    for week in found.weeks.to_dict("records"):
        numbers = [_number(week[name]) for name in NUMBERS]
        said = control_words.signal(t, week["signal"], week["meaning"])
        row: list[Value] = [week["week"], week["label"], week["expected"], week["received"], *numbers, said]
        rows.append([*row, control_frames.state(week, t)])
    title = t("control.file_title", measure=t(f"measure.{choice.measure}"))
    name = f"{context.place}-{title}-{context.as_of:%Y%m%d}"
    return Document(name, title, heads, rows, t("trends.about"), about(found, choice, t, context))


def about(found: Control, choice: Choice, t: Translator, context: Context) -> list[tuple[str, str]]:
    """Filters, as-of, every run in words, and what the range is made of."""
    return [
        (t("trends.about_place"), context.place),
        (t("trends.measure"), t(f"measure.{choice.measure}")),
        (t("trends.unit"), t(f"unit.{choice.unit}")),
        (t("trends.period"), words(t, choice)),
        (t("trends.township"), context.names.get(choice.township, choice.township) or t("trends.all_townships")),
        (t("trends.department"), context.names.get(choice.department, choice.department) or t("trends.all_departments")),
        (t("trends.about_as_of"), f"{t.full_day(context.as_of.date())} {context.as_of:%H:%M}"),
        *((t("control.said"), control_words.run(t, one, control_words.year(found))) for one in found.said),
        *((fact.name, f"{fact.value} · {fact.why}") for fact in control_words.facts(t, found, choice)),
        (t("control.range"), t("control.note_makeup")),
        (t("trends.head_state"), t("control.note_provisional")),
        (t("control.file_rate"), t(f"trends.note_{choice.unit}")),
    ]


def _number(value: float) -> float | int | None:
    if pd.isna(value):
        return None
    return int(value) if float(value).is_integer() else float(value)
