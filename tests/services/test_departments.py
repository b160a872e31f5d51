"""Departments against their quotas, counted by hand."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import update

from models.rules.errors import InvalidInput, NotFound, PermissionDenied
from models.rules.measure import Measure
from models.tables import ObservationPoint, WeeklyLog
from services.queries import departments
from tests import world
from tests.held import ALL, cell, group, held, number, quota
from tests.world import AGRI, CIVIL, FIRE, VILLAGE_A1, VILLAGE_A2, VILLAGE_B1

YEAR = {"county_code": world.COUNTY, "period": "2026", "today": world.TODAY}


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


def test_groups_without_a_name_are_one_together_because_nobody_knows_how_many_they_are(session, as_):
    quota(session, CIVIL, "group", 9)
    for n, village in enumerate(ALL):
        group(session, n, CIVIL, "", village)
    group(session, 10, CIVIL, "低保群", VILLAGE_A1)
    now = cell(departments.standings(session, as_("compliance_officer"), **YEAR), CIVIL, "group")
    assert now.used == 2


def test_a_group_is_the_same_whatever_the_spaces_stops_and_case_of_its_name(session, as_):
    for n, name in enumerate(("防汛QQ群", "防汛 qq群", "防汛QQ群。", "防汛二群")):
        group(session, n, FIRE, name, ALL[n])
    now = cell(departments.standings(session, as_("compliance_officer"), **YEAR), FIRE, "group")
    assert now.used == 2


def test_a_group_that_only_stands_in_a_draft_counts_for_nobody(session, as_):
    group(session, 1, FIRE, "防汛群", VILLAGE_A1)
    session.execute(update(WeeklyLog).values(state="draft", submitted_at=None, submitted_by=None))
    found = departments.standings(session, as_("compliance_officer"), **YEAR)
    assert found[(found.department_code == FIRE) & (found.measure == "group")].empty


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
    assert statements() == few <= 30
