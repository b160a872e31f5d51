"""The small world of the tests: one county with two townships and four villages, and a CANARY county that must never show.

Personas: every role has an account of its name; `canary_task_force` and `canary_recorder` are the outsiders.
"""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from models.rules.area import Level, ancestor, level_of, parent_of
from models.rules.week import Week
from models.tables import Account, Area, AuditChain, Department, LoginSession, ObservationPoint, Threshold
from services.access import ROLES, Actor, Role, actor_of

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)  # Wednesday 10:00 in Asia/Shanghai
FRIDAY = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # the first day on which the week can be submitted
TODAY = date(2026, 11, 18)
WEEK = Week.of(TODAY)  # 2026-W47
SINCE = date(2025, 6, 2)  # every village is a point from here on

PREFECTURE = "992100000000"
COUNTY, CANARY = "992121000000", "992122000000"
TOWN_A, TOWN_B, TOWN_C = "992121100000", "992121200000", "992122100000"
VILLAGE_A1, VILLAGE_A2 = "992121100201", "992121100202"
VILLAGE_B1, VILLAGE_B2 = "992121200201", "992121200202"
VILLAGE_C1, VILLAGE_C2 = "992122100201", "992122100202"
AGRI, CIVIL, FIRE, TOWN_OFFICE, CANARY_DEPT = "992121-01", "992121-02", "992121-03", "992121100-01", "992122-01"
PASSWORD = "correct horse battery"
PASSWORD_HASH = "$2b$04$1Yy7UQfweAtq.6P1H8YegejDMuK/Wz4eP/Bn/u9kLxsvsh..1Wdve"  # of PASSWORD, at the cheapest cost

AREAS = {
    "990000000000": ("示例省", "Example Province"),
    PREFECTURE: ("示例州", "Example Prefecture"),
    COUNTY: ("示例县", "Example County"),
    CANARY: ("CANARY县", "CANARY County"),
    TOWN_A: ("青石镇", "Qingshi"),
    TOWN_B: ("大坪乡", "Daping"),
    TOWN_C: ("CANARY镇", "CANARY Town"),
    VILLAGE_A1: ("青山村", None),
    VILLAGE_A2: ("柳河村", None),
    VILLAGE_B1: ("石门村", None),
    VILLAGE_B2: ("云岭村", None),
    VILLAGE_C1: ("CANARY一村", None),
    VILLAGE_C2: ("CANARY二村", None),
}
DEPARTMENTS = {
    AGRI: (COUNTY, "农业农村局", "Agriculture", "government", "nyncj"),
    CIVIL: (COUNTY, "民政局", "Civil Affairs", "government", "mzj"),
    FIRE: (COUNTY, "应急管理局", "Emergency Management", "government", "yjglj"),
    TOWN_OFFICE: (TOWN_A, "青石镇党政办", "Qingshi Office", "township", "qszdzb"),
    CANARY_DEPT: (CANARY, "CANARY局", "CANARY Bureau", "government", "canary"),
}
SCOPE = {Role.VILLAGE_RECORDER: VILLAGE_A1, Role.TOWNSHIP_LIAISON: TOWN_A, Role.PREFECTURE_VIEWER: PREFECTURE}
EXTRA = {
    "recorder_a2": (Role.VILLAGE_RECORDER, VILLAGE_A2),
    "recorder_b1": (Role.VILLAGE_RECORDER, VILLAGE_B1),
    "canary_task_force": (Role.TASK_FORCE, CANARY),
    "canary_recorder": (Role.VILLAGE_RECORDER, VILLAGE_C1),
}
THRESHOLDS = {
    "due_days": 3.0,
    "close_days": 14.0,
    "near_share": 0.8,
    "least_villages": 3.0,
    "least_events": 5.0,
    "least_coverage": 0.8,
    "correction_days": 7.0,
    "significance": 0.01,
    "missing_weeks": 3.0,
    "omission_share": 0.6,
    "omission_villages": 3.0,
    "same_day_units": 3.0,
    "forecast_share": 0.25,
    "match_days": 3.0,
    "most_cv": 0.33,
    "log_seconds": 180.0,
}


def build(session: Session) -> None:
    """Everything above as rows, with one open browser per account (its session id is `session-<username>`)."""
    for code, (name, name_en) in AREAS.items():
        session.add(Area(code=code, name=name, name_en=name_en, level=level_of(code), parent_code=parent_of(code)))
        session.flush()
    for code, (area, name, name_en, kind, initials) in DEPARTMENTS.items():
        session.add(Department(code=code, area_code=area, name=name, name_en=name_en, kind=kind, initials=initials))
    for county in (COUNTY, CANARY):
        session.add(AuditChain(county_code=county, seq=0, hash="0" * 64))
        for name, value in THRESHOLDS.items():
            session.add(Threshold(county_code=county, name=name, version=1, value=value, since=date(2025, 1, 1), basis="test"))
    session.flush()
    for code in AREAS:
        if level_of(code) is Level.VILLAGE:
            session.add(
                ObservationPoint(
                    county_code=ancestor(code, Level.COUNTY),
                    village_code=code,
                    since=SINCE,
                    township_code=ancestor(code, Level.TOWNSHIP),
                    selection="purposive",
                )
            )
    people = {role.value: (role, SCOPE.get(role, COUNTY)) for role in ROLES} | EXTRA
    for username, (role, area) in people.items():
        add_account(session, username, role, area, AGRI if ROLES[role].needs_department else None)


def add_account(session: Session, username: str, role: Role, area: str, department: str | None = None) -> None:
    """An account that is signed in."""
    session.add(
        Account(
            username=username,
            name=username,
            role=role,
            area_code=area,
            department_code=department,
            password_hash=PASSWORD_HASH,
            must_change=False,
            active=True,
            changed_at=NOW,
        )
    )
    session.flush()
    session.add(
        LoginSession(
            id=f"session-{username}",
            username=username,
            ticket_until=NOW,
            created_at=NOW,
            seen_at=datetime(2999, 1, 1, tzinfo=UTC),
            ends_at=datetime(2999, 1, 2, tzinfo=UTC),
        )
    )


def persona(session: Session, username: str, now: datetime = NOW) -> Actor:
    """The actor of an account, at a moment."""
    return actor_of(session, f"session-{username}", now)
