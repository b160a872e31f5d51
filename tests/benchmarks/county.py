"""A county of as many entries as wanted, made by the database itself in raw SQL; closed by the app, so with its summaries."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from models.db import learn_sizes, make_engine, open_session
from models.migrate import upgrade
from models.tables import Account, Entry, LoginSession
from seed.bulk import COUNTY, put_bulk
from services.closing import close_due

VILLAGES, WEEKS = 1500, 104
TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 4, tzinfo=UTC)
TASK_FORCE, RECORDER = "bench_force", "bench_village"
EVENTS = """
INSERT INTO event SELECT :county, 100000 + n.i * 1000 + w.n,
  CASE n.i % 5 WHEN 0 THEN 'inspection' WHEN 1 THEN 'form' WHEN 2 THEN 'form' ELSE 'meeting' END,
  d.code, date(w.week, '+' || (n.i % 5) || ' days'), w.week, '事项' || n.i, '', 60, 0, NULL, 'village', :at, 'bulk'
FROM weeks w CROSS JOIN numbers n JOIN departments d ON d.n = (n.i * 7 + w.n) % (SELECT count(*) FROM departments)
WHERE n.i < :events
"""
ENTRIES = """
INSERT INTO entry SELECT :county, e.week, v.code, e.id, 60, 20, 1, 1, 0, 0, 0, 0, 0, 'b' || e.id, :at
FROM event e CROSS JOIN numbers k JOIN villages v ON v.n = (e.id * 7919 + k.i) % (SELECT count(*) FROM villages)
WHERE e.county_code = :county AND e.id >= 100000 AND k.i < :reach ORDER BY e.week, v.code, e.id
"""
ORDERED = """
CREATE TEMP TABLE weeks AS SELECT row_number() OVER (ORDER BY week) n, week FROM
  (SELECT DISTINCT week FROM weekly_log WHERE county_code = :county);
CREATE TEMP TABLE villages AS SELECT row_number() OVER (ORDER BY village_code) - 1 n, village_code code
  FROM observation_point WHERE county_code = :county;
CREATE INDEX temp.village_number ON villages (n);
CREATE TEMP TABLE departments AS SELECT row_number() OVER (ORDER BY code) - 1 n, code FROM department WHERE area_code = :county;
CREATE TEMP TABLE numbers AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999) SELECT i FROM n;
"""


@dataclass(frozen=True)
class Size:
    """`events` a week, each received by `reach` villages."""

    name: str
    events: int
    reach: int


def made(folder: Path, size: Size) -> tuple[Engine, int]:
    """Its database, with every due week closed and somebody signed in for the county and one of its villages; its entries."""
    path = folder / f"{size.name}.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with open_session(engine, write=True) as session:
        put_bulk(session, NOW, TODAY, villages=VILLAGES, weeks=WEEKS, entries=0)
        _people(session)
        session.commit()
    _fill(path, size)
    learn_sizes(engine)
    for _ in close_due(NOW, engine):
        pass
    learn_sizes(engine)
    with open_session(engine) as session:
        return engine, session.scalar(select(func.count()).select_from(Entry)) or 0


def _fill(path: Path, size: Size) -> None:
    """Not durable while it lasts, and in the order of the key: five million rows in a minute or two."""
    here = {"county": COUNTY, "at": "2026-11-18 04:00:00.000000", "events": size.events, "reach": size.reach}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("synchronous=OFF", "cache_size=-1500000", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        for statement in (*filter(str.strip, ORDERED.split(";")), "BEGIN", EVENTS, ENTRIES, "COMMIT"):
            connection.execute(statement, here)


def _people(session: Session) -> None:
    village = f"{COUNTY[:6]}200201"
    for username, role, area in ((TASK_FORCE, "task_force", COUNTY), (RECORDER, "village_recorder", village)):
        account = {
            "name": username,
            "role": role,
            "area_code": area,
            "password_hash": "-",
            "must_change": False,
            "changed_at": NOW,
        }
        session.add(Account(username=username, active=True, language="zh_CN", large_type=False, **account))
        session.flush()
        later = datetime(2027, 1, 1, tzinfo=UTC)
        session.add(
            LoginSession(
                id=f"session-{username}", username=username, ticket_until=NOW, created_at=NOW, seen_at=NOW, ends_at=later
            )
        )
