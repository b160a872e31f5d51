"""The two kinds of use-case. Both re-read their actor and check the permission; an action also commits, or nothing is.

A use-case is `(session, actor, *, keywords)`. Time comes with the actor (`actor.now`) into actions; a query's answer is
cached, so whatever it depends on, the date included, is a keyword of its own.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import unwrap
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.rules.errors import Conflict, InvalidInput
from services import audit
from services.access import Actor, Permission, refresh

DUPLICATE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
P = ParamSpec("P")
R = TypeVar("R")
Function = Callable[Concatenate[Session, Actor, P], R]


@dataclass(frozen=True)
class UseCase:
    """An entry of the register that tests and docs walk."""

    name: str
    kind: str
    permission: Permission
    function: Callable[..., Any]


USE_CASES: dict[str, UseCase] = {}


def name_of(function: Callable[..., Any]) -> str:
    """`trends.weekly`: the module's last name and the function's."""
    return f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"


def query(permission: Permission) -> Callable[[Function[P, R]], Function[P, R]]:
    """A read for whoever holds the permission."""

    def decorate(function: Function[P, R]) -> Function[P, R]:
        @wraps(function)
        def run(session: Session, actor: Actor, /, *args: P.args, **params: P.kwargs) -> R:
            fresh = refresh(session, actor, permission)
            if any(isinstance(value, str) and "\0" in value for value in params.values()):
                raise InvalidInput("unprintable")  # PostgreSQL takes none, and an address may bring one
            return function(session, fresh, *args, **params)

        _register("query", permission, run)
        return run

    return decorate


def action(permission: Permission) -> Callable[[Function[P, R]], Function[P, R]]:
    """A write for whoever holds the permission: one transaction, one county at a time, committed at the end."""

    def decorate(function: Function[P, R]) -> Function[P, R]:
        @wraps(function)
        def run(session: Session, actor: Actor, /, *args: P.args, **params: P.kwargs) -> R:
            try:
                fresh = refresh(session, actor, permission)
                if fresh.role is not None:
                    audit.lock(session, fresh.chain_code)
                result = function(session, fresh, *args, **params)
                session.commit()
            except IntegrityError as error:
                session.rollback()
                if _is_duplicate(error):
                    raise Conflict("saved_elsewhere") from error
                raise
            except BaseException:
                session.rollback()
                raise
            return result

        _register("action", permission, run)
        return run

    return decorate


def unguarded(use_case: Function[P, R]) -> Function[P, R]:
    """What a query answers, for another use-case that has guarded itself and narrowed the actor: nobody else asks so."""
    return unwrap(use_case)  # type: ignore[no-any-return]


def _is_duplicate(error: IntegrityError) -> bool:
    """Whether a key was there already: somebody was faster. Any other broken constraint is a fault of ours."""
    cause = error.orig
    return getattr(cause, "sqlstate", None) == "23505" or getattr(cause, "sqlite_errorcode", None) in DUPLICATE


def _register(kind: str, permission: Permission, run: Callable[..., Any]) -> None:
    known = USE_CASES.get(name_of(run))
    if known and known.function.__module__ != run.__module__:  # permissions and cached answers go by this name
        raise ValueError(f"{run.__module__} and {known.function.__module__} both have a use-case {name_of(run)}")
    USE_CASES[name_of(run)] = UseCase(name_of(run), kind, permission, run)
