"""The audit trail: written inside the transaction it tells of, chained per county, checked by a command.

`python -m services.audit verify` names the first broken link of every chain.
"""

import hmac
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC

from sqlalchemy import exists, select, union
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.db import open_session
from models.settings import secret
from models.tables import AuditChain, AuditEvent
from services.access import Actor

GENESIS = "0" * 64
PAGE = 1000
Facts = Mapping[str, object]


def lock(session: Session, *chain_codes: str) -> dict[str, AuditChain]:
    """The chains' heads, held until the transaction ends: one writer per county, others wait their turn.

    Taken in code order (the system's first), and before any row of what they guard: so nobody waits in a ring. Whoever
    needs several chains names them here together.
    """
    return {code: _head(session, code) for code in sorted(set(chain_codes))}


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: str,
    *,
    old: Facts | None = None,
    new: Facts | None = None,
    reason: str = "",
    chain_code: str | None = None,
    changes_data: bool = True,
) -> None:
    """Append one link: who did what to which subject, what it was, what it is, and why.

    `changes_data=False` for what only the trail and the accounts show, such as sign-ins: kept answers stay good.
    """
    code = chain_code or actor.chain_code
    head = lock(session, code)[code]
    event = AuditEvent(
        county_code=head.county_code,
        seq=head.seq + 1,
        at=actor.now,
        username=actor.username,
        role=str(actor.role or ""),
        action=action,
        subject=subject,
        old=_text(old),
        new=_text(new),
        reason=reason,
    )
    event.hash = _digest(event, head.hash)
    head.seq, head.hash, head.data_version = event.seq, event.hash, head.data_version + changes_data
    session.add(event)
    session.flush()


def first_broken(session: Session, chain_code: str) -> int | None:
    """The `seq` of the first link that is missing or does not fit its neighbours; None when the chain is whole."""
    previous, expected = GENESIS, 1
    while page := _page(session, chain_code, expected):
        for event in page:
            if event.seq != expected or event.hash != _digest(event, previous):
                return expected
            previous, expected = event.hash, expected + 1
    head = session.get(AuditChain, chain_code)
    whole = (head is None and expected == 1) or (head is not None and (head.seq, head.hash) == (expected - 1, previous))
    return None if whole else expected


def verify() -> int:
    """Check every chain, also one without a head, and print one line each; the number of broken ones."""
    broken = 0
    codes = union(select(AuditChain.county_code), select(AuditEvent.county_code))
    with open_session() as session:
        for code in sorted(session.scalars(codes)):
            at = first_broken(session, code)
            broken += at is not None
            sys.stdout.write(f"{code}: {'whole' if at is None else f'broken at link {at}'}\n")
    return broken


def _head(session: Session, chain_code: str) -> AuditChain:
    query = select(AuditChain).where(AuditChain.county_code == chain_code).with_for_update()
    head = session.scalar(query)
    if head is None:
        try:
            with session.begin_nested():
                session.add(AuditChain(county_code=chain_code, seq=0, hash=GENESIS))
        except IntegrityError:
            pass  # another writer made it first
        else:
            if session.scalar(select(exists().where(AuditEvent.county_code == chain_code))):
                raise RuntimeError(f"audit chain {chain_code} has links and no head: somebody removed it")
        head = session.scalars(query).one()
    return head


def _page(session: Session, chain_code: str, first: int) -> Sequence[AuditEvent]:
    events = select(AuditEvent).where(AuditEvent.county_code == chain_code, AuditEvent.seq >= first)
    return session.scalars(events.order_by(AuditEvent.seq).limit(PAGE)).all()


def _text(facts: Facts | None) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str) if facts is not None else ""


def _digest(event: AuditEvent, previous: str) -> str:
    row = [previous, event.county_code, event.seq, event.at.astimezone(UTC).isoformat(), event.username, event.role, event.action]
    row += [event.subject, event.old, event.new, event.reason]
    return hmac.new(secret().encode(), json.dumps(row, ensure_ascii=False).encode(), "sha256").hexdigest()


if __name__ == "__main__":
    if sys.argv[1:] != ["verify"]:
        sys.exit("usage: python -m services.audit verify")
    sys.exit(1 if verify() else 0)
