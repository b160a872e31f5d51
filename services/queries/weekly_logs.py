"""A village's own week as its recorder sees it. The village is the actor's; nobody can ask for another one's."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from models.rules.area import Level, ancestor
from models.rules.entry import Origin
from models.rules.schedule import is_assigned
from models.rules.week import Week, span
from models.tables import Department, Entry, Event, Holding, ObservationPoint, WeeklyLog
from services.access import Actor, Permission, in_area, in_scope
from services.log.shared_events import effort_of
from services.log.village_week import asking_areas, closing, corrections_of, names_in, own_village, reports_in
from services.log.week_view import Choice, Choices, Group, ListedWeek, Place, Row, VillageWeek
from services.once import once
from services.thresholds import deadlines, threshold
from services.usecase import query

USUAL = 8
USUAL_WEEKS = 26
CLOSED_WEEKS = 8  # closed ones to read again: two months; an older one opens by its address
FURTHEST_BACK = 53  # weeks; a county that never closes its weeks still gets a list that can be read


@query(Permission.VIEW_WEEKLY_LOG)
def week(session: Session, actor: Actor, *, week: Week, today: date) -> VillageWeek:
    """The village's week: its entries by day, groups joined and left in it and still held, state, deadline, seconds spent.

    `year_seconds`: seconds in all logs of that calendar year. PermissionDenied for a scope that is not one village.
    """
    county, village = own_village(actor)
    log = session.get(WeeklyLog, (county, week.monday, village))
    correction = corrections_of(session, county, village).get(week)
    held = _groups(session, actor, county, village, week)
    inside = [group for group in held if group.since in week], [g for g in held if g.until is not None and g.until in week]
    return VillageWeek(
        week=week,
        place=_place(session, village),
        reports=reports_in(session, county, village, week),
        closes_at=closing(session, county, village, week),
        correction=correction.reason if correction else None,
        state=log.state if log else None,
        zero=bool(log and log.zero),
        version=log.version if log else 0,
        seconds=log.seconds if log else 0,
        saved_at=log.saved_at if log else None,
        submitted_at=log.submitted_at if log else None,
        rows=_rows(session, actor, county, village, week, today),
        joined=tuple(inside[0]),
        left=tuple(inside[1]),
        groups=tuple(group for group in held if group.until is None),
        year_seconds=_year_seconds(session, county, village, week.monday.year),
    )


@query(Permission.VIEW_WEEKLY_LOG)
def recent_weeks(session: Session, actor: Actor, *, as_of: datetime, today: date) -> tuple[ListedWeek, ...]:
    """The current week, the earlier ones that can be written at `as_of`, and the last 8 closed ones, which can only be read.

    Only weeks in which the village reports; newest first.
    """
    county, village = own_village(actor)
    current = Week.of(today)
    moments = deadlines(session, county, span(current - FURTHEST_BACK, current))
    closes = {one: its.closes_at for one, its in moments.items()}
    closes |= {one: its.until for one, its in corrections_of(session, county, village).items() if its.until > as_of}
    point = ObservationPoint
    periods = session.execute(
        select(point.since, point.until).where(
            point.county_code == county, point.village_code == village, in_scope(actor, point.county_code, point.village_code)
        )
    ).all()
    reported = [one for one in sorted(closes) if any(is_assigned(one, since, until) for since, until in periods)]
    readable = [one for one in reported if closes[one] <= as_of and one != current][-CLOSED_WEEKS:]
    listed = [one for one in reported if one in readable or closes[one] > as_of or one == current]
    states = session.execute(
        select(WeeklyLog.week, WeeklyLog.state).where(
            WeeklyLog.county_code == county, WeeklyLog.village_code == village, WeeklyLog.week >= min(closes).monday
        )
    )
    state_of = {row.week: row.state for row in states}
    return tuple(ListedWeek(one, state_of.get(one.monday), closes[one], closes[one] <= as_of) for one in reversed(listed))


@query(Permission.VIEW_WEEKLY_LOG)
def departments(session: Session, actor: Actor, *, week: Week) -> Choices:
    """Departments that may ask the village in that week: its usual eight, and all of its township, county and above.

    Usual: the most frequent in its last 26 weeks; filled up with its township's offices, then with the county's most
    frequent ones.
    """
    county, village = own_village(actor)
    found = {row.code: row for row in _asking(session, ancestor(village, Level.TOWNSHIP), week)}
    recent = and_(Event.county_code == county, Event.week.between((week - USUAL_WEEKS).monday, week.monday))
    own = _by_frequency(
        session, recent, and_(Entry.village_code == village, in_scope(actor, Entry.county_code, Entry.village_code))
    )
    township = [code for code, row in found.items() if row.area_code == ancestor(village, Level.TOWNSHIP)]
    ranked = [code for code in own if code in found][:USUAL]
    if len(ranked) < USUAL:
        ranked += [*township, *_by_frequency(session, recent), *found]
    usual = [code for code in dict.fromkeys(ranked) if code in found][:USUAL]
    choice = {code: Choice(code, row.name, row.name_en, row.initials) for code, row in found.items()}
    return Choices(tuple(choice[code] for code in usual), tuple(choice.values()))


@once
def _asking(session: Session, township: str, week: Week) -> Sequence[Department]:
    """Departments that may ask the township's villages, the nearest first."""
    exists_then = and_(
        or_(Department.valid_from.is_(None), Department.valid_from <= week.sunday),
        or_(Department.valid_until.is_(None), Department.valid_until > week.monday),
    )
    found = select(Department).where(Department.area_code.in_(asking_areas(township)), exists_then)
    return session.scalars(found.order_by(Department.area_code.desc(), Department.code)).all()


def _by_frequency(session: Session, recent: ColumnElement[bool], mine: ColumnElement[bool] | None = None) -> list[str]:
    counts = select(Event.department_code).where(recent)
    if mine is not None:
        counts = counts.join(Entry, and_(Entry.county_code == Event.county_code, Entry.event_id == Event.id)).where(mine)
    ordered = counts.group_by(Event.department_code).order_by(func.count().desc(), Event.department_code)
    return list(session.scalars(ordered))


def _rows(session: Session, actor: Actor, county: str, village: str, week: Week, today: date) -> tuple[Row, ...]:
    least = threshold(session, county, "least_villages", today)
    entries = session.execute(
        select(Entry, Event, Department)
        .join(Event, and_(Event.county_code == Entry.county_code, Event.id == Entry.event_id))
        .join(Department, Department.code == Event.department_code)
        .where(
            Entry.county_code == county,
            Entry.week == week.monday,
            Entry.village_code == village,
            in_scope(actor, Entry.county_code, Entry.village_code),
        )
        .order_by(Event.happened_on, Event.id)
    ).all()
    others = _others(session, county, village, [event.id for _, event, _ in entries])
    return tuple(_row(entry, event, owner, others.get(event.id, (0, 0)), least) for entry, event, owner in entries)


def _row(entry: Entry, event: Event, owner: Department, others: tuple[int, int], least: float) -> Row:
    everywhere, near = others
    origin = Origin(event.source) if event.source != "village" else Origin.NEIGHBOURS if near else Origin.OWN
    return Row(
        event.id, event.kind, event.happened_on, owner.code, owner.name, owner.name_en, event.title, event.called_as,
        event.emergency, event.minutes, origin, near if near >= least else 0,
        shared=everywhere > 0 or event.source != "village", effort=effort_of(entry),
    )  # fmt: skip


def _others(session: Session, county: str, village: str, event_ids: list[int]) -> dict[int, tuple[int, int]]:
    """Event → how many other villages have it, in the county and in the own township. Counts only: whose they are stays here."""
    near = func.count().filter(in_area(ancestor(village, Level.TOWNSHIP), Entry.village_code))
    counts = session.execute(
        select(Entry.event_id, func.count(), near)
        .where(Entry.county_code == county, Entry.event_id.in_(event_ids), Entry.village_code != village)
        .group_by(Entry.event_id)
    )
    return {event_id: (everywhere, close) for event_id, everywhere, close in counts}


def _groups(session: Session, actor: Actor, county: str, village: str, week: Week) -> list[Group]:
    rows = session.execute(
        select(Holding, Department)
        .join(Department, Department.code == Holding.department_code)
        .where(
            Holding.county_code == county,
            Holding.village_code == village,
            in_scope(actor, Holding.county_code, Holding.village_code),
            Holding.kind == "group",
            Holding.since <= week.sunday,
            or_(Holding.until.is_(None), Holding.until >= week.monday),
        )
        .order_by(Holding.since.desc(), Holding.id.desc())
    )
    return [
        Group(row.id, row.name, owner.name, owner.name_en, row.since, row.until, row.request_id, owner.code)
        for row, owner in rows
    ]


def _place(session: Session, village: str) -> Place:
    township = ancestor(village, Level.TOWNSHIP)
    names = names_in(session, township)
    return Place(*names[village], *names[township])


@once
def _year_seconds(session: Session, county: str, village: str, year: int) -> int:
    total = select(func.coalesce(func.sum(WeeklyLog.seconds), 0)).where(
        WeeklyLog.county_code == county,
        WeeklyLog.village_code == village,
        WeeklyLog.week.between(date(year, 1, 1), date(year, 12, 31)),
    )
    return int(session.scalar(total) or 0)
