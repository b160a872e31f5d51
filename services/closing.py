"""Closing weeks: when due, and anew when a correction is done. Each week is one transaction (ui/closer.py says when)."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from models.db import open_session
from models.rules.measure import Measure
from models.rules.week import Week, span, today_at
from models.tables import Correction, ObservationPoint, WeekClosing
from services import audit
from services.access import Actor, operator
from services.figures import publishing
from services.figures.summaries import is_open
from services.log.village_week import corrections_of
from services.thresholds import deadlines


def close_due(now: datetime, bind: Engine | None = None) -> Iterator[tuple[str, Week]]:
    """Closes the weeks whose time is up, oldest first, then the corrections; yields (county, week) as it goes.

    Killed in between it leaves whole weeks only, and the next call goes on where this one stopped. Several at once, on one
    machine or more, wait for each other county by county and do nothing twice.
    """
    with open_session(bind) as session:
        due, overdue = list(_due(session, now)), _overdue(session, now)
    for county, week in due:
        with open_session(bind, write=True) as session:
            if close(session, operator(county, now), week):
                session.commit()
                yield county, week
    for county, week, village in overdue:
        with open_session(bind, write=True) as session:
            actor = operator(county, now)
            audit.lock(session, county)
            correction = corrections_of(session, county, village).get(week)
            if correction is not None and correction.until <= now:
                facts = {"measures": finish(session, actor, correction)}
                audit.record(session, actor, "weeks.close_again", f"{week.label}/{village}", new=facts, chain_code=county)
                session.commit()
                yield county, week


def close(session: Session, actor: Actor, week: Week) -> bool:
    """Publishes a week of the actor's county for the first time, unless another process just did. The caller commits."""
    county = actor.chain_code
    audit.lock(session, county)
    if session.get(WeekClosing, (county, week.monday)) is not None:
        return False
    publishing.first(session, county, week, actor.now, deadlines(session, county, [week])[week].due_at)
    audit.record(session, actor, "weeks.close", week.label, chain_code=county)
    return True


def finish(session: Session, actor: Actor, correction: Correction) -> list[Measure]:
    """Ends a correction and publishes its week anew; which measures changed. The caller holds the county's lock.

    What is held on is held in the later weeks too: when the groups changed, they are published anew as well.
    """
    county, week = correction.county_code, Week(correction.week)
    correction.closed_at, correction.closed_by = actor.now, actor.username
    session.flush()
    changed = _publish_again(session, county, week, actor.now)
    if Measure.GROUP in changed:
        later = select(WeekClosing.week).where(WeekClosing.county_code == county, WeekClosing.week > week.monday)
        for monday in session.scalars(later.order_by(WeekClosing.week)).all():
            _publish_again(session, county, Week(monday), actor.now)
    return sorted(changed)


def _publish_again(session: Session, county: str, week: Week, now: datetime) -> set[Measure]:
    """Unless another village of that week is still correcting: its end will do it."""
    others = select(func.count()).where(Correction.county_code == county, Correction.week == week.monday, is_open())
    if session.scalar(others):
        return set()
    return publishing.again(session, county, week, now, deadlines(session, county, [week])[week].due_at)


def _due(session: Session, now: datetime) -> Iterator[tuple[str, Week]]:
    """Weeks are closed in order, so what is left begins after the last closed one, or with the county's first point."""
    firsts = select(ObservationPoint.county_code, func.min(ObservationPoint.since)).group_by(ObservationPoint.county_code)
    lasts = select(WeekClosing.county_code, func.max(WeekClosing.week)).group_by(WeekClosing.county_code)
    closed = dict(session.execute(lasts).all())
    for county, first in session.execute(firsts.order_by(ObservationPoint.county_code)).all():
        start = Week(closed[county]) + 1 if county in closed else Week(first)
        weeks = list(span(start, Week.of(today_at(now))))
        moments = deadlines(session, county, weeks)
        for week in weeks:
            if not moments[week].is_closed(now):
                break
            yield county, week


def _overdue(session: Session, now: datetime) -> list[tuple[str, Week, str]]:
    found = select(Correction.county_code, Correction.week, Correction.village_code).where(is_open(), Correction.until <= now)
    return [(county, Week(monday), village) for county, monday, village in session.execute(found)]
