"""Two lists of departments' events, paired: what they declared, and what villages reported. For who judges departments.

Computed when asked and stored nowhere, so that no row ever ties a declaration to a report (docs/adr/0023).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.rules.area import Level, ancestor
from models.rules.matching import Footing, Listed, Recapture, footing, occasions, pairs, recapture
from models.rules.week import Week
from models.tables import Declaration, Event, ObservationPoint
from services.access import Actor, in_scope
from services.figures.counting import assigned
from services.figures.usage import happened, villages_of_event

Days = tuple[date, date]
Began = Mapping[tuple[str, str], date]  # department and kind → the Monday from which on it declares


@dataclass(frozen=True)
class Counts:
    """Events on the villages' list, on the departments', and on both."""

    reported: int
    declared: int
    both: int

    @property
    def footing(self) -> Footing:
        """Whether that carries an estimate."""
        return footing(self.reported, self.declared, self.both)

    @property
    def recapture(self) -> Recapture:
        """The estimate of all, a lower bound; worth telling with enough footing only."""
        return recapture(self.reported, self.declared, self.both)


@dataclass(frozen=True)
class Line:
    """One event, and on which lists it stands; told as the department tells it where it does."""

    event: Listed
    declared: bool
    reported: bool


def began(session: Session, actor: Actor, county_code: str, kinds: Collection[str]) -> Began:
    """Which departments declare which kinds, each from the Monday of the first one on: without it there is no second list."""
    cell = (Declaration.department_code, Declaration.kind)
    rows = select(*cell, func.min(Declaration.happened_on)).where(
        Declaration.county_code == county_code, in_scope(actor, Declaration.county_code), Declaration.kind.in_(kinds)
    )
    return {(code, kind): Week.of(day).monday for code, kind, day in session.execute(rows.group_by(*cell))}


def lines(session: Session, actor: Actor, county_code: str, cells: Began, span: Days, days: int) -> tuple[list[Line], int]:
    """Every event of those departments and kinds, emergency work left out; and how many were declared for townships without
    a point, which no report could know of and which are left out too."""
    reachable = _townships(session, actor, county_code, span)
    declared = _declared(session, actor, county_code, cells, span)
    known = [one for one in declared if not one.places or one.places <= reachable]
    told = _reported(session, actor, county_code, cells, span)
    ours, theirs = occasions(known, days), occasions(told, days)
    found = pairs(ours, theirs, days)
    rows = [
        Line(one, declared=True, reported=n in found)
        for n, one in enumerate(ours)
        if n not in found or not theirs[found[n]].emergency
    ]
    rows += [
        Line(one, declared=False, reported=True) for m, one in enumerate(theirs) if m not in found.values() and not one.emergency
    ]
    return rows, len(declared) - len(known)


def counts(rows: Collection[Line]) -> Counts:
    """How many stand on which list."""
    both = sum(one.declared and one.reported for one in rows)
    return Counts(sum(one.reported for one in rows), sum(one.declared for one in rows), both)


def _townships(session: Session, actor: Actor, county_code: str, span: Days) -> frozenset[str]:
    point = ObservationPoint
    rows = select(point.township_code).where(point.county_code == county_code, assigned(*(Week.of(day).monday for day in span)))
    return frozenset(session.scalars(rows.where(in_scope(actor, point.county_code, point.village_code)).distinct()))


def _declared(session: Session, actor: Actor, county_code: str, cells: Began, span: Days) -> list[Listed]:
    rows = select(Declaration).where(Declaration.county_code == county_code, in_scope(actor, Declaration.county_code))
    rows = rows.where(Declaration.happened_on.between(*span), Declaration.kind.in_({kind for _, kind in cells}))
    return [
        Listed(
            one.department_code, one.kind, one.happened_on, one.happened_on, one.title,
            frozenset({one.township_code} if one.township_code else ()),
        )
        for one in session.scalars(rows)
    ]  # fmt: skip


def _reported(session: Session, actor: Actor, county_code: str, cells: Began, span: Days) -> list[Listed]:
    """Events of those departments that count: an observation point received them and submitted its week."""
    facts: tuple[Any, ...] = (Event.department_code, Event.kind, Event.happened_on, Event.title, Event.emergency)
    rows: Select[Any] = select(*facts, villages_of_event(actor, county_code)).where(happened(actor, county_code, *span))
    rows = rows.where(Event.department_code.in_({code for code, _ in cells}))
    found = []
    for code, kind, day, title, emergency, villages in session.execute(rows):
        if villages and day >= cells.get((code, kind), date.max):
            places = frozenset(ancestor(village, Level.TOWNSHIP) for village in villages.split(","))
            found.append(Listed(code, kind, day, day, title, places, bool(emergency)))
    return found


def by_department(rows: Collection[Line]) -> dict[str, list[Line]]:
    """The same, by department in the order of their codes."""
    found: dict[str, list[Line]] = defaultdict(list)
    for one in rows:
        found[one.event.department].append(one)
    return dict(sorted(found.items()))
