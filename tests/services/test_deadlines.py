"""A deadline is that of the thresholds in force on the week's Sunday: a new one changes no week that was before it."""

from datetime import UTC, date, timedelta, timezone

import pytest
from sqlalchemy import delete, event

from models.rules.errors import ImportRefused, NotAllowedNow, NotFound
from models.rules.period import Period, PeriodKind
from models.rules.week import Week, span
from models.tables import Threshold
from services.actions import points as point_actions
from services.actions import weekly_logs as log_actions
from services.queries import departments, imports, points, reporting, trends, weekly_logs
from services.thresholds import EVERYWHERE, deadlines, first_open, settled_through
from tests import world
from tests.logged import week_of
from tests.services.imported import csv_file
from tests.world import COUNTY, NOW, TODAY, VILLAGE_A1, WEEK

SECOND = timedelta(seconds=1)
CLOSED = WEEK - 3  # closed two days ago
OPEN = WEEK - 2  # closes in five days


def _set(session, name, days, since=TODAY, county=COUNTY):
    session.add(Threshold(county_code=county, name=name, version=2, value=days, since=since, basis="test"))
    session.commit()


def _states(session, actor, week):
    found = reporting.weekly(session, actor, county_code=COUNTY, first=week.monday, last=week.monday, as_of=NOW)
    return int(found.missing.sum()), int(found.not_due.sum())


@pytest.mark.parametrize("days", [0, 0.5, 60])
def test_a_new_closing_time_neither_opens_nor_closes_an_old_week(session, as_, days):
    force, village = as_("task_force"), as_("village_recorder")
    quarter = {"county_code": COUNTY, "period": Period.of(TODAY, PeriodKind.QUARTER).label, "today": TODAY}
    before = departments.completeness(session, force, as_of=NOW, **quarter)
    year = quarter | {"period": str(TODAY.year)}
    told = departments.completeness(session, as_("department"), as_of=NOW, **year)
    _set(session, "close_days", days)
    assert _states(session, force, CLOSED) == (4, 0)
    assert _states(session, force, OPEN) == (0, 4)
    asked = {"county_code": COUNTY, "measure": "meeting", "unit": "village_times", "as_of": NOW}
    shown = trends.weekly(session, force, first=CLOSED.monday, last=OPEN.monday, **asked)
    assert shown.closed.tolist() == [True, False]
    assert departments.completeness(session, force, as_of=NOW, **quarter) == before
    assert departments.completeness(session, as_("department"), as_of=NOW, **year) == told
    assert points.listing(session, force, county_code=COUNTY, first=CLOSED, last=OPEN, as_of=NOW).states.tolist() == ["mo"] * 4
    assert points.open_weeks(session, force, county_code=COUNTY, first=CLOSED, last=OPEN, as_of=NOW) == [OPEN]
    listed = {one.week: one.closed for one in weekly_logs.recent_weeks(session, village, as_of=NOW, today=TODAY)}
    assert (listed[OPEN], listed[CLOSED]) == (False, True)
    assert weekly_logs.week(session, village, week=CLOSED, today=TODAY).closes_at == CLOSED.ends_at() + timedelta(days=14)


@pytest.mark.parametrize("days", [0, 60])
def test_a_new_due_time_makes_no_old_report_late_or_punctual(session, as_, days):
    for week, after in ((CLOSED, 2.9), (CLOSED - 1, 3)):
        week_of(session, VILLAGE_A1, week, at=week.ends_at() + timedelta(days=after))
    _set(session, "due_days", days)
    window = {"county_code": COUNTY, "as_of": NOW}
    weekly = reporting.weekly(session, as_("task_force"), first=(CLOSED - 1).monday, last=CLOSED.monday, **window)
    assert weekly.groupby("week").late.sum().tolist() == [1, 0]
    listed = points.listing(session, as_("task_force"), first=CLOSED - 1, last=CLOSED, **window).iloc[0]
    assert (listed.late, listed.due, listed.on_time) == (1, 2, 1)


CLOSES = WEEK.ends_at() + timedelta(days=1.5)  # by the thresholds below


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-8))], ids=str)
@pytest.mark.parametrize(("seconds", "open_"), [(-1, True), (0, False), (1, False)])
def test_every_door_closes_at_the_same_second(session, as_, zone, seconds, open_):
    """The recorder's, the task force's and the file's, with parts of a day, by a server in any zone."""
    _set(session, "close_days", 1.5)
    now = (CLOSES + timedelta(seconds=seconds)).astimezone(zone)
    village, force = as_("village_recorder", now), as_("task_force", now)
    window = {"county_code": COUNTY, "first": WEEK, "last": WEEK, "as_of": now}
    assert (WEEK in points.open_weeks(session, force, **window)) is open_
    listed = weekly_logs.recent_weeks(session, village, as_of=now, today=TODAY + timedelta(7))
    assert (WEEK in [one.week for one in listed if not one.closed]) is open_
    assert settled_through(session, COUNTY, now) == (WEEK - 2 if open_ else WEEK)
    end = {"county_code": COUNTY, "village_code": world.VILLAGE_B2, "until": WEEK, "reason": "合村"}
    file = csv_file(("village_code", "since", "until"), (VILLAGE_A1, world.SINCE, WEEK.monday))
    planned = {"county_code": COUNTY, "content": file, "filename": "points.csv", "as_of": now}
    if open_:
        assert imports.points_plan(session, force, **planned).changed == 1
        assert point_actions.end(session, force, **end).until == WEEK.monday
        assert log_actions.submit_zero(session, village, week=WEEK).zero
    else:
        with pytest.raises(ImportRefused):
            imports.points_plan(session, force, **planned)
        with pytest.raises(NotAllowedNow, match="point_week_closed"):
            point_actions.end(session, force, **end)
        with pytest.raises(NotAllowedNow, match="week_closed"):
            log_actions.submit_zero(session, village, week=WEEK)


def test_no_days_at_all_closes_a_week_when_it_ends(session):
    for name in ("due_days", "close_days"):
        _set(session, name, 0)
    moments = deadlines(session, COUNTY, [WEEK - 1, WEEK])
    assert moments[WEEK].due_at == moments[WEEK].closes_at == WEEK.ends_at()
    assert moments[WEEK - 1].closes_at == (WEEK - 1).ends_at() + timedelta(days=14)


def test_a_week_before_the_first_threshold_goes_by_the_first(session):
    first, old = Week.of(date(2025, 1, 1)), Week(date(2020, 1, 6))
    assert deadlines(session, COUNTY, [old, first])[old].closes_at == old.ends_at() + timedelta(days=14)


def test_the_country_s_threshold_counts_until_the_county_has_one_of_its_own(session):
    session.execute(delete(Threshold).where(Threshold.county_code == COUNTY, Threshold.name == "close_days"))
    _set(session, "close_days", 5, date(2026, 1, 1), EVERYWHERE)
    _set(session, "close_days", 2, WEEK.sunday)
    moments = deadlines(session, COUNTY, [WEEK - 1, WEEK])
    assert [(moments[week].closes_at - week.ends_at()).days for week in moments] == [5, 2]


def test_a_deadline_that_nobody_set_is_an_error(session):
    session.execute(delete(Threshold).where(Threshold.name == "close_days"))
    with pytest.raises(NotFound):
        deadlines(session, COUNTY, [WEEK])


def test_a_week_left_open_before_a_closed_one_has_its_points_settled(session, as_):
    """Where the time to close was shortened: ending a point in the open week would change the closed one behind it."""
    _set(session, "close_days", 0, (WEEK - 1).sunday)
    assert points.open_weeks(session, as_("task_force"), county_code=COUNTY, first=WEEK - 3, last=WEEK, as_of=NOW) == [OPEN, WEEK]
    assert (first_open(session, COUNTY, NOW), settled_through(session, COUNTY, NOW)) == (OPEN, WEEK - 1)
    with pytest.raises(NotAllowedNow):
        point_actions.end(session, as_("task_force"), county_code=COUNTY, village_code=VILLAGE_A1, until=OPEN, reason="合村")


def test_as_many_statements_for_many_weeks_as_for_one(session):
    told = []
    session.connection()
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: told.append(args[2]))
    deadlines(session, COUNTY, [WEEK])
    assert len(deadlines(session, COUNTY, span(WEEK - 300, WEEK))) == 301
    assert len(told) == 2
