"""What departments declare: each reads its own; who judges departments reads them against what villages reported.

The two never meet in one answer to a department: nothing it reads here depends on any report (docs/adr/0023).
"""

from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.area import Level
from models.rules.errors import InvalidInput
from models.rules.measure import LOGGED_KINDS, Measure
from models.rules.period import Period
from models.rules.week import today_at
from models.tables import Area, Declaration, Department
from services.access import Actor, Permission, county_of, in_area, in_scope
from services.figures import declared
from services.figures.counting import weeks_between
from services.figures.coverage import Coverage, by_week
from services.figures.declared import Counts, Line
from services.thresholds import settled_through, threshold
from services.usecase import query

OWN_COLUMNS = ["kind", "happened_on", "title", "township_code", "township", "township_en"]
COLUMNS = ["department_code", "department", "department_en", "counts"]
LINE_COLUMNS = ["department_code", "kind", "first", "last", "title", "declared", "reported"]


@dataclass(frozen=True)
class Compared:
    """What was declared against what was reported, from `first` through `through`: closed weeks of the period, no earlier than
    the first declaration; `through` before `first`: none is closed yet.

    `declaring`: departments that ever declared such events; of each the kinds it declares are compared, from the first one on.
    `departments`: those with an event on either list and their Counts, by code; `lines`: these events, the newest first, and on
    which lists they stand. `unreachable`: declared for townships without a point, left out. `reported` of `expected`
    village-weeks, `least_coverage` of them needed for an estimate. `match_days`: so far apart two may be the same.
    """

    first: date
    through: date
    declaring: int
    counts: Counts
    departments: pd.DataFrame
    lines: pd.DataFrame
    unreachable: int
    reported: int
    expected: int
    least_coverage: float
    match_days: int

    @property
    def enough(self) -> bool:
        """Whether so many points reported that their list may stand for what villages know."""
        return self.reported > 0 and self.reported >= self.least_coverage * self.expected


@query(Permission.DECLARE_EVENTS)
def listing(session: Session, actor: Actor, *, county_code: str, since: date) -> pd.DataFrame:
    """What the actor's own department declared for days from `since` on, newest first. NotFound(no_such_county)."""
    county = county_of(actor, county_code)
    facts = (Declaration.kind, Declaration.happened_on, Declaration.title, Area.code, Area.name, Area.name_en)
    rows = select(*facts).select_from(Declaration).outerjoin(Area, Area.code == Declaration.township_code)
    rows = rows.where(Declaration.county_code == county, in_scope(actor, Declaration.county_code))
    rows = rows.where(Declaration.department_code == (actor.department_code or ""), Declaration.happened_on >= since)
    found = session.execute(rows.order_by(Declaration.happened_on.desc(), Declaration.kind, Declaration.title)).all()
    return pd.DataFrame([tuple(row) for row in found], columns=OWN_COLUMNS, dtype=object)


@query(Permission.DECLARE_EVENTS)
def townships(session: Session, actor: Actor, *, county_code: str) -> dict[str, tuple[str, str | None]]:
    """Every township of the county, with points or without: code → (name, English name), as in the public list of areas.

    NotFound(no_such_county).
    """
    rows = select(Area.code, Area.name, Area.name_en).where(
        Area.level == Level.TOWNSHIP, in_area(county_of(actor, county_code), Area.code)
    )
    return {code: (name, name_en) for code, name, name_en in session.execute(rows.order_by(Area.code))}


@query(Permission.VIEW_DECLARED)
def compared(
    session: Session, actor: Actor, *, county_code: str, period: str, as_of: datetime, measure: Measure | None = None
) -> Compared:
    """Departments' declarations matched against village reports, as a lower bound of all events; open weeks wait.

    `measure`: of meetings, inspections or forms alone. Emergency work is left out of both. InvalidInput(bad_period),
    InvalidInput(bad_measure) for chat groups, which are not declared; NotFound(no_such_county).
    """
    county, chosen = county_of(actor, county_code), Period.parse(period)
    if measure is not None and (measure not in tuple(Measure) or Measure(measure).is_stock):
        raise InvalidInput("bad_measure", field="measure", value=str(measure)[:20])
    kinds = [str(measure)] if measure else [kind.value for kind in LOGGED_KINDS]
    today = today_at(as_of)
    days, least = (threshold(session, county, name, today) for name in ("match_days", "least_coverage"))
    cells = declared.began(session, actor, county, kinds)
    first = max(chosen.first, min(cells.values(), default=chosen.first))
    through = min(chosen.last, settled_through(session, county, as_of).sunday)
    rows: list[Line] = []
    unreachable = 0
    if cells and first <= through:
        rows, unreachable = declared.lines(session, actor, county, cells, (first, through), int(days))
    weeks = weeks_between(first, through) if first <= through else []
    reports = Coverage.total(by_week(session, actor, county, weeks, as_of).values())
    return Compared(
        first, through, len({code for code, _ in cells}), declared.counts(rows), _by_department(session, rows), _lines(rows),
        unreachable, reports.submitted + reports.zero, reports.expected, least, int(days),
    )  # fmt: skip


def _by_department(session: Session, rows: list[Line]) -> pd.DataFrame:
    each = declared.by_department(rows)
    found = session.execute(select(Department.code, Department.name, Department.name_en).where(Department.code.in_(each)))
    names = {code: (name, name_en) for code, name, name_en in found}
    table = [(code, *names[code], declared.counts(mine)) for code, mine in each.items()]
    return pd.DataFrame(table, columns=COLUMNS, dtype=object)


def _lines(rows: list[Line]) -> pd.DataFrame:
    newest = sorted(rows, key=lambda one: (one.event.first, one.event.kind, one.event.title), reverse=True)
    table = [
        (one.event.department, one.event.kind, one.event.first, one.event.last, one.event.title, one.declared, one.reported)
        for one in newest
    ]
    return pd.DataFrame(table, columns=LINE_COLUMNS, dtype=object)
