"""Behind a click: what departments declared against what villages reported, and how much neither list has, at least."""

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from models.rules.matching import LEAST_BOTH, Footing
from services.access import Permission
from services.figures.declared import Counts
from services.queries import declarations
from services.queries.declarations import Compared
from ui import blocks
from ui.departments_choice import Chosen, period_name
from ui.i18n import Translator
from ui.shell import Page

FEW = 15
HEADS = ("department", "declared", "reported", "both", "least")
LINE_HEADS = ("date", "kind", "title", "only")


def show(page: Page, chosen: Chosen, department: str) -> None:
    """A switch; the lists are matched only when that is wanted. `department`: whose events are listed one by one."""
    t = page.t
    if not page.actor.can(Permission.VIEW_DECLARED) or (chosen.measure and chosen.measure.is_stock):
        return
    if not st.toggle(t("declarations.compare_show"), key="compared"):
        return
    asked: dict[str, Any] = {"county_code": page.county_code, "period": chosen.period.label, "as_of": page.as_of}
    found = page.read(declarations.compared, **asked, measure=chosen.measure)
    what = period_name(t, chosen.period) + (f" {t(f'measure.{chosen.measure}')}" if chosen.measure else "")
    told = blocks.section(*answer(t, found, what)) + basis(t, found)
    st.html(told + each(t, found))
    if lines := one_by_one(t, found, department):
        st.html(lines)


def answer(t: Translator, found: Compared, period: str) -> tuple[str, str]:
    """How many at least, or that it cannot be said; and the numbers it rests on, or why."""
    if not found.declaring:
        return t("declarations.unknown"), t("declarations.nobody")
    if found.through < found.first:
        return t("declarations.unknown"), t("declarations.not_yet", period=period)
    counts = found.counts
    told = t(
        "declarations.counts", period=period, since=t.full_day(found.first), through=t.full_day(found.through), n=found.declaring,
        declared=t.number(counts.declared), reported=t.number(counts.reported), both=t.number(counts.both),
    )  # fmt: skip
    if why := _why_not(t, found):
        return t("declarations.unknown"), told + ("" if t.chinese else " ") + why
    share = min(counts.reported / counts.recapture.at_least, 1.0)
    return t("declarations.at_least", least=_at_least(t, counts), share=t.percent(share)), told


def basis(t: Translator, found: Compared) -> str:
    """How two are taken for the same, what is left out, and how many village-weeks stand behind it."""
    if not found.declaring or found.through < found.first:
        return ""
    reports = {"reported": t.number(found.reported), "expected": t.number(found.expected)}
    parts = [t("declarations.how", days=found.match_days), t("declarations.reports", **reports)]
    parts += [t("declarations.unreachable", n=found.unreachable)] * bool(found.unreachable)
    return f'<p class="basis">{escape(("" if t.chinese else " ").join(parts))}</p>'


def each(t: Translator, found: Compared) -> str:
    """The departments that declare, by their codes: no order of merit."""
    if found.departments.empty:
        return ""
    heads = {name: t(f"declarations.{name}_head") for name in HEADS}
    rows = [
        {
            "department": t.name(row["department"], row["department_en"]),
            "declared": t.number(row["counts"].declared),
            "reported": t.number(row["counts"].reported),
            "both": t.number(row["counts"].both),
            "least": _at_least(t, row["counts"]) if found.enough else t("declarations.few"),
        }
        for row in found.departments.to_dict("records")
    ]
    return blocks.table(pd.DataFrame(rows), heads, numeric=HEADS[1:])


def one_by_one(t: Translator, found: Compared, department: str) -> str:
    """What stands on one list only, of one department: to be looked at, for a pair may have been missed."""
    names = {
        row["department_code"]: t.name(row["department"], row["department_en"]) for row in found.departments.to_dict("records")
    }
    code = department if department in names else next(iter(names), "")
    lines = found.lines[(found.lines.department_code == code) & (found.lines.declared != found.lines.reported)]
    if lines.empty:
        return ""
    more = t("declarations.more", n=len(lines) - FEW) if len(lines) > FEW else ""
    heads = {name: t(f"declarations.{name}_head") for name in LINE_HEADS}
    rows = [_line(t, row) for row in lines.head(FEW).to_dict("records")]
    title = blocks.section(t("declarations.only_one", department=names[code], n=len(lines)), t("declarations.only_sub"))
    return title + blocks.table(pd.DataFrame(rows), heads) + (f'<p class="basis">{escape(more)}</p>' if more else "")


def _why_not(t: Translator, found: Compared) -> str:
    """Why there is no estimate; empty where there is one."""
    if found.counts.footing is not Footing.ENOUGH:
        return t(f"declarations.{found.counts.footing}", least=LEAST_BOTH)
    if not found.enough:
        reports = {"reported": t.number(found.reported), "expected": t.number(found.expected)}
        return t("declarations.incomplete", **reports, share=t.percent(found.least_coverage))
    return ""


def _at_least(t: Translator, counts: Counts) -> str:
    """约 132 件（125–147） — a dash where too few stand on both lists."""
    if counts.footing is not Footing.ENOUGH:
        return t("declarations.few")
    found = counts.recapture
    least, low, high = (t.number(round(number)) for number in (found.at_least, found.low, found.high))
    return t("declarations.exactly" if low == high else "declarations.range", least=least, low=low, high=high)


def _line(t: Translator, row: dict[Any, Any]) -> dict[str, str]:
    last = "" if row["last"] == row["first"] else f"–{t.day(row['last'])}"
    return {
        "date": t.day(row["first"]) + last,
        "kind": t(f"kind.{row['kind']}"),
        "title": row["title"] or t("departments.untitled"),
        "only": t("declarations.only_declared" if row["declared"] else "declarations.only_reported"),
    }
