"""Quotas and what uses them, as rows for tests: `held(session, 1, AGRI, date(2026, 3, 3), [VILLAGE_A1])`."""

from datetime import date

from models.rules.week import Week
from models.tables import Entry, Event, Holding, Quota, WeeklyLog
from tests import world

ALL = (world.VILLAGE_A1, world.VILLAGE_A2, world.VILLAGE_B1, world.VILLAGE_B2)


def quota(session, department, measure, allowance, *, year=2026, version=1, county=world.COUNTY):
    session.add(
        Quota(
            county_code=county, department_code=department, measure=measure, year=year, version=version,
            allowance=allowance, basis="测试", created_at=world.NOW, created_by="task_force",
        )
    )  # fmt: skip
    session.flush()


def log(session, village, monday, *, state="submitted", county=world.COUNTY):
    if session.get(WeeklyLog, (county, monday, village)) is None:
        done = state == "submitted"
        session.add(
            WeeklyLog(
                county_code=county, week=monday, village_code=village, state=state, saved_at=world.NOW,
                submitted_at=world.NOW if done else None, submitted_by="x" if done else None,
            )
        )  # fmt: skip
        session.flush()


def held(session, number, department, day, villages=ALL, *, kind="inspection", county=world.COUNTY, state="submitted", **facts):
    """One event, received by the villages."""
    monday = Week.of(day).monday
    flags = {name: facts.pop(name) for name in ("ledger", "scored", "notified", "photo", "material") if name in facts}
    session.add(
        Event(
            county_code=county, id=number, kind=kind, department_code=department, happened_on=day, week=monday, minutes=60,
            created_at=world.NOW, created_by="x", **({"title": f"事项{number}"} | facts),
        )
    )  # fmt: skip
    session.flush()
    for village in villages:
        log(session, village, monday, state=state, county=county)
        session.add(
            Entry(
                county_code=county, week=monday, village_code=village, event_id=number, minutes=60, people=2,
                request_id=f"r{number}", saved_at=world.NOW, **flags,
            )
        )  # fmt: skip
    session.flush()


def group(session, number, department, name, village, since=date(2026, 1, 5), until=None, county=world.COUNTY):
    """A chat group, joined in a week that the village submitted."""
    log(session, village, Week.of(since).monday, county=county)
    session.add(
        Holding(
            county_code=county, id=number, village_code=village, kind="group", name=name, department_code=department,
            since=since, until=until, request_id=f"g{number}", saved_at=world.NOW,
        )
    )  # fmt: skip
    session.flush()


def number(department, n):
    """A number for the n-th event of a department, so that no two departments share one."""
    return int(department[-2:]) * 1000 + n


def cell(frame, department, measure="inspection"):
    """A department's standing in a measure; None where it has none."""
    rows = frame[(frame.department_code == department) & (frame.measure == measure)]
    return rows.iloc[0] if len(rows) else None
