"""Departments from a file: code, area_code, name, kind, and perhaps name_en and initials."""

import re
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.area import Level, ancestor
from models.tables import Area, Department
from services.access import in_area
from services.imports.files import Columns, Line, Problems, code_text, is_scientific, lines
from services.imports.initials import LONGEST as LONGEST_INITIALS
from services.imports.initials import initials
from services.imports.plan import Change, State, compared

COLUMNS = Columns(
    ("code", "area_code", "name", "kind"),
    ("name_en", "initials"),
    {
        "部门代码": "code",
        "区划代码": "area_code",
        "名称": "name",
        "类别": "kind",
        "英文名称": "name_en",
        "拼音首字母": "initials",
    },
)
KIND_WORDS = {
    "party": "党委",
    "government": "政府",
    "mass": "群团",
    "vertical": "垂管",
    "enterprise": "企事业",
    "township": "乡镇",
}
KINDS = {name: kind for kind, word in KIND_WORDS.items() for name in (kind, word)}
CODE = re.compile(r"[0-9A-Za-z-]{1,20}")
INITIALS = re.compile(r"[a-z0-9]*")
LONGEST_NAME = 60
LEVELS = (Level.COUNTY, Level.TOWNSHIP)


def plan_departments(session: Session, county_code: str, content: bytes) -> list[Change]:
    """What the file would do to the county's departments and its townships'. ImportRefused with the lines that are wrong."""
    problems = Problems()
    areas = set(session.scalars(select(Area.code).where(Area.level.in_(LEVELS), in_area(county_code, Area.code))))
    rows = [found for line in lines(content, COLUMNS, problems) if (found := _row(line, areas, problems))]
    stored = _stored(session, [row["code"] for _, row in rows])
    _check_twice(rows, problems)
    changes = []
    for number, row in rows:
        there = stored.get(row["code"])
        if there and there["area_code"] != row["area_code"]:
            elsewhere = ancestor(there["area_code"], Level.COUNTY) != county_code
            problems.add(number, "department_elsewhere" if elsewhere else "department_moved", row["code"])
        if not row.get("initials") and not there:
            row["initials"] = initials(row["name"])
        given = {column: value for column, value in row.items() if column != "code" and value}
        changes.append(compared(number, row["code"], row["name"], given, there))
    _check_names(session, county_code, changes, problems)
    problems.raise_any()
    return changes


def store_departments(session: Session, changes: Iterable[Change]) -> None:
    """Does what was planned; the caller commits."""
    for change in changes:
        if change.state is State.NEW:
            session.add(Department(code=change.subject, **change.values))
        elif change.state is State.CHANGED:
            department = session.get_one(Department, change.subject)
            for column in change.old:
                setattr(department, column, change.values[column])
    session.flush()


def _row(line: Line, areas: set[str], problems: Problems) -> tuple[int, dict[str, str]] | None:
    code, area_code = code_text(line["code"]), code_text(line["area_code"]).ljust(12, "0")
    before = len(problems.found)
    for value in (code, line["area_code"]):
        if is_scientific(value):
            problems.add(line.number, "code_scientific", value)
    if not CODE.fullmatch(code) and not is_scientific(code):
        problems.add(line.number, "department_code_bad", code)
    if area_code not in areas and not is_scientific(line["area_code"]):
        problems.add(line.number, "area_outside", line["area_code"])
    if line["kind"] not in KINDS:
        problems.add(line.number, "kind_unknown", line["kind"])
    _check_words(line, problems)
    if len(problems.found) > before:
        return None
    row = {"code": code, "area_code": area_code, "name": line["name"], "kind": KINDS[line["kind"]]}
    return line.number, row | {"name_en": line["name_en"], "initials": line["initials"].lower()}


def _check_words(line: Line, problems: Problems) -> None:
    if not line["name"]:
        problems.add(line.number, "name_empty")
    if max(len(line["name"]), len(line["name_en"])) > LONGEST_NAME:
        problems.add(line.number, "name_long", line["name"])
    given = line["initials"].lower()
    if len(given) > LONGEST_INITIALS or not INITIALS.fullmatch(given):
        problems.add(line.number, "initials_bad", given)


def _check_twice(rows: list[tuple[int, dict[str, str]]], problems: Problems) -> None:
    first: dict[str, int] = {}
    for number, row in rows:
        if row["code"] in first:
            problems.add(number, "code_twice", str(first[row["code"]]))
        first.setdefault(row["code"], number)


def _check_names(session: Session, county_code: str, changes: list[Change], problems: Problems) -> None:
    """Two departments of one area with one name could not be told apart when a week is logged."""
    here = select(Department.code, Department.area_code, Department.name).where(in_area(county_code, Department.area_code))
    named = {change.subject for change in changes}
    taken = {(area, name): code for code, area, name in session.execute(here) if code not in named}
    for change in changes:
        key = (change.values["area_code"], change.name)
        if taken.setdefault(key, change.subject) != change.subject:
            problems.add(change.line, "department_name_taken", f"{change.name} · {taken[key]}")


def _stored(session: Session, codes: list[str]) -> dict[str, dict[str, str]]:
    columns = ("area_code", "name", "kind", "name_en", "initials")
    found = session.scalars(select(Department).where(Department.code.in_(codes)))
    return {one.code: {column: getattr(one, column) for column in columns} for one in found}
