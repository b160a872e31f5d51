"""What the Departments screen is asked: which measure, which period, which department. All of it stands in the address."""

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from models.rules.errors import InvalidInput
from models.rules.measure import Measure
from models.rules.period import Period, PeriodKind
from services.access import Role
from ui import address
from ui.i18n import Translator
from ui.shell import Page

ALL = "all"
CHOICES = (ALL, *(measure.value for measure in Measure))
FIRST_YEAR = 2000
KINDS = [kind.value for kind in reversed(PeriodKind)]


@dataclass(frozen=True)
class Chosen:
    """The question. `measure` is None for all of them."""

    measure: Measure | None
    period: Period
    department: str


def choose(page: Page) -> Chosen:
    """Draws the controls and returns what the address says; whatever it says wrongly is the default."""
    t = page.t
    period = _period(page)
    with st.container(horizontal=True, vertical_alignment="center", key="departments_controls"):
        measure = address.asked("measure", CHOICES, ALL)
        st.segmented_control(
            t("departments.measure"),
            CHOICES,
            format_func=lambda code: measure_name(t, code),
            required=True,
            label_visibility="collapsed",
            **address.control("measure", measure, "measure_choice"),
        )
        if not own_only(page):
            _period_controls(page, period)
    return Chosen(None if measure == ALL else Measure(measure), period, st.query_params.get("department", ""))


def own_only(page: Page) -> bool:
    """Whether the screen is one department's own: whole years, no other department."""
    return page.actor.role is Role.DEPARTMENT


def measure_name(t: Translator, code: str) -> str:
    """The measure's name; "all" has one too."""
    return t("departments.all") if code == ALL else t(f"measure.{code}")


def period_name(t: Translator, period: Period) -> str:
    """2026年 · 2026年上半年 · 2026年第4季度 · 2026年11月."""
    if period.kind is PeriodKind.MONTH:
        return t.month(period.first)
    if period.kind is PeriodKind.HALF:
        return t("departments.period_half_1" if period.index == 1 else "departments.period_half_2", year=period.year)
    return t(f"departments.period_{period.kind.value}", year=period.year, index=period.index)


def choose_department(code: str) -> None:
    """Puts the department whose events are shown into the address."""
    st.query_params["department"] = code


def _period_controls(page: Page, period: Period) -> None:
    t = page.t
    st.session_state["kind_choice"] = period.kind.value
    st.segmented_control(
        t("departments.period"),
        KINDS,
        format_func=lambda kind: t(f"departments.kind_{kind}"),
        key="kind_choice",
        required=True,
        label_visibility="collapsed",
        on_change=_change_kind,
        args=(period, page.today),
    )
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="departments_period"):
        _step(t, "previous", period.previous(), period.year > FIRST_YEAR, icon=":material/chevron_left:")
        st.html(f'<b class="period">{escape(period_name(t, period))}</b>', width="content")
        after = period.next()
        _step(t, "next", after, after.first <= page.today, icon=":material/chevron_right:", icon_position="right")


def _step(t: Translator, name: str, period: Period, possible: bool, **looks: Any) -> None:
    st.button(
        t(f"departments.{name}"),
        key=f"period_{name}",
        type="tertiary",
        help=period_name(t, period),
        on_click=_go,
        args=(period,),
        disabled=not possible,
        **looks,
    )


def _period(page: Page) -> Period:
    this_year = Period.of(page.today, PeriodKind.YEAR)
    try:
        asked = Period.parse(st.query_params.get("period") or this_year.label)
    except InvalidInput:
        asked = this_year
    if asked.year < FIRST_YEAR or asked.first > page.today:
        asked = this_year
    if own_only(page):
        asked = Period(asked.year, PeriodKind.YEAR, 1)
    address.settle({"period": asked.label})
    return asked


def _change_kind(period: Period, today: date) -> None:
    """Another length of period around the same time: the one that holds the last day shown so far."""
    _go(Period.of(min(period.last, today), PeriodKind(st.session_state["kind_choice"])))


def _go(period: Period) -> None:
    st.query_params["period"] = period.label
