"""What uploaded sheets would do: whose they are, whether their week is open, and every row of them. Nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.errors import AppError, Conflict, InvalidInput, NotAllowedNow, NotFound
from models.rules.schedule import LogState, is_assigned, submittable_from
from models.rules.week import Week, today_at
from models.tables import Area, Department, Entry, Holding, ObservationPoint, WeeklyLog
from services.access import Actor, in_scope
from services.log.village_week import blank_log, check_open, moved_in, open_log, own_village
from services.once import once
from services.sheets.cells import Judge, Judged, RowState
from services.sheets.judging import judged
from services.sheets.layout import FINISH, JOINED, LEFT, Finish, Line
from services.sheets.reading import Read, read

Files = Sequence[tuple[str, bytes]]  # name and content
Names = Mapping[str, tuple[str, str | None]]


@dataclass(frozen=True)
class SheetPlan:
    """One sheet: whose week it is, what its rows would do, and what becomes of the week. With an `error` nothing is done.

    `reverts`: the last thing is taken out of a submitted week, which is a draft again.
    """

    file: str
    name: str
    error: AppError | None = None
    village: str = ""
    week: Week | None = None
    rows: tuple[Judged, ...] = ()
    finish: Finish = Finish.KEEP
    reverts: bool = False
    finish_error: AppError | None = None
    finish_line: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)

    def count(self, state: RowState) -> int:
        """How many rows are so; a sheet that is refused as a whole is one rejection."""
        rows = sum(row.state is state for row in self.rows)
        return rows + (state is RowState.REJECTED) * ((self.error is not None) + (self.finish_error is not None))

    @property
    def changes(self) -> bool:
        """Whether anything would be stored."""
        return self.finish is not Finish.KEEP or any(row.state in (RowState.NEW, RowState.CHANGED) for row in self.rows)


@dataclass(frozen=True)
class Plan:
    """Every sheet of every file; `names`: of the villages and departments in them, by code."""

    sheets: tuple[SheetPlan, ...]
    names: Names

    def count(self, state: RowState) -> int:
        """How many rows of all sheets are so."""
        return sum(sheet.count(state) for sheet in self.sheets)

    @property
    def changes(self) -> bool:
        """Whether anything would be stored."""
        return any(sheet.changes for sheet in self.sheets)

    @property
    def is_whole(self) -> bool:
        """Whether all of it can be stored: nothing rejected, nothing to be asked."""
        return not self.count(RowState.REJECTED) and not self.count(RowState.ASKED)


def standing_in(session: Session, actor: Actor, village: str) -> Actor:
    """The actor with a scope of that one village, if it is a point among theirs. NotFound(no_such_village) otherwise."""
    if village not in reporting(session, actor):
        raise NotFound("no_such_village", field="village")
    return replace(actor, area_code=village)


def reporting(session: Session, actor: Actor, weeks: Iterable[Week] = ()) -> list[str]:
    """The villages of the actor's area that are points, ever or in one of the weeks, by code."""
    among = tuple(weeks)
    spells = _spells(session, actor)
    here = [code for code, since, until in spells if not among or any(is_assigned(week, since, until) for week in among)]
    return list(dict.fromkeys(here))


@once
def _spells(session: Session, actor: Actor) -> Sequence[Any]:
    """Asked for again with every week and every sheet of a workbook."""
    point = ObservationPoint
    mine = in_scope(actor, point.county_code, point.village_code)
    return session.execute(select(point.village_code, point.since, point.until).where(mine).order_by(point.village_code)).all()


def planned(session: Session, actor: Actor, files: Files, choices: Mapping[str, str], *, locked: bool = False) -> Plan:
    """The plan at the actor's moment; `locked`: to be stored. `choices`: "village/week/question" → "mine" or "theirs"."""
    seen: set[tuple[str, Week | None]] = set()
    sheets = []
    for one in read(files):
        double = one.error is None and (one.village, one.week) in seen
        seen.add((one.village, one.week))
        twice = replace(one, error=InvalidInput("sheet_twice", field="file")) if double else one
        sheets.append(_sheet(session, actor, twice, choices, locked))
    return Plan(tuple(sheets), _names(session, actor, sheets))


def _sheet(session: Session, actor: Actor, one: Read, choices: Mapping[str, str], locked: bool) -> SheetPlan:
    week = one.week
    if one.error is not None or week is None or one.finish is None:
        return SheetPlan(one.file, one.name, one.error)
    try:
        acting = standing_in(session, actor, one.village)
        check_open(session, acting, week)
    except AppError as error:
        known = not isinstance(error, NotFound)  # whose village it is not is not told
        return SheetPlan(one.file, one.name, error, one.village if known else "", week if known else None)
    log = open_log(session, acting, week) if locked else _log(session, acting, week)
    start = f"{one.village}/{week.label}/"
    mine = {key.removeprefix(start): choice for key, choice in choices.items() if key.startswith(start)}
    rows = judged(Judge(session, log, today_at(actor.now), mine), one.lines)
    plan = SheetPlan(
        one.file, one.name, None, one.village, week, tuple(rows), finish_line=one.finish.number, columns=one.columns or {}
    )
    things = _things(session, log, plan.rows)
    try:
        finish = _finish(actor, log, things, one.finish)
        told = log.state == LogState.SUBMITTED and not log.zero
        return replace(plan, finish=finish, reverts=told and not things and finish is Finish.KEEP)
    except AppError as error:
        return replace(plan, finish_error=error, finish_line=one.finish.number)


def _log(session: Session, acting: Actor, week: Week) -> WeeklyLog:
    county, village = own_village(acting)
    return session.get(WeeklyLog, (county, week.monday, village)) or blank_log(county, village, week)


def _finish(actor: Actor, log: WeeklyLog, things: int, line: Line) -> Finish:
    """What becomes of the week that will hold so many things; KEEP also when it is so already."""
    for fault in line.faults.values():
        raise fault
    wanted = Finish(line.cells[FINISH])
    if wanted is Finish.KEEP:
        return wanted
    if wanted is Finish.ZERO and things:
        raise Conflict("not_zero", field="week")
    if wanted is Finish.SUBMIT and not things:
        raise InvalidInput("nothing_to_submit", field="week")
    if log.state == LogState.SUBMITTED and (wanted is Finish.SUBMIT or log.zero):
        return Finish.KEEP
    if today_at(actor.now) < submittable_from(Week(log.week)):
        raise NotAllowedNow("week_too_early", field="week", day=submittable_from(Week(log.week)))
    return wanted


def _things(session: Session, log: WeeklyLog, rows: Iterable[Judged]) -> int:
    """How many things the week would hold, as `is_empty` counts them afterwards."""
    place = {"county_code": log.county_code, "village_code": log.village_code}
    found = {f"e{number}" for number in session.scalars(select(Entry.event_id).filter_by(**place, week=log.week))}
    for group in session.scalars(select(Holding).filter_by(**place).where(moved_in(log.week, Week(log.week).sunday))):
        found |= {f"{JOINED}{group.id}"} if group.since in Week(log.week) else set()
        found |= {f"{LEFT}{group.id}"} if group.until is not None and group.until in Week(log.week) else set()
    for row in rows:
        if row.state is RowState.NEW:
            found.add(f"new{row.key}")
        elif row.state is RowState.CHANGED and not row.final["taken"]:
            kind = row.final["kind"]
            found.discard(f"{kind if kind in (JOINED, LEFT) else 'e'}{row.subject}")
    return len(found)


def _names(session: Session, actor: Actor, sheets: Iterable[SheetPlan]) -> Names:
    """Names of what the sheets are about."""
    sheets = list(sheets)
    cells = [values for sheet in sheets for row in sheet.rows for values in (row.final, row.theirs or {})]
    told = {str(values.get("department") or "") for values in cells}
    codes = {code for code in told if code.isascii() and code.isprintable()}
    departments = select(Department.code, Department.name, Department.name_en).where(Department.code.in_(codes))
    areas = select(Area.code, Area.name, Area.name_en).where(Area.code.in_({sheet.village for sheet in sheets if sheet.village}))
    return {code: (name, name_en) for query in (departments, areas) for code, name, name_en in session.execute(query)}
