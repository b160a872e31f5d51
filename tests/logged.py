"""Submitted village-weeks for tests: `week_of(session, VILLAGE_A1, WEEK, Received(1), …)`; none received: nothing happened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.rules.area import Level, ancestor
from models.rules.week import Week
from models.tables import Entry, Event, Holding, WeeklyLog
from tests import world


@dataclass(frozen=True)
class Received:
    """One event a village received; the same `event` id in two villages is one session."""

    event: int
    kind: str = "meeting"
    department: str = world.AGRI
    minutes: int = 60
    travel: int = 0
    people: int = 1
    copies: int = 1
    emergency: bool = False


def week_of(
    session: Session, village: str, week: Week, *received: Received, submitted: bool = True, at: datetime | None = None
) -> None:
    """A village's week as rows: submitted (one day after its Sunday, or `at`), or a draft."""
    county = ancestor(village, Level.COUNTY)
    saved = at or week.ends_at() + timedelta(days=1)
    log = WeeklyLog(
        county_code=county, week=week.monday, village_code=village, state="submitted" if submitted else "draft",
        zero=submitted and not received, saved_at=saved, submitted_at=saved if submitted else None,
        submitted_by="x" if submitted else None,
    )  # fmt: skip
    session.add(log)
    session.flush()
    for one in received:
        if session.get(Event, (county, one.event)) is None:
            session.add(_event(county, week, one, saved))
            session.flush()
        session.add(_entry(county, week, village, one, saved))
    session.flush()


def group(session: Session, number: int, village: str, since: Week, until: Week | None = None) -> None:
    """A chat group a village is in from one week's Monday on, until another's."""
    session.add(
        Holding(
            county_code=ancestor(village, Level.COUNTY), id=number, village_code=village, kind="group", name=f"群{number}",
            department_code=world.AGRI, since=since.monday, until=until.monday if until else None,
            request_id=f"g{number}", saved_at=world.NOW,
        )
    )  # fmt: skip
    session.flush()


def _event(county: str, week: Week, one: Received, saved: datetime) -> Event:
    return Event(
        county_code=county, id=one.event, kind=one.kind, department_code=one.department, happened_on=week.monday,
        week=week.monday, title=f"事项{one.event}", minutes=one.minutes, emergency=one.emergency, created_at=saved,
        created_by="x",
    )  # fmt: skip


def _entry(county: str, week: Week, village: str, one: Received, saved: datetime) -> Entry:
    return Entry(
        county_code=county, week=week.monday, village_code=village, event_id=one.event, minutes=one.minutes,
        travel_minutes=one.travel, people=one.people, copies=one.copies, request_id=f"r{one.event}", saved_at=saved,
    )  # fmt: skip
