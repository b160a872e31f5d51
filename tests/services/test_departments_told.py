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


def test_chat_groups_have_the_same_limits_as_events(session, as_):
    quota(session, AGRI, "group", 2)
    for n, village in enumerate(ALL):
        group(session, n, AGRI, "农技群", village)
    standing, listed = frames(session, as_("department"), Measure.GROUP)
    assert (cell(standing, AGRI, "group").status, cell(standing, AGRI, "group").used, len(listed)) == ("hidden", None, 0)
    for name in range(10, 50, 10):  # five groups, but four of them in two villages
        group(session, name, AGRI, f"{name}群", VILLAGE_A1)
        group(session, name + 1, AGRI, f"{name}群", VILLAGE_A2)
    standing, listed = frames(session, as_("department"), Measure.GROUP)
    assert (cell(standing, AGRI, "group").used, listed.events.tolist(), listed.title.tolist()) == (5, [5], [""])
    for name in range(50, 100, 10):
        for n, village in enumerate(ALL):
            group(session, name + n, AGRI, f"{name}群", village)
    standing, listed = frames(session, as_("department"), Measure.GROUP)
    assert (cell(standing, AGRI, "group").used, listed.events.sum()) == (10, 10)
    assert (listed.villages.dropna() >= 3).all()


TITLES = [
    "青山村检查", "到高坪看秧田", "石门", "云岭村和柳河调研", "青石防火", "大坪现场会", "visit to qingshi", "普查", "验收",
    "青山复查",
]  # fmt: skip
PLACES = ("青山", "柳河", "石门", "云岭", "高坪", "青石", "大坪", "village_code", world.TOWN_A[:9], world.TOWN_B[:9])


def test_no_village_stands_in_any_answer_to_a_department_in_full_or_in_short(session, as_, fifth_village):
    villages = (*ALL, fifth_village)
    for kind in ("inspection", "meeting", "form"):
        quota(session, AGRI, kind, 3)
        for n, title in enumerate(TITLES):
            key = 100 * len(kind) + n
            day = date(2026, 2, 2) + timedelta(days=n)
            held(session, key, AGRI, day, villages, kind=kind, title=title, emergency=n == len(TITLES) - 1)
    quota(session, AGRI, "group", 0)
    for n, title in enumerate(TITLES):
        for place, village in enumerate(villages):
            group(session, 10 * n + place, AGRI, f"{title}群", village)
    actor = as_("department")
    shown = [departments.standings(session, actor, **YEAR)]
    shown += [departments.events(session, actor, **YEAR, department_code=AGRI, measure=measure) for measure in Measure]
    shown.append(departments.report(session, actor, **YEAR, as_of=world.NOW).standings)
    text = "\n".join(frame.to_csv() for frame in shown) + "".join(",".join(frame.columns) for frame in shown)
    assert all(len(frame) for frame in shown)
    assert "普查" in text
    assert [word for word in (*villages, *PLACES) if word.lower() in text.lower()] == []
    assert "qingshi" not in text.lower()


def test_a_report_of_a_week_that_is_open_or_of_a_month_that_is_not_over_moves_nothing(session, as_):
    quota(session, AGRI, "inspection", 6)
    for n in range(6):
        held(session, n, AGRI, date(2026, 10, 5) + timedelta(days=n))
        group(session, n, AGRI, f"{n}群", ALL[n % 4])

    def told(day):
        known = {"county_code": world.COUNTY, "period": "2026", "today": day}
        actor = as_("department")
        frames = [departments.standings(session, actor, **known)]
        frames += [departments.events(session, actor, **known, department_code=AGRI, measure=measure) for measure in Measure]
        moment = world.NOW + timedelta(days=(day - world.TODAY).days)
        return [frame.to_csv() for frame in frames], departments.completeness(session, actor, **known, as_of=moment)

    before = told(world.TODAY)
    assert before[1].through == date(2026, 10, 31)
    held(session, 20, AGRI, date(2026, 11, 4))
    held(session, 21, AGRI, date(2026, 11, 10), [VILLAGE_A1], emergency=True)
    group(session, 20, AGRI, "新群", VILLAGE_A1, since=date(2026, 11, 10))
    assert told(world.TODAY) == before
    assert told(date(2026, 12, 20)) == before  # November's last week is open until that day is over
    later = told(date(2026, 12, 21))
    assert later[1].through == date(2026, 11, 30)
    assert later[0] != before[0]


def test_before_the_first_month_of_a_year_is_closed_a_department_is_told_nothing_of_it(session, as_):
    quota(session, AGRI, "inspection", 6)
    for n in range(6):
        held(session, n, AGRI, date(2026, 1, 5) + timedelta(days=n))
    known = {"county_code": world.COUNTY, "period": "2026", "today": date(2026, 2, 10)}
    row = cell(departments.standings(session, as_("department"), **known), AGRI)
    assert (row.used, row.status, row.allowance) == (None, "hidden", 6)
    found = departments.completeness(session, as_("department"), **known, as_of=world.NOW)
    assert (found.expected, found.reported, found.through) == (0, 0, date(2025, 12, 31))


def test_who_judges_departments_sees_them_to_the_day(session, as_):
    quota(session, AGRI, "inspection", 6)
    held(session, 1, AGRI, date(2026, 11, 17))
    assert cell(departments.standings(session, as_("compliance_officer"), **YEAR), AGRI).used == 1
    assert departments.completeness(session, as_("compliance_officer"), **YEAR, as_of=world.NOW).through == world.TODAY


def test_an_account_without_its_department_sees_nothing(session, as_):
    quota(session, AGRI, "inspection", 2)
    session.get_one(Account, "department").department_code = None
    session.flush()
    assert departments.standings(session, as_("department"), **YEAR).empty
    with pytest.raises(AppError):
        departments.events(session, as_("department"), **YEAR, department_code=AGRI, measure=Measure.INSPECTION)
