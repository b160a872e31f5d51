"""A closed week as it was published: numerators and denominators for every area, and the corrections made since.

A prefecture's figure is the sum of its counties': no row crosses the tenant's border.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import AREA_CODE, DEPARTMENT_CODE, USERNAME, Base, Moment


class WeekClosing(Base):
    """The county's week was closed: its summaries are written, whole, and figures are read from them."""

    __tablename__ = "week_closing"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime] = mapped_column(Moment)


class WeekReport(Base):
    """Denominators of an area's closed week, in village-weeks: missing = expected − submitted − zero.

    `late` is the part of submitted and zero that came after the due moment. `revised_at`: a correction changed something.
    """

    __tablename__ = "week_report"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    level: Mapped[str] = mapped_column(String(10), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    area_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    expected: Mapped[int]
    submitted: Mapped[int]
    zero: Mapped[int]
    late: Mapped[int]
    revised_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        ForeignKeyConstraint(["county_code", "week"], ["week_closing.county_code", "week_closing.week"]),
        CheckConstraint("level IN ('county','township','village')", name="level"),
        CheckConstraint("submitted >= 0 AND zero >= 0 AND submitted + zero <= expected", name="reported"),
        CheckConstraint("late BETWEEN 0 AND submitted + zero", name="late"),
    )


class WeekSummary(Base):
    """Numerators of an area's closed week, by measure and department; emergency work apart.

    `village_times` are entries × copies, or what was held on the Sunday (a stock). `sessions` are distinct events: those of
    townships do not add up to the county's, because one event may reach several. `person_minutes` includes the way.
    """

    __tablename__ = "week_summary"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    level: Mapped[str] = mapped_column(String(10), primary_key=True)
    measure: Mapped[str] = mapped_column(String(12), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    area_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    department_code: Mapped[str] = mapped_column(DEPARTMENT_CODE, ForeignKey("department.code"), primary_key=True)
    emergency: Mapped[bool] = mapped_column(primary_key=True)
    village_times: Mapped[int] = mapped_column(BigInteger)
    sessions: Mapped[int] = mapped_column(BigInteger)
    person_times: Mapped[int] = mapped_column(BigInteger)
    person_minutes: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        ForeignKeyConstraint(["county_code", "week"], ["week_closing.county_code", "week_closing.week"]),
        CheckConstraint("level IN ('county','township','village')", name="level"),
        CheckConstraint("measure IN ('meeting','inspection','form','group')", name="measure"),
        Index("ix_week_summary_week", "county_code", "week"),
    )


class Correction(Base):
    """A closed village-week that was opened again, for a reason, until `until` or until somebody is done with it."""

    __tablename__ = "correction"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(AREA_CODE, ForeignKey("area.code"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(String(500))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opened_by: Mapped[str] = mapped_column(USERNAME)
    until: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[str | None] = mapped_column(USERNAME)

    __table_args__ = (
        ForeignKeyConstraint(["county_code", "week"], ["week_closing.county_code", "week_closing.week"]),
        CheckConstraint("until > opened_at", name="until"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed"),
    )
