"""Every use-case: registered, guarded before it reads anything, audited under its own name, all or nothing."""

import ast
import importlib
import inspect
import re
from types import ModuleType
from typing import get_type_hints

import pytest
from sqlalchemy import Engine, event, func, select

from models.db import open_session
from models.rules.errors import AppError, InvalidInput, PermissionDenied, SignedOut
from models.tables import Account, AuditEvent
from services import audit
from services.access import ROLES, Permission, anonymous
from services.usecase import USE_CASES, name_of
from tests import world
from tests.project.examples import EXAMPLES, LATER, SIGNED_OUT, run
from tests.project.full_world import every_table_has_rows, roles_without, snapshot
from tests.project.questions import ACTIONS, QUERIES, query_params
from tests.project.source import modules

EVERY = sorted(USE_CASES)
NO_USE_CASE = {"services.queries.versions.data_version"}  # a part of every cache key, asked beside each query
NOT_AUDITED = {"sign_in.attempt", "sign_in.claim_cookie"}  # counted, and audited by `refuse` and `succeed`
OF_THE_ACTOR = {"account", "login_session", "area"}  # what finding out who asks may read
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+\"?(\w+)")


def _use_case_modules() -> list[ModuleType]:
    names = [module.name for module in modules() if module.name.startswith(("services.actions.", "services.queries."))]
    return [importlib.import_module(name) for name in names]


def test_every_public_function_is_a_registered_use_case():
    for module in _use_case_modules():
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or function.__module__ != module.__name__ or f"{module.__name__}.{name}" in NO_USE_CASE:
                continue
            assert name_of(function) in USE_CASES, f"{module.__name__}.{name} is public and no use-case"
            assert USE_CASES[name_of(function)].function is function


@pytest.mark.parametrize("name", EVERY)
def test_a_use_case_says_what_it_does_and_takes_keywords_only(name):
    function = USE_CASES[name].function
    assert (function.__doc__ or "").strip()
    session, actor, *rest = inspect.signature(function).parameters.values()
    assert session.name.strip("_") == "session"
    assert actor.name.strip("_") == "actor"
    assert {p.kind for p in rest} <= {inspect.Parameter.KEYWORD_ONLY}


def _statements(engine: Engine) -> list[str]:
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: seen.append(statement))
    return seen


@pytest.mark.parametrize("name", EVERY)
def test_who_lacks_the_permission_is_refused_before_any_business_row_is_read(full, name):
    use_case = USE_CASES[name]
    before, seen = snapshot(full), _statements(full)
    for username in roles_without(use_case.permission):
        with open_session(full, write=True) as session, pytest.raises(PermissionDenied):
            use_case.function(session, world.persona(session, username))
    if use_case.permission is not Permission.SIGN_IN:
        with open_session(full, write=True) as session, pytest.raises(PermissionDenied):
            use_case.function(session, anonymous(world.NOW))
    read = {table for statement in seen for table in TABLE.findall(statement)}
    assert read <= OF_THE_ACTOR
    assert snapshot(full) == before


@pytest.mark.parametrize("name", [name for name in EVERY if USE_CASES[name].permission is not Permission.SIGN_IN])
def test_who_was_disabled_meanwhile_is_refused_whatever_the_screen_still_believes(full, name):
    use_case = USE_CASES[name]
    holder = next(username for username in _holders(name))
    with open_session(full, write=True) as session:
        actor = world.persona(session, holder)
        session.get_one(Account, holder).active = False
        session.commit()
        with pytest.raises(SignedOut):
            use_case.function(session, actor)


@pytest.mark.parametrize("name", [n for n in EVERY if USE_CASES[n].permission not in ("sign_in", "edit_own_account")])
def test_who_must_change_the_password_can_do_nothing_else(full, name):
    holder = next(username for username in _holders(name))
    with open_session(full, write=True) as session:
        session.get_one(Account, holder).must_change = True
        session.commit()
        with pytest.raises(PermissionDenied):
            USE_CASES[name].function(session, world.persona(session, holder))


def _holders(name: str) -> list[str]:
    return [str(role) for role, rights in ROLES.items() if USE_CASES[name].permission in rights.permissions]


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_answers_by_its_keywords_and_not_by_the_moment(full, name):
    """Answers are cached by name, scope, data version and keywords: the same keywords must mean the same answer."""
    with open_session(full) as session:
        if USE_CASES[name].permission is Permission.SIGN_IN:
            actors = [anonymous(world.NOW), anonymous(world.NOW + LATER)]
        else:
            actors = [world.persona(session, _holders(name)[0], at) for at in (world.NOW, world.NOW + LATER)]
        answers = [USE_CASES[name].function(session, actor, **query_params(name)) for actor in actors]
    assert repr(answers[0]) == repr(answers[1])


@pytest.mark.parametrize("name", QUERIES)
def test_a_word_that_no_database_can_hold_is_refused_before_it_is_asked(full, name):
    """PostgreSQL takes no NUL, and an address may bring one."""
    function = USE_CASES[name].function
    hints = get_type_hints(inspect.unwrap(function))
    words = [keyword for keyword in inspect.signature(function).parameters if hints[keyword] in (str, str | None)]
    with open_session(full) as session:
        asked_by = USE_CASES[name].permission is not Permission.SIGN_IN
        actor = world.persona(session, _holders(name)[0]) if asked_by else anonymous(world.NOW)
        for keyword in words:
            with pytest.raises(InvalidInput, match="unprintable"):
                function(session, actor, **query_params(name) | {keyword: "a\0"})


# ---- actions -----------------------------------------------------------------------------------------------------------
def misnamed(source: str, name: str) -> list[str]:
    """The names of use-cases that stand as text in an action and are not its own; and its own, if missing."""
    texts = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    named = {text for text in texts if re.fullmatch(r"[a-z_]+\.[a-z_]+", text)}
    return sorted(named - {name}) + ([] if name in named else [f"{name} is missing"])


@pytest.mark.parametrize("name", [name for name in ACTIONS if name not in NOT_AUDITED])
def test_an_action_names_itself_in_the_audit_trail(name):
    source = inspect.getsource(inspect.unwrap(USE_CASES[name].function))
    assert misnamed(source, name) == []


@pytest.mark.parametrize("source", ["def f():\n    audit.record(s, a, 'x.g', 'y')", "def f():\n    return 1"])
def test_another_name_in_the_audit_trail_is_noticed(source):
    assert misnamed(source, "x.f")
    assert misnamed("def f():\n    audit.record(s, a, 'x.f', 'y')", "x.f") == []


def test_every_action_has_an_example():
    assert sorted(EXAMPLES) == ACTIONS


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_works_returns_something_and_is_audited_once(full, name):
    username, make = EXAMPLES[name]
    with open_session(full, write=True) as session:
        params = make(session)
        before = session.scalar(select(func.count()).select_from(AuditEvent)) or 0
        assert run(session, name, username, params) is not None
        told = session.scalars(select(AuditEvent.action).order_by(AuditEvent.county_code, AuditEvent.seq)).all()
        assert len(told) - before == (0 if name in NOT_AUDITED else 1)
        if name not in NOT_AUDITED:
            assert name in told
        for county in (world.COUNTY, world.CANARY):
            assert audit.first_broken(session, county) is None


@pytest.mark.parametrize("name", [name for name in ACTIONS if name not in NOT_AUDITED])
def test_when_the_audit_trail_cannot_be_written_nothing_is_saved(full, name, monkeypatch):
    username, make = EXAMPLES[name]
    with open_session(full, write=True) as session:
        params = make(session)
    before = snapshot(full)
    monkeypatch.setattr(audit, "record", _broken)
    with open_session(full, write=True) as session, pytest.raises(OSError, match="no room"):
        run(session, name, username, params)
    assert snapshot(full) == before


def _broken(*_args: object, **_params: object) -> None:
    raise OSError("no room for the audit trail")


@pytest.mark.parametrize("name", [name for name in ACTIONS if EXAMPLES.get(name, (SIGNED_OUT,))[0] != SIGNED_OUT])
def test_an_action_of_another_county_changes_nothing_here(full, name):
    username, make = EXAMPLES[name]
    with open_session(full, write=True) as session:
        params = make(session)
        role = session.get_one(Account, username).role
    before = snapshot(full, world.COUNTY)
    with open_session(full, write=True) as session:
        try:
            run(session, name, f"canary_{role}", params)
        except AppError:
            session.rollback()
    assert snapshot(full, world.COUNTY) == before


def test_the_world_of_these_tests_has_something_in_every_table(full):
    assert every_table_has_rows(full) == set()


def test_use_case_modules_are_found():
    assert {"services.actions.sign_in", "services.queries.areas"} <= {module.__name__ for module in _use_case_modules()}
