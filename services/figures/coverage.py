"""Who was expected to report, and what came: the numbers every other figure stands beside. Silence is never a zero.

Each expected village-week is in exactly one of four states (models/rules/schedule.py).
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Date, Select, and_, case, column, distinct, func, select, values
from sqlalchemy.orm import Session

from models.rules.schedule import Deadlines, is_assigned
from models.rules.week import Week
from models.tables import ObservationPoint, WeeklyLog
from models.tables.base import Moment
from services.access import Actor, in_scope
from services.figures import summaries
from services.figures.counting import assigned, counted, grouped, plain
from services.once import once
from services.thresholds import deadlines

Key = tuple[date, str]  # Monday, township


class Coverage(NamedTuple):
    """Village-weeks: expected = submitted + zero + missing + not_due.

    `submitted` had something to tell, `zero` said there was nothing. Whoever is silent is `not_due` until the week closes
    and `missing` from then on; `overdue` is the part of not_due that is past the due moment. `late` is the part of
    submitted and zero that came at or after the due moment. `due` were to report by now, `on_time` of them did in time.
    `closed` were expected in weeks that have closed.
    """

    expected: int
    submitted: int
    zero: int
    missing: int
    not_due: int
    overdue: int
    late: int
    due: int
    on_time: int
    closed: int

    @classmethod
    def of(cls, expected: int, submitted: int, zero: int, late: int, week: Deadlines, as_of: datetime) -> "Coverage":
        """Of the points of one week, from what came."""
        silent, reported = expected - submitted - zero, submitted + zero
        due, closed = week.is_due(as_of), week.is_closed(as_of)
        return cls(
            expected, submitted, zero,
            missing=silent if closed else 0, not_due=0 if closed else silent, overdue=silent if due and not closed else 0,
            late=late, due=expected if due else 0, on_time=reported - late if due else 0,
            closed=expected if closed else 0,
        )  # fmt: skip

    @classmethod
    def total(cls, parts: Iterable["Coverage"]) -> "Coverage":
        """The sum of each count."""
        return cls(*(sum(counts) for counts in zip([0] * len(cls._fields), *parts, strict=True)))


class Reported(NamedTuple):
    """What a figure rests on: village-weeks that came of those expected, and how many of its weeks may still change."""

    received: int
    expected: int
    open_weeks: int


def by_week(
    session: Session, actor: Actor, county_code: str, weeks: Sequence[Week], as_of: datetime, township_code: str | None = None
) -> dict[Key, Coverage]:
    """Coverage by week and township, in that order; none where a township has no point. As many statements for any weeks.

    Closed weeks as they were published, the others live.
    """
    return _by_week(session, actor, county_code, tuple(weeks), as_of, township_code) if weeks else {}


@once
def _by_week(
    session: Session, actor: Actor, county_code: str, weeks: Sequence[Week], as_of: datetime, township_code: str | None
) -> dict[Key, Coverage]:
    moments = deadlines(session, county_code, weeks)
    settled = summaries.published(session, county_code, weeks)
    told = summaries.reports(session, actor, county_code, settled, township_code)
    live = {week: moments[week] for week in weeks if week not in settled}
    reported = _reported(session, actor, county_code, live, township_code)
    for key, points in _expected(session, actor, county_code, live, township_code).items():
        told[key] = (points, *reported.get(key, (0, 0, 0)))
    return {key: Coverage.of(*counts, moments[Week(key[0])], as_of) for key, counts in sorted(told.items())}


def points_in(
    session: Session,
    actor: Actor,
    county_code: str,
    weeks: Sequence[Week],
    township_code: str | None = None,
    *,
    each_township: bool = False,
) -> dict[tuple[Any, ...], int]:
    """How many villages are points in any of the weeks (which follow each other): by township, or under the key ()."""
    return _points_in(session, actor, county_code, weeks[0], weeks[-1], township_code, each_township)


@once
def _points_in(
    session: Session, actor: Actor, county_code: str, first: Week, last: Week, township_code: str | None, each_township: bool
) -> dict[tuple[Any, ...], int]:
    keys = grouped(each_township)
    columns: tuple[Any, ...] = (*keys, func.count(distinct(ObservationPoint.village_code)))
    points = _visible(select(*columns), actor, county_code, township_code)
    points = points.where(assigned(first.monday, last.monday)).group_by(*keys)
    return {tuple(group): number for *group, number in session.execute(points)}


def _expected(
    session: Session, actor: Actor, county_code: str, weeks: Collection[Week], township_code: str | None
) -> dict[Key, int]:
    """The database counts equal assignments, of which there are few, and they are laid out here."""
    found: dict[Key, int] = {}
    for township, since, until, points in _assignments(session, actor, county_code, township_code):
        for week in weeks:
            if is_assigned(week, since, until):
                found[week.monday, township] = found.get((week.monday, township), 0) + points
    return found


@once
def _assignments(session: Session, actor: Actor, county_code: str, township_code: str | None) -> Sequence[Any]:
    """(township, since, until, how many points)."""
    term = (ObservationPoint.township_code, ObservationPoint.since, ObservationPoint.until)
    columns: tuple[Any, ...] = (*term, func.count())
    every = select(*columns).group_by(*term)
    return session.execute(_visible(every, actor, county_code, township_code)).all()


def _reported(
    session: Session, actor: Actor, county_code: str, moments: dict[Week, Deadlines], township_code: str | None
) -> dict[Key, tuple[int, int, int]]:
    """(submitted, zero, late) by week and township."""
    if not moments:
        return {}
    rows = [(week.monday, one.due_at) for week, one in moments.items()]
    table = values(column("week", Date), column("due_at", Moment), name="due").data(rows).cte("due")
    township = plain(ObservationPoint.township_code)
    late = func.sum(case((WeeklyLog.submitted_at >= table.c.due_at, 1), else_=0))
    zero = func.sum(case((WeeklyLog.zero, 1), else_=0))
    statement = select(table.c.week, township, func.count(), zero, late).select_from(table)
    statement = statement.join(WeeklyLog, and_(WeeklyLog.county_code == county_code, WeeklyLog.week == table.c.week))
    counts = counted(statement, actor, county_code, township_code).group_by(table.c.week, township)
    return {(week, town): (n - int(zeros), int(zeros), int(lates)) for week, town, n, zeros, lates in session.execute(counts)}


def _visible(statement: Select[Any], actor: Actor, county_code: str, township_code: str | None) -> Select[Any]:
    point = ObservationPoint
    mine = statement.where(point.county_code == county_code, in_scope(actor, point.county_code, point.village_code))
    return mine.where(point.township_code == township_code) if township_code else mine
