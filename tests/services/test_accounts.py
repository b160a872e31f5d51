"""Accounts: two administrators for each, nobody their own, and whatever takes a right away is over at once."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, update

from models.rules.errors import AppError, NotFound, PermissionDenied, SignedOut
from models.tables import Account, AuditEvent, LoginSession, SignInFailure
from services import audit, passwords
from services.access import SYSTEM_CHAIN, Role, anonymous
from services.actions import accounts, sign_in
from services.queries import accounts as queries
from tests import world

FIRST = "k7mn-3xqp-ab9d"
NEW = {
    "username": "zhang.san",
    "name": "张三",
    "role": "village_recorder",
    "area_code": world.VILLAGE_B2,
    "department_code": None,
}


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "HASH_COST", 4)
    passwords.nobody_hash.cache_clear()
    yield
    passwords.nobody_hash.cache_clear()


@pytest.fixture
def pref_admins(session):
    """A system and a security administrator of the prefecture."""
    world.add_account(session, "pref_system", Role.SYSTEM_ADMIN, world.PREFECTURE)
    world.add_account(session, "pref_security", Role.SECURITY_ADMIN, world.PREFECTURE)
    session.commit()


def create(session, actor, **values):
    return accounts.create(session, actor, **(NEW | {"password": FIRST} | values))


def refusal(act, *args, **params):
    with pytest.raises(AppError) as refused:
        act(*args, **params)
    return refused.value.code


def last_event(session):
    return session.scalars(select(AuditEvent).order_by(AuditEvent.at.desc(), AuditEvent.seq.desc()).limit(1)).one()


# creating


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
    ({"password": "short"}, "password_short"),
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


# passwords


def test_reset_password_signs_out_unlocks_and_asks_for_an_own_one(session, as_):
    for _ in range(5):
        sign_in.attempt(session, anonymous(world.NOW), username="task_force")
    receipt = accounts.reset_password(session, as_("system_admin"), username="task_force", password=FIRST)
    assert receipt.sessions_ended == 1
    with pytest.raises(SignedOut):
        as_("task_force")
    account = session.get_one(Account, "task_force")
    assert account.must_change
    assert account.password_hash != world.PASSWORD_HASH
    assert session.get(SignInFailure, "task_force") is None


@pytest.mark.parametrize(("username", "stays_active"), [("security_admin", False), ("auditor", False), ("task_force", True)])
def test_whoever_watches_the_administrators_is_disabled_by_a_reset(session, as_, username, stays_active):
    accounts.reset_password(session, as_("system_admin"), username=username, password=FIRST)
    assert session.get_one(Account, username).active is stays_active


def test_no_password_and_no_hash_is_ever_in_the_trail(session, as_):
    create(session, as_("system_admin"))
    accounts.reset_password(session, as_("system_admin"), username="zhang.san", password=FIRST)
    told = json.dumps([[row.old, row.new, row.reason, row.subject] for row in session.scalars(select(AuditEvent))])
    assert FIRST not in told
    assert "$2b$" not in told
    assert "password_hash" not in told


# enabling, disabling, roles


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
    assert refusal(accounts.reset_password, session, system, username="system_admin", password=FIRST) == "own_account"


def test_the_two_administrators_cannot_do_each_others_work(session, as_):
    for act in (accounts.enable, accounts.unlock, accounts.end_sessions):
        with pytest.raises(PermissionDenied):
            act(session, as_("system_admin"), username="task_force")
    with pytest.raises(PermissionDenied):
        accounts.reset_password(session, as_("security_admin"), username="task_force", password=FIRST)


def test_accounts_outside_the_area_are_not_found_whatever_is_asked(session, as_):
    security, system = as_("security_admin"), as_("system_admin")
    place = {"role": "task_force", "area_code": world.COUNTY, "department_code": None}
    asked = [
        (accounts.enable, security, {}),
        (accounts.disable, security, {"reason": "x"}),
        (accounts.change_role, security, place | {"reason": "x"}),
        (accounts.unlock, security, {}),
        (accounts.end_sessions, security, {}),
        (accounts.reset_password, system, {"password": FIRST}),
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


def test_nothing_is_saved_when_the_trail_cannot_be_written(session, as_, monkeypatch):
    sign_in.attempt(session, anonymous(world.NOW), username="recorder_a2")
    session.execute(update(Account).where(Account.username == "recorder_b1").values(active=False))
    session.commit()
    before = _everything(session)

    def broken(*_args, **_kwargs):
        raise RuntimeError("no disk")

    monkeypatch.setattr(audit, "record", broken)
    place = {"role": "village_recorder", "area_code": world.VILLAGE_B2, "department_code": None}
    given = {
        "create": NEW | {"password": FIRST},
        "reset_password": {"username": "recorder_a2", "password": FIRST},
        "enable": {"username": "recorder_b1"},
        "disable": {"username": "recorder_a2", "reason": "x"},
        "change_role": {"username": "recorder_a2", "reason": "x"} | place,
        "unlock": {"username": "recorder_a2"},
        "end_sessions": {"username": "recorder_a2"},
    }
    for act, values in given.items():
        actor = as_("system_admin" if act in ("create", "reset_password") else "security_admin")
        with pytest.raises(RuntimeError, match="no disk"):
            getattr(accounts, act)(session, actor, **values)
        assert _everything(session) == before, act


def _everything(session):
    session.expire_all()
    tables = (Account, LoginSession, SignInFailure, AuditEvent)
    return [sorted(map(repr, session.execute(select(*table.__table__.columns)).all())) for table in tables]


# reading


def test_the_list_holds_the_own_area_and_nothing_else(session, as_):
    found = queries.listing(session, as_("system_admin"), as_of=world.NOW, limit=200)
    assert "CANARY" not in found.to_string()
    assert "prefecture_viewer" not in set(found["username"])
    assert {"task_force", "recorder_b1", "township_liaison", "auditor"} <= set(found["username"])
    for reader in ("security_admin", "auditor"):
        assert len(queries.listing(session, as_(reader), as_of=world.NOW, limit=200)) == len(found)


def test_the_prefecture_sees_every_county_of_it_and_itself(session, as_, pref_admins):
    found = set(queries.listing(session, as_("pref_system"), as_of=world.NOW, limit=200)["username"])
    assert {"canary_task_force", "task_force", "prefecture_viewer", "pref_system"} <= found


def test_the_list_never_carries_a_hash(session, as_):
    found = queries.listing(session, as_("auditor"), as_of=world.NOW)
    assert world.PASSWORD_HASH not in found.to_string()
    assert world.PASSWORD_HASH not in repr(queries.one(session, as_("auditor"), username="task_force", as_of=world.NOW))


def test_states_are_told_apart_and_counted(session, as_):
    security, system = as_("security_admin"), as_("system_admin")
    create(session, system)  # waits to be enabled
    create(session, system, username="li.si")
    accounts.enable(session, security, username="li.si")  # never signed in
    accounts.disable(session, security, username="recorder_b1", reason="x")
    session.execute(update(Account).where(Account.username == "recorder_a2").values(must_change=True))
    for _ in range(5):
        sign_in.attempt(session, anonymous(world.NOW), username="task_force")  # locked
    states = {
        row["username"]: row["state"] for row in queries.listing(session, system, as_of=world.NOW, limit=200).to_dict("records")
    }
    assert (states["zhang.san"], states["li.si"], states["recorder_b1"]) == ("waiting", "never", "disabled")
    assert (states["recorder_a2"], states["task_force"], states["auditor"]) == ("must_change", "locked", "active")
    tally = queries.tally(session, system, as_of=world.NOW)
    assert tally == {state: list(states.values()).count(state) for state in queries.STATES}
    later = world.NOW + timedelta(minutes=15)
    assert queries.one(session, system, username="task_force", as_of=later).state == "active"
    assert list(queries.listing(session, system, as_of=world.NOW, state="never")["username"]) == ["li.si"]


def test_search_looks_at_names_places_and_departments(session, as_):
    with_underscore = {"recorder_a2", "recorder_b1", "village_recorder", "township_liaison", "task_force", "compliance_officer"}
    wanted = {
        "RECORDER_A2": {"recorder_a2"},
        "柳河": {"recorder_a2"},
        "大坪": {"recorder_b1"},
        "daping": {"recorder_b1"},
        "农业": {"department"},
        "%": set(),
        "_": with_underscore | {"system_admin", "security_admin"},
        "canary": set(),
    }
    for search, found in wanted.items():
        listed = queries.listing(session, as_("auditor"), as_of=world.NOW, search=search, limit=200)
        assert set(listed["username"]) == found, search
        assert sum(queries.tally(session, as_("auditor"), as_of=world.NOW, search=search).values()) == len(found)


def test_a_role_can_be_chosen_and_pages_do_not_overlap(session, as_):
    actor = as_("auditor")
    recorders = queries.listing(session, actor, as_of=world.NOW, role="village_recorder")
    assert set(recorders["role"]) == {"village_recorder"}
    whole = list(queries.listing(session, actor, as_of=world.NOW, limit=200)["username"])
    pages = [
        list(queries.listing(session, actor, as_of=world.NOW, limit=4, offset=at)["username"]) for at in range(0, len(whole), 4)
    ]
    assert [name for page in pages for name in page] == whole


def test_the_list_costs_the_same_statements_for_thousands(session, as_):
    system = as_("system_admin")

    def statements():
        seen = []

        def note(*_args):
            seen.append(1)

        event.listen(session.get_bind(), "before_cursor_execute", note)
        queries.listing(session, system, as_of=world.NOW)
        queries.tally(session, system, as_of=world.NOW)
        event.remove(session.get_bind(), "before_cursor_execute", note)
        return len(seen)

    few = statements()
    session.add_all(
        Account(
            username=f"many{n}",
            name="many",
            role="village_recorder",
            area_code=world.VILLAGE_A1,
            password_hash="x",
            must_change=True,
            active=True,
            changed_at=world.NOW,
        )
        for n in range(1500)
    )
    session.flush()
    assert statements() == few
    assert len(queries.listing(session, system, as_of=world.NOW, limit=5000)) == queries.MOST
    assert queries.tally(session, system, as_of=world.NOW)["never"] == 1500


def test_one_account_tells_failures_and_open_browsers(session, as_):
    sign_in.attempt(session, anonymous(world.NOW), username="task_force")
    sign_in.attempt(session, anonymous(world.NOW), username="recorder_a2")
    sign_in.succeed(
        session, anonymous(world.NOW), username="recorder_a2", compared=world.PASSWORD_HASH, session_id="s", ticket="t"
    )
    card = queries.one(session, as_("security_admin"), username="task_force", as_of=world.NOW)
    assert (card.failures, card.locked_until, card.open_sessions, card.state) == (1, None, 1, "active")
    card = queries.one(session, as_("security_admin"), username="recorder_a2", as_of=world.NOW)
    assert (card.failures, card.open_sessions) == (0, 2)


def test_places_to_choose_are_those_of_the_own_area(session, as_):
    system = as_("system_admin")
    assert list(queries.areas(session, system, level="county")) == [world.COUNTY]
    assert list(queries.areas(session, system, level="village", parent_code=world.TOWN_B)) == [world.VILLAGE_B1, world.VILLAGE_B2]
    assert queries.areas(session, system, level="village", parent_code=world.TOWN_C) == {}
    assert queries.areas(session, system, level="prefecture") == {}
    assert world.CANARY_DEPT not in queries.departments(session, system, county_code=world.COUNTY)
    assert queries.departments(session, system, county_code=world.CANARY) == {}
