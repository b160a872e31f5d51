"""Quotas: revised as new versions, down freely, up with a reason."""

import json

import pytest
from sqlalchemy import func, select

from models.rules.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from models.tables import AuditEvent, Department, Quota
from services import audit
from services.actions import quotas as actions
from services.in_force import Revision
from services.queries import departments, quotas, trends
from tests import world
from tests.held import cell

ONE = {
    "county_code": world.COUNTY, "department_code": world.AGRI, "measure": "inspection", "year": 2026, "allowance": 24,
    "basis": "县减负办〔2026〕3号", "seen_version": 0,
}  # fmt: skip
REASON = "上级新增专项检查任务，县委批准"


def listing(session, actor, year=2026):
    return quotas.listing(session, actor, county_code=world.COUNTY, year=year)


def count(session, table=Quota):
    return session.scalar(select(func.count()).select_from(table))


def test_revise_works(session, as_):
    done = actions.revise(session, as_("task_force"), **ONE, basis_checked=True)
    assert (done.version, done.changed) == (1, True)
    row = listing(session, as_("compliance_officer")).iloc[0]
    assert (row.department, row.measure, row.allowance, row.version, row.in_force) == ("农业农村局", "inspection", 24, 1, True)
    assert (row.basis, row.basis_checked, row.created_by, row.created_at) == (ONE["basis"], True, "task_force", world.NOW)


def test_a_revision_is_a_new_version_and_the_old_one_stays(session, as_):
    actions.revise(session, as_("task_force"), **ONE)
    actions.revise(session, as_("task_force"), **(ONE | {"allowance": 20, "seen_version": 1}))
    found = listing(session, as_("task_force"))
    assert found[["version", "allowance", "in_force"]].values.tolist() == [[2, 20, True], [1, 24, False]]


def test_lowering_needs_no_reason_and_raising_does(session, as_):
    actor = as_("task_force")
    actions.revise(session, actor, **ONE)
    actions.revise(session, actor, **(ONE | {"allowance": 20, "seen_version": 1}))
    for reason in ("", "要加"):
        with pytest.raises(InvalidInput) as refused:
            actions.revise(session, actor, **(ONE | {"allowance": 21, "seen_version": 2}), reason=reason)
        assert (refused.value.code, refused.value.field) == ("reason_needed", "reason")
    actions.revise(session, actor, **(ONE | {"allowance": 21, "seen_version": 2}), reason=REASON)
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert (event.action, event.subject, event.reason) == ("quotas.revise", "992121-01 inspection 2026", REASON)
    assert (json.loads(event.old)["allowance"], json.loads(event.new)["allowance"]) == (20, 21)


def test_a_revision_leaves_its_mark_also_when_only_the_basis_changed_afterwards(session, as_):
    actor = as_("task_force")
    actions.revise(session, actor, **ONE)
    assert listing(session, actor).revision.tolist() == [None]
    actions.revise(session, actor, **(ONE | {"allowance": 30, "seen_version": 1}), reason=REASON)
    actions.revise(session, actor, **(ONE | {"allowance": 30, "basis": "县减负办〔2026〕9号", "seen_version": 2}))
    marks = listing(session, actor).revision.tolist()
    assert marks == [Revision(world.TODAY, (("allowance", 24, 30),), REASON), None, None]
    year = {"county_code": world.COUNTY, "period": "2026", "today": world.TODAY}
    for reader in ("compliance_officer", "department"):
        row = cell(departments.standings(session, as_(reader), **year), world.AGRI)
        assert (row.yearly, row.revision) == (30, marks[0])


def test_a_reason_that_names_a_village_is_not_read_so_by_the_department(session, as_):
    actions.revise(session, as_("task_force"), **ONE)
    why = "青山反映春耕检查确有必要，增加"
    actions.revise(session, as_("task_force"), **(ONE | {"allowance": 30, "seen_version": 1}), reason=why)
    year = {"county_code": world.COUNTY, "period": "2026", "today": world.TODAY}
    row = cell(departments.standings(session, as_("department"), **year), world.AGRI)
    assert row.revision.reason == "某地反映春耕检查确有必要，增加"


def test_next_year_ratchets_against_this_year(session, as_):
    actor = as_("task_force")
    actions.revise(session, actor, **ONE)
    with pytest.raises(InvalidInput):
        actions.revise(session, actor, **(ONE | {"year": 2027, "allowance": 25}))
    assert actions.revise(session, actor, **(ONE | {"year": 2027, "allowance": 24})).version == 1


def test_the_same_values_again_make_no_version_and_no_audit_event(session, as_):
    actor = as_("task_force")
    actions.revise(session, actor, **ONE)
    before = count(session, AuditEvent)
    done = actions.revise(session, actor, **(ONE | {"seen_version": 1, "basis": f" {ONE['basis']} "}))
    assert (done.version, done.changed) == (1, False)
    assert (count(session), count(session, AuditEvent)) == (1, before)


def test_another_basis_is_a_new_version(session, as_):
    actor = as_("task_force")
    actions.revise(session, actor, **ONE)
    assert actions.revise(session, actor, **(ONE | {"seen_version": 1, "basis": "县减负办〔2026〕9号"})).version == 2


def test_the_second_of_two_revisions_of_the_same_version_is_told_of_the_first(session, as_):
    actor = as_("task_force")
    actions.revise(session, actor, **ONE)
    actions.revise(session, actor, **(ONE | {"allowance": 20, "seen_version": 1}))
    with pytest.raises(Conflict) as refused:
        actions.revise(session, actor, **(ONE | {"allowance": 18, "seen_version": 1}))
    assert (refused.value.code, refused.value.params) == ("quota_revised", {"allowance": 20, "version": 2})
    with pytest.raises(Conflict):
        actions.revise(session, actor, **ONE)
    assert listing(session, actor).allowance.tolist() == [20, 24]


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"allowance": -1}, "allowance"),
        ({"allowance": 10_000}, "allowance"),
        ({"year": 99}, "year"),
        ({"year": 0}, "year"),
        ({"measure": "plaque"}, "measure"),
        ({"measure": ""}, "measure"),
        ({"basis": " "}, "basis"),
        ({"basis": "文" * 201}, "basis"),
        ({"basis": "a\x07b"}, "basis"),
        ({"department_code": "nobody"}, "department"),
        ({"department_code": world.CANARY_DEPT}, "department"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_revise_refuses_bad_values_and_names_the_field(session, as_, bad, field):
    with pytest.raises(InvalidInput) as refused:
        actions.revise(session, as_("task_force"), **(ONE | bad))
    assert refused.value.field == field
    assert count(session) == 0


def test_a_department_that_no_longer_exists_gets_no_quota(session, as_):
    session.get_one(Department, world.AGRI).valid_until = world.TODAY.replace(year=2025)
    session.commit()
    with pytest.raises(InvalidInput):
        actions.revise(session, as_("task_force"), **ONE)


def test_revise_refuses_another_county(session, as_):
    with pytest.raises(NotFound):
        actions.revise(session, as_("task_force"), **(ONE | {"county_code": world.CANARY, "department_code": world.CANARY_DEPT}))


@pytest.mark.parametrize("role", ["compliance_officer", "prefecture_viewer", "department", "village_recorder", "system_admin"])
def test_revise_refuses_whoever_is_not_the_task_force(session, as_, role):
    with pytest.raises(PermissionDenied):
        actions.revise(session, as_(role), **ONE)
    assert count(session) == 0


def test_nothing_is_saved_when_the_audit_fails(session, as_, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        actions.revise(session, as_("task_force"), **ONE)
    assert count(session) == 0


def test_listing_ignores_other_counties_and_other_years(session, as_):
    actions.revise(session, as_("task_force"), **ONE)
    canary = ONE | {"county_code": world.CANARY, "department_code": world.CANARY_DEPT}
    actions.revise(session, as_("canary_task_force"), **canary)
    assert listing(session, as_("task_force")).department_code.tolist() == [world.AGRI]
    assert listing(session, as_("task_force"), 2027).empty
    with pytest.raises(NotFound):
        quotas.listing(session, as_("task_force"), county_code=world.CANARY, year=2026)


def test_departments_stand_by_the_level_of_their_area_and_by_name(session, as_):
    session.add(Department(code="9921-01", area_code=world.PREFECTURE, name="州水务局", kind="government", initials="zswj"))
    session.flush()
    found = quotas.departments(session, as_("task_force"), county_code=world.COUNTY, year=2026)
    ordered = [world.CIVIL, world.AGRI, world.FIRE, world.TOWN_OFFICE]  # mzj, nyncj, yjglj
    assert found.code.tolist() == ordered
    assert list(trends.choices(session, as_("task_force"), county_code=world.COUNTY).departments) == ["9921-01", *ordered]
    with pytest.raises(InvalidInput, match="unknown_department"):  # a county cannot limit what stands above it
        actions.revise(session, as_("task_force"), **(ONE | {"department_code": "9921-01"}))
    for code in reversed(ordered):
        actions.revise(session, as_("task_force"), **(ONE | {"department_code": code}))
    assert listing(session, as_("task_force")).department_code.tolist() == ordered


@pytest.mark.parametrize("role", ["department", "village_recorder", "township_liaison"])
def test_listing_refuses_who_may_not_see_targets(session, as_, role):
    with pytest.raises(PermissionDenied):
        listing(session, as_(role))
