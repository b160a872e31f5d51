"""What a department declares, from a file of its own: kind, happened_on, title, and perhaps the township it went to."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.area import Level
from models.rules.declaration import check_declaration
from models.rules.entry import title_key
from models.rules.errors import InvalidInput, NotFound
from models.tables import Area, Declaration
from services.access import Actor, in_area
from services.imports.files import Columns, Line, Problems, code_text, day_of, lines
from services.imports.plan import Change, State, compared

COLUMNS = Columns(
    ("kind", "happened_on", "title"),
    ("township",),
    {"类别": "kind", "日期": "happened_on", "名称": "title", "乡镇": "township"},
)
KIND_WORDS = {"meeting": "会议", "inspection": "检查", "form": "报表"}
KINDS = {name: kind for kind, word in KIND_WORDS.items() for name in (kind, word)}
EVERYWHERE = ("", "全县")
Key = tuple[str, date, str]  # kind, day, what the title is compared by


@dataclass
class Judge:
    """What a line is judged by: the department's own rows, the county's townships, and what the file has so far."""

    today: date
    towns: dict[str, str]
    stored: dict[Key, Declaration]
    problems: Problems = field(default_factory=Problems)
    first: dict[Key, int] = field(default_factory=dict)
    of_day: Counter[date] = field(default_factory=Counter)


def own_department(actor: Actor) -> str:
    """The department the actor speaks for. NotFound(no_such_department) for an account without one."""
    if not actor.department_code:
        raise NotFound("no_such_department")
    return actor.department_code


def townships(session: Session, county_code: str) -> dict[str, str]:
    """Code and name of every township of the county → its code."""
    rows = select(Area.code, Area.name).where(Area.level == Level.TOWNSHIP, in_area(county_code, Area.code))
    return {word: code for code, name in session.execute(rows) for word in (code, name)}


def plan_declarations(session: Session, county_code: str, department: str, content: bytes, today: date) -> list[Change]:
    """What the file would do to the department's declarations. ImportRefused with the lines that are wrong."""
    mine = select(Declaration).where(Declaration.county_code == county_code, Declaration.department_code == department)
    stored = {(one.kind, one.happened_on, title_key(one.title)): one for one in session.scalars(mine)}
    judge = Judge(today, townships(session, county_code), stored)
    changes = [found for line in lines(content, COLUMNS, judge.problems) if (found := _change(line, judge))]
    judge.problems.raise_any()
    return changes


def store_declarations(session: Session, actor: Actor, county_code: str, changes: Iterable[Change]) -> None:
    """Does what was planned; the caller commits."""
    for change in changes:
        facts = change.values
        key = (county_code, own_department(actor), facts["kind"], facts["day"], facts["title"])
        if change.state is State.NEW:
            columns = dict(zip(("county_code", "department_code", "kind", "happened_on", "title"), key, strict=True))
            made = {"township_code": facts["township_code"], "declared_at": actor.now, "declared_by": actor.username}
            session.add(Declaration(**columns, **made))
        elif change.state is State.CHANGED:
            session.get_one(Declaration, key).township_code = facts["township_code"]
    session.flush()


def _change(line: Line, judge: Judge) -> Change | None:
    row = _row(line, judge)
    if row is None:
        return None
    key = (row["kind"], row["day"], title_key(row["title"]))
    if key in judge.first:
        judge.problems.add(line.number, "declared_twice", str(judge.first[key]))
    judge.first.setdefault(key, line.number)
    there = judge.stored.get(key)
    before = None
    if there:
        row["title"] = there.title  # the same name written with other spaces or stops is the same event
        before = {"kind": there.kind, "day": there.happened_on, "title": there.title, "township_code": there.township_code}
    judge.of_day[row["day"]] += 1
    subject = f"{row['day']} ({judge.of_day[row['day']]})"
    return compared(line.number, subject, row["title"], row, before)


def _row(line: Line, judge: Judge) -> dict[str, Any] | None:
    problems, before = judge.problems, len(judge.problems.found)
    kind, day = KINDS.get(line["kind"], ""), day_of(line["happened_on"])
    town = code_text(line["township"])
    if not kind:
        problems.add(line.number, "event_kind_unknown", line["kind"])
    if day is None:
        problems.add(line.number, "date_bad", line["happened_on"])
    if town not in EVERYWHERE and town not in judge.towns:
        problems.add(line.number, "township_unknown", town)
    if not kind or day is None or len(problems.found) > before:
        return None
    try:
        title = check_declaration(kind, day, line["title"], judge.today)
    except InvalidInput as error:
        problems.add(line.number, error.code, line["happened_on" if error.field == "day" else "title"])
        return None
    return {"kind": kind, "day": day, "title": title, "township_code": judge.towns.get(town)}
