"""Counties of as many entries as wanted, made by the database itself in raw SQL; closed by the app, so with its summaries."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from models.db import learn_sizes, make_engine, open_session
from models.migrate import upgrade
from models.tables import Account, Entry, LoginSession
from seed.bulk import COUNTY, put_bulk
from services.closing import close_due

VILLAGES, WEEKS, REACH = 250, 104, 25
TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 4, tzinfo=UTC)
TASK_FORCE, RECORDER = "bench_force", "bench_village"
PREFIX = COUNTY[:6]
FAST = ("synchronous=OFF", "cache_size=-1500000", "temp_store=MEMORY", "foreign_keys=OFF")  # nobody else, nothing to lose
FILL = """
CREATE TEMP TABLE weeks AS SELECT row_number() OVER (ORDER BY week) n, week FROM
  (SELECT DISTINCT week FROM weekly_log WHERE county_code = :county);
CREATE TEMP TABLE villages AS SELECT row_number() OVER (ORDER BY village_code) - 1 n, village_code code
  FROM observation_point WHERE county_code = :county;
CREATE INDEX temp.village_number ON villages (n);
CREATE TEMP TABLE departments AS SELECT row_number() OVER (ORDER BY code) - 1 n, code FROM department WHERE area_code = :county;
CREATE TEMP TABLE numbers AS WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999) SELECT i FROM n;
BEGIN;
DELETE FROM holding WHERE id % 10 > 0;
INSERT INTO event SELECT :county, 100000 + n.i * 1000 + w.n,
  CASE n.i % 5 WHEN 0 THEN 'inspection' WHEN 1 THEN 'form' WHEN 2 THEN 'form' ELSE 'meeting' END,
  d.code, date(w.week, '+' || (n.i % 5) || ' days'), w.week, '事项' || n.i, '', 60, 0, NULL, 'village', :at, 'bulk'
FROM weeks w CROSS JOIN numbers n JOIN departments d ON d.n = (n.i * 7 + w.n) % (SELECT count(*) FROM departments)
WHERE n.i < :events;
INSERT INTO entry SELECT :county, e.week, v.code, e.id, 60, 20, 1, 1, 0, 0, 0, 0, 0, 'b' || e.id, :at
FROM event e CROSS JOIN numbers k JOIN villages v ON v.n = (e.id * 7919 + k.i) % (SELECT count(*) FROM villages)
WHERE e.county_code = :county AND e.id >= 100000 AND k.i < :reach ORDER BY e.week, v.code, e.id;
COMMIT
"""
COPIED = ("area", "department", "observation_point", "weekly_log", "event", "entry", "holding", "target", "quota")
COPIED += ("week_closing", "week_report", "week_summary")


def made(folder: Path, name: str, events: int) -> Engine:
    """A county with so many events a week, every due week closed, somebody signed in for it and for one of its villages."""
    path = folder / f"{name}.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with open_session(engine, write=True) as session:
        put_bulk(session, NOW, TODAY, villages=VILLAGES, weeks=WEEKS, entries=0)
        _people(session)
        session.commit()
    here = {"county": COUNTY, "at": "2026-11-18 04:00:00.000000", "events": events, "reach": REACH}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in (*(f"PRAGMA {pragma}" for pragma in FAST), *FILL.split(";")):
            connection.execute(statement, here)
    learn_sizes(engine)
    for _ in close_due(NOW, engine):
        pass
    learn_sizes(engine)
    return engine


def copied(folder: Path, name: str, source: str, counties: int) -> Engine:
    """The same county, and beside it so many others with the same figures under their own codes."""
    path = folder / f"{name}.db"
    with closing(sqlite3.connect(folder / f"{source}.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(folder / f"{source}.db", path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in FAST:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        connection.execute("CREATE TEMP TABLE others (prefix TEXT PRIMARY KEY)")
        connection.executemany("INSERT INTO others VALUES (?)", [(str(993000 + n),) for n in range(counties)])
        for table in COPIED:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            own = "code" if table == "area" else "area_code" if table == "department" else "county_code"
            values = ", ".join(f"replace({one}, '{PREFIX}', prefix)" if one.endswith("code") else one for one in columns)
            connection.execute(f"INSERT INTO {table} SELECT {values} FROM others CROSS JOIN {table} WHERE {own} LIKE '{PREFIX}%'")
        connection.execute("COMMIT")
    engine = make_engine(f"sqlite:///{path}")
    learn_sizes(engine)
    return engine


def entries(engine: Engine) -> int:
    """How many the database holds."""
    with open_session(engine) as session:
        return session.scalar(select(func.count()).select_from(Entry)) or 0


def _people(session: Session) -> None:
    later = datetime(2027, 1, 1, tzinfo=UTC)
    for username, role, area in ((TASK_FORCE, "task_force", COUNTY), (RECORDER, "village_recorder", f"{PREFIX}200201")):
        kind = {"active": True, "must_change": False, "language": "zh_CN", "large_type": False, "changed_at": NOW}
        session.add(Account(username=username, name=username, role=role, area_code=area, password_hash="-", **kind))
        session.flush()
        times = {"ticket_until": NOW, "created_at": NOW, "seen_at": NOW, "ends_at": later}
        session.add(LoginSession(id=f"session-{username}", username=username, **times))
