"""Reduction targets: the one in force for each measure, what it was before, and the form to revise it."""

from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from models.rules.measure import Measure
from models.rules.week import Week
from services.access import Permission
from services.actions import targets as actions
from services.queries import quotas, targets
from services.queries.areas import names
from ui import address, blocks
from ui.i18n import Translator
from ui.kept import drawn, records
from ui.revisions import quiet_lines
from ui.shell import Page
from ui.targets_fields import Fields, made_by, told

Row = dict[str, Any]  # one version, as targets.listing has it
MEASURES = [measure.value for measure in Measure]
PAST, AHEAD = 130, 26  # weeks in which a baseline may begin


def answer(page: Page, year: int) -> None:
    """How many targets and quotas there are, and how many of them rest on a basis nobody has checked."""
    t = page.t
    county = t.name(*page.read(names, codes=(page.county_code,))[page.county_code])
    found = page.read(targets.listing, county_code=page.county_code)
    st.html(
        blocks.meta(county, t(f"role.{page.actor.role}"))
        + _answer(t, found, page.read(quotas.listing, county_code=page.county_code, year=year), year)
    )


@drawn
def _answer(t: Translator, targets_found: pd.DataFrame, quotas_found: pd.DataFrame, year: int) -> str:
    promised, allowed = _in_force(targets_found), _in_force(quotas_found)
    unchecked = sum(not row["basis_checked"] for row in promised + allowed)
    key = "targets.headline_none" if not promised and not allowed else "targets.headline"
    first = t(key, targets=t.number(len(promised)), quotas=t.number(len(allowed)), year=year)
    second = t("targets.headline_unchecked", n=t.number(unchecked)) if unchecked else t("targets.headline_checked")
    clauses = [first] + [second] * bool(promised or allowed)
    sentence = "".join(f"<span>{escape(clause)}{'' if t.chinese else '&nbsp;'}</span>" for clause in clauses)
    return blocks.headline(sentence, t("targets.basis"))


def show(page: Page) -> None:
    """The targets in force, their earlier versions, and, for the task force, the form."""
    t = page.t
    found = records(page.read(targets.listing, county_code=page.county_code))
    now = {row["measure"]: row for row in found if row["in_force"]}
    st.html(blocks.section(t("targets.targets"), t("targets.targets_sub")))
    if now or not page.actor.can(Permission.EDIT_TARGETS):
        st.html(_table(t, found))
    else:
        st.html(blocks.nothing(t("targets.no_target_todo")))
    told("targets")
    if older := len(found) - len(now):
        with st.expander(t("targets.history", n=older)):
            st.html(_history(t, found))
    if page.actor.can(Permission.EDIT_TARGETS):
        with st.expander(t("targets.edit_target"), key="edit_target", expanded="target" in st.query_params):
            _form(page, now)


@drawn
def _table(t: Translator, found: list[Row]) -> str:
    now = {row["measure"]: row for row in found if row["in_force"]}
    lines = pd.DataFrame([line(t, code, now.get(code)) for code in MEASURES])
    marks = [(t(f"measure.{code}"), now[code]["revision"]) for code in MEASURES if code in now and now[code]["revision"]]
    spare = ("by", "version", "baseline")
    table = blocks.table(lines, _heads(t), numeric=("reduction", "version"), optional=spare, mark_column="mark")
    return table + quiet_lines(t, marks)


@drawn
def _history(t: Translator, found: list[Row]) -> str:
    lines = pd.DataFrame([line(t, row["measure"], row) for row in found if not row["in_force"]])
    heads = _heads(t) | {"reason": t("targets.reason")}
    return blocks.table(lines, heads, numeric=("reduction", "version"), mark_column="mark")


def line(t: Translator, measure: str, row: Row | None) -> dict[str, str]:
    """One version as text; a measure without a target says so."""
    blank = dict.fromkeys(("reduction", "baseline", "dates", "basis", "version", "by", "reason"), "")
    if row is None:
        return blank | {"measure": t(f"measure.{measure}"), "baseline": t("targets.no_target"), "mark": "open"}
    return {
        "measure": t(f"measure.{measure}"),
        "reduction": t.percent(row["reduction"]),
        "baseline": f"{t.full_day(row['baseline_from'])}–{t.full_day(row['baseline_until'])}",
        "dates": f"{t.full_day(row['starts'])}–{t.full_day(row['ends'])}",
        "basis": row["basis"] + ("" if row["basis_checked"] else t("targets.unconfirmed")),
        "version": str(row["version"]),
        "by": made_by(t, row),
        "reason": row["reason"],
        "mark": "" if row["in_force"] else "open",
    }


def _in_force(found: pd.DataFrame) -> list[Row]:
    return [row for row in records(found) if row["in_force"]]


def _heads(t: Translator) -> dict[str, str]:
    keys = ("measure", "reduction", "baseline", "dates", "basis", "version", "by")
    return {key: t(f"targets.{key}_head") for key in keys}


def _form(page: Page, now: dict[str, Row]) -> None:
    t = page.t
    measure = address.asked("target", MEASURES, MEASURES[0])
    st.segmented_control(
        t("targets.measure_head"),
        MEASURES,
        format_func=lambda code: t(f"measure.{code}"),
        required=True,
        **address.control("target", measure, "target_measure"),
    )
    fields = Fields(page, f"target_{measure}", now.get(measure))
    with st.form(fields.key("form"), border=False):
        values = _values(fields, t, page.today)
        values["basis"], values["basis_checked"], values["reason"] = fields.grounds("target")
        pressed = st.form_submit_button(t("targets.save"), type="primary")
    if pressed:
        done = page.do(actions.revise, county_code=page.county_code, measure=measure, seen_version=fields.seen_version, **values)
        fields.finish("targets", done, now.get(measure))


def _values(fields: Fields, t: Translator, today: date) -> dict[str, Any]:
    """Reduction, baseline and dates as typed; prefilled with the version in force, else with this year's end."""
    row, running = fields.seen, Week.of(today)
    mondays = [(running + n).monday for n in range(-PAST, AHEAD)]
    first = row["baseline_from"] if row else (running - 16).monday
    if first not in mondays:
        mondays.insert(0, first)
    weeks = (row["baseline_until"] - first).days // 7 + 1 if row else 12
    with st.container(horizontal=True, gap="medium"):
        percent = fields.at(
            "reduction", st.number_input, t("targets.reduction_percent"), value=round(100 * row["reduction"]) if row else 20
        )
        monday = fields.at(
            "baseline", st.selectbox, t("targets.baseline_first"), mondays, index=mondays.index(first),
            format_func=lambda day: f"{day.year} · {t.week(Week(day))}",
        )  # fmt: skip
        length = fields.at("length", st.number_input, t("targets.baseline_weeks"), value=weeks)
    with st.container(horizontal=True, gap="medium"):
        span = {"min_value": date(2000, 1, 1), "max_value": date(2999, 12, 31), "format": "YYYY-MM-DD"}
        starts = fields.at("starts", st.date_input, t("targets.starts"), row["starts"] if row else running.monday, **span)
        ends = fields.at("ends", st.date_input, t("targets.ends"), row["ends"] if row else date(today.year, 12, 31), **span)
    return {"reduction": percent / 100, "baseline_from": monday, "baseline_weeks": length, "starts": starts, "ends": ends}
