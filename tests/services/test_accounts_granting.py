"""Enabling, disabling, roles: nobody their own, and whatever takes a right away is over at once."""

import json

import pytest
from sqlalchemy import func, select, update

from models.rules.errors import NotFound, PermissionDenied, SignedOut
from models.tables import Account, AuditEvent
from services import audit
from services.access import Role, anonymous
from services.actions import accounts, sign_in
from services.queries import accounts as queries
from tests import world
from tests.services.administered import FIRST, refusal


def last_event(session):
    return session.scalars(select(AuditEvent).order_by(AuditEvent.at.desc(), AuditEvent.seq.desc()).limit(1)).one()


def test_disable_ends_it_in_the_middle_of_work_with_its_reason_in_the_trail(session, as_):
    working = as_("task_force")
    accounts.disable(session, as_("security_admin"), username="task_force", reason=" 调离本岗位 ")
    with pytest.raises(SignedOut):
        sign_in.set_preferences(session, working, language="en", large_type=False)
    told = last_event(session)
    assert (told.action, told.subject, told.reason) == ("accounts.disable", "task_force", "调离本岗位")
    assert (json.loads(told.old), json.loads(told.new)) == ({"active": True}, {"active": False, "sessions_ended": 1})
    accounts.enable(session, as_("security_admin"), username="task_force")
    with pytest.raises(SignedOut):
        as_("task_force")  # enabled, but the old session stays ended


def test_a_changed_role_holds_at_once_and_ends_the_sessions(session, as_):
    working = as_("task_force")
    accounts.change_role(
        session,
        as_("security_admin"),
        username="task_force",
        role="department",
        area_code=world.COUNTY,
        department_code=world.AGRI,
        reason="轮岗",
    )
    with pytest.raises(SignedOut):
        sign_in.set_preferences(session, working, language="en", large_type=False)
    told = last_event(session)
    assert json.loads(told.old) == {"role": "task_force", "area_code": world.COUNTY, "department_code": None}
    assert json.loads(told.new)["role"] == "department"
    assert told.reason == "轮岗"


def test_a_role_changed_behind_our_back_is_the_one_that_counts(session, as_):
    actor = as_("security_admin")
    session.execute(update(Account).where(Account.username == "security_admin").values(role="auditor"))
    with pytest.raises(PermissionDenied):
        accounts.enable(session, actor, username="task_force")


def test_disabling_and_changing_a_role_need_a_reason(session, as_):
    security = as_("security_admin")
    changed = {"username": "task_force", "role": "auditor", "area_code": world.COUNTY, "department_code": None}
    for reason in ("", "   ", "x" * 501):
        assert refusal(accounts.disable, session, security, username="task_force", reason=reason).startswith("reason_")
        assert refusal(accounts.change_role, session, security, **changed, reason=reason).startswith("reason_")
    assert session.get_one(Account, "task_force").role == "task_force"


def test_nobody_does_anything_of_this_to_their_own_account(session, as_):
    security, system = as_("security_admin"), as_("system_admin")
    mine = {"username": "security_admin"}
    place = {"role": "system_admin", "area_code": world.COUNTY, "department_code": None}
    assert refusal(accounts.enable, session, security, **mine) == "own_account"
    assert refusal(accounts.disable, session, security, **mine, reason="x") == "own_account"
    assert refusal(accounts.change_role, session, security, **mine, **place, reason="x") == "own_account"
    assert refusal(accounts.unlock, session, security, **mine) == "own_account"
    assert refusal(accounts.end_sessions, session, security, **mine) == "own_account"
    assert refusal(accounts.reset_password, session, system, username="system_admin", password_hash=FIRST) == "own_account"


def test_the_two_administrators_cannot_do_each_others_work(session, as_):
    for act in (accounts.enable, accounts.unlock, accounts.end_sessions):
        with pytest.raises(PermissionDenied):
            act(session, as_("system_admin"), username="task_force")
    with pytest.raises(PermissionDenied):
        accounts.reset_password(session, as_("security_admin"), username="task_force", password_hash=FIRST)


def test_accounts_outside_the_area_are_not_found_whatever_is_asked(session, as_):
    security, system = as_("security_admin"), as_("system_admin")
    place = {"role": "task_force", "area_code": world.COUNTY, "department_code": None}
    asked = [
        (accounts.enable, security, {}),
        (accounts.disable, security, {"reason": "x"}),
        (accounts.change_role, security, place | {"reason": "x"}),
        (accounts.unlock, security, {}),
        (accounts.end_sessions, security, {}),
        (accounts.reset_password, system, {"password_hash": FIRST}),
        (queries.one, system, {"as_of": world.NOW}),
    ]
    for username in ("canary_task_force", "prefecture_viewer", "nobody"):
        for act, actor, values in asked:
            with pytest.raises(NotFound):
                act(session, actor, username=username, **values)


def test_a_role_cannot_be_granted_outside_or_above_the_own_area(session, as_):
    security = as_("security_admin")
    for role, area in (("prefecture_viewer", world.PREFECTURE), ("task_force", world.CANARY), ("auditor", world.PREFECTURE)):
        place = {"role": role, "area_code": area, "department_code": None}
        assert refusal(accounts.change_role, session, security, username="task_force", **place, reason="x") == "no_such_area"


def test_moving_an_account_to_another_county_is_told_in_both(session, as_, pref_admins):
    place = {"role": "task_force", "area_code": world.CANARY, "department_code": None}
    accounts.change_role(session, as_("pref_security"), username="task_force", **place, reason="调动")
    found = session.scalars(select(AuditEvent.county_code).where(AuditEvent.action == "accounts.change_role"))
    assert sorted(found) == [world.COUNTY, world.CANARY]
    assert audit.first_broken(session, world.COUNTY) is None


def test_what_is_already_so_is_said_and_not_told_twice(session, as_):
    security = as_("security_admin")
    assert refusal(accounts.enable, session, security, username="task_force") == "account_already"
    assert refusal(accounts.unlock, session, security, username="task_force") == "account_already"
    same = {"role": "task_force", "area_code": world.COUNTY, "department_code": None}
    assert refusal(accounts.change_role, session, security, username="task_force", **same, reason="x") == "account_already"
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_unlock_lets_somebody_try_again(session, as_):
    for _ in range(5):
        sign_in.attempt(session, anonymous(world.NOW), username="task_force")
    accounts.unlock(session, as_("security_admin"), username="task_force")
    assert sign_in.attempt(session, anonymous(world.NOW), username="task_force") == world.PASSWORD_HASH
    assert json.loads(last_event(session).old)["failures"] == 5


def test_end_sessions_signs_out_everywhere_and_leaves_the_account(session, as_):
    sign_in.succeed(
        session, anonymous(world.NOW), username="task_force", compared=world.PASSWORD_HASH, session_id="s", ticket="t"
    )
    assert accounts.end_sessions(session, as_("security_admin"), username="task_force").sessions_ended == 2
    with pytest.raises(SignedOut):
        as_("task_force")
    assert session.get_one(Account, "task_force").active


@pytest.mark.parametrize("role", ["security_admin", "auditor"])
def test_who_grants_a_role_that_watches_cannot_let_it_in_alone(session, as_, role):
    world.add_account(session, "second_security", Role.SECURITY_ADMIN, world.COUNTY)
    session.commit()
    place = {"role": role, "area_code": world.COUNTY, "department_code": None}
    accounts.change_role(session, as_("security_admin"), username="task_force", **place, reason="轮岗")
    told = last_event(session)
    assert (json.loads(told.old)["active"], json.loads(told.new)["active"]) == (True, False)
    assert session.get_one(Account, "task_force").active is False
    assert refusal(accounts.enable, session, as_("security_admin"), username="task_force") == "granted_by_you"
    assert accounts.enable(session, as_("second_security"), username="task_force")
    assert session.get_one(Account, "task_force").active
    accounts.reset_password(session, as_("system_admin"), username="task_force", password_hash=FIRST)
    assert accounts.enable(session, as_("security_admin"), username="task_force")  # two people have agreed on the role


def test_a_role_that_watches_nobody_is_granted_by_one(session, as_):
    place = {"area_code": world.COUNTY, "department_code": None, "reason": "轮岗"}
    accounts.change_role(session, as_("security_admin"), username="task_force", role="compliance_officer", **place)
    assert session.get_one(Account, "task_force").active
    accounts.change_role(session, as_("security_admin"), username="task_force", role="auditor", **place)
    accounts.change_role(session, as_("security_admin"), username="task_force", role="task_force", **place)
    assert accounts.enable(session, as_("security_admin"), username="task_force")


def test_an_account_made_to_watch_is_enabled_by_the_one_who_did_not_make_it(session, as_):
    accounts.create(
        session, as_("system_admin"), username="new.auditor", name="新", role="auditor", area_code=world.COUNTY,
        department_code=None, password_hash=FIRST,
    )  # fmt: skip
    assert accounts.enable(session, as_("security_admin"), username="new.auditor")
