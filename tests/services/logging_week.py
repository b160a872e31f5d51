"""A recorder at work: `add(session, actor, "r1", kind="form")`, and what is stored afterwards."""

from datetime import timedelta

from sqlalchemy import func, select

from models.tables import WeeklyLog
from services.actions import weekly_logs
from tests import world

W = world.WEEK
MONDAY, TUESDAY, WEDNESDAY = W.days[:3]
CLOSES = W.ends_at() + timedelta(days=14)


def add(session, actor, request_id="r1", **changes):
    facts = {"week": W, "kind": "meeting", "department_code": world.AGRI, "day": TUESDAY, "minutes": 60} | changes
    return weekly_logs.add_event(session, actor, request_id=request_id, **facts)


def count(session, table) -> int:
    return session.scalar(select(func.count()).select_from(table))


def stored(session, village=world.VILLAGE_A1, week=W) -> WeeklyLog | None:
    session.expire_all()
    return session.get(WeeklyLog, (world.COUNTY, week.monday, village))
