"""What the recorder sees of the own week, and what it took."""

from datetime import timedelta

from sqlalchemy import update

from models.tables import ObservationPoint
from services.queries import weekly_logs as shown
from tests import world
from tests.services.logging_week import CLOSES, W, add, stored


def test_seconds_are_gaps_between_saves_and_a_pause_is_capped(session, as_):
    start = world.NOW
    add(session, as_("village_recorder", start + timedelta(seconds=12)), "r1", opened_at=start)
    add(session, as_("village_recorder", start + timedelta(seconds=20)), "r2", opened_at=start)
    add(session, as_("village_recorder", start + timedelta(hours=2)), "r3", opened_at=start)
    later = start + timedelta(hours=5)
    add(session, as_("village_recorder", later + timedelta(seconds=7)), "r4", opened_at=later)
    assert stored(session).seconds == 12 + 8 + 60 + 7
    assert shown.week(session, as_("village_recorder"), week=W, today=world.TODAY).year_seconds == 87


def test_the_week_is_read_back_with_its_deadline_and_only_the_own_rows(session, as_):
    add(session, as_("village_recorder"), title="一")
    add(session, as_("recorder_a2"), title="二", kind="form")
    view = shown.week(session, as_("village_recorder"), week=W, today=world.TODAY)
    assert [row.title for row in view.rows] == ["一"]
    assert (view.state, view.closes_at, view.reports, view.place.village) == ("draft", CLOSES, True, "青山村")


def test_the_weeks_to_write_are_the_current_and_the_earlier_ones_not_closed(session, as_):
    actor = as_("village_recorder")
    add(session, actor, week=W - 1, day=(W - 1).monday)
    found = shown.recent_weeks(session, actor, as_of=world.NOW, today=world.TODAY)
    assert [(one.week, one.state) for one in found if not one.closed] == [(W, None), (W - 1, "draft"), (W - 2, None)]
    on_the_deadline = shown.recent_weeks(session, actor, as_of=(W - 2).ends_at() + timedelta(days=14), today=world.TODAY)
    assert [one.week for one in on_the_deadline if not one.closed] == [W, W - 1]


def test_the_last_eight_closed_weeks_in_which_the_village_reported_can_be_read(session, as_):
    actor = as_("village_recorder")
    found = shown.recent_weeks(session, actor, as_of=world.NOW, today=world.TODAY)
    assert [one.week for one in found if one.closed] == [W - n for n in range(3, 11)]
    session.execute(update(ObservationPoint).values(since=(W - 4).monday))
    found = shown.recent_weeks(session, actor, as_of=world.NOW, today=world.TODAY)
    assert [one.week for one in found] == [W - n for n in range(5)]


def test_departments_are_the_usual_ones_first_and_never_a_foreign_one(session, as_):
    actor = as_("village_recorder")
    for n, code in enumerate([world.FIRE, world.FIRE, world.CIVIL]):
        add(session, actor, f"r{n}", department_code=code)
    choices = shown.departments(session, actor, week=W)
    assert [one.code for one in choices.usual] == [world.FIRE, world.CIVIL, world.TOWN_OFFICE, world.AGRI]
    assert {one.code for one in choices.every} == {world.AGRI, world.CIVIL, world.FIRE, world.TOWN_OFFICE}
    assert next(one.initials for one in choices.every if one.code == world.AGRI) == "nyncj"
