"""Observation points: who was expected to report, and what came. Silence is never a zero.

A point's week is expected when its assignment covers the week's Monday. Each expected village-week is in exactly one of four
states (models/rules/schedule.py), so submitted + zero + missing + not_due = expected. `late` counts reports after the due
moment; `due` and `on_time` count only weeks whose due moment has passed.
"""

from datetime import date, datetime
from typing import NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.rules.area import Level, last_within
from models.rules.schedule import LogState, ReportState, closes_at, is_late, report_state
from models.rules.week import Week, span, today_at
from models.tables import Area, ObservationPoint, WeeklyLog
from services.access import Actor, Permission, county_of, in_scope
from services.thresholds import threshold
from services.usecase import query

COUNTS = ["expected", "submitted", "zero", "missing", "not_due", "late", "due", "on_time"]
LETTER = {ReportState.SUBMITTED: "s", ReportState.ZERO: "z", ReportState.MISSING: "m", ReportState.NOT_DUE: "n"}
NOT_A_POINT = "."
LOOK_BACK = 12
Report = tuple[bool, datetime]  # zero or not, and when it was submitted


class Spell(NamedTuple):
    """One assignment of a village: from the week of `since` until before that of `until`."""

    name: str
    name_en: str
    township_code: str
    township: str
    township_en: str
    since: date
    until: date | None
    selection: str

    def covers(self, week: Week) -> bool:
        """Whether a report is expected for the week."""
        return self.since <= week.monday and (self.until is None or week.monday < self.until)


@query(Permission.VIEW_POINTS)
def listing(
    session: Session,
    actor: Actor,
    *,
    county_code: str,
    first: Week,
    last: Week,
    as_of: datetime,
    township_code: str | None = None,
) -> pd.DataFrame:
    """The points of the weeks first…last, by area code: one row per village, village-weeks in each state.

    `states` has one letter per week: s submitted, z zero, m missing, n not due, . not a point then. `missing_run` is how many
    closed weeks in a row, ending with the last closed one, came without a report. NotFound(no_such_county).
    """
    county = county_of(actor, county_code)
    points = _assignments(session, actor, county, first, last, township_code)
    reported = _reported(session, actor, county, first, last)
    on = today_at(as_of)
    due_days, close_days = (threshold(session, county, name, on) for name in ("due_days", "close_days"))
    weeks = list(span(first, last))
    closed = sum(closes_at(week, close_days) <= as_of for week in weeks)
    rows = []
    for village, spells in points.items():
        mine = {week: reported.get((village, week.monday)) for week in weeks if any(s.covers(week) for s in spells)}
        states = {week: _state(week, log, close_days, as_of) for week, log in mine.items()}
        letters = "".join(LETTER[states[week]] if week in states else NOT_A_POINT for week in weeks)
        rows.append([village, *spells[-1], letters, _run(letters[:closed]), *_counts(states, mine, due_days, as_of)])
    return pd.DataFrame(rows, columns=["village_code", *Spell._fields, "states", "missing_run", *COUNTS])


@query(Permission.VIEW_POINTS)
def townships(session: Session, actor: Actor, *, county_code: str, first: Week, last: Week, as_of: datetime) -> pd.DataFrame:
    """The same village-weeks summed per township, by area code (never by rank); `points` is how many villages."""
    points = listing(session, actor, county_code=county_code, first=first, last=last, as_of=as_of)
    grouped = points.groupby(["township_code", "township", "township_en"], dropna=False, sort=True)
    summed: pd.DataFrame = grouped[COUNTS].sum()
    return summed.assign(points=grouped.size()).reset_index()


@query(Permission.VIEW_POINTS)
def silent(session: Session, actor: Actor, *, county_code: str, as_of: datetime) -> pd.DataFrame:
    """Points without a report for `missing_weeks` (a threshold) closed weeks in a row or more: what to ask the township about.

    One row per point as in `listing`, looking back LOOK_BACK weeks; a run that long may be longer.
    """
    county = county_of(actor, county_code)
    least = threshold(session, county, "missing_weeks", today_at(as_of))
    last = Week.of(today_at(as_of)) - 1
    points = listing(session, actor, county_code=county, first=last - (LOOK_BACK - 1), last=last, as_of=as_of)
    still = ~points.states.str.endswith(NOT_A_POINT)
    return points[still & (points.missing_run >= least)]


@query(Permission.VIEW_POINTS)
def open_weeks(session: Session, actor: Actor, *, county_code: str, first: Week, last: Week, as_of: datetime) -> list[Week]:
    """Those of the weeks first…last that are not closed yet: their figures are provisional."""
    close_days = threshold(session, county_of(actor, county_code), "close_days", today_at(as_of))
    return [week for week in span(first, last) if closes_at(week, close_days) > as_of]


@query(Permission.EDIT_POINTS)
def candidates(session: Session, actor: Actor, *, county_code: str, week: Week) -> pd.DataFrame:
    """The county's villages that are no observation points in `week` or later: what can be added."""
    county = county_of(actor, county_code)
    town = aliased(Area)
    taken = exists().where(ObservationPoint.county_code == county, ObservationPoint.village_code == Area.code, _not_over(week))
    found = session.execute(
        select(Area.code, Area.name, func.coalesce(Area.name_en, ""), town.name, func.coalesce(town.name_en, ""))
        .join(town, town.code == Area.parent_code)
        .where(Area.level == Level.VILLAGE, Area.code.between(county, last_within(county)), _in_force(week), ~taken)
        .order_by(Area.code)
    )
    return pd.DataFrame(found.all(), columns=["village_code", "name", "name_en", "township", "township_en"])


@query(Permission.EDIT_POINTS)
def open_points(session: Session, actor: Actor, *, county_code: str, week: Week) -> pd.DataFrame:
    """The points with no end yet, or one after `week`: what can be ended. `since` and `until` are Mondays."""
    county = county_of(actor, county_code)
    town = aliased(Area)
    point = ObservationPoint
    names = (Area.name, func.coalesce(Area.name_en, ""), town.name, func.coalesce(town.name_en, ""))
    found = session.execute(
        select(Area.code, *names, point.since, point.until)
        .join(Area, Area.code == point.village_code)
        .join(town, town.code == point.township_code)
        .where(point.county_code == county, in_scope(actor, point.county_code, point.village_code), _not_over(week))
        .order_by(Area.code, point.since)
    )
    heads = ["village_code", "name", "name_en", "township", "township_en", "since", "until"]
    return pd.DataFrame(found.all(), columns=heads).drop_duplicates("village_code", keep="last")


def _assignments(
    session: Session, actor: Actor, county: str, first: Week, last: Week, township_code: str | None
) -> dict[str, list[Spell]]:
    town = aliased(Area)
    point = ObservationPoint
    names = (Area.name, func.coalesce(Area.name_en, ""), point.township_code, town.name, func.coalesce(town.name_en, ""))
    query = (
        select(point.village_code, *names, point.since, point.until, point.selection)
        .join(Area, Area.code == point.village_code)
        .join(town, town.code == point.township_code)
        .where(point.county_code == county, in_scope(actor, point.county_code, point.village_code))
        .where(point.since <= last.monday, or_(point.until.is_(None), point.until > first.monday))
        .order_by(point.village_code, point.since)
    )
    if township_code:
        query = query.where(point.township_code == township_code)
    found: dict[str, list[Spell]] = {}
    for row in session.execute(query):
        found.setdefault(row[0], []).append(Spell._make(row[1:]))
    return found


def _reported(session: Session, actor: Actor, county: str, first: Week, last: Week) -> dict[tuple[str, date], Report]:
    logs = select(WeeklyLog.village_code, WeeklyLog.week, WeeklyLog.zero, WeeklyLog.submitted_at).where(
        WeeklyLog.county_code == county,
        in_scope(actor, WeeklyLog.county_code, WeeklyLog.village_code),
        WeeklyLog.week.between(first.monday, last.monday),
        WeeklyLog.state == LogState.SUBMITTED,
    )
    return {(village, week): (zero, at) for village, week, zero, at in session.execute(logs) if at is not None}


def _state(week: Week, log: Report | None, close_days: float, as_of: datetime) -> ReportState:
    zero = log is not None and log[0]
    return report_state(week, submitted=log is not None, zero=zero, close_days=close_days, now=as_of)


def _counts(states: dict[Week, ReportState], mine: dict[Week, Report | None], due_days: float, as_of: datetime) -> list[int]:
    found = list(states.values())
    got = {week: log for week, log in mine.items() if log is not None}
    late = {week for week, (_, at) in got.items() if is_late(week, due_days, at)}
    due = {week for week in mine if closes_at(week, due_days) <= as_of}
    return [len(mine), *(found.count(state) for state in LETTER), len(late), len(due), len(got.keys() & due - late)]


def _run(closed: str) -> int:
    return len(closed) - len(closed.rstrip(LETTER[ReportState.MISSING]))


def _not_over(week: Week) -> ColumnElement[bool]:
    return or_(ObservationPoint.until.is_(None), ObservationPoint.until > week.monday)


def _in_force(week: Week) -> ColumnElement[bool]:
    starts = or_(Area.valid_from.is_(None), Area.valid_from <= week.monday)
    return and_(starts, or_(Area.valid_until.is_(None), Area.valid_until > week.monday))
