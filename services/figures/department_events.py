"""The events behind a department's use of a quota, and what the department itself may be told of them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.rules.measure import Demand, Measure, is_relabelled
from models.rules.place_name import masker
from models.rules.suppression import Least, merged
from models.tables import Area, Entry, Event, Holding, ObservationPoint
from services.access import Actor, in_scope
from services.figures.usage import group_key, group_open, groups_in_order, happened, receipts, villages_of_event

EVENT_COLUMNS = ["events", "happened_on", "title", "called_as", "demands", "villages", "people", "emergency", "relabelled"]
FLAGS: dict[Demand, InstrumentedAttribute[bool]] = {
    Demand.LEDGER: Entry.ledger,
    Demand.MATERIAL: Entry.material,
    Demand.SCORED: Entry.scored,
    Demand.PHOTO: Entry.photo,
    Demand.NOTIFIED: Entry.notified,
}
Row = tuple[Any, ...]  # in the order of EVENT_COLUMNS
Keyed = tuple[Any, bool, Row]  # event id or group name, whether it was an emergency, and the row
Villages = dict[Any, set[str]]  # event id or group name → the villages that received it


@dataclass(frozen=True)
class Told:
    """What a department may know of its own events. Never leaves the services: it knows the villages."""

    least: Least
    received: dict[tuple[Measure, bool], Villages]
    without_names: Callable[[str], str]  # a title as a village typed it → without the name of a village or township

    def hides(self, measure: Measure, *, emergency: bool = False) -> bool:
        """Whether the count of this measure is too small to show."""
        villages = self.received.get((measure, emergency), {})
        return self.least.hides(len(villages), len(set().union(*villages.values())))

    def merged(self, measure: Measure, *, emergency: bool = False) -> frozenset[Any]:
        """The events that are told only together."""
        return merged(self.received.get((measure, emergency), {}), self.least)


def told(session: Session, actor: Actor, county_code: str, first: date, through: date, least: Least) -> Told:
    """What the actor's department may know of its own events from `first` through `through`."""
    received: dict[tuple[Measure, bool], Villages] = defaultdict(lambda: defaultdict(set))
    flows = select(Event.kind, Event.emergency, Event.id, villages_of_event(actor, county_code))
    for kind, emergency, key, villages in session.execute(flows.where(happened(actor, county_code, first, through))):
        if villages:
            received[Measure(kind), emergency][key] |= set(villages.split(","))
    stocks = select(group_key(), Holding.village_code).where(group_open(actor, county_code, through))
    for name, village in session.execute(stocks) if first <= through else ():
        received[Measure.GROUP, False][name].add(village)
    names = masker(_place_names(session, actor, county_code))
    return Told(least, {cell: dict(villages) for cell, villages in received.items()}, names)


def events_of(
    session: Session,
    actor: Actor,
    county_code: str,
    department_code: str,
    measure: Measure,
    days: tuple[date, date],
    least: Least | None,
) -> list[Row]:
    """The events of one department and kind from the first day through the last, or its groups open on the last, newest first.

    In the order of EVENT_COLUMNS.
    """
    if days[1] < days[0]:
        return []
    flagged = least.villages if least else 1  # what a single village saw would point at it
    if measure.is_stock:
        found = _groups(session, actor, county_code, department_code, days[1])
    else:
        found = _events(session, actor, county_code, department_code, measure, days, flagged)
    if least is None:
        return [row for _, _, row in found]
    return _as_told(found, measure, told(session, actor, county_code, *days, least))


def _events(
    session: Session,
    actor: Actor,
    county_code: str,
    department_code: str,
    measure: Measure,
    days: tuple[date, date],
    flagged: int,
) -> list[Keyed]:
    flags = [func.sum(case((flag, 1), else_=0)) for flag in FLAGS.values()]
    facts = (Event.id, Event.happened_on, Event.title, Event.called_as, Event.emergency)
    villages, people = func.count(Entry.village_code.distinct()), func.sum(Entry.people)
    found = session.execute(
        receipts(actor, county_code, *facts, villages, people, *flags)
        .where(happened(actor, county_code, *days), Event.kind == measure.value)
        .where(Event.department_code == department_code)
        .group_by(*facts)
        .order_by(Event.happened_on.desc(), Event.id.desc())
    )
    rows = []
    for key, day, title, called_as, emergency, count, times, *seen in found:
        demands = tuple(demand.value for demand, n in zip(FLAGS, seen, strict=True) if n >= flagged)
        hint = is_relabelled(called_as, set(demands))
        rows.append((key, bool(emergency), (1, day, title, called_as, demands, count, times, bool(emergency), hint)))
    return rows


def _groups(session: Session, actor: Actor, county_code: str, department_code: str, day: date) -> list[Keyed]:
    """`people` is not known of a group."""
    groups = groups_in_order(actor, county_code, day).where(Holding.department_code == department_code).subquery()
    found = session.execute(select(groups).order_by(groups.c.place.desc()))
    return [(row.key, False, (1, row.since, row.name, "", (), row.villages, None, False, False)) for row in found]


def _as_told(rows: list[Keyed], measure: Measure, secret: Told) -> list[Row]:
    """Lists what may be listed and adds up the rest: one line for events, one for emergency events; none for a hidden count."""
    shown: list[Row] = []
    for emergency in (False, True):
        if secret.hides(measure, emergency=emergency):
            continue
        together = secret.merged(measure, emergency=emergency)
        for key, urgent, (events, day, title, *rest) in rows:
            if urgent == emergency and key not in together:
                shown.append((events, day, secret.without_names(title), *rest))
        if together:
            shown.append((len(together), None, "", "", (), None, None, emergency, False))
    return sorted(shown, key=lambda row: row[1] or date.min, reverse=True)


def _place_names(session: Session, actor: Actor, county_code: str) -> set[str]:
    """Names, in both languages, of the county's observation points and of their townships."""
    point = ObservationPoint
    mine = (point.county_code == county_code, in_scope(actor, point.county_code, point.village_code))
    places = or_(Area.code == point.village_code, Area.code == point.township_code)
    rows = session.execute(select(Area.name, Area.name_en).join(point, places).where(*mine).distinct())
    return {name for pair in rows for name in pair if name}
