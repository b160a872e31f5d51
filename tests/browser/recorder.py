"""A recorder at the phone: last week, which may be submitted whatever day the tests run on, in which three neighbours have
logged nine events and the recorder nothing.
"""

import sqlite3
from datetime import UTC, datetime

from playwright.sync_api import Locator, Page, expect

from models.rules.week import Week, today_at
from tests.browser.steps import settled

RECORDER = "cun1101203"
LAST_WEEK = (Week.of(today_at(datetime.now(UTC))) - 1).monday
PATH = f"/weekly_log?week={Week(LAST_WEEK).label}"
TITLES = [f"试点{n}号事项" for n in "一二三四五六七八九"]
NEIGHBOURS = """
import sys
import sqlite3
from datetime import UTC, datetime
from sqlalchemy import select, update
from models.db import open_session
from models.rules.area import ancestor, Level
from models.rules.week import Week, today_at
from models.tables import Account, AuditChain, Department, Entry, Holding, WeeklyLog
from services.access import Actor, Role
from services.actions import weekly_logs
recorder, *titles = sys.argv[1:]
now = datetime.now(UTC)
week = Week.of(today_at(now)) - 1
with open_session(write=True) as session:
    home = session.get_one(Account, recorder).area_code
    county = ancestor(home, Level.COUNTY)
    for table in (Entry, WeeklyLog):
        session.query(table).filter_by(county_code=county, village_code=home, week=week.monday).delete()
    groups = session.query(Holding).filter_by(county_code=county, village_code=home)
    groups.filter(Holding.since >= week.monday).delete()
    groups.filter(Holding.until >= week.monday).update({"until": None})
    session.commit()
    department = session.scalars(select(Department.code).where(Department.area_code == county).order_by(Department.code)).first()
    others = [home[:9] + end for end in ("201", "202", "204")]
    for village in others:
        actor = Actor(now, "tester", "tester", Role.VILLAGE_RECORDER, "", village, None, (county,))
        for n, title in enumerate(titles):
            kind = ("meeting", "inspection", "form")[n % 3]
            weekly_logs.add_event(session, actor, week=week, kind=kind, department_code=department, day=week.monday,
                                  minutes=60, title=title, request_id=f"browser-{n}")
    session.execute(update(AuditChain).values(data_version=AuditChain.data_version + 1))  # rows went behind the app's back
    session.commit()
"""


class Taps:
    """Counts what the thumb does."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def __call__(self, target: Locator) -> None:
        target.tap()
        self.count += 1
        settled(self.page)


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
