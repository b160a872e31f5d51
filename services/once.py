"""What one answer reads again and again is read once: kept on its session, which lives for that answer alone.

Only in sessions that were opened to read (models/db.py): whoever writes sees what was just written.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from models.db import READ

P = ParamSpec("P")
R = TypeVar("R")


def once(function: Callable[Concatenate[Session, P], R]) -> Callable[Concatenate[Session, P], R]:
    """A read whose answer is kept for the same arguments, which must be hashable. Nobody may change what it returns."""

    @wraps(function)
    def kept(session: Session, /, *args: P.args, **params: P.kwargs) -> R:
        known: dict[Any, Any] | None = session.info.get(READ)
        if known is None:
            return function(session, *args, **params)
        key = (function, args, tuple(params.items()))
        if key not in known:
            known[key] = function(session, *args, **params)
        return known[key]  # type: ignore[no-any-return]

    return kept
