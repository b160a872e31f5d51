"""A recorder at the phone: last week, which may be submitted whatever day the tests run on, in which three neighbours have
logged nine events and the recorder nothing.
"""

import sqlite3
from datetime import UTC, datetime

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.rules.area import Level, ancestor
from models.rules.week import Week, today_at
from models.tables import Account, AuditChain, Department, Entry, Event, Holding, WeeklyLog
from services.access import Actor, Role
from services.actions import weekly_logs

RECORDER = "cun1101203"
LAST_WEEK = (Week.of(today_at(datetime.now(UTC))) - 1).monday
PATH = f"/weekly_log?week={Week(LAST_WEEK).label}"
TITLES = [f"试点{n}号事项" for n in "一二三四五六七八九"]


def neighbours_log(session: Session) -> None:
    """Three villages of its township log the nine events; what the recorder's own village logged is taken away.

    A token that was used in an earlier test is the same tap again, so the events are made once.
    """
    home = session.get_one(Account, RECORDER).area_code
    week, county = Week(LAST_WEEK), ancestor(home, Level.COUNTY)
    for table in (Entry, WeeklyLog):
        session.execute(delete(table).where(table.county_code == county, table.village_code == home, table.week == LAST_WEEK))
    groups = (Holding.county_code == county, Holding.village_code == home)
    session.execute(delete(Holding).where(*groups, Holding.since >= LAST_WEEK))
    session.execute(update(Holding).where(*groups, Holding.until >= LAST_WEEK).values(until=None))
    session.commit()
    department = session.scalars(select(Department.code).where(Department.area_code == county).order_by(Department.code)).first()
    for village in (home[:9] + end for end in ("201", "202", "204")):
        actor = Actor(datetime.now(UTC), "tester", "tester", Role.VILLAGE_RECORDER, "", village, None, (county,))
        for n, title in enumerate(TITLES):
            facts = {"kind": ("meeting", "inspection", "form")[n % 3], "title": title, "request_id": f"browser-{n}"}
            weekly_logs.add_event(session, actor, week=week, department_code=department, day=LAST_WEEK, minutes=60, **facts)
    session.execute(update(AuditChain).values(data_version=AuditChain.data_version + 1))  # rows went behind the app's back
    session.commit()


def take_out(session: Session, title: str) -> None:
    """The recorder unticks an event on another phone."""
    account = session.get_one(Account, RECORDER)
    counties = (ancestor(account.area_code, Level.COUNTY),)
    actor = Actor(datetime.now(UTC), "tester", "tester", Role.VILLAGE_RECORDER, "", account.area_code, None, counties)
    event_id = session.scalars(select(Event.id).where(Event.title == title, Event.county_code == counties[0])).one()
    weekly_logs.remove_entry(session, actor, week=Week(LAST_WEEK), event_id=event_id)


def box(page: Page, title: str) -> Locator:
    return page.locator("label").filter(has_text=title)


def opener(page: Page, name: str) -> Locator:
    return page.locator(".st-key-openers").get_by_role("button", name=name)


def sheet(page: Page) -> Locator:
    return page.get_by_test_id("stPopoverBody")


def asleep(page: Page) -> None:
    """Rows do not take taps for half a second after a sheet has closed."""
    expect(sheet(page)).to_have_count(0)
    page.wait_for_timeout(600)


def count(server, sql: str) -> int:
    with sqlite3.connect(f"file:{server.folder}/burden.db?mode=ro", uri=True) as connection:
        return int(connection.execute(sql, {"recorder": RECORDER, "week": LAST_WEEK.isoformat()}).fetchone()[0])
