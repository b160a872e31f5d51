"""The trend query against the SQL that somebody would write by hand for the same figures, on a county with much data."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, bindparam, func, select, text
from sqlalchemy.orm import Session

from models.db import make_engine, open_session
from models.migrate import upgrade
from models.rules.schedule import days_after
from models.rules.week import Week, span
from models.tables import Entry
from seed.bulk import COUNTY, put_bulk
from services.access import operator
from services.queries import trends
from tests.benchmarks.ratio import Ratio

VILLAGES, WEEKS, ENTRIES, TURNS = 500, 104, 8, 9
TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 4, tzinfo=UTC)
WINDOW = 52  # weeks in the picture: what the Trends page shows by default

RECEIVED = """
SELECT l.week, sum(CASE WHEN v.emergency THEN 0 ELSE e.copies END), sum(CASE WHEN v.emergency THEN e.copies ELSE 0 END)
FROM weekly_log l
JOIN observation_point p ON p.county_code = l.county_code AND p.village_code = l.village_code
  AND p.since <= l.week AND (p.until IS NULL OR l.week < p.until)
JOIN entry e ON e.county_code = l.county_code AND e.week = l.week AND e.village_code = l.village_code
JOIN event v ON v.county_code = e.county_code AND v.id = e.event_id AND v.kind = 'meeting'
WHERE l.county_code = :county AND l.state = 'submitted' AND l.week IN :weeks
GROUP BY l.week ORDER BY l.week
"""
REPORTED = """
WITH RECURSIVE weeks(week) AS (SELECT :first UNION ALL SELECT date(week, '+7 days') FROM weeks WHERE week < :last)
SELECT w.week, count(*), sum(l.state = 'submitted' AND NOT l.zero), sum(l.state = 'submitted' AND l.zero),
  sum(l.submitted_at >= datetime(w.week, :due))
FROM weeks w
JOIN observation_point p ON p.county_code = :county AND p.since <= w.week AND (p.until IS NULL OR w.week < p.until)
LEFT JOIN weekly_log l ON l.county_code = p.county_code AND l.week = w.week AND l.village_code = p.village_code
GROUP BY w.week ORDER BY w.week
"""


@dataclass(frozen=True)
class QueryCost:
    """The use-case against its raw SQL, over `entries` rows."""

    entries: int
    ratio: Ratio


def measure(folder: Path) -> QueryCost:
    """The weekly village-times of meetings over a year, of one county; both ways must give the same figures."""
    engine = make_engine(f"sqlite:///{folder / 'bulk.db'}")
    entries = _filled(engine)
    last = Week.of(TODAY) - 1
    first = last - (WINDOW - 1)
    # A list, not BETWEEN: for a range SQLite reads all entries of the year again for every log.
    received_in = {"county": COUNTY, "weeks": [week.monday.isoformat() for week in span(first, last)]}
    due = days_after(last, 3).astimezone(UTC).replace(tzinfo=None) - datetime.combine(last.monday, datetime.min.time())
    reported_in = {"county": COUNTY, "first": first.monday.isoformat(), "last": last.monday.isoformat()}
    late = {**reported_in, "due": f"+{due // timedelta(hours=1)} hours"}
    actor = operator(COUNTY, NOW)
    asked = {"county_code": COUNTY, "measure": "meeting", "unit": "village_times", "as_of": NOW}
    dates = {"first": first.monday, "last": last.sunday}
    statement = text(RECEIVED).bindparams(bindparam("weeks", expanding=True))

    def raw(session: Session) -> tuple[Sequence[Any], Sequence[Any]]:
        return session.execute(statement, received_in).all(), session.execute(text(REPORTED), late).all()

    def ours(session: Session) -> Any:
        return trends.weekly(session, actor, **asked, **dates)

    with open_session(engine) as session:
        frame, (received, reported) = ours(session), raw(session)
    _equal(list(frame["total"]), [row[1] for row in received])
    _equal(list(frame["submitted"]), [row[2] for row in reported])
    ratio = Ratio.of((_timed(engine, ours), _timed(engine, raw)) for _ in range(TURNS))
    engine.dispose()
    return QueryCost(entries, ratio)


def _filled(engine: Engine) -> int:
    upgrade(engine)
    with open_session(engine, write=True) as session:
        put_bulk(session, NOW, TODAY, villages=VILLAGES, weeks=WEEKS, entries=ENTRIES)
        session.commit()
    with open_session(engine) as session:
        session.execute(text("ANALYZE"))
        return session.scalar(select(func.count()).select_from(Entry)) or 0


def _timed(engine: Engine, work: Callable[[Session], Any]) -> float:
    with open_session(engine) as session:
        started = time.perf_counter()
        work(session)
        return time.perf_counter() - started


def _equal(ours: list[Any], raw: list[Any]) -> None:
    if ours != raw:
        raise RuntimeError(f"the two ways give different figures: {ours[:3]} and {raw[:3]}")
