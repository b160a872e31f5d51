"""Weeks close when their time is up: once, whole, and anew after a correction."""

from datetime import UTC, timedelta, timezone

import pytest
from sqlalchemy import func, select, update

from models.db import open_session
from models.rules.errors import InvalidInput, NotAllowedNow, NotFound, PermissionDenied
from models.rules.week import Week
from models.tables import AuditEvent, Correction, ObservationPoint, Threshold, WeekClosing, WeekReport, WeekSummary
from services import closing
from services.actions import corrections, weekly_logs
from services.figures import publishing
from services.log.village_week import corrections_of
from services.queries import departments, overviews, trends
from tests import world
from tests.logged import Received, group, week_of
from tests.world import COUNTY, TOWN_A, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, WEEK

OLD = WEEK - 3  # its fourteen days are over at the tests' moment
CLOSES = OLD.ends_at() + timedelta(days=14)
WHY = "漏报了两次会议，补报一下"


@pytest.fixture
def started(session):
    """The county's first week is OLD, so that there is little to close."""
    session.execute(update(ObservationPoint).values(since=OLD.monday))
    session.commit()
    return session


def _close(session, now=world.NOW):
    session.commit()
    done = [week for county, week in closing.close_due(now, session.get_bind()) if county == COUNTY]
    session.expire_all()
    return done


def _weekly(session, as_, now=world.NOW, **params):
    known = {"county_code": COUNTY, "measure": "meeting", "unit": "village_times", "first": OLD.monday, "last": OLD.monday}
    return trends.weekly(session, as_("task_force", now), **(known | {"as_of": now} | params)).iloc[0]


def _reopen(session, as_, village=VILLAGE_A1, now=world.NOW, **params):
    known = {"county_code": COUNTY, "village_code": village, "week": OLD, "reason": WHY}
    return corrections.reopen(session, as_("task_force", now), **(known | params))


def _log_meeting(session, as_, now=world.NOW, request_id="late"):
    return weekly_logs.add_event(
        session, as_("village_recorder", now), week=OLD, kind="meeting", department_code=world.AGRI, day=OLD.monday,
        minutes=60, request_id=request_id, title="补报的会",
    )  # fmt: skip


@pytest.mark.parametrize("zone", [UTC, timezone(-timedelta(hours=8))])
def test_a_week_closes_at_its_deadline_and_not_a_second_before(started, zone):
    assert _close(started, (CLOSES - timedelta(seconds=1)).astimezone(zone)) == []
    assert _close(started, CLOSES.astimezone(zone)) == [OLD]
    assert _close(started, CLOSES + timedelta(seconds=1)) == []


@pytest.mark.parametrize(("days", "closes"), [(1.5, OLD.ends_at() + timedelta(hours=36)), (0, OLD.ends_at())])
def test_fractions_of_a_day_count_and_zero_is_not_never(started, days, closes):
    started.execute(update(Threshold).where(Threshold.name == "close_days").values(value=days))
    assert _close(started, closes - timedelta(seconds=1)) == []
    assert _close(started, closes) == [OLD]


def test_a_closed_week_is_told_from_its_summaries(started, as_):
    week_of(started, VILLAGE_A1, OLD, Received(1), Received(2, emergency=True))
    week_of(started, VILLAGE_A2, OLD, Received(1))
    week_of(started, VILLAGE_B1, OLD)
    live = _weekly(started, as_)
    _close(started)
    started.execute(update(WeekSummary).values(village_times=WeekSummary.village_times * 10))
    published = _weekly(started, as_)
    assert (live.total, live.emergency) == (2, 1)
    assert (published.total, published.emergency) == (20, 10)
    assert live.drop(["total", "emergency", "rate"]).equals(published.drop(["total", "emergency", "rate"]))


def test_sessions_of_townships_do_not_add_up_because_each_level_is_counted_for_itself(started, as_):
    for village in (VILLAGE_A1, VILLAGE_A2, VILLAGE_B1):
        week_of(started, village, OLD, Received(1))
    _close(started)
    found = {
        (row.level, row.area_code): row.sessions
        for row in started.scalars(select(WeekSummary).where(WeekSummary.county_code == COUNTY))
    }
    assert found["county", COUNTY] == found["township", TOWN_A] == found["village", VILLAGE_B1] == 1
    assert _weekly(started, as_, unit="sessions").total == 1


def test_closing_that_breaks_half_way_leaves_nothing_and_finishes_on_the_next_try(started, monkeypatch):
    week_of(started, VILLAGE_A1, OLD, Received(1))
    whole = publishing._held
    monkeypatch.setattr(publishing, "_held", lambda *_: (_ for _ in ()).throw(RuntimeError("power cut")))
    with pytest.raises(RuntimeError):
        _close(started)
    started.rollback()
    assert [started.scalar(select(func.count()).select_from(table)) for table in (WeekClosing, WeekReport, WeekSummary)] == [
        0
    ] * 3
    monkeypatch.setattr(publishing, "_held", whole)
    assert _close(started) == [OLD]


def test_a_second_process_closes_nothing_twice(started):
    _close(started)
    with open_session(started.get_bind(), write=True) as other:
        assert closing.close(other, world.persona(other, "task_force"), OLD) is False


def test_every_closing_is_in_the_audit_trail(started):
    _close(started)
    told = started.scalars(select(AuditEvent).where(AuditEvent.action == "weeks.close", AuditEvent.county_code == COUNTY)).all()
    assert [event.subject for event in told] == [OLD.label]


def test_a_closed_week_cannot_be_changed_until_it_is_opened_again(started, as_):
    _close(started)
    with pytest.raises(NotAllowedNow) as refused:
        _log_meeting(started, as_)
    assert refused.value.code == "week_closed"
    _reopen(started, as_)
    assert _log_meeting(started, as_).subject_id


def test_a_tap_of_just_before_the_deadline_that_gets_its_turn_after_the_closing_moves_no_published_figure(started, as_):
    before, after = CLOSES - timedelta(seconds=1), CLOSES + timedelta(seconds=1)
    assert _close(started, after) == [OLD]
    with pytest.raises(NotAllowedNow, match="week_closed"):
        _log_meeting(started, as_, before)


def test_a_correction_is_live_while_it_lasts_and_marks_only_what_it_changed(started, as_):
    week_of(started, VILLAGE_A1, OLD, Received(1))
    week_of(started, VILLAGE_B1, OLD, Received(1))
    _close(started)
    _reopen(started, as_)
    _log_meeting(started, as_)
    under_way = _weekly(started, as_)
    assert (under_way.total, bool(under_way.closed)) == (3, False)
    assert corrections.done(started, as_("village_recorder"), week=OLD) == ["meeting"]
    after = _weekly(started, as_)
    assert (after.total, bool(after.closed), after.revised_at) == (3, True, world.NOW)
    revised = select(WeekReport.area_code).where(WeekReport.revised_at.is_not(None))
    assert set(started.scalars(revised)) == {COUNTY, TOWN_A, VILLAGE_A1}
    shown = overviews.picture(started, as_("task_force"), county_code=COUNTY, as_of=world.NOW)
    year = {"county_code": COUNTY, "period": "2026", "today": world.TODAY, "as_of": world.NOW}
    told = [departments.completeness(started, as_(who), **year).revised for who in ("compliance_officer", "department")]
    assert (shown.revised, told) == ((world.NOW,), [(world.NOW,), ()])  # no department sees when somebody added something


def test_a_correction_that_changes_nothing_revises_nothing(started, as_):
    week_of(started, VILLAGE_A1, OLD, Received(1))
    _close(started)
    _reopen(started, as_)
    assert corrections.finish(started, as_("task_force"), county_code=COUNTY, village_code=VILLAGE_A1, week=OLD) == []
    assert started.scalar(select(func.count()).where(WeekReport.revised_at.is_not(None))) == 0


def test_a_correction_ends_by_itself_when_its_time_is_up(started, as_):
    _close(started)
    until = _reopen(started, as_)
    assert until == world.NOW + timedelta(days=7)
    assert OLD in corrections_of(started, COUNTY, VILLAGE_A1)
    _close(started, until - timedelta(seconds=1))
    assert OLD in corrections_of(started, COUNTY, VILLAGE_A1)
    with pytest.raises(NotAllowedNow):
        _log_meeting(started, as_, until)
    _close(started, until)
    assert OLD not in corrections_of(started, COUNTY, VILLAGE_A1)


def test_a_group_that_a_correction_adds_is_held_in_the_later_closed_weeks_too(started, as_):
    for week in (OLD, OLD + 1):
        week_of(started, VILLAGE_A1, week)
    later = world.NOW + timedelta(days=7)
    assert _close(started, later) == [OLD, OLD + 1]
    _reopen(started, as_, now=later)
    group(started, 1, VILLAGE_A1, OLD)
    next_week = {"first": (OLD + 1).monday, "last": (OLD + 1).monday}
    told = {"measure": "group", "unit": "holdings", **next_week}
    assert not _weekly(started, as_, later, **told).closed  # it may still change with the week before
    assert _weekly(started, as_, later, **next_week).closed  # a meeting stays in its week
    corrections.done(started, as_("village_recorder", later), week=OLD)
    assert _weekly(started, as_, later, **told)[["total", "closed"]].tolist() == [1, True]


@pytest.mark.parametrize(
    ("params", "error", "code"),
    [
        ({"week": WEEK}, NotAllowedNow, "week_not_closed"),
        ({"reason": "  "}, InvalidInput, "reason_needed"),
        ({"village_code": world.VILLAGE_C1}, NotFound, "no_such_point"),
        ({"county_code": world.CANARY}, NotFound, "no_such_county"),
    ],
)
def test_reopening_is_refused(started, as_, params, error, code):
    _close(started)
    with pytest.raises(error) as refused:
        _reopen(started, as_, **params)
    assert refused.value.code == code


def test_a_village_week_is_opened_once_at_a_time(started, as_):
    _close(started)
    _reopen(started, as_)
    with pytest.raises(NotAllowedNow) as refused:
        _reopen(started, as_)
    assert refused.value.code == "already_reopened"
    corrections.done(started, as_("village_recorder"), week=OLD)
    _reopen(started, as_)
    assert started.scalars(select(Correction.number).order_by(Correction.number)).all() == [1, 2]


@pytest.mark.parametrize("persona", ["village_recorder", "township_liaison", "compliance_officer", "prefecture_viewer"])
def test_only_the_task_force_opens_a_closed_week(started, as_, persona):
    with pytest.raises(PermissionDenied):
        corrections.reopen(
            started, as_(persona), county_code=COUNTY, village_code=VILLAGE_A1, week=OLD, reason=WHY
        )  # fmt: skip


def test_a_village_cannot_end_the_correction_of_another(started, as_):
    _close(started)
    _reopen(started, as_)
    with pytest.raises(NotFound):
        corrections.done(started, as_("recorder_a2"), week=OLD)
    assert Week(started.scalars(select(Correction.week)).one()) == OLD
