"""Departments against their quotas, counted by hand."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event as sql_event

from models.rules.errors import AppError, InvalidInput, NotFound, PermissionDenied
from models.rules.measure import Measure
from models.tables import Account, Area, Entry, ObservationPoint
from services.queries import departments
from tests import world
from tests.held import ALL, group, held, log, quota
from tests.world import AGRI, CIVIL, FIRE, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1, VILLAGE_B2

YEAR = {"county_code": world.COUNTY, "period": "2026", "today": world.TODAY}


def number(department, n):
    return int(department[-2:]) * 1000 + n


def cell(frame, department, measure="inspection"):
    rows = frame[(frame.department_code == department) & (frame.measure == measure)]
    return rows.iloc[0] if len(rows) else None


@pytest.fixture
def fifth_village(session):
    """More villages than four are needed to tell a listed event from a merged one."""
    code = "992121200203"
    session.add(Area(code=code, name="高坪村村民委员会", level="village", parent_code=world.TOWN_B))
    session.flush()
    session.add(ObservationPoint(county_code=world.COUNTY, village_code=code, since=date(2025, 6, 2), township_code=world.TOWN_B))
    session.flush()
    return code


def test_one_event_in_four_villages_uses_the_quota_once(session, as_):
    quota(session, AGRI, "inspection", 10)
    held(session, 1, AGRI, date(2026, 3, 3))
    held(session, 2, AGRI, date(2026, 3, 4), [VILLAGE_A1])
    row = cell(departments.standings(session, as_("compliance_officer"), **YEAR), AGRI)
    assert (row.used, row.allowance, row.left, row.share, row.status) == (2, 10, 8, 0.2, "within")


def test_the_event_that_crossed_the_line_is_the_first_beyond_the_allowance(session, as_):
    quota(session, FIRE, "inspection", 2)
    held(session, 30, FIRE, date(2026, 4, 2))
    held(session, 10, FIRE, date(2026, 6, 1))
    held(session, 21, FIRE, date(2026, 5, 6))  # same day as 20: the smaller number was first
    held(session, 20, FIRE, date(2026, 5, 6))
    row = cell(departments.standings(session, as_("compliance_officer"), **YEAR), FIRE)
    assert (row.used, row.left, row.status) == (4, -2, "over")
    assert (row.crossed_on, row.crossed_title) == (date(2026, 5, 6), "事项21")


def test_at_the_quota_exactly_nothing_has_crossed_the_line(session, as_):
    quota(session, FIRE, "inspection", 1)
    held(session, 1, FIRE, date(2026, 4, 2))
    row = cell(departments.standings(session, as_("compliance_officer"), **YEAR), FIRE)
    assert (row.status, row.left, row.crossed_on) == ("near", 0, None)


def test_worst_first(session, as_):
    for department, allowance, uses in ((AGRI, 10, 8), (CIVIL, 10, 1), (FIRE, 1, 3)):
        quota(session, department, "inspection", allowance)
        for n in range(uses):
            held(session, number(department, n), department, date(2026, 2, 2) + timedelta(days=n), [VILLAGE_A1])
    frame = departments.standings(session, as_("compliance_officer"), **YEAR)
    assert frame.department_code.tolist() == [FIRE, AGRI, CIVIL]
    assert frame.status.tolist() == ["over", "near", "within"]


@pytest.mark.parametrize(
    ("period", "used", "allowance"),
    [
        ("2025", 1, 12),
        ("2026", 3, 24),
        ("2026-H1", 2, 12),
        ("2026-H2", 1, 12),
        ("2026-Q1", 2, 6),
        ("2026-01", 1, 2),
        ("2026-02", 0, 2),
    ],
)
def test_the_day_decides_the_period_also_inside_a_week_across_new_year(session, as_, period, used, allowance):
    quota(session, AGRI, "inspection", 24)
    quota(session, AGRI, "inspection", 12, year=2025)
    held(session, 1, AGRI, date(2025, 12, 31))
    held(session, 2, AGRI, date(2026, 1, 1))  # the same week, another year
    held(session, 3, AGRI, date(2026, 3, 31))
    held(session, 4, AGRI, date(2026, 7, 1))
    frame = departments.standings(session, as_("compliance_officer"), **(YEAR | {"period": period}))
    assert (cell(frame, AGRI).used, cell(frame, AGRI).allowance) == (used, allowance)


def test_the_newest_version_of_a_quota_holds(session, as_):
    quota(session, AGRI, "inspection", 24)
    quota(session, AGRI, "inspection", 20, version=2)
    frame = departments.standings(session, as_("compliance_officer"), **YEAR)
    assert (len(frame), cell(frame, AGRI).yearly) == (1, 20)


def test_a_department_without_a_quota_is_listed_and_never_dropped(session, as_):
    quota(session, AGRI, "inspection", 24)
    held(session, 1, CIVIL, date(2026, 3, 3))
    row = cell(departments.standings(session, as_("compliance_officer"), **YEAR), CIVIL)
    assert (row.used, row.allowance, row.left, row.status) == (1, None, None, "unset")


def test_emergency_work_uses_no_quota_and_stands_apart(session, as_):
    quota(session, FIRE, "inspection", 1)
    held(session, 1, FIRE, date(2026, 3, 3))
    held(session, 2, FIRE, date(2026, 3, 4), emergency=True)
    held(session, 3, CIVIL, date(2026, 3, 4), emergency=True)
    frame = departments.standings(session, as_("compliance_officer"), **YEAR)
    assert (cell(frame, FIRE).used, cell(frame, FIRE).emergency, cell(frame, FIRE).status) == (1, 1, "near")
    assert (cell(frame, CIVIL).used, cell(frame, CIVIL).emergency) == (0, 1)


def test_only_submitted_logs_of_observation_points_count(session, as_):
    quota(session, AGRI, "inspection", 24)
    held(session, 1, AGRI, date(2026, 3, 3), [VILLAGE_A1], state="draft")
    held(session, 2, AGRI, date(2025, 3, 3), [VILLAGE_A1])  # before it became a point, and in 2025
    point = session.get_one(ObservationPoint, (world.COUNTY, VILLAGE_A2, date(2025, 6, 2)))
    point.until = date(2026, 3, 9)
    held(session, 3, AGRI, date(2026, 3, 4), [VILLAGE_A2])
    held(session, 4, AGRI, date(2026, 3, 11), [VILLAGE_A2])
    officer = as_("compliance_officer")
    assert cell(departments.standings(session, officer, **YEAR), AGRI).used == 1
    assert cell(departments.standings(session, officer, **(YEAR | {"period": "2025"})), AGRI) is None


def test_a_form_is_one_use_however_many_copies(session, as_):
    quota(session, AGRI, "form", 10)
    held(session, 1, AGRI, date(2026, 3, 3), kind="form")
    assert cell(departments.standings(session, as_("compliance_officer"), **YEAR), AGRI, "form").used == 1


def test_groups_count_by_name_as_they_are_open_at_the_periods_end_or_today(session, as_):
    quota(session, CIVIL, "group", 1)
    for n, village in enumerate(ALL):
        group(session, n, CIVIL, "民政工作群", village)
    group(session, 10, CIVIL, "低保群", VILLAGE_A1, since=date(2026, 2, 2))
    group(session, 11, CIVIL, "旧群", VILLAGE_A1, until=date(2026, 11, 18))  # left today
    group(session, 12, CIVIL, "明天的群", VILLAGE_A1, since=date(2026, 11, 19))
    officer = as_("compliance_officer")
    now = cell(departments.standings(session, officer, **YEAR), CIVIL, "group")
    assert (now.used, now.status, now.crossed_title, now.crossed_on) == (2, "over", "低保群", date(2026, 2, 2))
    october = cell(departments.standings(session, officer, **(YEAR | {"period": "2026-10"})), CIVIL, "group")
    assert (october.used, october.allowance) == (3, 1)


def test_groups_without_a_name_are_one_each(session, as_):
    quota(session, CIVIL, "group", 9)
    for n, village in enumerate(ALL):
        group(session, n, CIVIL, "", village)
    group(session, 10, CIVIL, "低保群", VILLAGE_A1)
    now = cell(departments.standings(session, as_("compliance_officer"), **YEAR), CIVIL, "group")
    assert now.used == len(ALL) + 1


def test_a_few_eager_reports_of_an_open_week_are_not_enough(session, as_):
    for village in ALL:
        log(session, village, date(2026, 11, 16))
    params = YEAR | {"period": "2026-11", "as_of": world.NOW, "today": world.TODAY}
    assert departments.completeness(session, as_("compliance_officer"), **params).enough is False


def test_a_department_cannot_tell_nothing_from_a_single_report(session, as_):
    before = departments.standings(session, as_("department"), **YEAR)
    held(session, 1, AGRI, date(2026, 3, 3), [VILLAGE_A1])
    group(session, 1, AGRI, "新群", VILLAGE_A1)
    after = departments.standings(session, as_("department"), **YEAR)
    assert len(before) == 4
    assert before.to_dict() == after.to_dict()


def test_a_period_that_has_not_begun_has_no_use(session, as_):
    quota(session, AGRI, "inspection", 24)
    held(session, 1, AGRI, date(2026, 11, 20), [VILLAGE_A1])
    group(session, 1, AGRI, "群", VILLAGE_A1)
    officer = as_("compliance_officer")
    december = departments.standings(session, officer, **(YEAR | {"period": "2026-12"}))
    assert (cell(december, AGRI).used, cell(december, AGRI, "group")) == (0, None)
    params = YEAR | {"period": "2026-12", "department_code": AGRI}
    assert departments.events(session, officer, measure=Measure.GROUP, **params).empty
    assert departments.events(session, officer, measure=Measure.INSPECTION, **params).empty


def test_the_events_tell_what_it_was_called_and_what_it_was(session, as_):
    held(session, 1, AGRI, date(2026, 3, 3), called_as="guidance", title="春耕指导", scored=True)
    held(session, 2, AGRI, date(2026, 3, 5), [VILLAGE_A1], called_as="inspection")
    held(session, 3, AGRI, date(2026, 3, 6), [VILLAGE_A1], emergency=True)
    held(session, 4, CIVIL, date(2026, 3, 6))
    params = YEAR | {"department_code": AGRI, "measure": Measure.INSPECTION}
    frame = departments.events(session, as_("compliance_officer"), **params)
    assert frame.happened_on.tolist() == [date(2026, 3, 6), date(2026, 3, 5), date(2026, 3, 3)]
    first = frame.iloc[2]
    assert (first.title, first.called_as, first.demands, first.villages, first.people) == (
        "春耕指导",
        "guidance",
        ("scored",),
        4,
        8,
    )
    assert frame.relabelled.tolist() == [False, False, True]
    assert frame.emergency.tolist() == [True, False, False]


def test_completeness_counts_village_weeks_so_far(session, as_):
    quota(session, AGRI, "inspection", 24)
    for village in ALL[:3]:
        log(session, village, date(2026, 11, 2))  # its week closes on the 22nd: still open
    log(session, VILLAGE_B2, date(2026, 11, 2), state="draft")
    log(session, VILLAGE_A1, date(2026, 10, 26))  # closed: the other three are missing
    params = YEAR | {"period": "2026-11", "as_of": world.NOW}
    found = departments.completeness(session, as_("compliance_officer"), **params)
    # weeks from October 26 (holds November 1) to November 16: four weeks of four points
    assert (found.expected, found.reported, found.missing, found.not_due) == (16, 4, 3, 9)


@pytest.mark.parametrize(("villages", "enough"), [(4, True), (3, False), (0, False)])
def test_enough_is_measured_by_what_is_due(session, as_, villages, enough):
    for village in ALL[:villages]:
        log(session, village, date(2026, 10, 5))
        log(session, village, date(2026, 10, 12))
    params = YEAR | {"period": "2026-10", "as_of": world.NOW, "today": date(2026, 10, 18)}
    found = departments.completeness(session, as_("compliance_officer"), **params)
    assert (found.expected, found.reported, found.missing) == (12, 2 * villages, 12 - 2 * villages)
    # the week of September 28 is missing altogether: 8 of 12 is less than 80 %
    assert found.enough is False
    for village in ALL[:villages]:
        log(session, village, date(2026, 9, 28))
    assert departments.completeness(session, as_("compliance_officer"), **params).enough is enough


def test_completeness_of_a_period_that_has_not_begun_is_zero(session, as_):
    found = departments.completeness(session, as_("compliance_officer"), **(YEAR | {"period": "2027", "as_of": world.NOW}))
    assert (found.expected, found.reported) == (0, 0)


def test_another_county_never_shows(session, as_):
    quota(session, world.CANARY_DEPT, "inspection", 1, county=world.CANARY)
    held(session, 1, world.CANARY_DEPT, date(2026, 3, 3), [world.VILLAGE_C1], county=world.CANARY)
    held(session, 2, AGRI, date(2026, 3, 3), [world.VILLAGE_C1], county=world.CANARY)
    officer = as_("compliance_officer")
    assert departments.standings(session, officer, **YEAR).empty
    for ask in (
        lambda: departments.standings(session, officer, **(YEAR | {"county_code": world.CANARY})),
        lambda: departments.completeness(session, officer, **(YEAR | {"county_code": world.CANARY, "as_of": world.NOW})),
        lambda: departments.events(
            session, officer, **(YEAR | {"county_code": world.CANARY}), department_code=AGRI, measure=Measure.INSPECTION
        ),
    ):
        with pytest.raises(NotFound):
            ask()


@pytest.mark.parametrize("role", ["village_recorder", "township_liaison", "system_admin", "auditor"])
def test_standings_refuses_who_may_not_see_departments(session, as_, role):
    with pytest.raises(PermissionDenied):
        departments.standings(session, as_(role), **YEAR)


@pytest.mark.parametrize("period", ["", "2026-Q5", "2026-13", "x", "2026-W10", "9999", "0000", "1999-Q4"])
def test_standings_refuses_what_is_no_period(session, as_, period):
    with pytest.raises(InvalidInput) as refused:
        departments.standings(session, as_("compliance_officer"), **(YEAR | {"period": period}))
    assert refused.value.code == "bad_period"


def test_the_number_of_statements_does_not_grow_with_the_data(session, as_, engine):
    officer = as_("compliance_officer")
    counted = []
    sql_event.listen(engine, "before_cursor_execute", lambda *_: counted.append(1))

    def statements():
        counted.clear()
        departments.standings(session, officer, **YEAR)
        departments.events(session, officer, **YEAR, department_code=AGRI, measure=Measure.INSPECTION)
        departments.completeness(session, officer, **YEAR, as_of=world.NOW)
        return len(counted)

    for department in (AGRI, CIVIL):
        quota(session, department, "inspection", 0)
        quota(session, department, "group", 0)
        group(session, number(department, 0), department, "群", VILLAGE_A1)
        held(session, number(department, 0), department, date(2026, 2, 2), [VILLAGE_A1])
    few = statements()
    quota(session, FIRE, "inspection", 0)
    for n in range(1, 9):
        held(session, n, FIRE, date(2026, 2, 2) + timedelta(days=7 * n))
        held(session, n + 100, AGRI, date(2026, 2, 2) + timedelta(days=7 * n))
        group(session, n, FIRE, f"群{n}", VILLAGE_B1)
    assert statements() == few <= 25


# ---- what a department is told -------------------------------------------------------------------------------------


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
