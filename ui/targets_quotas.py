"""Quotas: the ones in force for a year, what they were before, and the form for one department and measure."""

from typing import Any

import pandas as pd
import streamlit as st

from models.rules.measure import Measure
from services.access import Permission
from services.actions import quotas as actions
from services.queries import quotas
from ui import address, blocks
from ui.i18n import Translator
from ui.kept import drawn, records
from ui.revisions import quiet_lines
from ui.shell import Page
from ui.targets_fields import Fields, made_by, told

Row = dict[str, Any]  # one version, as quotas.listing has it
ALL = "all"
MEASURES = [measure.value for measure in Measure]
FEW = 20
MARKS = {True: "✓", False: "?"}


def chosen_year(page: Page) -> int:
    """The year in the address: last year, this one or the next."""
    years = _years(page)
    return int(address.asked("year", years, years[1]))


def show(page: Page, year: int) -> None:
    """The quotas of a year as a table that can be filtered, and the form for what the filter names."""
    t = page.t
    found = records(page.read(quotas.listing, county_code=page.county_code, year=year))
    offices = records(page.read(quotas.departments, county_code=page.county_code, year=year))
    st.html(blocks.section(t("targets.quotas", year=year), t("targets.quotas_sub")))
    names = _names(t, offices)
    department, measure = _filter(page, names, year)
    if page.actor.can(Permission.EDIT_QUOTAS) and ALL in (department, measure):
        st.html(f'<p class="meta">{t("targets.choose_to_edit")}</p>')
    told("quotas")
    now, older = _wanted(found, department, measure)
    if now:
        _table(t, now, measure)
    else:
        st.html(blocks.nothing(t("targets.no_quota" if found else "targets.no_quota_todo")))
    if older:
        with st.expander(t("targets.history", n=len(older))):
            st.html(_history(t, older))
    if page.actor.can(Permission.EDIT_QUOTAS):
        _edit(page, year, department, measure, names, now)


@drawn
def _names(t: Translator, offices: list[Row]) -> dict[str, str]:
    return {office["code"]: t.name(office["name"], office["name_en"]) for office in offices}


@drawn
def _wanted(found: list[Row], department: str, measure: str) -> tuple[list[Row], list[Row]]:
    """The versions in force, and the earlier ones, of what the filter names."""
    kept = [row for row in in_order(found) if department in (ALL, row["department_code"]) and measure in (ALL, row["measure"])]
    return [row for row in kept if row["in_force"]], [row for row in kept if not row["in_force"]]


def in_order(found: list[Row]) -> list[Row]:
    """Departments as they come, the measures of each in the order they have everywhere."""
    places = {code: place for place, code in enumerate(dict.fromkeys(row["department_code"] for row in found))}
    return sorted(found, key=lambda row: (places[row["department_code"]], MEASURES.index(row["measure"])))


def line(t: Translator, row: Row) -> dict[str, str]:
    """One version as text."""
    return {
        "department": t.name(row["department"], row["department_en"]),
        "measure": t(f"measure.{row['measure']}"),
        "allowance": t.number(row["allowance"]),
        "basis": row["basis"] + ("" if row["basis_checked"] else t("targets.unconfirmed")),
        "version": str(row["version"]),
        "by": made_by(t, row),
        "reason": row["reason"],
    }


def side_by_side(t: Translator, rows: list[Row]) -> pd.DataFrame:
    """One line per department with what each measure allows; marked are the fewer: ? not checked, or ✓ checked."""
    lines: dict[str, dict[str, str]] = {}
    few = rarer(rows)
    for row in rows:
        blank = dict.fromkeys(MEASURES, "") | {"department": t.name(row["department"], row["department_en"])}
        mark = f" {MARKS[few]}" if row["basis_checked"] is few else ""
        lines.setdefault(row["department_code"], blank)[row["measure"]] = t.number(row["allowance"]) + mark
    return pd.DataFrame(lines.values())


def rarer(rows: list[Row]) -> bool:
    """Which of checked (True) and not checked (False) is rarer: a mark on nearly every number tells nothing."""
    return 2 * sum(bool(row["basis_checked"]) for row in rows) < len(rows)


def doubts(t: Translator, rows: list[Row]) -> str:
    """The caption: how many of the numbers rest on a basis nobody has checked, and what the marks mean if there are any."""
    unchecked = sum(not row["basis_checked"] for row in rows)
    if unchecked in (0, len(rows)):
        return t("targets.caption_all_unchecked" if unchecked else "targets.caption_all_checked", n=t.number(len(rows)))
    key = "targets.caption_few_checked" if rarer(rows) else "targets.caption_few_unchecked"
    return t(key, n=t.number(unchecked), of=t.number(len(rows)))


def _table(t: Translator, now: list[Row], measure: str) -> None:
    told, n = _told(t, now, measure, everything=bool(st.session_state.get("all_quotas")))
    st.html(told)
    if n > FEW:
        st.toggle(t("departments.show_all", n=n), key="all_quotas")


@drawn
def _told(t: Translator, now: list[Row], measure: str, *, everything: bool) -> tuple[str, int]:
    """The table as HTML, and how many lines it could have."""
    several = measure == ALL and len({row["department_code"] for row in now}) > 1
    if several:
        frame, numeric = side_by_side(t, now), tuple(MEASURES)
        heads = {"department": t("targets.department_head")} | {code: t(f"measure.{code}") for code in MEASURES}
    else:
        frame, heads, numeric = pd.DataFrame([line(t, row) for row in now]), _heads(t), ("allowance", "version")
    some = frame if everything else frame.head(FEW)
    caption = doubts(t, now) if several else ""
    marks = [] if several else [(f"{line['department']} · {line['measure']}", row["revision"]) for line, row in _revised(t, now)]
    table = blocks.table(some, heads, numeric=numeric, optional=("by", "version"), caption=caption)
    return table + quiet_lines(t, marks), len(frame)


@drawn
def _history(t: Translator, older: list[Row]) -> str:
    heads = _heads(t) | {"reason": t("targets.reason")}
    return blocks.table(pd.DataFrame([line(t, row) for row in older]), heads, numeric=("allowance", "version"))


def _revised(t: Translator, now: list[Row]) -> list[tuple[dict[str, str], Row]]:
    return [(line(t, row), row) for row in now if row["revision"]]


def _filter(page: Page, names: dict[str, str], year: int) -> tuple[str, str]:
    t = page.t
    department = address.asked("department", list(names), ALL)
    measure = address.asked("measure", MEASURES, ALL)
    with st.container(horizontal=True, vertical_alignment="top"):
        st.segmented_control(t("targets.year"), _years(page), required=True, **address.control("year", str(year), "quota_year"))
        st.selectbox(
            t("targets.department_head"),
            [ALL, *names],
            format_func=lambda code: t("targets.every_department") if code == ALL else names[code],
            width=260,
            **address.control("department", department, "quota_department"),
        )
        st.segmented_control(
            t("targets.measure_head"),
            [ALL, *MEASURES],
            format_func=lambda code: t("departments.all") if code == ALL else t(f"measure.{code}"),
            required=True,
            **address.control("measure", measure, "quota_measure"),
        )
    return department, measure


def _edit(page: Page, year: int, department: str, measure: str, names: dict[str, str], now: list[Row]) -> None:
    t = page.t
    if ALL in (department, measure):
        return
    row = now[0] if now else None
    title = t("targets.edit_quota", department=names[department], measure=t(f"measure.{measure}"), year=year)
    st.html(blocks.section(title, t("targets.edit_quota_sub")))
    fields = Fields(page, f"quota_{department}_{measure}_{year}", row)
    with st.form(fields.key("form"), border=False):
        allowance = fields.at(
            "allowance", st.number_input, t(f"targets.allowance_{measure}"), value=fields.seen["allowance"] if fields.seen else 0
        )
        basis, checked, reason = fields.grounds("quota")
        pressed = st.form_submit_button(t("targets.save"), type="primary")
    if pressed:
        done = page.do(
            actions.revise, county_code=page.county_code, department_code=department, measure=measure, year=year,
            allowance=allowance, basis=basis, basis_checked=checked, reason=reason, seen_version=fields.seen_version,
        )  # fmt: skip
        fields.finish("quotas", done, row)


def _years(page: Page) -> list[str]:
    return [str(page.today.year + n) for n in (-1, 0, 1)]


def _heads(t: Translator) -> dict[str, str]:
    keys = ("department", "measure", "allowance", "basis", "version", "by")
    return {key: t(f"targets.{key}_head") for key in keys}
