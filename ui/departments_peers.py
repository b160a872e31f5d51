"""Behind a click: which departments stand out among their peers beyond chance. Those that do not are named in no order."""

from html import escape
from itertools import groupby
from typing import Any

import pandas as pd
import streamlit as st

from models.rules.funnel import LEAST_PEERS, Standing
from services.access import Permission
from services.queries import funnels
from services.queries.departments import Completeness
from ui import blocks
from ui.departments_choice import Chosen, period_name
from ui.i18n import Translator
from ui.shell import Page

Line = dict[str, Any]  # one department among its peers, as funnels.peers has it
MARKS = {Standing.HIGH: "▲", Standing.LOW: "▽"}
HEADS = ("department", "used", "expected", "range", "standing")


def show(page: Page, chosen: Chosen, complete: Completeness) -> None:
    """A switch; the comparison is made only when it is wanted."""
    t = page.t
    if not page.actor.can(Permission.COMPARE_DEPARTMENTS) or not complete.reported:
        return
    if not st.toggle(t("departments.peers_show"), key="peers"):
        return
    if not complete.enough:
        st.html(blocks.nothing(t("departments.peers_thin")))
        return
    found: pd.DataFrame = page.read(funnels.peers, county_code=page.county_code, period=chosen.period.label, today=page.today)
    lines: list[Line] = found.to_dict("records")  # type: ignore[assignment]
    mine = [line for line in lines if chosen.measure in (None, line["measure"])]
    st.html(answer(t, mine, period_name(t, chosen.period), each=chosen.measure is not None))


def answer(t: Translator, lines: list[Line], period: str, *, each: bool) -> str:
    """How many stand out, who, and how it was found; with `each` the peers of one measure group by group."""
    out = [line for line in lines if line["standing"] in MARKS]
    high = [line for line in out if line["standing"] == Standing.HIGH]
    told = t("departments.peers_found", n=len(high), period=period) if high else t("departments.peers_none", period=period)
    html = blocks.section(t("departments.peers"), told) + _table(t, out, named=not each)
    if each:
        groups = groupby(lines, key=lambda line: (line["level"], line["kind"]))
        html += "".join(_group(t, list(members)) for _, members in groups)
    else:
        html += f'<p class="basis">{escape(t("departments.peers_one"))}</p>'
    return html + f'<p class="basis">{escape(t("departments.peers_how"))}</p>'


def peers_name(t: Translator, line: Line) -> str:
    """县级政府部门 · county government departments."""
    return t("departments.peers_of", level=t(f"departments.level_{line['level']}"), kind=t(f"departments.unit_{line['kind']}"))


def _table(t: Translator, out: list[Line], *, named: bool) -> str:
    """Those that stand out, by measure, peers and code."""
    if not out:
        return ""
    frame = pd.DataFrame(_cells(t, line, named=named) for line in out)
    heads = {name: t(f"departments.peers_{name}") for name in HEADS}
    return blocks.table(frame, heads, numeric=("used", "expected", "range"), optional=("range",))


def _cells(t: Translator, line: Line, *, named: bool) -> dict[str, str]:
    name = t.name(line["department"], line["department_en"])
    standing = Standing(line["standing"])
    return {
        "department": f"{name} · {t('measure.' + line['measure'])}" if named else name,
        "used": t.number(line["used"]),
        "expected": t.number(line["expected"], 1),
        "range": _range(t, line),
        "standing": f"{MARKS[standing]} {t('departments.standing_' + standing.value)}",
    }


def _group(t: Translator, members: list[Line]) -> str:
    """One kind of department: what is usual there, and who cannot be told from the others."""
    first = members[0]
    title, mean = peers_name(t, first), t.number(sum(line["used"] for line in members) / len(members), 1)
    if first["peers"] < LEAST_PEERS:
        return _paragraph(title, t("departments.peers_alone", n=first["peers"]))
    if all(line["standing"] == Standing.FEW for line in members):
        return _paragraph(title, t("departments.peers_few", n=len(members), mean=mean))
    same = len({line["expected"] for line in members}) == 1
    said = t("departments.peers_mean", n=len(members), mean=mean)
    said += t("departments.peers_range", range=_range(t, first)) if same else t("departments.peers_area")
    if first["factor"] > 1:
        said += t("departments.peers_factor", factor=t.number(first["factor"], 1))
    usual = [t.name(line["department"], line["department_en"]) for line in members if line["standing"] not in MARKS]
    said += t("departments.peers_usual", n=len(usual), names=t.join(usual)) if usual else ""
    return _paragraph(title, said)


def _paragraph(title: str, sentence: str) -> str:
    return f'<p class="peers"><b>{escape(title)}</b> {escape(sentence)}</p>'


def _range(t: Translator, line: Line) -> str:
    return f"{t.number(line['low'])}–{t.number(line['high'])}"
