"""Departments against their quotas as a file: every standing of the period, as the reader may see it."""

from collections.abc import Mapping
from datetime import datetime
from math import isinf
from typing import Any

from models.rules.errors import InvalidInput
from models.rules.period import Period, PeriodKind
from models.rules.week import today_at
from services.queries.departments import Report
from ui.departments_answer import basis, status_word
from ui.departments_choice import ALL, CHOICES, FIRST_YEAR, measure_name, period_name
from ui.exports.document import Column, Document, Form, Value
from ui.i18n import Translator
from ui.revisions import revised

HEADS = {
    "department": Form.TEXT, "measure": Form.TEXT, "allowance": Form.WHOLE, "used": Form.WHOLE, "left": Form.WHOLE,
    "share": Form.DECIMAL, "status": Form.TEXT, "crossed_day": Form.DAY, "crossed": Form.TEXT, "chance": Form.DECIMAL,
    "emergency": Form.WHOLE, "yearly": Form.WHOLE, "revised": Form.TEXT, "basis": Form.TEXT, "basis_state": Form.TEXT,
    "reported": Form.WHOLE, "expected": Form.WHOLE, "state": Form.TEXT,
}  # fmt: skip


def params(address: Mapping[str, str], as_of: datetime) -> dict[str, Any]:
    """The keywords of `departments.report`; a period that is none is this year."""
    today = today_at(as_of)
    period = _period(address, as_of).label
    return {"county_code": address.get("county", ""), "period": period, "today": today, "as_of": as_of}


def document(found: Report, address: Mapping[str, str], t: Translator, place: str, as_of: datetime) -> Document:
    """One row per department and measure, worst first; a number too small to be told is empty, and its status says so."""
    period, measure = _period(address, as_of), address.get("measure", ALL)
    measure = measure if measure in CHOICES else ALL
    complete = found.completeness
    told = complete.reported > 0  # where nobody reported there is no "within", on the screen and here
    standings = [row for row in found.standings.to_dict("records") if told and measure in (ALL, row["measure"])]
    heads = [Column(t(f"departments.{name}_head"), form) for name, form in HEADS.items()]
    title = t("departments.file_title", period=period_name(t, period))
    about = [
        (t("departments.file_place"), place),
        (t("departments.period"), period_name(t, period)),
        (t("departments.measure"), measure_name(t, measure)),
        (t("departments.file_as_of"), f"{t.full_day(as_of.date())} {as_of:%H:%M}"),
        (t("departments.file_through"), t.full_day(complete.through)),
        (t("departments.file_reading"), basis(t, period, complete)),
        (t("departments.chance_head"), t("departments.file_chance", month=t.month(period.last))),
        (t("departments.file_empty"), t("departments.file_empty_means")),
    ]
    behind: list[Value] = [
        complete.reported,
        complete.expected,
        t("departments.file_open" if complete.open else "departments.file_closed"),
    ]
    rows = [[*_row(t, row), *behind] for row in standings]
    return Document(f"{place}-{title}-{as_of:%Y%m%d}", title, heads, rows, t("departments.file_about"), about)


def _row(t: Translator, row: dict[Any, Any]) -> list[Value]:
    checked = {True: "departments.file_checked", False: "departments.file_unchecked", None: "departments.file_no_basis"}
    return [
        t.name(row["department"], row["department_en"]),
        t(f"measure.{row['measure']}"),
        row["allowance"],
        row["used"],
        row["left"],
        None if row["share"] is None or isinf(row["share"]) else round(row["share"], 4),
        status_word(t, row),
        row["crossed_on"],
        row["crossed_title"] or "",
        None if row["chance"] is None else round(row["chance"], 2),
        row["emergency"],
        row["yearly"],
        revised(t, row["revision"]) if row["revision"] else "",
        row["basis"],
        t(checked[row["basis_checked"]]),
    ]


def _period(address: Mapping[str, str], as_of: datetime) -> Period:
    this_year = Period.of(today_at(as_of), PeriodKind.YEAR)
    try:
        asked = Period.parse(address.get("period", ""))
    except InvalidInput:
        return this_year
    return asked if FIRST_YEAR <= asked.year <= this_year.year else this_year
