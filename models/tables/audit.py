"""Who did what, when and why: append-only, hash-chained per county so that counties do not wait for each other."""

from datetime import datetime

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import AREA_CODE, USERNAME, Base, Moment


class AuditChain(Base):
    """The head of a county's chain, and the county's write lock. `data_version` grows with what cached answers show."""

    __tablename__ = "audit_chain"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
    data_version: Mapped[int] = mapped_column(BigInteger, default=0)


class AuditEvent(Base):
    """One link: `hash` covers the row and the previous link's hash, keyed with the installation's secret."""

    __tablename__ = "audit_event"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    username: Mapped[str] = mapped_column(USERNAME)
    role: Mapped[str] = mapped_column(String(30))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    old: Mapped[str] = mapped_column(Text)
    new: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(500))
    hash: Mapped[str] = mapped_column(String(64))
