"""A department declares what it sent to villages, and may take its own word back.

Neither answer nor refusal depends on any report: whether a village knows of it is nothing a department learns
(docs/adr/0023).
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.declaration import check_declaration
from models.rules.entry import clean_title, same_title
from models.rules.errors import Conflict, NotFound
from models.rules.measure import LOGGED_KINDS
from models.rules.week import today_at
from models.tables import Declaration
from services import audit
from services.access import Actor, Permission, county_of
from services.imports.declarations import own_department, townships
from services.usecase import action


@action(Permission.DECLARE_EVENTS)
def declare(
    session: Session, actor: Actor, *, county_code: str, kind: str, day: date, title: str, township_code: str | None = None
) -> Declaration:
    """A meeting, inspection or form of the actor's own department, for the whole county or one township. The stored row.

    InvalidInput(declaration_kind, declaration_day, declaration_untitled, title_long, title_control),
    NotFound(no_such_county, no_such_department, no_such_area), Conflict(declaration_there).
    """
    county, department = county_of(actor, county_code), own_department(actor)
    text = check_declaration(kind, day, title, today_at(actor.now))
    if township_code is not None and township_code not in townships(session, county).values():
        raise NotFound("no_such_area", field="township")
    same_day = select(Declaration.title).where(
        Declaration.county_code == county, Declaration.department_code == department,
        Declaration.kind == kind, Declaration.happened_on == day,
    )  # fmt: skip
    if any(same_title(text, there) for there in session.scalars(same_day)):
        raise Conflict("declaration_there", field="title")
    made = Declaration(
        county_code=county, department_code=department, kind=kind, happened_on=day, title=text, township_code=township_code,
        declared_at=actor.now, declared_by=actor.username,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(session, actor, "declarations.declare", _subject(made), new=_facts(made), chain_code=county)
    return made


@action(Permission.DECLARE_EVENTS)
def withdraw(session: Session, actor: Actor, *, county_code: str, kind: str, day: date, title: str) -> Declaration:
    """Takes back what the actor's own department declared; the trail keeps it. The row that was.

    NotFound(no_such_county, no_such_department, no_such_declaration), InvalidInput(title_long, title_control).
    """
    county, department = county_of(actor, county_code), own_department(actor)
    key = (county, department, kind, day, clean_title(title))
    row = session.get(Declaration, key) if kind in LOGGED_KINDS else None
    if row is None:
        raise NotFound("no_such_declaration", field="withdraw")
    session.delete(row)
    session.flush()
    audit.record(session, actor, "declarations.withdraw", _subject(row), old=_facts(row), chain_code=county)
    return row


def _subject(row: Declaration) -> str:
    return f"{row.department_code}/{row.happened_on}"


def _facts(row: Declaration) -> dict[str, object]:
    return {"kind": row.kind, "day": row.happened_on, "title": row.title, "township_code": row.township_code}
