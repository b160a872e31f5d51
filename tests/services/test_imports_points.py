"""Observation points from a file: from open weeks on, never touching a closed one."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.rules.errors import ImportRefused, PermissionDenied
from models.tables import Area, AuditEvent, ObservationPoint, WeeklyLog
from services.actions import imports as do
from services.queries import imports as see
from tests import world
from tests.services.imported import csv_file, excel_file, refused, row_counts

HEADER = ("village_code", "since")
NEW_VILLAGE = "992121100203"
MONDAY = date(2026, 11, 23)  # next week's; the tests' today is Wednesday the 18th
CLOSED = date(2026, 10, 26)  # its Sunday ended more than 14 days ago
THERE = (world.VILLAGE_A1, "2025-06-02")
FILE = {"county_code": world.COUNTY, "filename": "points.csv"}


@pytest.fixture(autouse=True)
def _new_village(session):
    session.add(Area(code=NEW_VILLAGE, name="新村", level="village", parent_code=world.TOWN_A))
    session.commit()


def plan(session, actor, content):
    return see.points_plan(session, actor, content=content, as_of=world.NOW, **FILE)


def apply(session, actor, content):
    return do.points_apply(session, actor, content=content, **FILE)


@pytest.mark.parametrize("made", [csv_file, excel_file])
def test_a_village_becomes_a_point_from_an_open_week_on(session, as_, made):
    since = MONDAY if made is excel_file else "2026/11/23"
    content = made((*HEADER, "selection"), (NEW_VILLAGE, since, "random"))
    assert plan(session, as_("task_force"), content).new == 1
    apply(session, as_("task_force"), content)
    point = session.get_one(ObservationPoint, (world.COUNTY, NEW_VILLAGE, MONDAY))
    assert (point.township_code, point.selection, point.until) == (world.TOWN_A, "random", None)
    assert apply(session, as_("task_force"), content).changes_nothing


def test_points_that_are_there_are_the_same_however_old(session, as_):
    found = plan(session, as_("task_force"), csv_file(HEADER, THERE, (world.VILLAGE_A2, "2025-06-02")))
    assert (found.new, found.changed, found.same) == (0, 0, 2)


def test_a_point_ends_with_an_open_week_and_may_be_replaced(session, as_):
    content = csv_file((*HEADER, "until"), (*THERE, "2026-11-23"), (NEW_VILLAGE, "2026-11-23", ""))
    found = apply(session, as_("task_force"), content)
    assert (found.new, found.changed) == (1, 1)
    assert session.get_one(ObservationPoint, (world.COUNTY, world.VILLAGE_A1, date(2025, 6, 2))).until == MONDAY


def test_a_point_may_return(session, as_):
    content = csv_file((*HEADER, "until"), (*THERE, "2026-11-16"), (world.VILLAGE_A1, "2026-11-23", ""))
    assert apply(session, as_("task_force"), content).new == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("992121100999", MONDAY, ""), "village_unknown"),
        ((world.TOWN_A, MONDAY, ""), "village_unknown"),
        ((world.VILLAGE_C1, MONDAY, ""), "village_unknown"),
        (("9.92121E+11", MONDAY, ""), "code_scientific"),
        ((NEW_VILLAGE, "", ""), "since_empty"),
        ((NEW_VILLAGE, "soon", ""), "date_bad"),
        ((NEW_VILLAGE, "2026-11-24", ""), "date_not_monday"),
        ((NEW_VILLAGE, MONDAY, MONDAY), "until_early"),
        ((NEW_VILLAGE, CLOSED, ""), "point_week_closed"),
        ((world.VILLAGE_A1, "2025-06-02", CLOSED), "point_week_closed"),
        ((world.VILLAGE_A1, MONDAY, ""), "point_overlaps"),
        ((world.VILLAGE_A2, "2025-06-02", ""), "point_twice"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_stored(session, as_, engine, row, code):
    before = row_counts(engine)
    content = csv_file((*HEADER, "until"), (world.VILLAGE_A2, "2025-06-02", "2026-11-30"), row)
    assert refused(apply, session, as_("task_force"), content) == [(3, code)]
    assert refused(plan, session, as_("task_force"), content) == [(3, code)]
    session.rollback()
    assert row_counts(engine) == before
    kept = session.get_one(ObservationPoint, (world.COUNTY, world.VILLAGE_A2, date(2025, 6, 2)))
    assert kept.until is None


def test_a_village_that_is_gone_by_then_is_named(session, as_):
    session.get_one(Area, NEW_VILLAGE).valid_until = date(2026, 11, 16)
    with pytest.raises(ImportRefused) as refusal:
        plan(session, as_("task_force"), csv_file(HEADER, (NEW_VILLAGE, MONDAY)))
    assert [(problem.line, problem.code) for problem in refusal.value.problems] == [(2, "village_not_then")]


@pytest.mark.parametrize(("word", "stored"), [("指定", "purposive"), ("随机", "random"), ("随机抽取", "random")])
def test_the_words_of_the_screen_say_how_a_point_was_chosen(session, as_, word, stored):
    apply(session, as_("task_force"), csv_file((*HEADER, "选点方式"), (NEW_VILLAGE, MONDAY, word)))
    assert session.get_one(ObservationPoint, (world.COUNTY, NEW_VILLAGE, MONDAY)).selection == stored


def test_a_missing_column_is_named_as_people_and_as_programs_call_it(session, as_):
    with pytest.raises(ImportRefused) as refusal:
        plan(session, as_("task_force"), csv_file(("village_code",), (NEW_VILLAGE,)))
    assert [problem.value for problem in refusal.value.problems] == ["起始日期 / since"]


def test_an_unknown_selection_is_named(session, as_):
    content = csv_file((*HEADER, "selection"), (NEW_VILLAGE, MONDAY, "by hand"))
    assert refused(plan, session, as_("task_force"), content) == [(2, "selection_unknown")]


def test_the_week_that_has_just_closed_is_refused_and_the_one_before_is_not(session, as_):
    closing = date(2026, 11, 2)  # ends on the 8th, closes on the 23rd at 0:00
    content = csv_file(HEADER, (NEW_VILLAGE, closing))
    assert plan(session, as_("task_force"), content).new == 1
    late = {"content": content, "as_of": world.NOW + timedelta(days=5), **FILE}
    assert refused(see.points_plan, session, as_("task_force"), **late) == [(2, "point_week_closed")]


def test_a_point_cannot_end_before_a_week_it_reported(session, as_):
    log = {"state": "submitted", "saved_at": world.NOW, "submitted_at": world.NOW, "submitted_by": "x"}
    session.add(WeeklyLog(county_code=world.COUNTY, week=date(2026, 11, 16), village_code=world.VILLAGE_A1, **log))
    session.commit()
    for until, code in ((date(2026, 11, 16), "point_has_logs"), (date(2026, 11, 9), "point_has_logs")):
        content = csv_file((*HEADER, "until"), (*THERE, until))
        assert refused(plan, session, as_("task_force"), content) == [(2, code)]
    assert plan(session, as_("task_force"), csv_file((*HEADER, "until"), (*THERE, MONDAY))).changed == 1


def test_it_is_audited(session, as_):
    apply(session, as_("task_force"), csv_file(HEADER, (NEW_VILLAGE, MONDAY)))
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "imports.points_apply")).one()
    assert NEW_VILLAGE in event.new


TERMS = ("2026-11-23", "2026-12-21"), ("2026-12-14", "2027-01-11"), ("2026-12-21", "")


@pytest.mark.parametrize(
    ("terms", "line"),
    [((0, 1), 3), ((1, 0), 3), ((1, 2), 3), ((2, 1), 3), ((0, 2), 0), ((2, 0), 0), ((0, 2, 1), 4)],
)
def test_two_lines_of_a_file_never_make_a_village_a_point_twice_in_one_week(session, as_, terms, line):
    content = csv_file((*HEADER, "until"), *((NEW_VILLAGE, *TERMS[term]) for term in terms))
    if line:
        assert refused(apply, session, as_("task_force"), content)[0] == (line, "point_overlaps")
    else:
        assert apply(session, as_("task_force"), content).new == 2


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 0), (1, 2), (2, 1)])
def test_a_line_may_not_overlap_what_is_stored_wherever_it_stands(session, as_, first, second):
    apply(session, as_("task_force"), csv_file((*HEADER, "until"), (NEW_VILLAGE, *TERMS[first])))
    content = csv_file((*HEADER, "until"), (NEW_VILLAGE, *TERMS[second]))
    assert refused(apply, session, as_("task_force"), content) == [(2, "point_overlaps")]


def test_a_line_inside_a_long_term_is_found_behind_a_short_one_that_was_there(session, as_):
    """Rows as they may have come before overlaps were refused: the line is judged by all of them, not by its neighbour."""
    for since, until in ((MONDAY, date(2027, 3, 1)), (date(2026, 12, 7), date(2026, 12, 14))):
        made = {"county_code": world.COUNTY, "village_code": NEW_VILLAGE, "township_code": world.TOWN_A}
        session.add(ObservationPoint(since=since, until=until, **made))
    session.commit()
    content = csv_file((*HEADER, "until"), (NEW_VILLAGE, *TERMS[2]))
    assert refused(plan, session, as_("task_force"), content) == [(2, "point_overlaps")]


def test_only_the_task_force_imports_points(session, as_):
    with pytest.raises(PermissionDenied):
        apply(session, as_("compliance_officer"), csv_file(HEADER, (NEW_VILLAGE, MONDAY)))
