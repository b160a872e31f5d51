"""Roles, scope and chains: what is not given is refused."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from models.rules.area import Level, level_of
from models.rules.errors import InvalidInput, NotFound, PermissionDenied, SignedOut
from models.tables import Account, ObservationPoint, WeeklyLog
from services import access
from services.access import ROLES, SYSTEM_CHAIN, Actor, Permission, Role, anonymous
from services.permissions_page import permissions_page
from services.usecase import USE_CASES, query
from tests import world


def test_the_actor_of_a_session_is_what_the_database_says_now(session, as_):
    actor = as_("township_liaison")
    assert (actor.role, actor.area_code, actor.county_codes) == (Role.TOWNSHIP_LIAISON, world.TOWN_A, (world.COUNTY,))
    session.execute(update(Account).where(Account.username == "township_liaison").values(role="auditor", area_code=world.COUNTY))
    assert access.refresh(session, actor, Permission.VIEW_AUDIT).role is Role.AUDITOR
    with pytest.raises(PermissionDenied):
        access.refresh(session, actor, Permission.VIEW_TRENDS)


def test_a_prefecture_holds_all_its_counties_and_a_county_itself(session, as_):
    assert as_("prefecture_viewer").county_codes == (world.COUNTY, world.CANARY)
    assert as_("task_force").county_codes == (world.COUNTY,)


def test_a_role_that_this_version_does_not_know_gives_no_rights_at_all(session):
    session.execute(update(Account).where(Account.username == "task_force").values(role="emperor"))
    with pytest.raises(SignedOut):
        access.actor_of(session, "session-task_force", world.NOW)


def test_an_unknown_session_is_nobody(session):
    with pytest.raises(SignedOut):
        access.actor_of(session, "no such session", world.NOW)


def test_asking_for_a_county_is_being_allowed_to(as_):
    assert access.county_of(as_("task_force"), world.COUNTY) == world.COUNTY
    for code in (world.CANARY, "", "99", world.PREFECTURE):
        with pytest.raises(NotFound):
            access.county_of(as_("task_force"), code)


def test_rows_are_those_of_the_own_area(session, as_):
    def seen(username):
        mine = access.in_scope(as_(username), ObservationPoint.county_code, ObservationPoint.village_code)
        return set(session.scalars(select(ObservationPoint.village_code).where(mine)))

    assert seen("village_recorder") == {world.VILLAGE_A1}
    assert seen("township_liaison") == {world.VILLAGE_A1, world.VILLAGE_A2}
    assert seen("task_force") == {world.VILLAGE_A1, world.VILLAGE_A2, world.VILLAGE_B1, world.VILLAGE_B2}
    assert seen("canary_task_force") == {world.VILLAGE_C1, world.VILLAGE_C2}
    assert len(seen("prefecture_viewer")) == 6


def test_nobody_sees_no_rows(session):
    nothing = access.in_scope(anonymous(world.NOW), ObservationPoint.county_code)
    assert session.scalars(select(ObservationPoint.village_code).where(nothing)).all() == []


def test_every_role_may_edit_its_own_account_and_none_may_sign_in_again():
    for rights in ROLES.values():
        assert Permission.EDIT_OWN_ACCOUNT in rights.permissions
        assert Permission.SIGN_IN not in rights.permissions


def test_administrators_hold_no_business_permission_and_share_no_right_to_change():
    business = {p for p in Permission if p.value.split("_", 1)[1] not in ("accounts", "audit", "own_account", "roles", "in")}
    administrators = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
    for role in administrators:
        assert not ROLES[role].permissions & business
    changing = {Permission.CREATE_ACCOUNTS, Permission.GRANT_ROLES}
    for permission in changing:
        assert len([role for role in ROLES if permission in ROLES[role].permissions]) == 1
    assert not ROLES[Role.AUDITOR].permissions & changing


def test_before_the_first_own_password_nothing_but_the_own_account_is_open():
    for role in Role:
        actor = Actor(world.NOW, "x", "x", role, must_change=True)
        assert {p for p in Permission if actor.can(p)} == {Permission.EDIT_OWN_ACCOUNT}


def test_in_scope_holds_the_county_apart_even_where_the_villages_would_fit(session, as_):
    """Rows of another county that carry a village code of ours: only the condition on the county keeps them out."""
    for county in (world.COUNTY, world.CANARY):
        log = {"week": world.WEEK.monday, "village_code": world.VILLAGE_A1, "saved_at": world.NOW}
        session.execute(insert(WeeklyLog).values(county_code=county, **log, state="draft", zero=False, seconds=0, version=1))
    for username in ("village_recorder", "township_liaison", "task_force", "prefecture_viewer"):
        actor = as_(username)
        found = session.scalars(
            select(WeeklyLog.county_code).where(access.in_scope(actor, WeeklyLog.county_code, WeeklyLog.village_code))
        )
        assert set(found) == set(actor.county_codes), username
        assert (username == "prefecture_viewer") == (world.CANARY in actor.county_codes)


def test_the_chain_of_an_area_is_its_countys_or_the_systems():
    for area in (world.COUNTY, world.TOWN_A, world.VILLAGE_A1):
        assert access.chain_of(area) == world.COUNTY
    for area in (world.PREFECTURE, "990000000000", "", SYSTEM_CHAIN):
        assert access.chain_of(area) == SYSTEM_CHAIN


def test_the_systems_chain_is_read_from_the_prefecture_up(as_):
    assert access.chains_of(as_("auditor")) == (world.COUNTY,)
    assert access.chains_of(as_("prefecture_viewer")) == (world.COUNTY, world.CANARY, SYSTEM_CHAIN)
    assert access.chains_of(as_("village_recorder")) == (world.COUNTY,)


def test_a_role_fits_the_levels_it_names_and_no_other():
    areas = {level_of(code): code for code in ("990000000000", world.PREFECTURE, world.COUNTY, world.TOWN_A, world.VILLAGE_A1)}
    for role, rights in ROLES.items():
        department = world.COUNTY if rights.needs_department else None
        for level, area in areas.items():
            if level in rights.levels:
                assert access.check_fit(role, area, department) is role
            else:
                with pytest.raises(InvalidInput):
                    access.check_fit(role, area, department)
    assert ROLES[Role.SYSTEM_ADMIN].levels == {Level.COUNTY, Level.PREFECTURE}


def test_every_clock_of_a_session_counts(session, as_):
    assert as_("task_force", world.NOW + timedelta(days=365)).username == "task_force"  # the world's sessions are long
    with pytest.raises(SignedOut):
        access.actor_of(session, "session-task_force", world.NOW.replace(year=2999, month=1, day=2))


def test_two_use_cases_cannot_share_a_name():
    def listing(session, actor):
        """Takes the place of services.queries.accounts.listing."""

    before = dict(USE_CASES)
    permissions_page()  # loads every use-case
    listing.__module__ = "elsewhere.accounts"
    with pytest.raises(ValueError, match=r"accounts\.listing"):
        query(Permission.VIEW_ACCOUNTS)(listing)
    assert USE_CASES["accounts.listing"].function.__module__ == "services.queries.accounts"
    assert set(before) <= set(USE_CASES)
