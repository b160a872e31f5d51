"""Many villages beside the demo, each with a recorder who is signed in, and people of the county who read: for load."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from models.db import engine, learn_sizes, open_session
from models.rules.week import Week, today_at
from models.tables import Account, Department, Event, LoginSession, ObservationPoint
from seed.bulk import COUNTY, put_bulk
from services import sessions
from services.access import Role
from ui.sign_in import COOKIE

WEEKS, ENTRIES, OFFERED = 26, 8, 12


def settled(villages: int, readers: int) -> dict[str, list[str]]:
    """Puts them into the app's database; the cookies by role. Last week's log is empty, and departments offer for it."""
    now = datetime.now(UTC)
    last = Week.of(today_at(now)) - 1
    with open_session(write=True) as session:
        put_bulk(session, now, (last - 1).monday, villages=villages, weeks=WEEKS, entries=ENTRIES)
        _offer(session, last, now)
        points = select(ObservationPoint.village_code).where(ObservationPoint.county_code == COUNTY)
        places = session.scalars(points.order_by(ObservationPoint.village_code)).all()
        village = [_signed_in(session, f"crowd-{code}", Role.VILLAGE_RECORDER, code, now) for code in places]
        county = [_signed_in(session, f"reader-{n}", Role.TASK_FORCE, COUNTY, now) for n in range(readers)]
        session.commit()
    learn_sizes(engine(), filled=True)
    engine().dispose()
    return {"village": village, "county": county}


def _offer(session: Session, week: Week, now: datetime) -> None:
    """What departments say they held that week: something to tick for everybody."""
    senders = session.scalars(select(Department.code).where(Department.area_code == COUNTY).order_by(Department.code)).all()
    highest = session.scalar(select(func.max(Event.id)).where(Event.county_code == COUNTY)) or 0
    rows = [
        {
            "county_code": COUNTY,
            "id": highest + 1 + n,
            "kind": ("meeting", "inspection", "form")[n % 3],
            "department_code": senders[n % len(senders)],
            "happened_on": week.days[n % 5],
            "week": week.monday,
            "title": f"全县事项{n}",
            "called_as": "",
            "minutes": 60,
            "emergency": False,
            "township_code": None,
            "source": "department",
            "created_at": now,
            "created_by": "crowd",
        }
        for n in range(OFFERED)
    ]
    session.execute(insert(Event), rows)


def _signed_in(session: Session, username: str, role: Role, area_code: str, now: datetime) -> str:
    """An account with one open browser; its cookie."""
    session.add(
        Account(
            username=username, name=username, role=role, area_code=area_code, department_code=None, password_hash="-",
            must_change=False, active=True, changed_at=now,
        )
    )  # fmt: skip
    session.flush()
    session.add(
        LoginSession(
            id=f"session-{username}", username=username, cookie_hash=sessions.digest(username), ticket_until=now,
            created_at=now, seen_at=now, ends_at=now + timedelta(hours=12),
        )
    )  # fmt: skip
    return f"{COOKIE}={username}"
