"""Which rows count: submitted logs of villages that are observation points in that week. Every figure joins through here."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import CTE, ColumnElement, Date, Select, and_, column, literal_column, or_, values
from sqlalchemy.orm import InstrumentedAttribute

from models.rules.schedule import LogState
from models.rules.week import Week, span
from models.tables import Area, ObservationPoint, WeeklyLog
from services.access import Actor, in_scope

Monday = date | InstrumentedAttribute[Any] | ColumnElement[Any]


def weeks_between(first: date, last: date) -> list[Week]:
    """The weeks from the one that holds `first` to the one that holds `last`; none when they are the wrong way round."""
    return list(span(Week.of(first), Week.of(last)))


def week_table(weeks: Sequence[Week]) -> CTE:
    """Weeks as rows (week, sunday), so that a statement needs no date arithmetic, which no two databases share."""
    rows = [(week.monday, week.sunday) for week in weeks]
    return values(column("week", Date), column("sunday", Date), name="weeks").data(rows).cte("weeks")


def not_ended(week: Monday) -> ColumnElement[bool]:
    """Condition: the observation point is one in that week, or will be in a later one."""
    return or_(ObservationPoint.until.is_(None), ObservationPoint.until > week)


def assigned(first: Monday, last: Monday | None = None) -> ColumnElement[bool]:
    """Condition: the observation point is one in that week (a Monday), or in any week of first…last.

    The same rule as models.rules.schedule.is_assigned.
    """
    return and_(ObservationPoint.since <= (first if last is None else last), not_ended(first))


def existing(week: Week) -> ColumnElement[bool]:
    """Condition: the area is there in that week; areas without dates always are."""
    starts = or_(Area.valid_from.is_(None), Area.valid_from <= week.monday)
    return and_(starts, or_(Area.valid_until.is_(None), Area.valid_until > week.monday))


def counted(statement: Select[Any], actor: Actor, county_code: str, township_code: str | None = None) -> Select[Any]:
    """Joins a statement that already selects from WeeklyLog with its point, and keeps the submitted, assigned, visible rows."""
    point = and_(
        ObservationPoint.county_code == WeeklyLog.county_code,
        ObservationPoint.village_code == WeeklyLog.village_code,
        assigned(WeeklyLog.week),
    )
    kept = statement.join(ObservationPoint, point).where(
        WeeklyLog.county_code == county_code,
        WeeklyLog.state == LogState.SUBMITTED,
        in_scope(actor, WeeklyLog.county_code, WeeklyLog.village_code),
    )
    return kept.where(ObservationPoint.township_code == township_code) if township_code else kept


def grouped(each_township: bool) -> tuple[ColumnElement[str], ...]:
    """The columns that tell townships apart, or none."""
    return (plain(ObservationPoint.township_code),) if each_township else ()


def plain(code: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[str]:
    """The same code as an expression: grouped by it, SQLite does not walk the whole table along the code's index."""
    return code.concat(literal_column("''"))
