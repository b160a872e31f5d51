"""Signing in: counted, locked, kept on the server, and over at once when it should be."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from models.db import open_session
from models.rules.errors import AppError, InvalidInput, NotAllowedNow, PermissionDenied, SignedOut
from models.tables import Account, AuditEvent, LoginSession, SignInFailure
from services import passwords, sessions
from services.access import SYSTEM_CHAIN, actor_of, anonymous
from services.actions import accounts, sign_in
from services.usecase import USE_CASES
from tests import world
from tests.services.entering import SECOND, WHOLE, enter, fail

NEW = "a brand new one 2026"
NEW_HASH = "$2b$04$" + "n" * 53
CHANGE = {"old": world.PASSWORD, "compared": world.PASSWORD_HASH, "new": NEW, "repeated": NEW, "new_hash": NEW_HASH}
pytestmark = pytest.mark.usefixtures("cheap_hashes")


def code_of(act, *args, **params):
    with pytest.raises(AppError) as refused:
        act(*args, **params)
    return refused.value.code


# counting and locking


def test_five_failures_lock_a_name_for_fifteen_minutes_whether_there_is_such_an_account_or_not(session):
    almost = world.NOW + timedelta(minutes=15) - SECOND
    for username in ("task_force", "nobody.of.this.name", "\x00\u200b", "x" * 500):
        fail(session, username, 5)
        assert code_of(sign_in.attempt, session, anonymous(world.NOW), username=username) == "locked_out"
        assert code_of(sign_in.attempt, session, anonymous(almost), username=username) == "locked_out"
        assert sign_in.attempt(session, anonymous(almost + SECOND), username=username)


def test_four_failures_do_not_lock_and_a_right_password_forgets_them(session):
    fail(session, "task_force", 4)
    sign_in.attempt(session, anonymous(world.NOW), username="task_force")
    enter(session)
    assert session.get(SignInFailure, "task_force") is None
    fail(session, "task_force", 4)


def test_the_fifth_try_may_still_be_the_right_one(session):
    fail(session, "task_force", 4)
    assert sign_in.attempt(session, anonymous(world.NOW), username="task_force") == world.PASSWORD_HASH
    enter(session)
    assert sign_in.attempt(session, anonymous(world.NOW), username="task_force")


def test_a_lock_that_ran_out_leaves_five_new_tries(session):
    fail(session, "task_force", 5)
    later = world.NOW + timedelta(minutes=15)
    fail(session, "task_force", 5, later)
    assert code_of(sign_in.attempt, session, anonymous(later), username="task_force") == "locked_out"


def test_how_long_the_lock_lasts_is_told_in_whole_minutes(session):
    fail(session, "task_force", 5)
    with pytest.raises(NotAllowedNow) as refused:
        sign_in.attempt(session, anonymous(world.NOW + timedelta(minutes=14, seconds=1)), username="task_force")
    assert refused.value.params == {"minutes": 1}


def test_a_name_is_counted_as_one_however_it_is_typed(session):
    for typed in ("Task_Force", " task_force ", "TASK_FORCE", "task_force", "task_force\x00"):
        fail(session, typed, 1)
    assert code_of(sign_in.attempt, session, anonymous(world.NOW), username="task_force") == "locked_out"


@pytest.mark.parametrize("username", ["task_force", "nobody.of.this.name"])
def test_tries_sent_at_the_same_moment_do_not_slip_past_the_lock(engine, username):
    def one_try(_n):
        with open_session(engine, write=True) as own:
            try:
                sign_in.attempt(own, anonymous(world.NOW), username=username)
            except NotAllowedNow:
                return 0
            return 1

    with ThreadPoolExecutor(12) as pool:
        assert sum(pool.map(one_try, range(24))) == sign_in.MAX_FAILURES


def test_an_unknown_and_a_disabled_name_get_a_hash_of_the_same_cost_as_everybody(session, monkeypatch):
    session.execute(update(Account).where(Account.username == "auditor").values(active=False))
    session.commit()
    for username in ("nobody.of.this.name", "auditor"):
        given = sign_in.attempt(session, anonymous(world.NOW), username=username)
        assert passwords.has_todays_cost(given)
        assert given != world.PASSWORD_HASH


def test_a_new_accounts_hash_costs_what_nobodys_costs():
    assert passwords.hash_password("x")[:7] == passwords.nobody_hash()[:7] == "$2b$04$"
    assert not passwords.has_todays_cost("$2b$10$" + "x" * 53)
    assert not passwords.has_todays_cost("no hash at all")


def test_a_hash_of_another_cost_is_renewed_by_the_next_sign_in(session):
    renewed = passwords.hash_password(world.PASSWORD)
    sign_in.succeed(
        session, anonymous(world.NOW), username="task_force", compared=world.PASSWORD_HASH, session_id="x", ticket="y",
        renewed=renewed,
    )  # fmt: skip
    assert session.get_one(Account, "task_force").password_hash == renewed


def test_a_password_reset_while_the_old_one_was_compared_is_not_undone(session, as_):
    compared = sign_in.attempt(session, anonymous(world.NOW), username="task_force")
    accounts.reset_password(session, as_("system_admin"), username="task_force", password_hash=NEW_HASH)
    with pytest.raises(SignedOut):
        sign_in.succeed(
            session, anonymous(world.NOW), username="task_force", compared=compared, session_id="x", ticket="y", renewed=compared
        )
    assert session.get_one(Account, "task_force").password_hash != compared


def test_failed_tries_are_in_the_trail_of_the_accounts_county_and_unknown_names_in_the_systems(session):
    fail(session, "task_force", 1)
    fail(session, "nobody", 1)
    rows = session.execute(select(AuditEvent.county_code, AuditEvent.action).order_by(AuditEvent.county_code.desc()))
    assert rows.all() == [(world.COUNTY, "sign_in.refuse"), (SYSTEM_CHAIN, "sign_in.refuse")]


def test_what_was_typed_as_a_name_that_no_account_has_stands_nowhere_in_clear(session, monkeypatch):
    typed = "my secret passw0rd"
    fail(session, typed, 1)
    fail(session, f" {typed.upper()}", 1)
    fail(session, "another", 1)
    stored = [str(list(row)) for table in (AuditEvent, SignInFailure) for row in session.execute(select(table.__table__))]
    assert len(stored) == 5
    assert not [row for row in stored if typed in row]
    subjects = session.scalars(select(AuditEvent.subject).order_by(AuditEvent.seq)).all()
    assert subjects[0] == subjects[1] != subjects[2]
    assert session.get_one(SignInFailure, subjects[0]).failures == 2
    monkeypatch.setattr(sign_in, "secret", lambda: "of another installation")
    fail(session, typed, 1)
    assert session.scalars(select(AuditEvent.subject).order_by(AuditEvent.seq.desc())).first() not in subjects


# forgetting


def test_counters_that_count_no_more_are_removed_by_the_next_try_and_no_more_than_a_hundred_at_once(session):
    long_ago, lately = world.NOW - timedelta(minutes=16), world.NOW - timedelta(minutes=14)
    session.add_all(
        SignInFailure(username=f"old{n}", failures=1, last_at=long_ago, locked_until=None) for n in range(sign_in.MOST_FORGOTTEN)
    )
    session.add(SignInFailure(username="locked", failures=5, last_at=lately, locked_until=lately + sign_in.LOCK))
    session.add(SignInFailure(username="oldest", failures=1, last_at=long_ago - SECOND, locked_until=None))
    session.commit()

    def left():
        return session.scalar(select(func.count()).select_from(SignInFailure))

    sign_in.attempt(session, anonymous(world.NOW), username="task_force")
    assert left() == 3
    sign_in.attempt(session, anonymous(world.NOW), username="task_force")
    assert set(session.scalars(select(SignInFailure.username))) == {"locked", "task_force"}


def test_tries_of_two_names_do_not_wait_for_each_others_forgetting(engine, session):
    session.add_all(
        SignInFailure(username=name, failures=1, last_at=world.NOW - timedelta(hours=1), locked_until=None)
        for name in ("task_force", "auditor")
    )
    session.commit()

    def one_try(n):
        with open_session(engine, write=True) as own:
            return sign_in.attempt(own, anonymous(world.NOW), username=("task_force", "auditor")[n % 2])

    with ThreadPoolExecutor(8) as pool:
        assert len(list(pool.map(one_try, range(8)))) == 8


def test_a_sign_in_forgets_the_accounts_sessions_that_are_past_their_end(session):
    enter(session, session_id="old", ticket="a")
    enter(session, "auditor", session_id="others", ticket="b")
    sessions.end_all(session, "auditor", world.NOW, keep="session-auditor")
    later = world.NOW + WHOLE + SECOND
    enter(session, session_id="living", ticket="c", now=later - SECOND)
    enter(session, session_id="new", ticket="d", now=later)
    left = select(LoginSession.id).where(LoginSession.username.in_(("task_force", "auditor")))
    assert set(session.scalars(left)) == {"living", "new", "others", "session-task_force", "session-auditor"}


# what ends it at once


def test_a_disabled_account_is_out_at_once_and_gets_the_answer_of_a_wrong_password(session, as_):
    actor = as_("task_force")
    session.execute(update(Account).where(Account.username == "task_force").values(active=False))
    with pytest.raises(SignedOut):
        sign_in.set_preferences(session, actor, language="en", large_type=False)
    session.execute(update(Account).where(Account.username == "task_force").values(active=False))
    assert code_of(enter, session) == "wrong_password"


def test_a_log_out_in_one_tab_ends_every_tab_of_that_browser_and_no_other_browser(session, as_):
    enter(session)
    tab = other_tab = actor_of(session, "fresh", world.NOW)
    sign_in.sign_out(session, tab)
    with pytest.raises(SignedOut):
        sign_in.set_preferences(session, other_tab, language="en", large_type=False)
    assert as_("task_force").username == "task_force"


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(session, as_):
    enter(session)
    sign_in.change_password(
        session, as_("task_force"), old=world.PASSWORD, compared=world.PASSWORD_HASH, new=NEW, repeated=NEW, new_hash=NEW_HASH
    )
    assert as_("task_force").must_change is False
    with pytest.raises(SignedOut):
        actor_of(session, "fresh", world.NOW)


def test_changing_the_password_stores_one_that_fits_and_never_shows_it_in_the_trail(session, as_):
    sign_in.change_password(
        session, as_("task_force"), old=world.PASSWORD, compared=world.PASSWORD_HASH, new=NEW, repeated=NEW, new_hash=NEW_HASH
    )
    stored = session.get_one(Account, "task_force").password_hash
    assert stored == NEW_HASH
    event = session.scalars(select(AuditEvent)).one()
    told = "".join(str(getattr(event, column.key)) for column in AuditEvent.__table__.columns)
    assert NEW not in told
    assert stored not in told


def test_the_new_password_is_not_hashed_while_the_countys_other_writers_wait(session, as_, monkeypatch):
    monkeypatch.setattr(passwords.bcrypt, "hashpw", lambda *_: pytest.fail("hashed inside the transaction"))
    assert sign_in.change_password(session, as_("task_force"), **CHANGE)
    with pytest.raises(ValueError, match="bcrypt"):
        sign_in.change_password(session, as_("task_force"), **(CHANGE | {"compared": NEW_HASH, "new_hash": "$2b$10$cheap"}))


def test_changing_the_password_refuses_at_the_field(session, as_):
    for values, field, code in (
        ({"compared": None}, "old", "wrong_old_password"),
        ({"repeated": NEW + "!"}, "repeated", "passwords_differ"),
        ({"new": world.PASSWORD, "repeated": world.PASSWORD}, "new", "password_unchanged"),
        ({"new": "short", "repeated": "short"}, "new", "password_short"),
    ):
        given = {
            "old": world.PASSWORD,
            "compared": world.PASSWORD_HASH,
            "new": NEW,
            "repeated": NEW,
            "new_hash": NEW_HASH,
        } | values
        with pytest.raises(InvalidInput) as refused:
            sign_in.change_password(session, as_("task_force"), **given)
        assert (refused.value.field, refused.value.code) == (field, code)
    assert session.get_one(Account, "task_force").password_hash == world.PASSWORD_HASH


def test_before_the_first_own_password_only_the_own_account_is_open(session, as_):
    session.execute(update(Account).values(must_change=True))
    session.commit()
    for role_name in ("village_recorder", "task_force", "system_admin", "security_admin", "auditor"):
        actor = as_(role_name)
        for case in USE_CASES.values():
            allowed = case.permission.value in ("edit_own_account", "sign_in")
            if not allowed:
                with pytest.raises(PermissionDenied):
                    case.function(session, actor)
    assert sign_in.set_preferences(session, as_("auditor"), language="en", large_type=True)


def test_signed_in_people_cannot_use_what_is_for_signing_in(session, as_):
    with pytest.raises(PermissionDenied):
        sign_in.claim_cookie(session, as_("task_force"), ticket="x", cookie="y")


def test_nobody_can_do_anything_but_sign_in(session):
    for case in USE_CASES.values():
        if case.permission.value != "sign_in":
            with pytest.raises(PermissionDenied):
                case.function(session, anonymous(world.NOW))


# preferences


def test_preferences_are_remembered_and_told(session, as_):
    sign_in.set_preferences(session, as_("task_force"), language="en", large_type=True)
    actor = as_("task_force")
    assert (actor.language, actor.large_type) == ("en", True)
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == 1


def test_a_language_we_do_not_have_is_refused(session, as_):
    assert code_of(sign_in.set_preferences, session, as_("task_force"), language="fr", large_type=False) == "bad_language"
