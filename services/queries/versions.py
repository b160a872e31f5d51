"""How new the data is: part of every cache key."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from models.tables import AuditChain
from services.access import SYSTEM_CHAIN, Actor, Permission

OF_THE_TRAIL = {Permission.VIEW_ACCOUNTS, Permission.VIEW_AUDIT}  # these show sign-ins too


@dataclass(frozen=True)
class Version:
    """Two numbers that only grow: with what changes the data, and with every link of the trail."""

    data: int
    trail: int

    def of(self, permission: Permission) -> int:
        """The one that grows with whatever a query of this permission may show."""
        return self.trail if permission in OF_THE_TRAIL else self.data


_SUMS = select(func.coalesce(func.sum(AuditChain.data_version), 0), func.coalesce(func.sum(AuditChain.seq), 0)).where(
    AuditChain.county_code.in_(bindparam("chains", expanding=True))
)  # built once: a part of every rerun


def data_version(session: Session, actor: Actor) -> Version:
    """How new the data is in the actor's counties and in what all counties share."""
    data, trail = session.execute(_SUMS, {"chains": (*actor.county_codes, SYSTEM_CHAIN)}).one()
    return Version(int(data), int(trail))
