"""What a department may know of itself, counted by hand: no village, no small cell, nothing of a week that is still open."""

from datetime import date, timedelta

import pytest

from models.rules.errors import AppError, InvalidInput, NotFound
from models.rules.measure import Measure
from models.tables import Account, Area, Entry, ObservationPoint
from services.queries import departments
from tests import world
from tests.held import ALL, cell, group, held, number, quota
from tests.world import AGRI, CIVIL, VILLAGE_A1, VILLAGE_A2

YEAR = {"county_code": world.COUNTY, "period": "2026", "today": world.TODAY}


@pytest.fixture
def fifth_village(session):
    """More villages than four are needed to tell a listed event from a merged one."""
    code = "992121200203"
    session.add(Area(code=code, name="高坪村村民委员会", level="village", parent_code=world.TOWN_B))
    session.flush()
    session.add(ObservationPoint(county_code=world.COUNTY, village_code=code, since=date(2025, 6, 2), township_code=world.TOWN_B))
    session.flush()
    return code


def test_a_department_cannot_tell_nothing_from_a_single_report(session, as_):
    before = departments.standings(session, as_("department"), **YEAR)
    held(session, 1, AGRI, date(2026, 3, 3), [VILLAGE_A1])
    group(session, 1, AGRI, "新群", VILLAGE_A1)
    after = departments.standings(session, as_("department"), **YEAR)
    assert len(before) == 4
    assert before.to_dict() == after.to_dict()


def frames(session, actor, measure=Measure.INSPECTION):
    yield departments.standings(session, actor, **YEAR)
    yield departments.events(session, actor, **YEAR, department_code=AGRI, measure=measure)


def test_a_department_sees_only_itself(session, as_):
    for department in (AGRI, CIVIL):
        quota(session, department, "inspection", 10)
        group(session, number(department, 0), department, f"{department}群", VILLAGE_A1)
        for n in range(6):
            held(session, number(department, n), department, date(2026, 2, 2) + timedelta(days=n))
    actor = as_("department")
    frame = departments.standings(session, actor, **YEAR)
    assert set(frame.department_code) == {AGRI}
    assert cell(frame, AGRI).used == 6
    with pytest.raises(NotFound) as refused:
        departments.events(session, actor, **YEAR, department_code=CIVIL, measure=Measure.INSPECTION)
    assert refused.value.code == "no_such_department"


@pytest.mark.parametrize("period", ["2026-H2", "2026-Q4", "2026-11"])
def test_a_department_is_told_whole_years_only(session, as_, period):
    for ask in (departments.standings, lambda *a, **k: departments.events(*a, **k, department_code=AGRI, measure=Measure.FORM)):
        with pytest.raises(InvalidInput) as refused:
            ask(session, as_("department"), **(YEAR | {"period": period}))
        assert refused.value.code == "department_year_only"


def test_a_department_is_told_no_count_of_fewer_than_five_events(session, as_):
    quota(session, AGRI, "inspection", 2)
    for n in range(4):
        held(session, n, AGRI, date(2026, 2, 2) + timedelta(days=n))
    standing, listed = frames(session, as_("department"))
    row = cell(standing, AGRI)
    assert (row.used, row.left, row.share, row.status, row.crossed_on, row.crossed_title) == (
        None,
        None,
        None,
        "hidden",
        None,
        None,
    )
    assert row.allowance == 2  # the quota itself is no secret
    assert listed.empty
    held(session, 5, AGRI, date(2026, 3, 2))
    assert cell(departments.standings(session, as_("department"), **YEAR), AGRI).used == 5


def test_a_department_is_told_no_count_from_fewer_than_three_villages(session, as_):
    quota(session, AGRI, "inspection", 20)
    for n in range(9):
        held(session, n, AGRI, date(2026, 2, 2) + timedelta(days=n), [VILLAGE_A1, VILLAGE_A2])
    standing, listed = frames(session, as_("department"))
    assert (cell(standing, AGRI).status, cell(standing, AGRI).used, len(listed)) == ("hidden", None, 0)


def test_what_few_villages_received_is_told_together_with_enough_others(session, as_):
    quota(session, AGRI, "inspection", 20)
    held(session, 1, AGRI, date(2026, 2, 2), [VILLAGE_A1], title="只去了一个村")
    for n in range(2, 10):
        held(session, n, AGRI, date(2026, 2, 2) + timedelta(days=n))
    standing, listed = frames(session, as_("department"))
    used = cell(standing, AGRI).used
    together = listed[listed.happened_on.isna()].iloc[0]
    alone = listed[listed.happened_on.notna()]
    assert used == 9 == together.events + len(alone)
    assert together.events == 5  # the one, and four more so that it cannot be told apart
    assert (together.title, together.villages, together.people) == ("", None, None)
    assert (alone.villages >= 3).all()
    assert "只去了一个村" not in listed.to_string()


def test_the_crossing_event_is_not_named_when_it_is_told_together_with_others(session, as_):
    quota(session, AGRI, "inspection", 8)
    for n in range(8):
        held(session, n, AGRI, date(2026, 2, 2) + timedelta(days=n))
    held(session, 8, AGRI, date(2026, 3, 2), [VILLAGE_A1])
    assert cell(departments.standings(session, as_("compliance_officer"), **YEAR), AGRI).crossed_title == "事项8"
    row = cell(departments.standings(session, as_("department"), **YEAR), AGRI)
    assert (row.status, row.crossed_on, row.crossed_title) == ("over", None, None)


def test_what_a_single_village_saw_is_not_told_to_the_department(session, as_):
    for n in range(6):
        held(session, n, AGRI, date(2026, 2, 2) + timedelta(days=n), called_as="guidance")
    entry = session.get_one(Entry, (world.COUNTY, date(2026, 2, 2), VILLAGE_A1, 0))
    entry.scored = True
    session.flush()
    params = YEAR | {"department_code": AGRI, "measure": Measure.INSPECTION}
    assert departments.events(session, as_("department"), **params).relabelled.tolist() == [False] * 6
    assert departments.events(session, as_("compliance_officer"), **params).relabelled.tolist() == [False] * 5 + [True]


def test_small_emergency_counts_are_not_told_either(session, as_):
    quota(session, AGRI, "inspection", 20)
    for n in range(6):
        held(session, n, AGRI, date(2026, 2, 2) + timedelta(days=n))
    held(session, 10, AGRI, date(2026, 3, 2), emergency=True, title="抢险")
    standing, listed = frames(session, as_("department"))
    assert (cell(standing, AGRI).used, cell(standing, AGRI).emergency) == (6, None)
    assert "抢险" not in listed.to_string()


def test_a_department_is_told_of_groups_in_three_villages_and_of_no_other(session, as_):
    quota(session, AGRI, "group", 2)
    for n, village in enumerate(ALL):
        group(session, n, AGRI, "农技群", village)
    standing, listed = frames(session, as_("department"), Measure.GROUP)
    assert (cell(standing, AGRI, "group").used, listed.title.tolist()) == (1, ["农技群"])
    group(session, 9, AGRI, "青山村联络群", VILLAGE_A1)
    standing, listed = frames(session, as_("department"), Measure.GROUP)
    assert (cell(standing, AGRI, "group").used, listed.events.tolist(), listed.title.tolist()) == (2, [2], [""])


def test_no_village_stands_in_any_frame_of_a_department(session, as_, fifth_village):
    villages = (*ALL, fifth_village)
    titles = ["青山村检查", "到高坪村看秧田", "石门村", "云岭村和柳河村", "普查", "验收", "青山村复查"]
    for kind in ("inspection", "meeting", "form"):
        quota(session, AGRI, kind, 3)
        for n, title in enumerate(titles):
            key = 100 * len(kind) + n
            held(session, key, AGRI, date(2026, 2, 2) + timedelta(days=n), villages, kind=kind, title=title, emergency=n == 6)
    quota(session, AGRI, "group", 0)
    for n, village in enumerate(villages):
        group(session, n, AGRI, "青山村护林群", village)
    actor = as_("department")
    shown = [departments.standings(session, actor, **YEAR)]
    shown += [departments.events(session, actor, **YEAR, department_code=AGRI, measure=measure) for measure in Measure]
    text = "\n".join(frame.to_csv() for frame in shown) + "".join(",".join(frame.columns) for frame in shown)
    assert all(len(frame) for frame in shown)
    for word in (*villages, "青山", "柳河", "石门", "云岭", "高坪", "village_code", world.TOWN_A, world.TOWN_B):
        assert word not in text


def test_an_account_without_its_department_sees_nothing(session, as_):
    quota(session, AGRI, "inspection", 2)
    session.get_one(Account, "department").department_code = None
    session.flush()
    assert departments.standings(session, as_("department"), **YEAR).empty
    with pytest.raises(AppError):
        departments.events(session, as_("department"), **YEAR, department_code=AGRI, measure=Measure.INSPECTION)
