"""Puts the demo into an empty database: two fictional counties, their people, their numbers, in one transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from models.rules.area import Level, level_of, parent_of
from models.rules.measure import Measure
from models.tables import (
    Account,
    Area,
    AuditEvent,
    Base,
    Declaration,
    Department,
    Entry,
    Event,
    Holding,
    ObservationPoint,
    Quota,
    Target,
    WeeklyLog,
)
from seed.accounts import LOGINS, PASSWORD, all_logins
from seed.calendar import BASELINE, POLICY, REPLACED, Calendar
from seed.declared import declarations
from seed.offices import offices, prefecture_offices
from seed.places import ABOVE, COUNTIES, COUNTY, FIRST, PREDECESSOR, SUCCESSOR, County, Township, Village
from seed.quota_use import allowances, use_of
from seed.reference import put_reference
from seed.story import Row, Story, tell
from services import audit
from services.access import SYSTEM_CHAIN, operator
from services.passwords import hash_password

REDUCTIONS = {Measure.MEETING: 0.3, Measure.INSPECTION: 0.3, Measure.FORM: 0.2, Measure.GROUP: 0.3}
BATCH = 5000


def is_in_use(session: Session) -> bool:
    """Whether anybody's rows are there; reference rows do not count."""
    tables: tuple[type[Base], ...] = (Area, Account, Department, WeeklyLog)
    return any(session.scalar(select(table.__table__).limit(1)) is not None for table in tables)


def has_demo(session: Session) -> bool:
    """Whether the demo was put here and its logins are still there."""
    put = select(func.count()).where(AuditEvent.county_code == COUNTY, AuditEvent.action == "seed.demo")
    return bool(session.scalar(put)) and session.get(Account, LOGINS[0].username) is not None


def put_demo(session: Session, now: datetime) -> Counter[str]:
    """Everything, by what the date of `now` says; rows per table. Waits for another process doing the same. No commit."""
    audit.lock(session, SYSTEM_CHAIN)
    counts: Counter[str] = Counter()
    if is_in_use(session):
        return counts
    put_reference(session, now)
    calendar = Calendar(now)
    for model, rows in _people_and_places(calendar).items():
        counts[model.__tablename__] += _put(session, model, rows)
    for county in COUNTIES:
        here: Counter[str] = Counter()
        for model, rows in _county_rows(county, calendar).items():
            here[model.__tablename__] += _put(session, model, rows)
        audit.record(session, operator(county.code, now), "seed.demo", county.code, new=here, reason="演示数据")
        counts += here
    return counts


def _put(session: Session, model: type[Base], rows: Sequence[Row]) -> int:
    for start in range(0, len(rows), BATCH):
        session.execute(insert(Base.metadata.tables[model.__tablename__]), rows[start : start + BATCH])
    return len(rows)


def _people_and_places(calendar: Calendar) -> dict[type[Base], list[Row]]:
    password_hash = hash_password(PASSWORD)
    logins = [
        {
            "username": one.username,
            "name": one.name,
            "role": one.role.value,
            "area_code": one.area_code,
            "department_code": one.department_code,
            "password_hash": password_hash,
            "must_change": one.must_change,
            "active": one.active,
            "language": "zh_CN",
            "large_type": False,
            "changed_at": calendar.now,
        }
        for one in all_logins()
    ]
    return {Area: _areas(), Department: _departments(), Account: logins}


def _areas() -> list[Row]:
    names = dict(ABOVE)
    for county in COUNTIES:
        names[county.code] = (county.name, county.name_en)
        for township in county.townships:
            names[township.code] = (township.name, township.name_en)
            names |= {village.code: (village.name, village.name_en) for village in township.villages}
    order = list(Level)
    return [
        {"code": code, "name": name, "name_en": name_en, "level": level_of(code).value, "parent_code": parent_of(code)}
        for code, (name, name_en) in sorted(names.items(), key=lambda item: (order.index(level_of(item[0])), item[0]))
    ]


def _departments() -> list[Row]:
    every = {one.code: one for county in COUNTIES for one in (*offices(county), *prefecture_offices())}
    columns = ("code", "area_code", "name", "name_en", "kind", "initials")
    return [{column: getattr(one, column) for column in columns} for one in every.values()]


def _county_rows(county: County, calendar: Calendar) -> dict[type[Base], list[Row]]:
    story = tell(county, calendar)
    return {
        ObservationPoint: _points(county, calendar),
        WeeklyLog: story.logs,
        Event: story.events,
        Entry: story.entries,
        Holding: story.holdings,
        Target: _targets(county, calendar),
        Quota: _quotas(county, calendar, story),
        Declaration: declarations(calendar, story.events) if county is FIRST else [],
    }


def _points(county: County, calendar: Calendar) -> list[Row]:
    first, handed_over = calendar.weeks[0].monday, calendar.weeks[REPLACED].monday
    spells: list[tuple[Village, Township, date, date | None]] = [
        (village, township, handed_over if village is SUCCESSOR else first, None) for village, township in county.points.items()
    ]
    if county is FIRST:
        spells.append((PREDECESSOR, county.points[SUCCESSOR], first, handed_over))
    return [
        {
            "county_code": county.code,
            "village_code": village.code,
            "since": since,
            "until": until,
            "township_code": township.code,
            "selection": "purposive" if county is FIRST else "random",  # so that an estimate can be seen
        }
        for village, township, since, until in spells
    ]


def _targets(county: County, calendar: Calendar) -> list[Row]:
    weeks = calendar.weeks
    return [
        {
            "county_code": county.code,
            "area_code": county.code,
            "measure": measure.value,
            "version": 1,
            "reduction": reduction,
            "baseline_from": weeks[BASELINE.start].monday,
            "baseline_until": weeks[BASELINE.stop - 1].sunday,
            "starts": weeks[POLICY].monday,
            "ends": calendar.today.replace(month=12, day=31),
            "basis": f"{county.name}村级组织减负工作方案（演示）",
            **_made(weeks[POLICY].ends_at()),
        }
        for measure, reduction in REDUCTIONS.items()
    ]


def _quotas(county: County, calendar: Calendar, story: Story) -> list[Row]:
    used = use_of(story.events, story.entries, story.logs)
    since = calendar.weeks[-52].monday
    recent = [event for event in story.events if event["happened_on"] >= since]
    yearly: Counter[tuple[str, str, int]] = Counter()
    for (department, kind, _), count in use_of(recent, story.entries, story.logs).items():
        yearly[department, kind, 0] += count
    return [
        {
            "county_code": county.code,
            "department_code": department,
            "measure": measure,
            "year": year,
            "version": 1,
            "allowance": allowance,
            "basis": f"{county.name}{year}年度会议、督查检查和报表计划（演示）",
            **_made(calendar.weeks[0].ends_at()),
        }
        for (department, measure, year), allowance in allowances(county, calendar, used, yearly, story.holdings).items()
    ]


def _made(at: datetime) -> dict[str, Any]:
    return {"basis_checked": False, "reason": "", "created_at": at, "created_by": "command-line"}


def counted(counts: Counter[str]) -> Iterable[str]:
    """`entry 25,306`, one per table."""
    return (f"{table} {count:,}" for table, count in counts.items())
