"""The small world with something in every table, in both counties: in the other one every word is CANARY.

`canary_<role>` is a persona of each role there.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine, delete, inspect, select, update
from sqlalchemy.orm import Session

from models.db import open_session
from models.rules.area import Level
from models.tables import (
    Account,
    Area,
    Base,
    Correction,
    Declaration,
    Entry,
    Event,
    Holding,
    LoginSession,
    ObservationPoint,
    Quota,
    Rebase,
    SignInFailure,
    Target,
    Threshold,
    WeeklyLog,
)  # fmt: skip
from seed.reference import put_reference
from services import audit, closing
from services.access import ROLES, Actor, Role
from tests import world

WEEKS = [world.WEEK - n for n in range(9, 0, -1)]
OURS = (world.COUNTY, [world.VILLAGE_A1, world.VILLAGE_A2, world.VILLAGE_B1], world.AGRI, "村里")
THEIRS = (world.CANARY, [world.VILLAGE_C1, world.VILLAGE_C2], world.CANARY_DEPT, "CANARY")
TRIP = "到青山和qingshi："  # what a department must not read in a title
SILENT_POINT, NO_POINT = "992122100203", "992122100204"
PLACES = {Level.VILLAGE: world.VILLAGE_C1, Level.TOWNSHIP: world.TOWN_C, Level.COUNTY: world.CANARY}


def fill(session: Session) -> None:
    """Nine weeks of everything, targets, quotas, an audit trail and a locked name, in both counties."""
    put_reference(session, world.NOW)
    _more_villages(session)
    for role, rights in ROLES.items():
        if rights.level in PLACES and f"canary_{role}" not in ("canary_task_force",):
            department = world.CANARY_DEPT if rights.needs_department else None
            world.add_account(session, f"canary_{role}", role, PLACES[rights.level], department)
    for county, villages, department, word in (OURS, THEIRS):
        for week in WEEKS:
            _week(session, county, villages, department, week.monday, word)
        _numbers(session, county, department, word)
        teller = world.persona(session, "task_force" if county == world.COUNTY else "canary_task_force")
        _close(session, teller, villages[0], word)
        audit.record(session, teller, "test.act", f"{word}的事", old={"word": word}, new={"word": word}, reason=word)
    for name in ("village_recorder", "canary_recorder"):
        session.add(SignInFailure(username=name, failures=2, last_at=world.NOW, locked_until=None))


def _close(session: Session, teller: Actor, village: str, word: str) -> None:
    """All weeks but the last three are closed; in the oldest a village is correcting something."""
    for week in WEEKS[:-3]:
        closing.close(session, teller, week)
    until = world.NOW + timedelta(days=7)
    place = {"county_code": teller.county_codes[0], "week": WEEKS[0].monday, "village_code": village}
    session.add(Correction(**place, number=1, reason=word, opened_at=world.NOW, opened_by=word, until=until))
    session.flush()


def _more_villages(session: Session) -> None:
    """In the other county: a point that never reports but joined a group, a village that is no point, a neighbour's event."""
    for code, name in ((SILENT_POINT, "CANARY三村"), (NO_POINT, "CANARY四村")):
        session.add(Area(code=code, name=name, name_en="CANARY", level="village", parent_code=world.TOWN_C))
    session.flush()
    place = {"county_code": world.CANARY, "township_code": world.TOWN_C}
    session.add(ObservationPoint(**place, village_code=SILENT_POINT, since=date(2025, 6, 2), selection="random"))
    group = {"kind": "group", "name": "CANARY新群", "department_code": world.CANARY_DEPT, "since": WEEKS[-1].monday}
    joined = {"village_code": SILENT_POINT, "request_id": "new", "saved_at": world.NOW}
    session.add(Holding(county_code=world.CANARY, id=99, **group, **joined))


def _week(session: Session, county: str, villages: list[str], department: str, monday: date, word: str) -> None:
    trip = TRIP if county == world.COUNTY else word
    week_is_last = monday == WEEKS[-1].monday  # its form was logged by the neighbours only
    for village in villages:
        logged: dict[str, Any] = {"state": "submitted", "submitted_by": word, "saved_at": world.NOW, "submitted_at": world.NOW}
        session.add(WeeklyLog(county_code=county, week=monday, village_code=village, seconds=80, **logged))
    session.flush()
    for n, kind in enumerate(("meeting", "inspection", "form")):
        event_id = monday.toordinal() * 10 + n
        session.add(
            Event(
                county_code=county, id=event_id, kind=kind, department_code=department, happened_on=monday + timedelta(days=n),
                week=monday, title=f"{trip}{kind}", called_as="guidance" if kind == "inspection" else "", minutes=60,
                created_at=world.NOW, created_by=word,
            )
        )  # fmt: skip
        session.flush()
        for village in villages[1:] if kind == "form" and week_is_last else villages:
            session.add(
                Entry(
                    county_code=county, week=monday, village_code=village, event_id=event_id, minutes=60, scored=n == 1,
                    request_id=f"{event_id}-{village}", saved_at=world.NOW,
                )
            )  # fmt: skip
    session.flush()


def _numbers(session: Session, county: str, department: str, word: str) -> None:
    made: dict[str, Any] = {"basis": f"{word}文件", "reason": word, "created_at": world.NOW, "created_by": word}
    village = world.VILLAGE_A1 if county == world.COUNTY else world.VILLAGE_C1
    dates = {"baseline_from": date(2025, 6, 2), "baseline_until": date(2025, 12, 1), "starts": date(2026, 1, 5)}
    promised = {"version": 1, "reduction": 0.3, "ends": date(2026, 12, 28)} | dates | made
    if county == world.COUNTY:  # a township's own, which its neighbour must not read
        theirs = promised | {"basis": f"{world.AREAS[world.TOWN_B][0]}文件"}
        session.add(Target(county_code=county, area_code=world.TOWN_B, measure="meeting", **theirs))
    for n, measure in enumerate(("meeting", "inspection", "form", "group")):
        session.add(Target(county_code=county, area_code=county, measure=measure, **promised))
        quota = {"county_code": county, "department_code": department, "measure": measure, "year": world.TODAY.year}
        session.add(Quota(**quota, version=1, allowance=5, **made))
        session.add(
            Holding(
                county_code=county, id=n + 1, village_code=village, kind="group", name=f"{word}群{n}",
                department_code=department, since=WEEKS[0].monday, request_id=f"g{n}", saved_at=world.NOW,
            )
        )  # fmt: skip
    session.add(Rebase(county_code=county, area_code=county, measure="meeting", week=WEEKS[4].monday, **_without_basis(made)))
    held = {"kind": "meeting", "happened_on": WEEKS[0].monday, "title": f"{word}的会"}
    by = {"declared_at": world.NOW, "declared_by": word}
    session.add(Declaration(county_code=county, department_code=department, **held, **by))
    since = date(2025, 1, 1)
    for name, value in {"same_day_units": 1.0, "omission_villages": 1.0, "omission_share": 0.5}.items():
        session.add(Threshold(county_code=county, name=name, version=9, value=value, since=since, basis=word))
    session.flush()


def _without_basis(made: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in made.items() if name != "basis"}


def snapshot(engine: Engine, county: str | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table; of one county only, when given: its own rows, its accounts and their sessions."""
    with open_session(engine) as session:
        found = {}
        for table in Base.metadata.sorted_tables:
            if table.name == "alembic_version":
                continue
            query = select(table)
            if county is not None:
                mine = select(Account.username).where(Account.area_code.startswith(county[:6]))
                if "county_code" in table.c:
                    query = query.where(table.c.county_code == county)
                elif table.name == "account":
                    query = query.where(table.c.area_code.startswith(county[:6]))
                elif table.name in (LoginSession.__tablename__, SignInFailure.__tablename__):
                    query = query.where(table.c.username.in_(mine))
            found[table.name] = sorted((tuple(row) for row in session.execute(query)), key=repr)
        return found


def empty_the_other_county(engine: Engine) -> None:
    """Whatever happened there did not happen."""
    with open_session(engine, write=True) as session:
        for table in reversed(Base.metadata.sorted_tables):
            if "county_code" in table.c and table.name not in ("threshold", "audit_chain"):
                session.execute(delete(table).where(table.c.county_code == world.CANARY))
            elif table.name == "account":
                session.execute(update(Account).where(Account.username.startswith("canary_")).values(name="X", active=False))
        session.commit()


def every_table_has_rows(engine: Engine) -> set[str]:
    """The tables that this world leaves empty."""
    rows = snapshot(engine)
    return {name for name in inspect(engine).get_table_names() if name != "alembic_version" and not rows[name]}


def roles_without(permission: str) -> list[Role]:
    """The roles that may not do it."""
    return [role for role, rights in ROLES.items() if permission not in rights.permissions]
