"""What was promised and what is allowed: rows with a basis, dates and a version; a revision is a new row."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import AREA_CODE, DEPARTMENT_CODE, USERNAME, Base, Moment


class Target(Base):
    """A reduction target of an area for one measure: `reduction` (share 0–1) of the baseline window, reached at `ends`."""

    __tablename__ = "target"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    area_code: Mapped[str] = mapped_column(AREA_CODE, ForeignKey("area.code"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(12), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    reduction: Mapped[float]
    baseline_from: Mapped[date]
    baseline_until: Mapped[date]
    starts: Mapped[date]
    ends: Mapped[date]
    basis: Mapped[str] = mapped_column(String(200))
    basis_checked: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(USERNAME)

    __table_args__ = (
        CheckConstraint("measure IN ('meeting','inspection','form','group')", name="measure"),
        CheckConstraint("reduction > 0 AND reduction <= 1", name="reduction"),
        CheckConstraint("baseline_until > baseline_from AND ends > starts", name="dates"),
    )


class Quota(Base):
    """How many events (groups: holdings) of a kind a department may send to the county's points in one calendar year."""

    __tablename__ = "quota"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    department_code: Mapped[str] = mapped_column(DEPARTMENT_CODE, ForeignKey("department.code"), primary_key=True)
    measure: Mapped[str] = mapped_column(String(12), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    allowance: Mapped[int]
    basis: Mapped[str] = mapped_column(String(200))
    basis_checked: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(USERNAME)

    __table_args__ = (
        CheckConstraint("measure IN ('meeting','inspection','form','group')", name="measure"),
        CheckConstraint("allowance >= 0 AND year BETWEEN 2000 AND 2999", name="allowance"),
    )


class Threshold(Base):
    """A number a rule uses (deadline in days, share that counts as near, …), per county, with its basis and version."""

    __tablename__ = "threshold"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[float]
    since: Mapped[date]
    basis: Mapped[str] = mapped_column(String(200))
    basis_checked: Mapped[bool] = mapped_column(default=False)
