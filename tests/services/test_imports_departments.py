"""Departments from a file."""

import pytest
from sqlalchemy import select

from models.rules.errors import ImportRefused, NotFound, PermissionDenied
from models.tables import AuditEvent, Department
from services.actions import imports as do
from services.imports.initials import initials
from services.queries import imports as see
from tests import world
from tests.services.imported import csv_file, excel_file, refused, row_counts

HEADER = ("code", "area_code", "name", "kind")
NEW = ("992121-31", world.COUNTY, "水务局", "government")
FILE = {"county_code": world.COUNTY, "filename": "部门.csv"}


@pytest.mark.parametrize("made", [csv_file, excel_file])
def test_new_changed_and_same_are_told_before_and_done_after(session, as_, made):
    content = made(HEADER, NEW, (world.AGRI, "992121", "农业局", "政府"), (world.CIVIL, 992121, "民政局", "government"))
    plan = see.departments_plan(session, as_("task_force"), content=content, **FILE)
    assert (plan.new, plan.changed, plan.same) == (1, 1, 1)
    assert list(plan.rows["state"]) == ["new", "changed", "same"]
    assert (plan.rows.loc[1, "old"], plan.rows.loc[1, "values"]["name"]) == ({"name": "农业农村局"}, "农业局")
    done = do.departments_apply(session, as_("task_force"), content=content, **FILE)
    assert (done.new, done.changed, done.same) == (1, 1, 1)
    assert session.get_one(Department, world.AGRI).name == "农业局"
    assert session.get_one(Department, "992121-31").initials == "swj"


def test_the_same_file_twice_changes_nothing(session, as_):
    content = csv_file(HEADER, NEW)
    do.departments_apply(session, as_("task_force"), content=content, **FILE)
    again = do.departments_apply(session, as_("task_force"), content=content, **FILE)
    assert again.changes_nothing
    names = session.scalars(select(Department.name).where(Department.code == "992121-31")).all()
    assert names == ["水务局"]


def test_it_is_audited_with_counts_file_name_and_old_values(session, as_):
    content = csv_file(HEADER, NEW, (world.AGRI, world.COUNTY, "农业局", "government"))
    do.departments_apply(session, as_("task_force"), content=content, **FILE)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "imports.departments_apply")).one()
    assert (event.county_code, event.subject) == (world.COUNTY, "部门.csv")
    assert '"new": 1' in event.new
    assert "农业农村局" in event.old


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("水 务", world.COUNTY, "水务局", "government"), "department_code_bad"),
        (("9.92E+7", world.COUNTY, "水务局", "government"), "code_scientific"),
        (("x", world.CANARY, "水务局", "government"), "area_outside"),
        (("x", world.PREFECTURE, "水务局", "government"), "area_outside"),
        (("x", world.VILLAGE_A1, "水务局", "government"), "area_outside"),
        (("x", "992121999", "水务局", "government"), "area_outside"),
        (("x", world.COUNTY, "", "government"), "name_empty"),
        (("x", world.COUNTY, "长" * 61, "government"), "name_long"),
        (("x", world.COUNTY, "水务局", "royal"), "kind_unknown"),
        (("x", world.COUNTY, "民政局", "government"), "department_name_taken"),
        ((world.CANARY_DEPT, world.COUNTY, "水务局", "government"), "department_elsewhere"),
        ((world.TOWN_OFFICE, world.COUNTY, "党政办", "township"), "department_moved"),
        (("992121-30", world.COUNTY, "林业局", "government"), "code_twice"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_stored(session, as_, engine, row, code):
    before = row_counts(engine)
    session.rollback()
    content = csv_file(HEADER, ("992121-30", world.COUNTY, "气象局", "vertical"), row)
    assert refused(do.departments_apply, session, as_("task_force"), content=content, **FILE) == [(3, code)]
    assert refused(see.departments_plan, session, as_("task_force"), content=content, **FILE) == [(3, code)]
    session.rollback()
    assert row_counts(engine) == before


def test_a_code_that_comes_twice_is_told_with_the_line_it_was_in_before(session, as_):
    with pytest.raises(ImportRefused) as caught:
        see.departments_plan(session, as_("task_force"), content=csv_file(HEADER, NEW, NEW), **FILE)
    assert [(one.line, one.code, one.value) for one in caught.value.problems] == [(3, "code_twice", "2")]


def test_bad_initials_are_named(session, as_):
    content = csv_file((*HEADER, "initials"), (*NEW, "水"))
    assert refused(see.departments_plan, session, as_("task_force"), content=content, **FILE) == [(2, "initials_bad")]


def test_two_departments_may_swap_their_names(session, as_):
    content = csv_file(
        HEADER, (world.AGRI, world.COUNTY, "民政局", "government"), (world.CIVIL, world.COUNTY, "农业局", "government")
    )
    assert do.departments_apply(session, as_("task_force"), content=content, **FILE).changed == 2


@pytest.mark.parametrize("who", ["compliance_officer", "system_admin", "village_recorder", "department"])
def test_only_the_task_force_imports_departments(session, as_, who):
    with pytest.raises(PermissionDenied):
        see.departments_plan(session, as_(who), content=csv_file(HEADER, NEW), **FILE)
    with pytest.raises(PermissionDenied):
        do.departments_apply(session, as_(who), content=csv_file(HEADER, NEW), **FILE)


def test_another_countys_departments_are_out_of_reach(session, as_):
    with pytest.raises(NotFound):
        see.departments_plan(session, as_("canary_task_force"), content=csv_file(HEADER, NEW), **FILE)


@pytest.mark.parametrize(
    ("name", "letters"),
    [("农业农村局", "nyncj"), ("12345热线", "12345rx"), ("A局", "aj"), ("龘局", "j"), ("、", ""), ("局" * 40, "j" * 30)],
)
def test_initials_are_pinyin(name, letters):
    assert initials(name) == letters
