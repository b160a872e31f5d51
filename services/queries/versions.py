"""How new the data is: part of every cache key."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.tables import AuditChain
from services.access import SYSTEM_CHAIN, Actor


def data_version(session: Session, actor: Actor) -> int:
    """A number that grows with every action in the actor's counties and in what all counties share."""
    chains = select(func.coalesce(func.sum(AuditChain.seq), 0))
    return session.scalar(chains.where(AuditChain.county_code.in_((*actor.county_codes, SYSTEM_CHAIN)))) or 0
