"""How it is stored. Every county-owned table has `county_code` first in its primary key: the county is the tenant."""

from models.tables.account import Account, LoginSession, SignInFailure
from models.tables.audit import AuditChain, AuditEvent
from models.tables.base import Base
from models.tables.declaration import Declaration
from models.tables.organisation import Area, Department, ObservationPoint
from models.tables.rebase import Rebase
from models.tables.target import Quota, Target, Threshold
from models.tables.week_summary import Correction, WeekClosing, WeekReport, WeekSummary
from models.tables.weekly_log import Entry, Event, Holding, WeeklyLog

__all__ = [
    "Account",
    "Area",
    "AuditChain",
    "AuditEvent",
    "Base",
    "Correction",
    "Declaration",
    "Department",
    "Entry",
    "Event",
    "Holding",
    "LoginSession",
    "ObservationPoint",
    "Quota",
    "Rebase",
    "SignInFailure",
    "Target",
    "Threshold",
    "WeekClosing",
    "WeekReport",
    "WeekSummary",
    "WeeklyLog",
]
