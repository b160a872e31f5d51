"""From which week on the limits of a control chart are made anew, and why: the usual level changed for a known reason."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import AREA_CODE, USERNAME, Base, Moment


class Rebase(Base):
    """One such week (its Monday), for a measure of the county or of one township."""

    __tablename__ = "rebase"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    area_code: Mapped[str] = mapped_column(AREA_CODE, ForeignKey("area.code"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(12), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(USERNAME)

    __table_args__ = (CheckConstraint("measure IN ('meeting','inspection','form','group')", name="measure"),)
