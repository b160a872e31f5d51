"""Charts begun anew: for a reason, from a closed week, in one's own county."""

import pytest
from sqlalchemy import select

from models.rules.errors import Conflict, InvalidInput, NotAllowedNow, NotFound, PermissionDenied
from models.tables import AuditEvent, Rebase
from services.actions import rebases
from tests import world
from tests.logged import week_of
from tests.world import TOWN_A, TOWN_C, VILLAGE_A1, WEEK

ONE = {"county_code": world.COUNTY, "measure": "meeting", "week": WEEK - 4, "reason": "撤乡并镇，监测点重新划分"}


@pytest.fixture(autouse=True)
def logged(session):
    week_of(session, VILLAGE_A1, WEEK - 9)
    session.commit()


def test_add_works(session, as_):
    assert rebases.add(session, as_("task_force"), **ONE) == (WEEK - 4).monday
    row = session.scalars(select(Rebase)).one()
    assert (row.area_code, row.created_by, row.reason) == (world.COUNTY, "task_force", ONE["reason"])
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert (event.action, event.reason) == ("rebases.add", ONE["reason"])


@pytest.mark.parametrize(
    ("change", "kind", "code", "field"),
    [
        ({"reason": " 并村 "}, InvalidInput, "rebase_reason", "reason"),
        ({"reason": "x" * 501}, InvalidInput, "text_long", "reason"),
        ({"measure": "gossip"}, InvalidInput, "bad_measure", "measure"),
        ({"week": WEEK - 1}, NotAllowedNow, "rebase_open_week", "week"),
        ({"week": WEEK + 1}, NotAllowedNow, "rebase_open_week", "week"),
        ({"week": WEEK - 9}, InvalidInput, "rebase_early", "week"),
        ({"township_code": TOWN_C}, NotFound, "no_such_area", "week"),
        ({"township_code": VILLAGE_A1}, NotFound, "no_such_area", "week"),
        ({"county_code": world.CANARY}, NotFound, "no_such_county", None),
    ],
)
def test_what_makes_no_sense_is_refused(session, as_, change, kind, code, field):
    with pytest.raises(kind) as refused:
        rebases.add(session, as_("task_force"), **(ONE | change))
    assert (refused.value.code, refused.value.field) == (code, field)
    assert session.scalars(select(Rebase)).all() == []


def test_the_same_week_twice_is_a_conflict_but_not_for_another_area(session, as_):
    rebases.add(session, as_("task_force"), **ONE)
    with pytest.raises(Conflict):
        rebases.add(session, as_("task_force"), **ONE)
    rebases.add(session, as_("task_force"), **ONE, township_code=TOWN_A)
    assert len(session.scalars(select(Rebase)).all()) == 2


def test_withdraw_keeps_both_reasons_in_the_trail(session, as_):
    with pytest.raises(NotFound):
        rebases.withdraw(session, as_("task_force"), **ONE)
    rebases.add(session, as_("task_force"), **ONE)
    rebases.withdraw(session, as_("task_force"), **(ONE | {"reason": "查实后不需要重新起算"}))
    assert session.scalars(select(Rebase)).all() == []
    event = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert (ONE["reason"] in event.old, event.reason) == (True, "查实后不需要重新起算")


@pytest.mark.parametrize("role", ["compliance_officer", "township_liaison", "prefecture_viewer", "department"])
def test_who_may_not_change_targets_may_not_do_it(session, as_, role):
    with pytest.raises(PermissionDenied):
        rebases.add(session, as_(role), **ONE)
