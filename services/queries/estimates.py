"""From the observation points to all villages of the county: what they carry in a week, or why that cannot be said.

Each township is a stratum: its villages in force against its points that reported (models/rules/estimate.py says how).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, distinct, func, not_, select
from sqlalchemy.orm import Session

from models.rules.area import Level, level_of
from models.rules.errors import InvalidInput
from models.rules.estimate import Estimate, Selection, Stratum
from models.rules.estimate import county as estimated
from models.rules.measure import Unit
from models.rules.week import Week, today_at
from models.tables import Area, ObservationPoint, WeeklyLog
from services.access import Actor, Permission, county_of, in_area, in_scope
from services.figures import amounts, summaries
from services.figures.amounts import Asked
from services.figures.comparing import NOW_WEEKS
from services.figures.counting import assigned, counted, existing, plain
from services.thresholds import deadlines, threshold
from services.usecase import query

UNITS = (Unit.VILLAGE_TIMES, Unit.HOURS)  # what villages carry one by one; a session is shared, and does not add up


@dataclass(frozen=True)
class Projection:
    """An estimate per week, and what it rests on: `reporting` of `points` among `villages` in `strata` townships.

    `picked`: points chosen by hand, `most_cv`: the largest CV shown. `enough`: at least `least_coverage` of the points
    reported; those who are silent need not be like the others. `now`: first Monday and last Sunday of the weeks meant, of which
    `still_open` can still change.
    """

    estimate: Estimate
    villages: int
    strata: int
    points: int
    reporting: int
    picked: int
    most_cv: float
    least_coverage: float
    now: tuple[date, date]
    still_open: int

    @property
    def enough(self) -> bool:
        """Whether so many of the points reported that they may stand for all."""
        return self.reporting >= self.least_coverage * self.points


@query(Permission.VIEW_TRENDS)
def whole_area(
    session: Session,
    actor: Actor,
    *,
    county_code: str,
    measure: str,
    unit: str,
    as_of: datetime,
    department_code: str | None = None,
) -> Projection:
    """The county's total per week in the last four complete weeks (a township's, for its actor), without emergency work.

    A point's value is its mean over the weeks it reported. InvalidInput(bad_measure, bad_unit), NotFound(no_such_county).
    """
    county = county_of(actor, county_code)
    known, counting = amounts.checked(measure, unit)
    if counting not in UNITS:
        raise InvalidInput("bad_unit", field="unit", value=unit[:20])
    today = today_at(as_of)
    last = Week.of(today) - 1
    weeks = [last - n for n in reversed(range(NOW_WEEKS))]
    values = _values(session, actor, Asked(county, known, counting, department_code=department_code), weeks)
    villages = _villages(session, actor, county, last)
    frame = Counter(villages.values())
    told: dict[str, list[float]] = {township: [] for township in frame}
    for village, (township, value) in values.items():
        told.setdefault(villages.get(village, township), []).append(value)
    strata = {township: Stratum(frame[township], told[township]) for township in sorted(told)}
    chosen = _chosen(session, actor, county, weeks)
    selection = Selection.PURPOSIVE if chosen[Selection.PURPOSIVE] else Selection.RANDOM
    moments, reopened = deadlines(session, county, weeks), summaries.reopened(session, county)
    still_open = sum(week in reopened or not moments[week].is_closed(as_of) for week in weeks)
    most_cv, least = (threshold(session, county, name, today) for name in ("most_cv", "least_coverage"))
    found = estimated(strata, selection=selection, most_cv=most_cv)
    return Projection(
        found, len(villages), len(frame), chosen.total(), len(values), chosen[Selection.PURPOSIVE], most_cv, least,
        (weeks[0].monday, last.sunday), still_open,
    )  # fmt: skip


def _values(session: Session, actor: Actor, asked: Asked, weeks: list[Week]) -> dict[str, tuple[str, float]]:
    """Village → its township and its mean per week reported; those that reported nothing at all are not there."""
    village = plain(WeeklyLog.village_code)
    inside = WeeklyLog.week.between(weeks[0].monday, weeks[-1].monday)
    columns: tuple[Any, ...] = (village, func.max(ObservationPoint.township_code), func.count())
    logs: Select[Any] = counted(select(*columns).select_from(WeeklyLog), actor, asked.county_code).where(inside)
    total = amounts.total(asked.unit, not_(amounts.emergency(asked.measure)))
    rows = amounts.received(asked.measure, weeks, (village, total), asked.department_code)
    rows = counted(rows, actor, asked.county_code).group_by(village)
    totals = {code: float(number) for code, number in session.execute(rows)}
    reported = session.execute(logs.group_by(village))
    return {code: (township, totals.get(code, 0.0) / n) for code, township, n in reported}


def _villages(session: Session, actor: Actor, county: str, week: Week) -> dict[str, str]:
    """Every village there is, points or not, with its township."""
    own = actor.area_code if level_of(actor.area_code) is Level.TOWNSHIP else county
    rows = select(Area.code, Area.parent_code).where(Area.level == Level.VILLAGE, in_area(own, Area.code), existing(week))
    return {code: parent or "" for code, parent in session.execute(rows)}


def _chosen(session: Session, actor: Actor, county: str, weeks: list[Week]) -> Counter[str]:
    """How many of the points expected to report were chosen how."""
    point = ObservationPoint
    rows = select(point.selection, func.count(distinct(point.village_code))).group_by(point.selection)
    rows = rows.where(point.county_code == county, in_scope(actor, point.county_code, point.village_code))
    rows = rows.where(assigned(weeks[0].monday, weeks[-1].monday))
    return Counter(dict(session.execute(rows).all()))
