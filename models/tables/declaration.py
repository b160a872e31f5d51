"""What departments say they sent to villages. Nothing links it to what villages reported (docs/adr/0023)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import AREA_CODE, DEPARTMENT_CODE, USERNAME, Base, Moment


class Declaration(Base):
    """A meeting, inspection or form of a department on a day; `township_code` is empty when it went to the whole county."""

    __tablename__ = "declaration"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    department_code: Mapped[str] = mapped_column(DEPARTMENT_CODE, ForeignKey("department.code"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    happened_on: Mapped[date] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80), primary_key=True)
    township_code: Mapped[str | None] = mapped_column(AREA_CODE, ForeignKey("area.code"))
    declared_at: Mapped[datetime] = mapped_column(Moment)
    declared_by: Mapped[str] = mapped_column(USERNAME)

    __table_args__ = (
        CheckConstraint("kind IN ('meeting','inspection','form')", name="kind"),
        CheckConstraint("title <> ''", name="title"),
    )
