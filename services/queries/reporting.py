"""Who reported: submitted, zero, missing and not yet due are four states, and silence is never zero."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from models.rules.schedule import is_closed
from models.rules.week import Week, today_at
from models.tables import ObservationPoint, WeeklyLog
from services.access import Actor, Permission, county_of, in_scope
from services.figures.counting import counted, plain, week_table, weeks_between
from services.thresholds import threshold
from services.usecase import query

COUNTS = ["expected", "submitted", "zero", "missing", "not_due", "late"]


@query(Permission.VIEW_TRENDS)
def weekly(
    session: Session,
    actor: Actor,
    *,
    county_code: str,
    first: date,
    last: date,
    as_of: datetime,
    township_code: str | None = None,
) -> pd.DataFrame:
    """Village-weeks by (week, township_code), oldest first, as integers: expected = submitted + zero + missing + not_due.

    `week` is a Monday; weeks from the one that holds `first` to the one that holds `last`. `submitted` had something to
    tell, `zero` said there was nothing. Whoever is silent is `not_due` until the week closes and `missing` from then on.
    `late` is the part of submitted and zero that came at or after the due moment. Weeks in which a township has no
    observation point have no row. NotFound for a county that is not the actor's.
    """
    county_of(actor, county_code)
    weeks = weeks_between(first, last)
    if not weeks:
        return _frame([])
    close_days, due_days = (threshold(session, county_code, name, today_at(as_of)) for name in ("close_days", "due_days"))
    closed = {week.monday: is_closed(week, close_days, as_of) for week in weeks}
    expected = _expected(session, actor, county_code, weeks, township_code)
    reported = _reported(session, actor, county_code, weeks, due_days, township_code)
    rows = []
    for (monday, township), points in sorted(expected.items()):
        submitted, zero, late = reported.get((monday, township), (0, 0, 0))
        silent = points - submitted - zero
        missing = silent if closed[monday] else 0
        rows.append((monday, township, points, submitted, zero, missing, silent - missing, late))
    return _frame(rows)


def _expected(
    session: Session, actor: Actor, county_code: str, weeks: Sequence[Week], township_code: str | None
) -> dict[tuple[date, str], int]:
    """Points by (week, township): the database counts equal assignments, of which there are few, and they are laid out here."""
    point = ObservationPoint
    statement = select(point.township_code, point.since, point.until, func.count()).where(
        point.county_code == county_code, in_scope(actor, point.county_code, point.village_code)
    )
    if township_code:
        statement = statement.where(point.township_code == township_code)
    found: dict[tuple[date, str], int] = {}
    for township, since, until, points in session.execute(statement.group_by(point.township_code, point.since, point.until)):
        for week in weeks:
            if since <= week.monday and (until is None or week.monday < until):
                found[week.monday, township] = found.get((week.monday, township), 0) + points
    return found


def _reported(
    session: Session,
    actor: Actor,
    county_code: str,
    weeks: Sequence[Week],
    due_days: float,
    township_code: str | None,
) -> dict[tuple[date, str], tuple[int, int, int]]:
    """(submitted, zero, late) by (week, township)."""
    table, township = week_table(weeks, due_days), plain(ObservationPoint.township_code)
    late = func.sum(case((WeeklyLog.submitted_at >= table.c.due_at, 1), else_=0))
    zero = func.sum(case((WeeklyLog.zero, 1), else_=0))
    statement = select(table.c.week, township, func.count(), zero, late).select_from(table)
    statement = statement.join(WeeklyLog, and_(WeeklyLog.county_code == county_code, WeeklyLog.week == table.c.week))
    counts = counted(statement, actor, county_code, township_code).group_by(table.c.week, township)
    return {(week, town): (n - int(zeros), int(zeros), int(lates)) for week, town, n, zeros, lates in session.execute(counts)}


def _frame(rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["week", "township_code", *COUNTS])
    return frame.astype(dict.fromkeys(COUNTS, "int64"))
