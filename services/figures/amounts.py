"""How much villages received: the numerators, as pieces of statements. Units are never mixed, emergency work stands apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select

from models.rules.errors import InvalidInput
from models.rules.measure import Measure, Unit, units_of
from models.rules.week import Week
from models.tables import Entry, Event, Holding, WeeklyLog
from services.figures.counting import grouped, week_table

_VALUES: dict[Unit, ColumnElement[Any]] = {
    Unit.VILLAGE_TIMES: Entry.copies.expression,
    Unit.SESSIONS: literal(1),
    Unit.PERSON_TIMES: Entry.people.expression,
    Unit.HOURS: Entry.people * (Entry.minutes + Entry.travel_minutes) / 60.0,
    Unit.HOLDINGS: literal(1),
}


@dataclass(frozen=True)
class Asked:
    """What is asked: a measure in a unit, of a county or one of its townships, of all departments or one."""

    county_code: str
    measure: Measure
    unit: Unit
    township_code: str | None = None
    department_code: str | None = None
    each_township: bool = False

    @property
    def grouped(self) -> tuple[ColumnElement[str], ...]:
        """The columns that tell the answers apart."""
        return grouped(self.each_township)


def checked(measure: str, unit: str) -> tuple[Measure, Unit]:
    """The measure and a unit it can be told in. InvalidInput(bad_measure) or (bad_unit) for anything else."""
    if measure not in tuple(Measure):
        raise InvalidInput("bad_measure", field="measure", value=str(measure)[:20])
    known = Measure(measure)
    if unit not in (*units_of(known), *([] if known.is_stock else [Unit.PERSON_TIMES])):
        raise InvalidInput("bad_unit", field="unit", value=str(unit)[:20])
    return known, Unit(unit)


def received(measure: Measure, weeks: Sequence[Week], columns: Sequence[Any], department_code: str | None = None) -> Select[Any]:
    """A statement over what was received in the weeks, joined to its WeeklyLog: one row per entry, or per open holding."""
    source: type[Event] | type[Holding]
    if measure.is_stock:
        source, table = Holding, week_table(weeks)
        logs = select(*columns).select_from(table).join(WeeklyLog, WeeklyLog.week == table.c.week)
        found = logs.join(Holding, held(table.c.sunday))
    else:
        source, found = Event, entered(columns).where(WeeklyLog.week.in_([week.monday for week in weeks]))
    found = found.where(source.kind == measure)
    return found.where(source.department_code == department_code) if department_code else found


def entered(columns: Sequence[Any]) -> Select[Any]:
    """A statement over entries, joined to their WeeklyLog and Event."""
    log = and_(
        WeeklyLog.county_code == Entry.county_code,
        WeeklyLog.week == Entry.week,
        WeeklyLog.village_code == Entry.village_code,
    )
    event = and_(Event.county_code == Entry.county_code, Event.id == Entry.event_id)
    return select(*columns).select_from(Entry).join(WeeklyLog, log).join(Event, event)


def held(sunday: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Condition: the holding is the village's of the WeeklyLog, and open on its week's Sunday."""
    return and_(
        Holding.county_code == WeeklyLog.county_code,
        Holding.village_code == WeeklyLog.village_code,
        Holding.since <= sunday,
        or_(Holding.until.is_(None), Holding.until > sunday),
    )


def emergency(measure: Measure) -> ColumnElement[bool]:
    """Condition: flood, fire, epidemic, work safety. Nothing that merely stays is an emergency."""
    return false() if measure.is_stock else Event.emergency.expression


def total(unit: Unit, when: ColumnElement[bool]) -> ColumnElement[Any]:
    """The sum in the unit over the rows for which `when` holds; a session counts once, however many villages attended."""
    if unit is Unit.SESSIONS:
        return func.count(case((when, Entry.event_id)).distinct())
    return func.coalesce(func.sum(case((when, _VALUES[unit]), else_=0)), 0)


def squares(unit: Unit, when: ColumnElement[bool]) -> ColumnElement[Any]:
    """The sum of squares: divided by the sum it is how much of the total one entry carries."""
    value = _VALUES[unit]
    return func.coalesce(func.sum(case((when, value * value), else_=0)), 0)
