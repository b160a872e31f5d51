"""What a week cost a village. An event is held once by a department; each village that received it has an entry."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import AREA_CODE, DEPARTMENT_CODE, USERNAME, Base, Moment


class WeeklyLog(Base):
    """One village-week. Counts only when submitted; `zero` is the explicit "nothing this week", never inferred."""

    __tablename__ = "weekly_log"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(AREA_CODE, ForeignKey("area.code"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    zero: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    seconds: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    submitted_by: Mapped[str | None] = mapped_column(USERNAME)

    __table_args__ = (
        CheckConstraint("state IN ('draft','submitted')", name="state"),
        CheckConstraint("state = 'draft' OR (submitted_at IS NOT NULL AND submitted_by IS NOT NULL)", name="submitted"),
        CheckConstraint("NOT zero OR state = 'submitted'", name="zero"),
        CheckConstraint("seconds >= 0", name="seconds"),
        Index("ix_weekly_log_village", "county_code", "village_code", "week"),
    )


class Event(Base):
    """One meeting, inspection or form of a department on one day (1 session), whoever received it.

    Its facts do not change once a second village has it (docs/adr/0009), so a figure does not drift behind a village's
    back; `minutes` is what is offered to the next one. `township_code` is set when only that township was meant. `created_by`
    is for the audit and never shown.
    """

    __tablename__ = "event"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12))
    department_code: Mapped[str] = mapped_column(DEPARTMENT_CODE, ForeignKey("department.code"))
    happened_on: Mapped[date]
    week: Mapped[date]
    title: Mapped[str] = mapped_column(String(80), default="")
    called_as: Mapped[str] = mapped_column(String(12), default="")
    minutes: Mapped[int]
    emergency: Mapped[bool] = mapped_column(default=False)
    township_code: Mapped[str | None] = mapped_column(AREA_CODE)
    source: Mapped[str] = mapped_column(String(10), default="village")
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[str] = mapped_column(USERNAME)

    __table_args__ = (
        CheckConstraint("kind IN ('meeting','inspection','form','certificate','document')", name="kind"),
        CheckConstraint("source IN ('village','township','department')", name="source"),
        CheckConstraint("minutes BETWEEN 0 AND 1440", name="minutes"),
        Index("ix_event_week", "county_code", "week", "kind"),
        Index("ix_event_department", "county_code", "department_code", "kind", "happened_on"),
    )


class Entry(Base):
    """One village received one event: village × event. `copies` is 1 except for forms filled several times.

    `request_id` is the one-time token of the tap that made it: the same tap sent twice is one row.
    """

    __tablename__ = "entry"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    event_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    minutes: Mapped[int]
    travel_minutes: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=1)
    copies: Mapped[int] = mapped_column(default=1)
    ledger: Mapped[bool] = mapped_column(default=False)
    material: Mapped[bool] = mapped_column(default=False)
    scored: Mapped[bool] = mapped_column(default=False)
    photo: Mapped[bool] = mapped_column(default=False)
    notified: Mapped[bool] = mapped_column(default=False)
    request_id: Mapped[str] = mapped_column(String(40))
    saved_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        ForeignKeyConstraint(["county_code", "event_id"], ["event.county_code", "event.id"]),
        ForeignKeyConstraint(
            ["county_code", "week", "village_code"],
            ["weekly_log.county_code", "weekly_log.week", "weekly_log.village_code"],
        ),
        UniqueConstraint("county_code", "village_code", "request_id"),
        CheckConstraint("minutes BETWEEN 0 AND 1440 AND travel_minutes BETWEEN 0 AND 1440", name="minutes"),
        CheckConstraint("people BETWEEN 1 AND 99 AND copies BETWEEN 1 AND 999", name="counts"),
        Index("ix_entry_event", "county_code", "event_id", "village_code", "week"),  # covering: who received an event
    )


class Holding(Base):
    """Something a village has until somebody takes it away: a chat group, app, plaque, wall board, mechanism.

    Open on a day if `since <= day` and (`until` is empty or later). `placed_by` is the department that put it there.
    """

    __tablename__ = "holding"

    county_code: Mapped[str] = mapped_column(AREA_CODE, primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    village_code: Mapped[str] = mapped_column(AREA_CODE, ForeignKey("area.code"))
    kind: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(80))
    department_code: Mapped[str] = mapped_column(DEPARTMENT_CODE, ForeignKey("department.code"))
    since: Mapped[date]
    until: Mapped[date | None]
    basis: Mapped[str] = mapped_column(String(200), default="")
    request_id: Mapped[str] = mapped_column(String(40))
    saved_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint("kind IN ('group','app','plaque','wall_board','mechanism')", name="kind"),
        CheckConstraint("until IS NULL OR until >= since", name="dates"),
        UniqueConstraint("county_code", "village_code", "request_id"),
        Index("ix_holding_village", "county_code", "village_code", "kind", "since"),
        Index("ix_holding_department", "county_code", "department_code", "kind", "since"),
    )
