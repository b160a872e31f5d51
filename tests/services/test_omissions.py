"""Possible omissions: what most points of a township logged and a reporting one did not, counted by hand."""

from datetime import date

import pytest

from models.rules.errors import NotFound, PermissionDenied
from models.rules.week import Week
from models.tables import Area, Event, ObservationPoint, WeeklyLog
from services.queries import omissions
from tests import world
from tests.held import held, log
from tests.world import AGRI, TOWN_OFFICE, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, WEEK

LAST = WEEK - 1
ASKED = {"county_code": world.COUNTY, "first": LAST, "last": LAST, "as_of": world.NOW}
DAY = date(2026, 11, 11)
A3, A4, A5 = (f"9921211002{n:02}" for n in (3, 4, 5))
FIVE = [VILLAGE_A1, VILLAGE_A2, A3, A4, A5]


@pytest.fixture(autouse=True)
def five_points(session):
    """The township has five points."""
    for code in (A3, A4, A5):
        session.add(Area(code=code, name=f"村{code[-1]}", name_en=f"V{code[-1]}", level="village", parent_code=world.TOWN_A))
        session.flush()
        place = {"county_code": world.COUNTY, "township_code": world.TOWN_A}
        session.add(ObservationPoint(**place, village_code=code, since=world.SINCE))
    session.flush()


def reported(session, villages, week=LAST):
    for village in villages:
        log(session, village, week.monday)


def found(session, actor, **asked):
    return omissions.listing(session, actor, **(ASKED | asked))


@pytest.mark.parametrize(
    ("logged", "silent"),
    [(5, None), (4, ("村5",)), (3, ("村4", "村5")), (2, None), (0, None)],
)
def test_most_of_the_reporting_points_and_not_all(session, as_, logged, silent):
    reported(session, FIVE)
    held(session, 1, AGRI, DAY, FIVE[:logged])
    rows = found(session, as_("task_force"))
    assert len(rows) == (1 if silent else 0)
    if silent:
        row = rows.iloc[0]
        assert (row.township, row.week, row.logged, row.reported) == ("青石镇", LAST.monday, logged, 5)
        assert tuple(name for name, _ in row.villages) == silent


def test_who_has_not_submitted_is_no_omission(session, as_):
    reported(session, FIVE[:4])
    log(session, A5, LAST.monday, state="draft")
    held(session, 1, AGRI, DAY, FIVE[:3])
    row = found(session, as_("task_force")).iloc[0]
    assert (row.logged, row.reported, row.villages) == (3, 4, (("村4", "V4"),))


def test_a_point_that_said_there_was_nothing_is_asked_too(session, as_):
    reported(session, FIVE)
    session.get_one(WeeklyLog, (world.COUNTY, LAST.monday, A5)).zero = True
    held(session, 1, AGRI, DAY, FIVE[:4])
    assert len(found(session, as_("task_force"))) == 1


def test_two_points_are_no_majority_of_neighbours_however_few_there_are(session, as_):
    reported(session, FIVE[:3])
    held(session, 1, AGRI, DAY, FIVE[:2])
    assert found(session, as_("task_force")).empty


def test_another_townships_points_are_not_asked(session, as_):
    reported(session, [*FIVE, VILLAGE_B1])
    held(session, 1, AGRI, DAY, FIVE)
    held(session, 2, TOWN_OFFICE, DAY, FIVE[:4], township_code=world.TOWN_A)
    rows = found(session, as_("task_force"))
    assert rows.township_code.tolist() == [world.TOWN_A]
    assert rows.logged.tolist() == [4]


def test_a_village_that_is_no_point_any_more_is_not_asked(session, as_):
    reported(session, FIVE)
    session.get_one(ObservationPoint, (world.COUNTY, A5, world.SINCE)).until = LAST.monday
    held(session, 1, AGRI, DAY, FIVE[:4])
    assert found(session, as_("task_force")).empty


def test_the_weeks_asked_for_are_the_weeks_told_by_township_and_day(session, as_):
    for n in range(3):
        reported(session, FIVE, LAST - n)
        held(session, n + 1, AGRI, (LAST - n).monday, FIVE[:4])
    rows = found(session, as_("task_force"), first=LAST - 1)
    assert rows.week.tolist() == [(LAST - 1).monday, LAST.monday]


def test_a_liaison_sees_the_own_township_and_nobody_else_any(session, as_):
    reported(session, FIVE)
    held(session, 1, AGRI, DAY, FIVE[:4])
    assert len(found(session, as_("township_liaison"))) == 1
    for role in ("compliance_officer", "prefecture_viewer", "department", "village_recorder"):
        with pytest.raises(PermissionDenied):
            found(session, as_(role))
    with pytest.raises(NotFound):
        found(session, as_("task_force"), county_code=world.CANARY)


def test_the_liaison_of_another_township_sees_nothing(session, as_):
    world.add_account(session, "liaison_b", world.Role.TOWNSHIP_LIAISON, world.TOWN_B)
    reported(session, FIVE)
    held(session, 1, AGRI, DAY, FIVE[:4])
    assert found(session, as_("liaison_b")).empty


def test_without_a_report_there_is_nothing_to_ask(session, as_):
    assert found(session, as_("task_force"), first=Week.of(date(2020, 1, 6)), last=Week.of(date(2020, 2, 3))).empty


def test_emergency_work_is_asked_of_nobody(session, as_):
    reported(session, FIVE)
    held(session, 1, AGRI, DAY, FIVE[:4])
    session.get_one(Event, (world.COUNTY, 1)).emergency = True
    assert found(session, as_("task_force")).empty
