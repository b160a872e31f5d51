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
from ui.departments_answer import Row, over_words, status_word, worst
from ui.departments_choice import ALL, Chosen, choose_department, own_only
from ui.departments_forecast import chance
from ui.i18n import Translator
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
    t = page.t
    shown = [row for row in worst(rows) if row["status"] in BAR]
    keys = [("used", t("departments.used")), ("quota", t("departments.quota"))]
    pace = None if chosen.measure is Measure.GROUP or own_only(page) else _pace(chosen, page)
    if pace:
        keys.append(("pace", t("departments.pace_key")))
    keys += [("near", t("departments.status_near")), ("over", over_words(t, rows))]
    st.html(
        blocks.section(
            t("departments.bars"), t("departments.bars_sub" if not own_only(page) else "departments.bars_own"), blocks.key(*keys)
        )
    )
    if own_only(page):
        shown = [row for row in rows if row["status"] in BAR]
    if not shown:
        st.html(blocks.nothing(t("departments.nothing_to_draw")))
        return
    some = shown if st.session_state.get("all_departments") else shown[:FEW]
    frame = bar_rows(t, some, department, named=chosen.measure is None, own=own_only(page))
    st.vega_lite_chart(
        spec=charts.bullets(frame, pace, t, named=chosen.measure is None),
        theme=None, key="bullets", on_select=_picked, selection_mode=charts.PICK, alt=t("departments.bars_alt"),
    )  # fmt: skip
    if len(shown) > FEW:
        st.toggle(t("departments.show_all", n=len(shown)), key="all_departments")


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
    if not rows:
        return
    t = page.t
    frame, heads = side_by_side(t, rows)
    if chosen.measure or own_only(page):
        frame, heads = by_measure(t, rows, own=own_only(page)), _heads(t, own=own_only(page))
    some = frame if st.session_state.get("all_departments") else frame.head(FEW)
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
    title = blocks.section(t("departments.table"), sub)
    mark = "mark" if "mark" in frame else None
    optional = {"share", "crossed", "emergency", "revised", "basis"} | (set() if own_only(page) else {"chance"})
    drawn = blocks.table(some, heads, numeric=NUMERIC, optional=optional, mark_column=mark)
    st.html(title + drawn + files(t, chosen, page.county_code))


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
