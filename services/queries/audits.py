"""The audit trail, as an auditor reads it: one chain at a time, newest first, and whether it is whole."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.rules.area import Level
from models.rules.errors import NotFound
from models.rules.week import ZONE
from models.tables import Area, AuditEvent, Department
from services import audit
from services.access import SYSTEM_CHAIN, Actor, Permission, chains_of, in_area
from services.usecase import query

COLUMNS = ("seq", "at", "username", "role", "action", "subject", "old", "new", "reason")
MOST = 10_000  # rows of one answer; a longer download is made in pieces by date


@dataclass(frozen=True)
class Verdict:
    """What checking a chain found: how many links there are, and which is the first that does not fit (None: whole)."""

    links: int
    broken: int | None


@query(Permission.VIEW_AUDIT)
def chains(_session: Session, actor: Actor) -> tuple[str, ...]:
    """The chains the actor may read: its counties', and the system's (`000000000000`) from the prefecture up."""
    return chains_of(actor)


@query(Permission.VIEW_AUDIT)
def listing(
    session: Session,
    actor: Actor,
    *,
    chain_code: str,
    since: date,
    until: date,
    action: str = "",
    username: str = "",
    subject: str = "",
    limit: int = 50,
    offset: int = 0,
) -> pd.DataFrame:
    """Links of one chain from `since` to `until` (days in Asia/Shanghai, both included), newest first.

    `username` is the whole name, `subject` a part of the subject. Columns: seq, at (UTC), username, role, action,
    subject, old, new (JSON text, empty for nothing), reason. NotFound(no_such_county) for somebody else's chain.
    """
    found = select(*(getattr(AuditEvent, column) for column in COLUMNS)).where(
        AuditEvent.county_code == _mine(actor, chain_code),
        AuditEvent.at >= datetime.combine(since, time.min, ZONE),
        AuditEvent.at < datetime.combine(until + timedelta(days=1), time.min, ZONE),
    )
    if action:
        found = found.where(AuditEvent.action == action)
    if username:
        found = found.where(AuditEvent.username == username.strip().lower())
    if subject:
        found = found.where(AuditEvent.subject.contains(subject.strip(), autoescape=True))
    rows = session.execute(found.order_by(AuditEvent.seq.desc()).limit(min(limit, MOST)).offset(offset))
    return pd.DataFrame(rows.mappings().all(), columns=list(COLUMNS), dtype=object)


@query(Permission.VIEW_AUDIT)
def names(session: Session, actor: Actor, *, chain_code: str) -> dict[str, tuple[str, str | None]]:
    """What the codes in a chain's links stand for: code → (name, English name) of its county's areas and departments.

    Of the system's chain: the counties and what is above them, in the actor's area. NotFound(no_such_county).
    """
    shared = _mine(actor, chain_code) == SYSTEM_CHAIN
    within = actor.area_code if shared else chain_code
    places = select(Area.code, Area.name, Area.name_en).where(in_area(within, Area.code))
    if shared:
        places = places.where(Area.level.in_((Level.PREFECTURE, Level.COUNTY)))
    departments = select(Department.code, Department.name, Department.name_en).where(in_area(within, Department.area_code))
    return {code: (name, name_en) for found in (places, departments) for code, name, name_en in session.execute(found)}


@query(Permission.VIEW_AUDIT)
def verdict(session: Session, actor: Actor, *, chain_code: str, as_of: datetime) -> Verdict:
    """Checks a whole chain now. `as_of` is the moment of asking: no earlier answer may be given in its place.

    NotFound(no_such_county) for somebody else's chain.
    """
    chain = _mine(actor, chain_code)
    links = session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.county_code == chain))
    return Verdict(links or 0, audit.first_broken(session, chain))


def _mine(actor: Actor, chain_code: str) -> str:
    if chain_code not in chains_of(actor):
        raise NotFound("no_such_county")
    return chain_code
