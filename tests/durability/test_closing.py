"""A closing that is killed half-way leaves whole weeks only, and the next one goes on."""

import os
import subprocess
import sys
from datetime import timedelta

from sqlalchemy import func, select

from models.db import open_session
from models.rules.week import span
from models.settings import ROOT
from models.tables import WeekClosing, WeekReport, WeekSummary
from services.closing import close_due
from tests import world
from tests.logged import Received, week_of

FIRST = world.WEEK - 30
CLOSED = list(span(FIRST, world.WEEK - 3))


def test_a_killed_closing_leaves_whole_weeks_and_the_next_goes_on(engine):
    with open_session(engine, write=True) as session:
        for n, week in enumerate(CLOSED):
            week_of(session, world.VILLAGE_A1, week, Received(n + 1))
        session.commit()
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.durability.closer", url]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True) as process:
        told = [process.stdout.readline() for _ in range(60)]
        process.kill()
    with open_session(engine) as session:
        closed = set(session.scalars(select(WeekClosing.week).where(WeekClosing.county_code == world.COUNTY)))
        reported = session.execute(
            select(WeekReport.week, func.count()).where(WeekReport.county_code == world.COUNTY).group_by(WeekReport.week)
        )
        reports = dict(reported.all())
        summaries = set(session.scalars(select(WeekSummary.week)))
    assert len(told) == 60
    assert set(reports.values()) == {7}  # a county, two townships, four villages
    assert set(reports) == closed
    assert summaries == {week.monday for week in CLOSED if week.monday in closed}
    left = [week for county, week in close_due(world.NOW, engine) if county == world.COUNTY]
    assert {week.monday for week in left}.isdisjoint(closed)
    assert CLOSED[-1] in left
    assert list(close_due(world.NOW + timedelta(days=1), engine)) == []
