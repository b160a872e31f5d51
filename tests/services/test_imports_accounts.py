"""Accounts from a file: made disabled, never given a right, all or none."""

import json

import pytest
from sqlalchemy import select

from models.rules.errors import ImportRefused, InvalidInput, PermissionDenied
from models.tables import Account, AuditEvent
from services.access import Role
from services.actions import imports as do
from services.imports import accounts
from services.queries import imports as see
from tests import world
from tests.services.imported import csv_file, excel_file, refused, row_counts
from ui.i18n import LANGUAGES, translator

HEADER = ("username", "name", "role", "area_code", "department_code", "password")
RECORDER = ("Cun1", "石门村填报员", "village_recorder", world.VILLAGE_B1, "", "")
OFFICER = ("agri", "联络员", "县直部门", 992121, world.AGRI, "a long secret 7")
TODAYS_HASH = "$2b$12$" + "x" * 53


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Real hashing costs a quarter of a second each, and is tested elsewhere."""
    monkeypatch.setattr(accounts, "hash_password", lambda password: f"$2b$12${password}"[:60])


def plan(session, actor, content):
    return see.accounts_plan(session, actor, content=content, filename="a.csv")


def apply(session, actor, content):
    hashes = dict.fromkeys(("cun1", "agri"), TODAYS_HASH)
    return do.accounts_apply(session, actor, content=content, filename="a.csv", hashes=hashes)


@pytest.mark.parametrize("made", [csv_file, excel_file])
def test_accounts_are_made_disabled_and_must_change_their_password(session, as_, made):
    content = made(HEADER, RECORDER, OFFICER)
    assert plan(session, as_("system_admin"), content).new == 2
    apply(session, as_("system_admin"), content)
    account = session.get_one(Account, "agri")
    assert (account.active, account.must_change, account.role, account.area_code) == (False, True, "department", world.COUNTY)
    assert (account.department_code, account.password_hash) == (world.AGRI, TODAYS_HASH)
    assert session.get_one(Account, "cun1").active is False


def test_the_same_file_twice_changes_nothing(session, as_):
    content = csv_file(HEADER, RECORDER, OFFICER)
    apply(session, as_("system_admin"), content)
    assert apply(session, as_("system_admin"), content).changes_nothing


def test_a_name_is_corrected_and_nothing_else(session, as_):
    row = ("village_recorder", "新名字", "village_recorder", world.VILLAGE_A1, "", "")
    found = apply(session, as_("system_admin"), csv_file(HEADER, row))
    assert (found.changed, found.rows.loc[0, "old"]) == (1, {"name": "village_recorder"})
    assert session.get_one(Account, "village_recorder").name == "新名字"
    assert session.get_one(Account, "village_recorder").active is True


def test_first_passwords_are_the_files_or_made_from_the_numbers_given(session, as_):
    content = csv_file(HEADER, RECORDER, OFFICER, ("task_force", "task_force", "task_force", world.COUNTY, "", ""))
    found = plan(session, as_("system_admin"), content)
    passwords = accounts.first_passwords(content, found, bytes(range(24)))
    assert passwords == {"cun1": "abcd-efgh-jkmn", "agri": "a long secret 7"}
    assert accounts.hashed(passwords)["agri"].startswith("$2b$12$a long")


def test_an_account_without_a_proper_hash_is_refused_and_nothing_is_stored(session, as_, engine):
    before = row_counts(engine)
    for hashes in ({"cun1": TODAYS_HASH}, {"cun1": TODAYS_HASH, "agri": "$2b$04$cheap"}, {"cun1": TODAYS_HASH, "agri": "plain"}):
        with pytest.raises(InvalidInput):
            do.accounts_apply(
                session, as_("system_admin"), content=csv_file(HEADER, RECORDER, OFFICER), filename="a.csv", hashes=hashes
            )
    session.rollback()
    assert row_counts(engine) == before


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (("x", "名", "village_recorder", world.VILLAGE_A1, "", ""), "bad_username"),
        (("村 一", "名", "village_recorder", world.VILLAGE_A1, "", ""), "bad_username"),
        (("new1", "", "village_recorder", world.VILLAGE_A1, "", ""), "bad_name"),
        (("new1", "名", "king", world.VILLAGE_A1, "", ""), "no_such_role"),
        (("new1", "名", "village_recorder", world.TOWN_A, "", ""), "role_level"),
        (("new1", "名", "village_recorder", world.VILLAGE_C1, "", ""), "area_outside"),
        (("new1", "名", "prefecture_viewer", world.PREFECTURE, "", ""), "area_outside"),
        (("new1", "名", "village_recorder", "992121100999", "", ""), "area_outside"),
        (("new1", "名", "village_recorder", "9.92121E+11", "", ""), "code_scientific"),
        (("new1", "名", "department", world.COUNTY, "", ""), "department_missing"),
        (("new1", "名", "department", world.COUNTY, "nobody", ""), "department_missing"),
        (("new1", "名", "department", world.COUNTY, world.CANARY_DEPT, ""), "department_missing"),
        (("new1", "名", "task_force", world.COUNTY, world.AGRI, ""), "department_needless"),
        (("new1", "名", "task_force", world.COUNTY, "", "short"), "password_short"),
        (("new1", "名", "task_force", world.COUNTY, "", "=a long secret 7"), "password_formula"),
        (("new1", "名", "task_force", world.COUNTY, "", "@a long secret 7"), "password_formula"),
        (("new1", "名", "task_force", world.COUNTY, "", "new1 is my name"), "password_weak"),
        (("auditor", "名", "task_force", world.COUNTY, "", ""), "account_rights"),
        (("canary_recorder", "名", "task_force", world.COUNTY, "", ""), "username_taken"),
        (("CUN1", "名", "village_recorder", world.VILLAGE_A1, "", ""), "username_twice"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_stored(session, as_, engine, row, code):
    before = row_counts(engine)
    content = csv_file(HEADER, RECORDER, row)
    assert refused(apply, session, as_("system_admin"), content) == [(3, code)]
    assert refused(plan, session, as_("system_admin"), content) == [(3, code)]
    session.rollback()
    assert row_counts(engine) == before


def test_an_unknown_area_is_quoted_as_the_file_has_it(session, as_):
    with pytest.raises(ImportRefused) as refusal:
        plan(session, as_("system_admin"), csv_file(HEADER, ("new1", "名", "township_liaison", "992121999", "", "")))
    assert [problem.value for problem in refusal.value.problems] == ["992121999"]


def test_a_refused_password_is_not_repeated(session, as_):
    with pytest.raises(Exception, match="import_refused") as caught:
        plan(session, as_("system_admin"), csv_file(HEADER, (*RECORDER[:5], "cun1cun1cun1")))
    assert "cun1cun1" not in repr(caught.value.problems)


def test_too_many_at_once_are_refused(session, as_, monkeypatch):
    monkeypatch.setattr(accounts, "MOST", 1)
    assert refused(plan, session, as_("system_admin"), csv_file(HEADER, RECORDER, OFFICER)) == [(0, "accounts_many")]


def test_it_is_audited_in_the_county_without_any_secret(session, as_):
    apply(session, as_("system_admin"), csv_file(HEADER, RECORDER, OFFICER))
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "imports.accounts_apply")).one()
    assert event.county_code == world.COUNTY
    assert json.loads(event.new)["rows"]["agri"]["role"] == "department"
    assert "secret" not in event.new
    assert TODAYS_HASH not in event.new


def test_a_role_may_be_written_as_any_screen_says_it(session, as_):
    said = {translator(language)(f"role.{role}"): role.value for role in Role for language in LANGUAGES}
    said |= {"县级专班": "task_force", "督查人员": "compliance_officer", "州级查看": "prefecture_viewer", "审计员": "auditor"}
    assert len(said) == 2 * len(Role) + 4
    for name, role in (said | {role.value: role.value for role in Role}).items():
        assert accounts.ROLES[name.lower()] == role
    for name in ("县减负专班", "County Task Force", "task_force"):
        assert plan(session, as_("system_admin"), csv_file(HEADER, ("new1", "名", name, world.COUNTY, "", ""))).new == 1


def test_a_user_name_that_comes_twice_is_told_with_the_line_it_was_in_before(session, as_):
    with pytest.raises(ImportRefused) as caught:
        plan(session, as_("system_admin"), csv_file(HEADER, RECORDER, OFFICER, RECORDER))
    assert [(one.line, one.code, one.value) for one in caught.value.problems] == [(4, "username_twice", "2")]


@pytest.mark.parametrize("who", ["security_admin", "auditor", "task_force"])
def test_only_the_system_administrator_imports_accounts(session, as_, who):
    with pytest.raises(PermissionDenied):
        plan(session, as_(who), csv_file(HEADER, RECORDER))
