"""Who may sign in, who is signed in, and who failed to. Shared by all counties; scope is a column."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import AREA_CODE, DEPARTMENT_CODE, USERNAME, Base, Moment


class Account(Base):
    """One person's account. `role` is a plain word (services/access.py); `area_code` and `department_code` are the scope."""

    __tablename__ = "account"

    username: Mapped[str] = mapped_column(USERNAME, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(30))
    area_code: Mapped[str] = mapped_column(AREA_CODE, ForeignKey("area.code"), index=True)
    department_code: Mapped[str | None] = mapped_column(DEPARTMENT_CODE, ForeignKey("department.code"))
    password_hash: Mapped[str] = mapped_column(String(80))
    must_change: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(5), default="zh_CN")
    large_type: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (CheckConstraint("username = lower(username)", name="lower"),)


class LoginSession(Base):
    """A signed-in browser. Only hashes of the cookie and of its one-time ticket are stored."""

    __tablename__ = "login_session"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    username: Mapped[str] = mapped_column(USERNAME, ForeignKey("account.username"), index=True)
    cookie_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    ticket_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    ticket_until: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class SignInFailure(Base):
    """Wrong passwords per name as typed, also for names that do not exist: both are locked alike and tell nothing."""

    __tablename__ = "sign_in_failure"

    username: Mapped[str] = mapped_column(USERNAME, primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Moment)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)
