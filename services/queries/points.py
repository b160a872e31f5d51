"""Observation points: who was expected to report, and what came, point by point. Silence is never a zero.

A point's week is expected when its assignment covers the week's Monday. What each count means: services/figures/coverage.py.
"""

from datetime import date, datetime
from typing import NamedTuple

import pandas as pd
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from models.rules.area import Level, last_within
from models.rules.schedule import Deadlines, LogState, ReportState, is_assigned
from models.rules.week import Week, span, today_at
from models.tables import Area, ObservationPoint, WeeklyLog
from services.access import Actor, Permission, county_of, in_scope
from services.figures import coverage
from services.figures.counting import assigned, existing, not_ended
from services.figures.coverage import Coverage
from services.queries.areas import names
from services.thresholds import deadlines, threshold
from services.usecase import query

COUNTS = list(Coverage._fields)
LETTER = {ReportState.SUBMITTED: "s", ReportState.ZERO: "z", ReportState.MISSING: "m", ReportState.NOT_DUE: "n"}
OVERDUE = "o"  # silent past the due moment, in a week that is still open
NOT_A_POINT = "."
Report = tuple[bool, datetime]  # zero or not, and when it was submitted


class Spell(NamedTuple):
    """One assignment of a village: from the week of `since` until before that of `until`. `last_report`: its Monday, ever."""

    name: str
    name_en: str
    township_code: str
    township: str
    township_en: str
    since: date
    until: date | None
    selection: str
    last_report: date | None

    def covers(self, week: Week) -> bool:
        """Whether a report is expected for the week."""
        return is_assigned(week, self.since, self.until)


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

    `states` has one letter per week: s submitted, z zero, m missing, n not due, o overdue, . not a point then. `missing_run`:
    how many closed weeks have gone by since the last report (or since the village became a point), however long ago that
    was; 0 for a village that is no point in `last`. NotFound(no_such_county).
    """
    county = county_of(actor, county_code)
    points = _assignments(session, actor, county, first, last, township_code)
    reported = _reported(session, actor, county, first, last)
    earliest = min((_silent_from(spells[-1]) for spells in points.values()), default=first)
    moments = deadlines(session, county, span(min(first, earliest), last))
    closed = [week for week in moments if moments[week].is_closed(as_of)]
    rows = []
    for village, spells in points.items():
        mine = {week: reported.get((village, week.monday)) for week in span(first, last) if any(s.covers(week) for s in spells)}
        letters = "".join(
            _letter(moments[week], mine[week], as_of) if week in mine else NOT_A_POINT for week in span(first, last)
        )
        run = sum(week >= _silent_from(spells[-1]) for week in closed) if spells[-1].covers(last) else 0
        counts = Coverage.total(_one(moments[week], log, as_of) for week, log in mine.items())
        rows.append([village, *spells[-1], letters, run, *counts])
    return pd.DataFrame(rows, columns=["village_code", *Spell._fields, "states", "missing_run", *COUNTS])


@query(Permission.VIEW_POINTS)
def townships(session: Session, actor: Actor, *, county_code: str, first: Week, last: Week, as_of: datetime) -> pd.DataFrame:
    """The same village-weeks per township, by area code (never by rank); `points` is how many villages."""
    county, weeks = county_of(actor, county_code), list(span(first, last))
    parts: dict[str, list[Coverage]] = {}
    for (_, township), counts in coverage.by_week(session, actor, county, weeks, as_of).items():
        parts.setdefault(township, []).append(counts)
    points = coverage.points_in(session, actor, county, weeks, each_township=True)
    named = names(session, actor, codes=list(parts))
    rows = [
        (code, named[code][0], named[code][1] or "", *Coverage.total(found), points[(code,)])
        for code, found in sorted(parts.items())
    ]
    return pd.DataFrame(rows, columns=["township_code", "township", "township_en", *COUNTS, "points"])


@query(Permission.VIEW_POINTS)
def silent(session: Session, actor: Actor, *, county_code: str, as_of: datetime) -> pd.DataFrame:
    """Points without a report for `missing_weeks` (a threshold) closed weeks or more: what to ask the township about.

    One row per point as in `listing` of the last whole week.
    """
    county = county_of(actor, county_code)
    least = threshold(session, county, "missing_weeks", today_at(as_of))
    last = Week.of(today_at(as_of)) - 1
    points = listing(session, actor, county_code=county, first=last, last=last, as_of=as_of)
    return points[points.missing_run >= least]


@query(Permission.VIEW_POINTS)
def open_weeks(session: Session, actor: Actor, *, county_code: str, first: Week, last: Week, as_of: datetime) -> list[Week]:
    """Those of the weeks first…last that are not closed yet: their figures are provisional."""
    moments = deadlines(session, county_of(actor, county_code), span(first, last))
    return [week for week in moments if not moments[week].is_closed(as_of)]


@query(Permission.EDIT_POINTS)
def candidates(session: Session, actor: Actor, *, county_code: str, week: Week) -> pd.DataFrame:
    """The county's villages that are no observation points in `week` or later: what can be added."""
    county = county_of(actor, county_code)
    town = aliased(Area)
    taken = exists().where(
        ObservationPoint.county_code == county, ObservationPoint.village_code == Area.code, not_ended(week.monday)
    )
    found = session.execute(
        select(Area.code, Area.name, func.coalesce(Area.name_en, ""), town.name, func.coalesce(town.name_en, ""))
        .join(town, town.code == Area.parent_code)
        .where(Area.level == Level.VILLAGE, Area.code.between(county, last_within(county)), existing(week), ~taken)
        .order_by(Area.code)
    )
    return pd.DataFrame(found.all(), columns=["village_code", "name", "name_en", "township", "township_en"])


@query(Permission.EDIT_POINTS)
def villages(session: Session, actor: Actor, *, county_code: str, today: date) -> pd.DataFrame:
    """Every village of the county that exists this week, by code, with its township; `since`: the Monday its assignment that
    has not ended began, None for no point."""
    county, week, town, point = county_of(actor, county_code), Week.of(today), aliased(Area), ObservationPoint
    since = select(func.max(point.since)).where(
        point.county_code == county, point.village_code == Area.code, in_scope(actor, point.county_code, point.village_code),
        not_ended(week.monday),
    )  # fmt: skip
    named = (Area.name, func.coalesce(Area.name_en, ""), town.code, town.name, func.coalesce(town.name_en, ""))
    found = session.execute(
        select(Area.code, *named, since.correlate(Area).scalar_subquery())
        .join(town, town.code == Area.parent_code)
        .where(Area.level == Level.VILLAGE, Area.code.between(county, last_within(county)), existing(week))
        .order_by(Area.code)
    )
    heads = ["village_code", "name", "name_en", "township_code", "township", "township_en", "since"]
    return pd.DataFrame(found.all(), columns=heads, dtype=object)


@query(Permission.EDIT_POINTS)
def open_points(session: Session, actor: Actor, *, county_code: str, week: Week) -> pd.DataFrame:
    """The points with no end yet, or one after `week`: what can be ended. `since` and `until` are Mondays."""
    county = county_of(actor, county_code)
    town = aliased(Area)
    point = ObservationPoint
    named = (Area.name, func.coalesce(Area.name_en, ""), town.name, func.coalesce(town.name_en, ""))
    found = session.execute(
        select(Area.code, *named, point.since, point.until)
        .join(Area, Area.code == point.village_code)
        .join(town, town.code == point.township_code)
        .where(point.county_code == county, in_scope(actor, point.county_code, point.village_code), not_ended(week.monday))
        .order_by(Area.code, point.since)
    )
    heads = ["village_code", "name", "name_en", "township", "township_en", "since", "until"]
    return pd.DataFrame(found.all(), columns=heads).drop_duplicates("village_code", keep="last")


def _assignments(
    session: Session, actor: Actor, county: str, first: Week, last: Week, township_code: str | None
) -> dict[str, list[Spell]]:
    town = aliased(Area)
    point = ObservationPoint
    named = (Area.name, func.coalesce(Area.name_en, ""), point.township_code, town.name, func.coalesce(town.name_en, ""))
    last_report = (
        select(func.max(WeeklyLog.week))
        .where(WeeklyLog.county_code == point.county_code, WeeklyLog.village_code == point.village_code)
        .where(WeeklyLog.state == LogState.SUBMITTED)
        .correlate(point)
        .scalar_subquery()
    )
    query = (
        select(point.village_code, *named, point.since, point.until, point.selection, last_report)
        .join(Area, Area.code == point.village_code)
        .join(town, town.code == point.township_code)
        .where(point.county_code == county, in_scope(actor, point.county_code, point.village_code))
        .where(assigned(first.monday, last.monday))
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


def _silent_from(spell: Spell) -> Week:
    """The first week after the last report, or of the assignment."""
    began = Week.of(spell.since)
    return began if spell.last_report is None else max(began, Week(spell.last_report) + 1)


def _one(week: Deadlines, log: Report | None, as_of: datetime) -> Coverage:
    zero = log is not None and log[0]
    late = log is not None and week.is_late(log[1])
    return Coverage.of(1, int(log is not None and not zero), int(zero), int(late), week, as_of)


def _letter(week: Deadlines, log: Report | None, as_of: datetime) -> str:
    state = week.state(submitted=log is not None, zero=log is not None and log[0], now=as_of)
    return OVERDUE if state is ReportState.NOT_DUE and week.is_due(as_of) else LETTER[state]
