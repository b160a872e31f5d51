"""The audit trail: written inside the transaction it tells of, chained per county, checked by a command.

`python -m services.audit verify` names the first broken link of every chain, and a chain that is behind what was seen.
"""

import hmac
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import bindparam, exists, select, union
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import heads
from models.db import open_session
from models.heads import Kept
from models.settings import secret
from models.tables import AuditChain, AuditEvent
from services.access import Actor

GENESIS = "0" * 64
PAGE = 1000
HELD = "held"  # in a session's `info`: the heads locked by its transaction, and which transaction that is
Facts = Mapping[str, object]
_HEAD = select(AuditChain).where(AuditChain.county_code == bindparam("code")).with_for_update()


def lock(session: Session, *chain_codes: str) -> dict[str, AuditChain]:
    """The chains' heads, held until the transaction ends: one writer per county, others wait their turn.

    Taken in code order (the system's first), and before any row of what they guard: so nobody waits in a ring. Whoever
    needs several chains names them here together.
    """
    held = _held(session)
    for code in sorted(set(chain_codes)):
        held[code] = held.get(code) or _head(session, code)
    return {code: held[code] for code in chain_codes}


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


def verify(now: datetime) -> int:
    """Check every chain, also one without a head, and print one line each; the number of broken ones.

    Each is also held against the head that an earlier check saw (models/heads.py); what fits is what the next one compares.
    """
    broken, kept = 0, heads.read()
    codes = union(select(AuditChain.county_code), select(AuditEvent.county_code))
    with open_session() as session:
        present = heads.heads(session.connection())
        for code in sorted({*session.scalars(codes), *kept.chains}):
            told = _told(session, code, kept)
            broken += told is not None
            if told is None and code in present:
                kept.note({code: present[code]}, now)
            sys.stdout.write(f"{code}: {told or 'whole'}\n")
    for when, made_at in kept.restores:
        sys.stdout.write(f"restored {when} from the backup of {made_at}: links after it went with it\n")
    heads.write(kept)
    return broken


def _told(session: Session, code: str, kept: Kept) -> str | None:
    """What is wrong with a chain; None when nothing is."""
    if (at := first_broken(session, code)) is not None:
        return f"broken at link {at}"
    seq, mark, when = kept.chains.get(code, (0, GENESIS, ""))
    link = session.get(AuditEvent, (code, seq))
    if seq and (link is None or link.hash != mark):
        return f"link {seq}, seen {when}, is {'gone' if link is None else 'another one'}: links were removed or written anew"
    return None


def _held(session: Session) -> dict[str, AuditChain]:
    """The heads that this transaction holds: nobody else can have changed them since."""
    transaction = session.get_transaction() or session.begin()
    known: tuple[object, dict[str, AuditChain]] = session.info.get(HELD, (None, {}))
    if known[0] is not transaction:
        known = session.info[HELD] = (transaction, {})
    return known[1]


def _head(session: Session, chain_code: str) -> AuditChain:
    asked = {"code": chain_code}
    head = session.scalar(_HEAD, asked)
    if head is None:
        try:
            with session.begin_nested():
                session.add(AuditChain(county_code=chain_code, seq=0, hash=GENESIS))
        except IntegrityError:
            pass  # another writer made it first
        else:
            if session.scalar(select(exists().where(AuditEvent.county_code == chain_code))):
                raise RuntimeError(f"audit chain {chain_code} has links and no head: somebody removed it")
        head = session.scalars(_HEAD, asked).one()
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


def main(arguments: list[str]) -> int:
    """The command; 0 when every chain is whole, 1 when one is not, 2 when misspelled."""
    if arguments != ["verify"]:
        sys.stderr.write("usage: python -m services.audit verify\n")
        return 2
    return 1 if verify(datetime.now(UTC)) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
