"""Workbooks to begin a file with: the heads an import knows, and on a second sheet every code that may stand below them.

What is read is read at once; the workbook itself is made when somebody asks for it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from models.rules.area import Level
from services.access import Role
from services.imports import accounts as accounts_file
from services.imports import declarations as declarations_file
from services.imports import departments as departments_file
from services.imports import points as points_file
from services.imports.files import Columns
from services.queries import accounts, areas, declarations, points
from ui.exports.document import Column, Document, Form, Value
from ui.exports.excel import workbook
from ui.i18n import Translator
from ui.shell import Page

Made = Callable[[], bytes]
Named = Mapping[str, tuple[str, str | None]]


def for_points(page: Page) -> Made:
    """Every village of the county with its code, and since when it is a point."""
    t = page.t
    found = page.read(points.villages, county_code=page.county_code, today=page.today).to_dict("records")
    rows = [
        (r["village_code"], t.name(r["name"], r["name_en"]), t.name(r["township"], r["township_en"]), _day(r["since"]))
        for r in found
    ]
    heads = [Column(t(f"import_form.{head}")) for head in ("code", "name", "township")]
    return lambda: made(
        t, "points", points_file.COLUMNS, [("villages", [*heads, Column(t("import_form.point_since"), Form.DAY)], rows)]
    )


def for_departments(page: Page) -> Made:
    """The county and its townships."""
    t, county = page.t, page.county_code
    found = page.read(points.villages, county_code=county, today=page.today)
    places = page.read(areas.names, codes=(county, *found["township_code"].unique()))
    return lambda: made(t, "departments", departments_file.COLUMNS, [("areas", _heads(t), _rows(t, places))])


def for_accounts(page: Page) -> Made:
    """Every area of one's own, every department, and the roles in the reader's words."""
    t, own = page.t, page.actor.area_code
    places: dict[str, tuple[str, str | None]] = {}
    for level in (Level.PREFECTURE, Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE):
        places |= page.read(accounts.areas, level=level)
    offices = page.read(accounts.departments, county_code=own)
    roles = [(t(f"role.{role}"),) for role in Role]
    sheets: list[tuple[str, Sequence[Column], Sequence[Sequence[Value]]]] = [
        ("areas", _heads(t), _rows(t, places)),
        ("departments", _heads(t), _rows(t, offices)),
        ("roles", [Column(t("import_form.name"))], roles),
    ]
    return lambda: made(t, "accounts", accounts_file.COLUMNS, sheets)


def for_declarations(page: Page) -> Made:
    """The townships an event may have gone to."""
    t = page.t
    towns = page.read(declarations.townships, county_code=page.county_code)
    return lambda: made(t, "declarations", declarations_file.COLUMNS, [("areas", _heads(t), _rows(t, towns))])


def made(
    t: Translator, noun: str, columns: Columns, sheets: Sequence[tuple[str, Sequence[Column], Sequence[Sequence[Value]]]]
) -> bytes:
    """The workbook: first what is filled in, then what may be looked up."""
    chinese = {column: head for head, column in columns.aliases.items()}
    heads = [Column(chinese[name] if t.chinese else name) for name in (*columns.required, *columns.optional)]
    blank = Document(noun, t("import_form.fill_in"), heads, [])
    return workbook(blank, *(Document(noun, t(f"import_form.sheet_{name}"), head, rows) for name, head, rows in sheets))


def _heads(t: Translator) -> list[Column]:
    return [Column(t("import_form.code")), Column(t("import_form.name"))]


def _rows(t: Translator, named: Named) -> list[tuple[str, str]]:
    return [(code, t.name(*names)) for code, names in sorted(named.items())]


def _day(day: object) -> date | None:
    return day if isinstance(day, date) else None
