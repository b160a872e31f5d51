"""Who there is: areas, departments, observation points. The first two are reference tables, shared by all counties."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import AREA_CODE, DEPARTMENT_CODE, Base


class Area(Base):
    """A province, prefecture, county, township or village by its official 12-digit code; `valid_*` say when it existed."""

    __tablename__ = "area"

    code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str | None] = mapped_column(String(60))
    level: Mapped[str] = mapped_column(String(10))
    parent_code: Mapped[str | None] = mapped_column(AREA_CODE, ForeignKey("area.code"), index=True)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]

    __table_args__ = (CheckConstraint("level IN ('province','prefecture','county','township','village')", name="level"),)


class Department(Base):
    """A unit that can send work to villages; `area_code` is the area whose unit it is (county, township, prefecture)."""

    __tablename__ = "department"

    code: Mapped[str] = mapped_column(DEPARTMENT_CODE, primary_key=True)
    area_code: Mapped[str] = mapped_column(AREA_CODE, ForeignKey("area.code"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str | None] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(12))
    initials: Mapped[str] = mapped_column(String(30), default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]

    __table_args__ = (CheckConstraint("kind IN ('party','government','mass','vertical','enterprise','township')", name="kind"),)


class ObservationPoint(Base):
    """A village is an observation point from `since` (a Monday) until before `until`: weekly logs are expected then."""

    __tablename__ = "observation_point"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    village_code: Mapped[str] = mapped_column(AREA_CODE, ForeignKey("area.code"), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date | None]
    township_code: Mapped[str] = mapped_column(AREA_CODE)
    selection: Mapped[str] = mapped_column(String(10), default="purposive")

    __table_args__ = (
        CheckConstraint("selection IN ('random','purposive')", name="selection"),
        CheckConstraint("until IS NULL OR until > since", name="dates"),
        Index("ix_observation_point_township", "county_code", "township_code"),
    )
