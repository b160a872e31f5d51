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
from ui.charts import peers as charts
from ui.departments_choice import Chosen, period_name
from ui.i18n import Translator
from ui.shell import Page

Line = dict[str, Any]  # one department among its peers, as funnels.peers has it
MARKS = {Standing.HIGH: "▲", Standing.LOW: "▼"}
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
    html = answer(t, mine, period_name(t, chosen.period), named=chosen.measure is None)
    rows, bands = drawn(t, mine)
    if chosen.measure is None or rows.empty:
        st.html(html + ("" if chosen.measure else _quiet(t("departments.peers_one"))) + how(t, mine, each=bool(chosen.measure)))
        return
    st.html(html + _quiet(t("departments.peers_key")))
    st.vega_lite_chart(spec=charts.strips(rows, bands, t), theme=None, key="peers_strips", alt=t("departments.peers_alt"))
    st.html(how(t, mine, each=True))


def answer(t: Translator, lines: list[Line], period: str, *, named: bool = False) -> str:
    """How many stand out, and who; `named` with the measure of each."""
    out = [line for line in lines if line["standing"] in MARKS]
    high = [line for line in out if line["standing"] == Standing.HIGH]
    told = t("departments.peers_found", n=len(high), period=period) if high else t("departments.peers_none", period=period)
    return blocks.section(t("departments.peers"), told) + _table(t, out, named=named)


def drawn(t: Translator, lines: list[Line]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the picture draws: those of whom something can be said, and the range of chance where it is the same for all."""
    rows, bands = [], []
    groups = [list(members) for _, members in groupby(lines, key=lambda line: (line["level"], line["kind"]))]
    for rank, members in enumerate(groups):
        can = [line for line in members if line["standing"] != Standing.FEW]
        for line in can:
            rows.append(
                {
                    "peers": peers_name(t, line),
                    "rank": rank,
                    "department": t.name(line["department"], line["department_en"]),
                    "ratio": line["used"] / line["expected"],
                    "standing": line["standing"],
                    "word": t(f"departments.standing_{line['standing']}"),
                    "used": t.number(line["used"]),
                    "expected": t.number(line["expected"], 1),
                }
            )
        if can and len({line["expected"] for line in can}) == 1:
            mean = can[0]["expected"]
            bands.append(
                {"peers": peers_name(t, can[0]), "rank": rank, "low": can[0]["low"] / mean, "high": can[0]["high"] / mean}
            )
    return pd.DataFrame(rows, columns=charts.ROWS), pd.DataFrame(bands, columns=charts.BANDS)


def how(t: Translator, lines: list[Line], *, each: bool) -> str:
    """The peers of one measure group by group (with `each`), and how the comparison is made."""
    groups = groupby(lines, key=lambda line: (line["level"], line["kind"])) if each else ()
    return "".join(_group(t, list(members)) for _, members in groups) + _quiet(t("departments.peers_how"))


def peers_name(t: Translator, line: Line) -> str:
    """县级政府部门 · county government departments."""
    return t("departments.peers_of", level=t(f"departments.level_{line['level']}"), kind=t(f"departments.unit_{line['kind']}"))


def _table(t: Translator, out: list[Line], *, named: bool) -> str:
    """Those that stand out, by measure, peers and code."""
    if not out:
        return ""
    frame = pd.DataFrame(_cells(t, line, named=named) for line in out)
    heads = {name: t(f"departments.peers_{name}_head") for name in HEADS}
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


def _quiet(sentence: str) -> str:
    return f'<p class="basis">{escape(sentence)}</p>'


def _paragraph(title: str, sentence: str) -> str:
    return f'<p class="peers"><b>{escape(title)}</b> {escape(sentence)}</p>'


def _range(t: Translator, line: Line) -> str:
    return f"{t.number(line['low'])}–{t.number(line['high'])}"
