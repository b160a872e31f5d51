"""How the period may end at the present pace, in plain words, with what it rests on. Never a status, never an order."""

from html import escape

import streamlit as st

from models.rules.forecast import Ground
from models.rules.period import Period
from ui import blocks
from ui.departments_answer import Row
from ui.departments_choice import Chosen, own_only
from ui.i18n import Translator
from ui.kept import drawn
from ui.shell import Page

STEP, EDGE = 0.1, 0.05  # told in tenths; nearer than this to never or always it is "under 5 %" or "over 95 %"
LIKELY = 0.5  # more likely than not
FEW = 8  # so many are named; the others stand in the table


def chance(t: Translator, row: Row) -> str:
    """约80% · 不到5% · 95%以上; empty where nothing is foreseen."""
    if row["chance"] is None:
        return ""
    if row["chance"] < EDGE:
        return t("departments.chance_under", share=t.percent(EDGE))
    if row["chance"] > 1 - EDGE:
        return t("departments.chance_above", share=t.percent(1 - EDGE))
    return t("departments.chance_about", share=t.percent(min(max(round(row["chance"] / STEP) * STEP, STEP), 1 - STEP)))


def sentence(t: Translator, row: Row, period: Period, *, own: bool) -> str:
    """照现在的速度，到12月底超额的可能约80%, and the assumption; empty where nothing is to be said."""
    until = t.month(period.last)
    if row["ground"] == Ground.TOO_EARLY:
        return t("departments.forecast_early", month=until)
    if row["chance"] is None:
        return ""
    said = t("departments.forecast", month=until, chance=chance(t, row))
    used, days = t.number(row["pace_used"]), t.number(row["pace_days"])
    basis = t("departments.forecast_own" if own else "departments.forecast_basis", used=used, days=days)
    return said + ("" if t.chinese else " ") + basis


def likely(page: Page, chosen: Chosen, rows: list[Row]) -> None:
    """Beside the bars: which quotas would more likely than not be exceeded, in the order of the rows."""
    if not own_only(page) and (told := _likely(page.t, chosen.period, rows)):
        st.html(told)


@drawn
def _likely(t: Translator, period: Period, rows: list[Row]) -> str:
    found = [row for row in rows if row["chance"] is not None and row["chance"] > LIKELY]
    if not found:
        return ""
    lines = "".join(f"<li>{_line(t, row)}</li>" for row in found[:FEW])
    if len(found) > FEW:
        lines += f"<li>{escape(t('departments.likely_more', n=len(found) - FEW))}</li>"
    title = t("departments.likely", month=t.month(period.last))
    return blocks.section(title, t("departments.likely_sub")) + f'<ul class="pairs">{lines}</ul>'


def _line(t: Translator, row: Row) -> str:
    name, measure = t.name(row["department"], row["department_en"]), t(f"measure.{row['measure']}")
    return f"{escape(name)} · {escape(measure)} {row['used']}/{row['allowance']} <b>{escape(chance(t, row))}</b>"
