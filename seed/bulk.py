"""Much data for one more county, for benchmarks: no story, only volume. The same arguments give the same rows."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.rules.area import level_of, pad, parent_of
from models.rules.errors import NotAllowedNow
from models.rules.measure import Demand, HoldingKind, Kind
from models.rules.schedule import LogState
from models.rules.week import Week, span
from models.tables import Area, Base, Department, Entry, Event, Holding, ObservationPoint, Quota, Target, WeeklyLog
from seed.offices import Office, county_offices
from seed.places import FIRST, PREFECTURE, PROVINCE
from seed.reference import put_reference
from seed.story import Row
from services import audit
from services.access import operator

COUNTY = pad("992131")
PER_TOWNSHIP, REACH, BATCH = 100, 25, 20_000
MIX = (Kind.MEETING, Kind.MEETING, Kind.INSPECTION, Kind.FORM, Kind.FORM)


def put_bulk(session: Session, now: datetime, today: date, *, villages: int, weeks: int, entries: int) -> int:
    """Entries stored: `entries` per village and week. NotAllowedNow(bulk_there) when the county exists. No commit."""
    if session.get(Area, COUNTY):
        raise NotAllowedNow("bulk_there")
    put_reference(session, now)
    codes = [f"{COUNTY[:6]}{200 + n // PER_TOWNSHIP}{201 + n % PER_TOWNSHIP}" for n in range(villages)]
    senders = [office for office in county_offices(FIRST) if office.area_code == FIRST.code]
    first = Week.of(today) - (weeks - 1)
    for table, rows in _people_and_places(session, codes, senders, first, today):
        _put(session, table, rows)
    rng, event_id = Random(f"bulk {villages} {weeks} {entries}"), 0
    for week in span(first, Week.of(today)):
        events = [_event(week, event_id + n, senders, rng) for n in range(max(villages * entries // REACH, 1))]
        event_id += len(events)
        _put(session, WeeklyLog, [_log(week, code) for code in codes])
        _put(session, Event, events)
        _put(session, Entry, [row for event in events for row in _entries(event, codes, rng)])
    counts = {"villages": villages, "weeks": weeks, "events": event_id}
    audit.record(session, operator(COUNTY, now), "seed.bulk", COUNTY, new=counts)
    return event_id * min(REACH, villages)


def _put(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), BATCH):
        session.execute(insert(Base.metadata.tables[model.__tablename__]), rows[start : start + BATCH])


def _people_and_places(
    session: Session, codes: list[str], senders: list[Office], first: Week, today: date
) -> Iterator[tuple[type[Base], list[Row]]]:
    above = [code for code in (PROVINCE, PREFECTURE) if session.get(Area, code) is None]
    for level in (above, [COUNTY], sorted({pad(code[:9]) for code in codes}), codes):
        for code in level:  # one by one: each may be the next one's parent
            yield Area, [{"code": code, "name": f"虚构{code}", "level": level_of(code).value, "parent_code": parent_of(code)}]
    yield (
        Department,
        [
            {"code": _code(one), "area_code": COUNTY, "name": one.name, "kind": one.kind, "initials": one.initials}
            for one in senders
        ],
    )
    point = {"county_code": COUNTY, "since": first.monday, "selection": "random"}
    yield ObservationPoint, [point | {"village_code": code, "township_code": pad(code[:9])} for code in codes]
    yield Target, [_target(kind.value, first, today) for kind in dict.fromkeys(MIX)]
    yield Quota, [_quota(_code(one), kind.value, first, today) for one in senders for kind in dict.fromkeys(MIX)]
    yield Holding, [_group(n, code, _code(senders[n % len(senders)]), first) for n, code in enumerate(codes * 20)]


def _code(office: Office) -> str:
    return f"{COUNTY[:6]}-{office.code[-2:]}"


def _target(measure: str, first: Week, today: date) -> Row:
    return {
        "county_code": COUNTY,
        "area_code": COUNTY,
        "measure": measure,
        "version": 1,
        "reduction": 0.3,
        "baseline_from": first.monday,
        "baseline_until": (first + 11).sunday,
        "starts": (first + 12).monday,
        "ends": (Week.of(today) + 26).sunday,
        **_made(first),
    }


def _quota(department: str, measure: str, first: Week, today: date) -> Row:
    row = {"county_code": COUNTY, "department_code": department, "measure": measure, "version": 1, "allowance": 100}
    return row | {"year": today.year} | _made(first)


def _made(week: Week) -> Row:
    return {"basis": "bulk", "basis_checked": False, "reason": "", "created_at": week.ends_at(), "created_by": "command-line"}


def _group(number: int, village: str, department: str, first: Week) -> Row:
    return {
        "county_code": COUNTY,
        "id": number + 1,
        "village_code": village,
        "kind": HoldingKind.GROUP.value,
        "name": f"群{number}",
        "department_code": department,
        "since": first.monday,
        "until": None,
        "basis": "",
        "request_id": f"bulk-{number}",
        "saved_at": first.ends_at(),
    }


def _log(week: Week, village: str) -> Row:
    return {
        "county_code": COUNTY,
        "week": week.monday,
        "village_code": village,
        "state": LogState.SUBMITTED.value,
        "zero": False,
        "version": 1,
        "seconds": 60,
        "saved_at": week.ends_at(),
        "submitted_at": week.ends_at(),
        "submitted_by": "bulk",
    }


def _event(week: Week, event_id: int, senders: list[Office], rng: Random) -> Row:
    return {
        "county_code": COUNTY,
        "id": event_id + 1,
        "kind": rng.choice(MIX).value,
        "department_code": _code(rng.choice(senders)),
        "happened_on": week.monday + timedelta(days=rng.randint(0, 4)),
        "week": week.monday,
        "title": f"事项{event_id}",
        "called_as": "",
        "minutes": 60,
        "emergency": False,
        "township_code": None,
        "source": "village",
        "created_at": week.ends_at(),
        "created_by": "bulk",
    }


def _entries(event: Row, codes: list[str], rng: Random) -> Iterator[Row]:
    start = rng.randrange(len(codes))
    for village in {codes[(start + n) % len(codes)] for n in range(REACH)}:
        yield {
            "county_code": COUNTY,
            "week": event["week"],
            "village_code": village,
            "event_id": event["id"],
            "minutes": 60,
            "travel_minutes": 20,
            "people": 1,
            "copies": 1,
            **dict.fromkeys(Demand, False),
            "request_id": f"bulk-{event['id']}",
            "saved_at": event["created_at"],
        }
