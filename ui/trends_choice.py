"""What the Trends screen is asked. The address holds codes, so a link says the same in either language and to everybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from models.rules.measure import Measure, Unit, units_of
from models.rules.week import Week
from ui import address
from ui.address import one_of
from ui.i18n import Translator
from ui.shell import Page

PERIODS = ("13", "26", "52", "78", "year")
USUAL = "26"
ALL = ""
Names = Mapping[str, tuple[str, str | None]]


@dataclass(frozen=True)
class Choice:
    """A question that can be answered; empty codes mean all."""

    measure: Measure = Measure.MEETING
    unit: Unit = Unit.VILLAGE_TIMES
    period: str = USUAL
    township: str = ALL
    department: str = ALL

    @property
    def codes(self) -> dict[str, str]:
        """The question as the address holds it."""
        flat = {"measure": self.measure.value, "unit": self.unit.value, "period": self.period}
        return flat | {"township": self.township, "department": self.department}

    def weeks(self, today: date) -> tuple[Week, Week]:
        """From the first week shown to the running one; the period counts complete weeks, and there is at least one."""
        running = Week.of(today)
        if self.period == "year":
            return min(Week.of(date(Week.of(today).sunday.year, 1, 4)), running - 1), running
        return running - int(self.period), running

    def params(self, county_code: str, as_of: datetime, today: date) -> dict[str, Any]:
        """The keywords of services.queries.trends.picture."""
        first, last = self.weeks(today)
        return {
            "county_code": county_code,
            "measure": self.measure.value,
            "unit": self.unit.value,
            "first": first.monday,
            "last": last.monday,
            "as_of": as_of,
            "township_code": self.township or None,
            "department_code": self.department or None,
        }

    def address(self, county_code: str) -> str:
        """The question as a query string, for the files of this screen."""
        return urlencode({"county": county_code} | self.codes)


def read(told: Mapping[str, str], townships: Names | None = None, departments: Names | None = None) -> Choice:
    """What the address asks; whatever it says wrongly is the default. Without names any code may stand there."""
    measure = Measure(one_of(told.get("measure"), tuple(Measure), Measure.MEETING))
    unit = Unit(one_of(told.get("unit"), units_of(measure), units_of(measure)[0]))
    period = one_of(told.get("period"), PERIODS, USUAL)
    codes = ((told.get("township", ALL), townships), (told.get("department", ALL), departments))
    township, department = (code if names is None or code in names else ALL for code, names in codes)
    return Choice(measure, unit, period, township[:20], department[:20])


def choose(page: Page, townships: Names, departments: Names) -> Choice:
    """Draws the filters in one row and returns what they ask."""
    t, now = page.t, read(st.query_params, townships, departments)
    address.settle(now.codes)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="trends_filters"):
        _buttons(t, "measure", [m.value for m in Measure], now.measure.value, on_change=_change_measure)
        if len(units_of(now.measure)) > 1:
            _buttons(t, "unit", [u.value for u in units_of(now.measure)], now.unit.value)
        _menu(t, "period", {code: _period(t, code) for code in PERIODS}, now.period)
        if len(townships) > 1:
            _menu(t, "township", _named(t, "trends.all_townships", townships), now.township)
        _menu(t, "department", _named(t, "trends.all_departments", departments), now.department)
    return now


def words(t: Translator, choice: Choice) -> str:
    """The period in words."""
    return _period(t, choice.period)


def _period(t: Translator, code: str) -> str:
    return t("trends.this_year") if code == "year" else t("trends.weeks", n=int(code))


def _named(t: Translator, everything: str, names: Names) -> dict[str, str]:
    return {ALL: t(everything)} | {code: t.name(*name) for code, name in names.items()}


def _buttons(t: Translator, name: str, codes: list[str], value: str, **more: Any) -> None:
    kept = address.control(name, value, f"trends_{name}") | more
    st.segmented_control(
        t(f"trends.{name}"),
        codes,
        format_func=lambda code: t(f"{name}.{code}"),
        required=True,
        label_visibility="collapsed",
        **kept,
    )


def _menu(t: Translator, name: str, words: dict[str, str], value: str) -> None:
    st.selectbox(
        t(f"trends.{name}"),
        list(words),
        format_func=lambda code: words.get(code, ""),
        label_visibility="collapsed",
        width=196,
        **address.control(name, value, f"trends_{name}"),
    )


def _change_measure(name: str, key: str, _drops: object) -> None:
    """Another measure, in the same unit if it has that one."""
    address.put(name, st.session_state[key])
    if st.query_params.get("unit") not in units_of(Measure(st.session_state[key])):
        address.put("unit", None)
