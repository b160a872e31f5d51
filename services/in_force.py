"""Of rows that are revised by adding a version, the one that holds (the highest), and what its revision changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from models.rules.week import today_at
from models.tables import Quota, Target
from services import audit
from services.access import Actor

FIGURES: dict[type[Quota | Target], tuple[str, ...]] = {
    Quota: ("allowance",),
    Target: ("reduction", "baseline_from", "baseline_until", "starts", "ends"),
}


@dataclass(frozen=True)
class Revised:
    """The version that holds now; `changed` is False when the values were the same and nothing was stored."""

    version: int
    changed: bool


@dataclass(frozen=True)
class Revision:
    """When the figures in force were last changed, why, and from what to what: (figure, old, new)."""

    on: date
    changes: tuple[tuple[str, Any, Any], ...]
    reason: str


def last_revision(versions: Sequence[Quota | Target]) -> Revision | None:
    """The last change of a figure among all versions of one quota or target, newest first; None when none was changed."""
    for new, old in pairwise(versions):
        figures = ((name, getattr(old, name), getattr(new, name)) for name in FIGURES[type(new)])
        if changes := tuple(figure for figure in figures if figure[1] != figure[2]):
            return Revision(today_at(new.created_at), changes, new.reason)
    return None


def put_in_force(
    session: Session, actor: Actor, action: str, subject: str, old: Quota | Target | None, new: Quota | Target
) -> Revised:
    """Stores the new version with its audit event, unless it says the same as the old one."""
    facts = ("version", *FIGURES[type(new)], "basis", "basis_checked")
    before = {name: getattr(old, name) for name in facts} if old else None
    after = {name: getattr(new, name) for name in facts}
    if old and before == after | {"version": old.version}:
        return Revised(old.version, changed=False)
    session.add(new)
    session.flush()
    audit.record(session, actor, action, subject, old=before, new=after, reason=new.reason, chain_code=new.county_code)
    return Revised(new.version, changed=True)
