"""Where the burden comes from: the departments nearest to their quotas, or beyond them. For those who may see departments."""

from collections import Counter
from collections.abc import Hashable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from models.rules.period import Period, PeriodKind
from models.rules.quota import Status
from services.queries.overviews import Picture, Quotas
from ui import blocks
from ui.charts import overview as charts
from ui.charts.packing import ready
from ui.departments_answer import none_over, worst
from ui.i18n import Translator
from ui.shell import Page

ROWS = 12
KEPT = 64  # pictures whose drawings are kept


def show(page: Page, picture: Picture) -> None:
    """The section with its picture, or what to do first; nothing for who may not see departments."""
    t, quotas = page.t, picture.quotas
    if quotas is None:
        return
    if quotas.standings["allowance"].isna().all():
        st.html(blocks.section(t("overview.quotas")) + blocks.nothing(t("overview.no_quotas")))
        return
    told, spec, rows, rest = drawing(t, picture)
    key = blocks.key(("over", t("overview.over")), ("near", t("overview.near")))
    st.html(blocks.section(told, basis(page, quotas, rows), key))
    st.vega_lite_chart(spec=spec, theme=None, alt=told)
    if rest:
        st.html(f'<div class="meta">{escape(rest)}</div>')


@lru_cache(maxsize=KEPT)
def drawing(t: Translator, picture: Picture) -> tuple[str, dict[str, Any], int, str]:
    """Title, spec, how many departments it shows, and what is said of the others; ValueError without quotas."""
    if picture.quotas is None:
        raise ValueError("this picture has no quotas")
    shown, rest = tightest(picture.quotas.standings)
    said = ""
    if len(rest):
        most = rest["share"].dropna().max()
        said = t("overview.quota_rest", n=rest["department_code"].nunique(), share=t.percent(most))
    cells, names = frames(t, shown)
    return title(t, picture.quotas), ready(charts.heat(cells, names, t)), len(names), said


def title(t: Translator, quotas: Quotas) -> str:
    """负担从哪来：4 个部门超额，6 个部门接近额度。 The same counts, in the same words, as on the Departments screen."""
    counts = Counter(row["status"] for row in worst(quotas.standings.to_dict("records")))  # type: ignore[arg-type]
    have, over, near = quotas.completeness, counts[Status.OVER], counts[Status.NEAR]
    if not have.reported:
        return t("overview.quotas_title", told=t("departments.nobody_reported"))
    told = [t("overview.quotas_over", n=over) if over else none_over(t, have)]
    told += [t("departments.near_clause", n=near)] if near else []
    return t("overview.quotas_title", told=(t("departments.clause_end") + (" " * (not t.chinese))).join(told))


def basis(page: Page, quotas: Quotas, rows: int) -> str:
    """How far the year is, what is shown, and that silence makes every use a lower bound."""
    t, have = page.t, quotas.completeness
    gone = t.percent(Period.of(page.today, PeriodKind.YEAR).elapsed(page.today))
    said = t("overview.quotas_sub", gone=gone, n=rows, reported=t.number(have.reported), expected=t.number(have.expected))
    return said + (t("overview.quotas_open", n=t.number(have.open)) if have.open else "")


def tightest(standings: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The standings of the departments that come first when sorted worst first, and all others with a quota."""
    order = list(dict.fromkeys(standings[standings["allowance"].notna()]["department_code"]))
    inside = standings["department_code"].isin(order[:ROWS])
    return standings[inside], standings[standings["department_code"].isin(order[ROWS:]) & standings["allowance"].notna()]


def frames(t: Translator, shown: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One cell per department and measure, also where there is neither quota nor use; and the departments' names by rank."""
    order = list(dict.fromkeys(shown["department_code"]))
    known = {(row["department_code"], row["measure"]): row for row in shown.to_dict("records")}
    named = {row["department_code"]: t.name(row["department"], row["department_en"]) for row in shown.to_dict("records")}
    cells = []
    for rank, code in enumerate(order):
        for measure in charts.MEASURES:
            row = known.get((code, measure))
            cells.append({"rank": rank, "measure": measure, "name": named[code], **_cell(row)})
    return pd.DataFrame(cells), pd.DataFrame({"rank": range(len(order)), "name": [named[code] for code in order]})


def _cell(row: Mapping[Hashable, Any] | None) -> dict[str, object]:
    if row is None:
        return {"label": "—", "status": "absent", "share": 0.0}
    if row["allowance"] is None:
        return {"label": f"{row['used']}/—", "status": "unset", "share": 0.0}
    return {"label": f"{row['used']}/{row['allowance']}", "status": row["status"], "share": float(min(row["share"], 9.0))}
