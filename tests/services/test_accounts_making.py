"""Making accounts and resetting passwords: the system administrator's part, whose work the security administrator completes."""

import json

import pytest
from sqlalchemy import func, select

from models.rules.errors import PermissionDenied, SignedOut
from models.tables import Account, AuditEvent, SignInFailure
from services import passwords
from services.access import SYSTEM_CHAIN, Role, anonymous
from services.actions import accounts, sign_in
from tests import world
from tests.services.administered import FIRST, create, refusal


def _hash(session):
    return session.get_one(Account, "zhang.san").password_hash


def test_create_works_and_the_account_waits_for_the_security_administrator(session, as_):
    assert create(session, as_("system_admin")).username == "zhang.san"
    made = session.get_one(Account, "zhang.san")
    assert (made.active, made.must_change, made.role, made.area_code) == (False, True, "village_recorder", world.VILLAGE_B2)
    with pytest.raises(SignedOut):
        sign_in.succeed(session, anonymous(world.NOW), username="zhang.san", compared=_hash(session), session_id="s", ticket="t")
    accounts.enable(session, as_("security_admin"), username="zhang.san")
    sign_in.succeed(session, anonymous(world.NOW), username="zhang.san", compared=_hash(session), session_id="s", ticket="t")
    assert world.actor_of(session, "s", world.NOW).must_change


def test_create_refuses_every_other_role(session, as_):
    for role in set(Role) - {Role.SYSTEM_ADMIN}:
        with pytest.raises(PermissionDenied):
            create(session, as_(role.value))


MISFITS = [
    ({"username": "张三"}, "bad_username"),
    ({"name": ""}, "bad_name"),
    ({"role": "emperor"}, "no_such_role"),
    ({"area_code": ""}, "area_missing"),
    ({"area_code": "992121999999"}, "no_such_area"),
    ({"area_code": world.VILLAGE_C1}, "no_such_area"),
    ({"area_code": world.PREFECTURE}, "no_such_area"),
    ({"role": "prefecture_viewer", "area_code": world.PREFECTURE}, "no_such_area"),
    ({"area_code": world.TOWN_A}, "role_level"),
    ({"role": "task_force"}, "role_level"),
    ({"role": "system_admin", "area_code": world.TOWN_A}, "role_level"),
    ({"role": "department", "area_code": world.COUNTY}, "department_missing"),
    ({"role": "department", "area_code": world.COUNTY, "department_code": "none"}, "department_missing"),
    ({"role": "department", "area_code": world.COUNTY, "department_code": world.CANARY_DEPT}, "department_missing"),
    ({"department_code": world.AGRI}, "department_needless"),
    ({"username": "task_force"}, "username_taken"),
    ({"username": "CANARY_task_force"}, "username_taken"),
]


def test_create_refuses_what_does_not_fit_and_stores_nothing(session, as_):
    before = session.scalar(select(func.count()).select_from(Account))
    for values, code in MISFITS:
        assert refusal(create, session, as_("system_admin"), **values) == code, values
    assert session.scalar(select(func.count()).select_from(Account)) == before


def test_create_accepts_what_fits(session, as_):
    fits = [
        ("township_liaison", world.TOWN_A, None),
        ("department", world.COUNTY, world.AGRI),
        ("department", world.COUNTY, world.TOWN_OFFICE),
        ("auditor", world.COUNTY, None),
    ]
    for n, (role, area, department) in enumerate(fits):
        create(session, as_("system_admin"), username=f"new{n}", role=role, area_code=area, department_code=department)
        assert session.get_one(Account, f"new{n}").department_code == department


def test_a_prefecture_administrator_makes_the_first_accounts_of_a_county_and_its_auditor_reads_of_it(session, as_, pref_admins):
    create(session, as_("pref_system"), username="first.admin", role="system_admin", area_code=world.COUNTY)
    create(session, as_("pref_system"), username="viewer", role="prefecture_viewer", area_code=world.PREFECTURE)
    chains = dict(session.execute(select(AuditEvent.subject, AuditEvent.county_code)).all())
    assert chains == {"first.admin": world.COUNTY, "viewer": SYSTEM_CHAIN}


def test_reset_password_signs_out_unlocks_and_asks_for_an_own_one(session, as_):
    for _ in range(5):
        sign_in.attempt(session, anonymous(world.NOW), username="task_force")
    receipt = accounts.reset_password(session, as_("system_admin"), username="task_force", password_hash=FIRST)
    assert receipt.sessions_ended == 1
    with pytest.raises(SignedOut):
        as_("task_force")
    account = session.get_one(Account, "task_force")
    assert account.must_change
    assert account.password_hash != world.PASSWORD_HASH
    assert session.get(SignInFailure, "task_force") is None


@pytest.mark.parametrize(("username", "stays_active"), [("security_admin", False), ("auditor", False), ("task_force", True)])
def test_whoever_watches_the_administrators_is_disabled_by_a_reset(session, as_, username, stays_active):
    accounts.reset_password(session, as_("system_admin"), username=username, password_hash=FIRST)
    assert session.get_one(Account, username).active is stays_active


def test_no_password_is_hashed_while_the_countys_other_writers_wait(session, as_, monkeypatch):
    monkeypatch.setattr(passwords.bcrypt, "hashpw", lambda *_: pytest.fail("hashed inside the transaction"))
    create(session, as_("system_admin"))
    accounts.reset_password(session, as_("system_admin"), username="zhang.san", password_hash=FIRST)


def test_a_password_is_stored_as_a_hash_of_todays_cost_or_not_at_all(session, as_):
    for wrong in ("k7mn-3xqp-ab9d", "", "$2b$10$" + "x" * 53):
        with pytest.raises(ValueError, match="bcrypt"):
            create(session, as_("system_admin"), password_hash=wrong)
        with pytest.raises(ValueError, match="bcrypt"):
            accounts.reset_password(session, as_("system_admin"), username="task_force", password_hash=wrong)
    assert session.get(Account, "zhang.san") is None


def test_no_password_and_no_hash_is_ever_in_the_trail(session, as_):
    create(session, as_("system_admin"))
    accounts.reset_password(session, as_("system_admin"), username="zhang.san", password_hash=FIRST)
    told = json.dumps([[row.old, row.new, row.reason, row.subject] for row in session.scalars(select(AuditEvent))])
    assert FIRST not in told
    assert "$2b$" not in told
    assert "password_hash" not in told
