"""Used and left of every department, worst first: the bars, and the table behind them."""

from html import escape
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from models.rules.measure import Measure
from models.rules.quota import Status
from ui import blocks
from ui.charts import departments as charts
from ui.charts.packing import ready
from ui.departments_answer import Row, over_words, status_word, worst
from ui.departments_choice import ALL, Chosen, choose_department, own_only
from ui.departments_forecast import chance
from ui.i18n import Translator
from ui.kept import drawn
from ui.revisions import revised
from ui.shell import Page

FEW = 20  # so many lines before "show all"
BAR = {Status.OVER, Status.NEAR, Status.WITHIN}
NUMERIC = ("allowance", "used", "left", "share", "chance", "emergency", *(measure.value for measure in Measure))
MARKS = {Status.OVER: "▲", Status.NEAR: "◆"}


def bars(page: Page, chosen: Chosen, rows: list[Row], department: str) -> None:
    """The picture; a click on a line shows its events."""
    if not rows:
        return
    t, own = page.t, own_only(page)
    pace = None if chosen.measure is Measure.GROUP or own else _pace(chosen, page)
    n = sum(row["status"] in BAR for row in (rows if own else worst(rows)))
    st.html(_title(t, rows, own=own, paced=pace is not None))
    if not n:
        st.html(blocks.nothing(t("departments.nothing_to_draw")))
        return
    most = n if st.session_state.get("all_departments") else FEW
    st.vega_lite_chart(
        spec=_picture(t, rows, department, pace, named=chosen.measure is None, own=own, most=most),
        theme=None, key="bullets", on_select=_picked, selection_mode=charts.PICK, alt=t("departments.bars_alt"),
    )  # fmt: skip
    if n > FEW:
        st.toggle(t("departments.show_all", n=n), key="all_departments")


@drawn
def _title(t: Translator, rows: list[Row], *, own: bool, paced: bool) -> str:
    keys = [("used", t("departments.used")), ("quota", t("departments.quota"))]
    keys += [("pace", t("departments.pace_key"))] * paced
    keys += [("near", t("departments.status_near")), ("over", over_words(t, rows))]
    return blocks.section(t("departments.bars"), t("departments.bars_own" if own else "departments.bars_sub"), blocks.key(*keys))


@drawn
def _picture(
    t: Translator, rows: list[Row], department: str, pace: float | None, *, named: bool, own: bool, most: int
) -> dict[str, Any]:
    shown = [row for row in (rows if own else worst(rows)) if row["status"] in BAR]
    return ready(charts.bullets(bar_rows(t, shown[:most], department, named=named, own=own), pace, t, named=named))


def bar_rows(t: Translator, rows: list[Row], department: str, *, named: bool, own: bool = False) -> pd.DataFrame:
    """The lines of the picture; for a department itself one per measure."""
    names = [t.name(row["department"], row["department_en"]) for row in rows]
    lines = []
    for rank, (row, name) in enumerate(zip(rows, names, strict=True)):
        measure, count = t(f"measure.{row['measure']}"), f"{row['used']}/{row['allowance']}"
        lines.append(
            {
                "code": row["department_code"],
                "label": measure if own else name if names.count(name) == 1 else f"{name} {row['department_code']}",
                "rank": rank,
                "share": min(float(row["share"]), charts.FULL),
                "count": f"{measure} {count}" if named and not own else count,
                "count_short": count,
                "left": left_word(t, row),
                "status": str(row["status"]),
                "word": status_word(t, row),
                "chosen": not own and row["department_code"] == department,
            }
        )
    return pd.DataFrame(lines, columns=charts.COLUMNS)


def left_word(t: Translator, row: Row) -> str:
    """余 4 · 超 6 · — where there is no quota."""
    if row["left"] is None:
        return "—"
    return t("departments.over_by", n=-row["left"]) if row["left"] < 0 else t("departments.left_n", n=row["left"])


def table(page: Page, chosen: Chosen, rows: list[Row]) -> None:
    """Every department with its numbers: of one measure in full, of all measures side by side."""
    if rows:
        everything = bool(st.session_state.get("all_departments"))
        told = _table(page.t, chosen.measure, rows, own=own_only(page), everything=everything)
        st.html(told + files(page.t, chosen, page.county_code))


@drawn
def _table(t: Translator, measure: Measure | None, rows: list[Row], *, own: bool, everything: bool) -> str:
    frame, heads = side_by_side(t, rows)
    if measure or own:
        frame, heads = by_measure(t, rows, own=own), _heads(t, own=own)
    some = frame if everything else frame.head(FEW)
    sub = t("departments.table_sub", shown=len(some), n=len(frame), over=over_words(t, rows))
    if "basis" in heads and frame["basis"].nunique() == 1:
        sub += t("departments.table_basis", basis=frame["basis"].iat[0])
        del heads["basis"]
    spare = [
        name
        for name in ("chance", "crossed", "emergency", "revised", "basis")
        if name in heads and not frame[name].astype(bool).any()
    ]
    heads = {name: head for name, head in heads.items() if name not in spare}
    mark = "mark" if "mark" in frame else None
    optional = {"share", "crossed", "emergency", "revised", "basis"} | (set() if own else {"chance"})
    told = blocks.table(some, heads, numeric=NUMERIC, optional=optional, mark_column=mark)
    return blocks.section(t("departments.table"), sub) + told


def files(t: Translator, chosen: Chosen, county_code: str) -> str:
    """Links to the same figures as files."""
    measure = chosen.measure.value if chosen.measure else ALL
    asked = escape(urlencode({"county": county_code, "period": chosen.period.label, "measure": measure}), quote=True)
    kinds = {"xlsx": t("departments.excel"), "csv": t("departments.csv")}
    links = [f'<a download href="./export/departments.{kind}?{asked}">{escape(word)}</a>' for kind, word in kinds.items()]
    return f'<p class="files">{" · ".join(links)}</p>'


def by_measure(t: Translator, rows: list[Row], *, own: bool = False) -> pd.DataFrame:
    """One line per standing, as text; a department's own lines are called by their measure."""
    return pd.DataFrame(
        {
            "department": t(f"measure.{row['measure']}") if own else t.name(row["department"], row["department_en"]),
            "allowance": _or_dash(row["allowance"]),
            "used": t("departments.few") if row["used"] is None else row["used"],
            "left": left_word(t, row),
            "share": "—" if row["share"] in (None, float("inf")) else t.percent(row["share"]),
            "status": f"{MARKS.get(Status(row['status']), '')} {status_word(t, row)}".strip(),
            "chance": chance(t, row),
            "crossed": f"{t.day(row['crossed_on'])} {row['crossed_title']}" if row["crossed_on"] else "",
            "emergency": t("departments.few") if row["emergency"] is None else row["emergency"] or "",
            "revised": revised(t, row["revision"]) if row["revision"] else "",
            "basis": row["basis"] + ("" if row["basis_checked"] is not False else t("departments.unconfirmed")),
            "mark": "flag" if row["status"] == Status.OVER else "",
        }
        for row in rows
    )


def side_by_side(t: Translator, rows: list[Row]) -> tuple[pd.DataFrame, dict[str, str]]:
    """One line per department, worst first, with used/quota of every measure."""
    lines: dict[str, dict[str, Any]] = {}
    for row in rows:
        blank = {measure.value: "" for measure in Measure} | {
            "department": t.name(row["department"], row["department_en"]),
            "mark": "",
        }
        line = lines.setdefault(row["department_code"], blank)
        line[row["measure"]] = f"{MARKS.get(Status(row['status']), '')} {row['used']}/{_or_dash(row['allowance'])}".strip()
    heads = {"department": t("departments.department")} | {measure.value: t(f"measure.{measure.value}") for measure in Measure}
    return pd.DataFrame(lines.values()), heads


def _heads(t: Translator, *, own: bool) -> dict[str, str]:
    names = ("department", "allowance", "used", "left", "share", "status", "chance", "crossed", "emergency", "revised", "basis")
    heads = {name: t(f"departments.{name}_head") for name in names}
    return heads | {"department": t("departments.measure")} if own else heads


def _or_dash(value: int | None) -> str:
    return "—" if value is None else str(value)


def _pace(chosen: Chosen, page: Page) -> float | None:
    share = chosen.period.elapsed(page.today)
    return share if share < 1 else None


def _picked() -> None:
    selection = st.session_state["bullets"].selection.get(charts.PICK) or []
    if selection and selection[0].get("code"):
        choose_department(selection[0]["code"])
