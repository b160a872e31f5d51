"""Reduction targets: revised as new versions, with sensible dates and a basis."""

from datetime import date

import pytest
from sqlalchemy import func, select

from models.rules.errors import Conflict, InvalidInput, NotFound, PermissionDenied
from models.tables import AuditEvent, Target
from services import audit
from services.actions import targets as actions
from services.in_force import Revision
from services.queries import targets, trends
from tests import world

ONE = {
    "county_code": world.COUNTY, "measure": "meeting", "reduction": 0.3, "baseline_from": date(2026, 3, 2),
    "baseline_weeks": 12, "starts": date(2026, 6, 1), "ends": date(2026, 12, 31), "basis": "县减负办〔2026〕3号",
    "seen_version": 0,
}  # fmt: skip


WHY = "州里统一调整考核期限"


def listing(session, actor):
    return targets.listing(session, actor, county_code=world.COUNTY)


def count(session, table=Target):
    return session.scalar(select(func.count()).select_from(table))


def test_revise_works(session, as_):
    assert actions.revise(session, as_("task_force"), **ONE).version == 1
    row = listing(session, as_("compliance_officer")).iloc[0]
    assert (row.measure, row.reduction, row.in_force, row.basis_checked) == ("meeting", 0.3, True, False)
    assert (row.baseline_from, row.baseline_until) == (date(2026, 3, 2), date(2026, 5, 24))  # a Sunday
    assert session.scalars(select(AuditEvent.action)).all()[-1] == "targets.revise"


def test_a_revision_is_a_new_version_and_the_old_one_stays(session, as_):
    actor = as_("task_force")
    actions.revise(session, actor, **ONE)
    actions.revise(session, actor, **(ONE | {"measure": "form"}))
    actions.revise(session, actor, **(ONE | {"reduction": 0.4, "seen_version": 1}), reason="年中调整")
    found = listing(session, actor)
    assert found[["measure", "version", "reduction", "in_force"]].values.tolist() == [
        ["meeting", 2, 0.4, True],
        ["meeting", 1, 0.3, False],
        ["form", 1, 0.3, True],
    ]
    assert found.reason.tolist() == ["年中调整", "", ""]


SOFTER = [
    {"reduction": 0.29},
    {"ends": date(2027, 1, 31)},
    {"starts": date(2026, 7, 1)},
    {"baseline_from": date(2026, 2, 23)},
    {"baseline_weeks": 8},
]


@pytest.mark.parametrize("softer", SOFTER)
def test_a_softer_target_needs_a_reason(session, as_, softer):
    actor = as_("task_force")
    actions.revise(session, actor, **ONE)
    for reason in ("", "放宽"):
        with pytest.raises(InvalidInput) as refused:
            actions.revise(session, actor, **(ONE | softer | {"seen_version": 1}), reason=reason)
        assert (refused.value.code, refused.value.field) == ("reason_needed", "reason")
    assert actions.revise(session, actor, **(ONE | softer | {"seen_version": 1}), reason=WHY).version == 2


@pytest.mark.parametrize("harder", [{"reduction": 0.31}, {"ends": date(2026, 12, 30)}, {"basis": "县减负办〔2026〕9号"}])
def test_a_harder_target_needs_none(session, as_, harder):
    actions.revise(session, as_("task_force"), **ONE)
    assert actions.revise(session, as_("task_force"), **(ONE | harder | {"seen_version": 1})).version == 2


def test_a_revision_leaves_its_mark_in_the_list_and_on_the_target_line(session, as_):
    actor = as_("task_force")
    actions.revise(session, actor, **ONE)
    changed = ONE | {"reduction": 0.2, "ends": date(2027, 1, 31), "seen_version": 1}
    actions.revise(session, actor, **changed, reason=WHY)
    mark = Revision(world.TODAY, (("reduction", 0.3, 0.2), ("ends", date(2026, 12, 31), date(2027, 1, 31))), WHY)
    assert listing(session, actor).revision.tolist() == [mark, None]
    known = {"county_code": world.COUNTY, "unit": "village_times", "as_of": world.NOW}
    line = trends.target_line(session, actor, measure="meeting", **known)
    assert (line.version, line.revision) == (2, mark)


def test_the_same_values_again_make_no_version(session, as_):
    actor = as_("task_force")
    actions.revise(session, actor, **ONE)
    done = actions.revise(session, actor, **(ONE | {"seen_version": 1}))
    assert (done.version, done.changed, count(session)) == (1, False, 1)


def test_the_second_of_two_revisions_of_the_same_version_is_told_of_the_first(session, as_):
    actor = as_("task_force")
    actions.revise(session, actor, **ONE)
    with pytest.raises(Conflict) as refused:
        actions.revise(session, actor, **(ONE | {"reduction": 0.5}))
    assert (refused.value.code, refused.value.params) == ("target_revised", {"version": 1})


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"reduction": 0}, "reduction"),
        ({"reduction": 1.01}, "reduction"),
        ({"reduction": float("nan")}, "reduction"),
        ({"baseline_from": date(2026, 3, 3)}, "baseline"),  # a Tuesday
        ({"baseline_weeks": 3}, "length"),
        ({"baseline_weeks": 10**12}, "length"),
        ({"baseline_weeks": -5}, "length"),
        ({"starts": date(2026, 5, 24)}, "baseline"),  # still in the baseline
        ({"ends": date(2026, 6, 1)}, "ends"),
        ({"ends": date(2026, 5, 1)}, "ends"),
        ({"measure": "plaque"}, "measure"),
        ({"basis": ""}, "basis"),
        ({"basis": "a\x00"}, "basis"),
        ({"reason": "a\x00"}, "reason"),
    ],
)
def test_revise_refuses_bad_values_and_names_the_field(session, as_, bad, field):
    with pytest.raises(InvalidInput) as refused:
        actions.revise(session, as_("task_force"), **(ONE | bad))
    assert refused.value.field == field
    assert count(session) == 0


@pytest.mark.parametrize(
    "good", [{"reduction": 1}, {"baseline_weeks": 4}, {"starts": date(2026, 5, 25)}, {"ends": date(2026, 6, 2)}]
)
def test_revise_accepts_its_bounds(session, as_, good):
    assert actions.revise(session, as_("task_force"), **(ONE | good)).changed


def test_revise_refuses_another_county(session, as_):
    with pytest.raises(NotFound):
        actions.revise(session, as_("task_force"), **(ONE | {"county_code": world.CANARY}))


@pytest.mark.parametrize("role", ["compliance_officer", "prefecture_viewer", "department", "township_liaison"])
def test_revise_refuses_whoever_is_not_the_task_force(session, as_, role):
    with pytest.raises(PermissionDenied):
        actions.revise(session, as_(role), **ONE)


def test_nothing_is_saved_when_the_audit_fails(session, as_, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("disk full")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        actions.revise(session, as_("task_force"), **ONE)
    assert count(session) == 0


def test_listing_ignores_other_counties(session, as_):
    actions.revise(session, as_("canary_task_force"), **(ONE | {"county_code": world.CANARY, "basis": "CANARY"}))
    assert listing(session, as_("task_force")).empty
    with pytest.raises(NotFound):
        targets.listing(session, as_("task_force"), county_code=world.CANARY)


@pytest.mark.parametrize("role", ["department", "village_recorder", "township_liaison"])
def test_listing_refuses_who_may_not_see_targets(session, as_, role):
    with pytest.raises(PermissionDenied):
        listing(session, as_(role))
