"""What one run of the script has read already: who is looking, and how new the data is. Both are read once per run.

A run is one pass of the frame, or one of a fragment alone. Callbacks come before it and actions end what is known, so both
read anew; and a use-case that really asks the database re-reads its actor all the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from models.db import open_session
from services.access import Actor, actor_of
from services.queries.versions import Version, data_version
from ui import clock


@dataclass
class Known:
    """As far as this run has got."""

    actor: Actor | None = None
    version: Version | None = None


_known: ContextVar[Known | None] = ContextVar("known", default=None)


@contextmanager
def one() -> Iterator[None]:
    """One run; a fragment drawn inside a whole run belongs to that."""
    if _known.get() is not None:
        yield
        return
    token = _known.set(Known())
    try:
        yield
    finally:
        _known.reset(token)


def actor() -> Actor | None:
    """Who this run has found to be looking; None when it has not asked yet, or outside a run."""
    known = _known.get()
    return known.actor if known else None


def keep(found: Actor, version: Version) -> None:
    """Remembers who is looking, and how new the data is, until the run ends."""
    if known := _known.get():
        known.actor, known.version = found, version


def forget() -> None:
    """After a change: the next read sees what it did."""
    if known := _known.get():
        known.actor = known.version = None


def seen(session_id: str) -> tuple[Actor, Version]:
    """The actor of the session and the version of what that actor may see. SignedOut when the session has ended."""
    known = _known.get() or Known()
    if known.actor is None or known.version is None:
        with open_session() as session:
            known.actor = known.actor or actor_of(session, session_id, clock.now())
            known.version = data_version(session, known.actor)
    return known.actor, known.version
