"""One row per department and measure: quota, use, status, the event that crossed the line. A fixed number of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from models.rules.forecast import Forecast, Ground, at_this_pace
from models.rules.measure import Measure
from models.rules.period import Period
from models.rules.quota import Standing, Status, allowance_in, judge, severity
from models.rules.suppression import Least
from models.tables import Department, Quota
from services.access import Actor
from services.figures.department_events import Told, told
from services.figures.outlook import Outlook
from services.figures.usage import events_by_department, events_in_order, groups_in_order, own
from services.in_force import last_revision

STANDING_COLUMNS = [
    "department_code", "department", "department_en", "measure", "yearly", "allowance", "used", "left", "share", "status",
    "emergency", "crossed_on", "crossed_title", "chance", "ground", "pace_used", "pace_days", "basis", "basis_checked",
    "revision",
]  # fmt: skip
Cell = tuple[str, Measure]  # department code and measure


@dataclass(frozen=True)
class Use:
    """How much of a measure a department has used, how much apart from it was emergency work, and what makes the pace."""

    used: int = 0
    emergency: int = 0
    of_told: int = 0


def standings_of(
    session: Session,
    actor: Actor,
    county_code: str,
    period: Period,
    outlook: Outlook,
    near_share: float,
    least: Least | None,
) -> list[tuple[Any, ...]]:
    """The rows of `departments.standings`, in the order of STANDING_COLUMNS, worst first, used and foreseen by the outlook."""
    through = outlook.through
    quotas = _quotas(session, actor, county_code, period.year)
    uses = _uses(session, actor, county_code, period, outlook)
    allowances = {cell: allowance_in(versions[0].allowance, period.kind, cell[1]) for cell, versions in quotas.items()}
    crossed = _crossed(session, actor, county_code, period, through, allowances, uses)
    cells = quotas.keys() | uses.keys()
    if least and actor.department_code:  # whether there is a row at all must not tell that something was reported
        cells |= {(actor.department_code, measure) for measure in Measure}
    names = _names(session, {code for code, _ in cells})
    secret = told(session, actor, county_code, period.first, through, least) if least else None
    rows = []
    for cell in cells:
        code, measure = cell
        standing = judge(uses.get(cell, Use()).used, allowances.get(cell), near_share)
        row = _row(standing, quotas.get(cell, []), uses.get(cell, Use()))
        row |= _foreseen(measure, uses.get(cell, Use()), allowances.get(cell), outlook)
        row |= {"department_code": code, "measure": measure.value}
        row["department"], row["department_en"] = names[code]
        row["crossed_id"], row["crossed_on"], row["crossed_title"] = crossed.get(cell, (None, None, None))
        rows.append(_guarded(row, measure, secret) if secret else row)
    rows.sort(key=_worst_first)
    return [tuple(row[column] for column in STANDING_COLUMNS) for row in rows]


def _row(standing: Standing, versions: list[Quota], use: Use) -> dict[str, Any]:
    quota = versions[0] if versions else None
    return {
        "yearly": quota.allowance if quota else None,
        "allowance": standing.allowance,
        "used": standing.used,
        "left": standing.left,
        "share": standing.share,
        "status": standing.status.value,
        "emergency": use.emergency,
        "basis": quota.basis if quota else "",
        "basis_checked": quota.basis_checked if quota else None,
        "revision": last_revision(versions),
    }


def _foreseen(measure: Measure, use: Use, allowance: int | None, outlook: Outlook) -> dict[str, Any]:
    """The chance of overrun and what it rests on; nothing for a stock, which has no pace, and without a quota."""
    if measure.is_stock or allowance is None:
        return {"chance": None, "ground": None, "pace_used": None, "pace_days": None}
    found: Forecast = at_this_pace(use.used, use.of_told, allowance, outlook.days, outlook.least_share)
    chance = found.probability if found.ground is Ground.PACE else None
    return {"chance": chance, "ground": found.ground.value, "pace_used": use.of_told, "pace_days": outlook.days.told}


def _worst_first(row: dict[str, Any]) -> tuple[Any, ...]:
    return (*severity(Status(row["status"]), row["share"], row["used"] or 0), row["department_code"], row["measure"])


def _guarded(row: dict[str, Any], measure: Measure, secret: Told) -> dict[str, Any]:
    """The row as its department may see it: no small count, and no event that is only told together with others."""
    if revision := row["revision"]:
        row["revision"] = replace(revision, reason=secret.without_names(revision.reason))
    if secret.hides(measure, emergency=True):
        row["emergency"] = None
    if secret.hides(measure):
        row |= {"used": None, "left": None, "share": None, "status": Status.HIDDEN.value}
        row |= {"chance": None, "ground": None, "pace_used": None, "pace_days": None}
    if secret.hides(measure) or row["crossed_id"] in secret.merged(measure):
        row |= {"crossed_on": None, "crossed_title": None}
    elif row["crossed_title"]:
        row["crossed_title"] = secret.without_names(row["crossed_title"])
    return row


def _quotas(session: Session, actor: Actor, county_code: str, year: int) -> dict[Cell, list[Quota]]:
    """The quotas of the year with all their versions, the one in force first."""
    mine = (Quota.county_code == county_code, Quota.county_code.in_(actor.county_codes), own(actor, Quota.department_code))
    quotas: dict[Cell, list[Quota]] = {}
    for quota in session.scalars(select(Quota).where(*mine, Quota.year == year).order_by(Quota.version.desc())):
        quotas.setdefault((quota.department_code, Measure(quota.measure)), []).append(quota)
    return quotas


def _uses(session: Session, actor: Actor, county_code: str, period: Period, outlook: Outlook) -> dict[Cell, Use]:
    through = outlook.through
    if through < period.first:
        return {}
    uses: dict[Cell, Use] = {}
    counts = events_by_department(actor, county_code, period.first, through, outlook.told)
    for code, kind, emergency, count, of_told in session.execute(counts):
        cell = (code, Measure(kind))
        before = uses.get(cell, Use())
        uses[cell] = replace(before, emergency=count) if emergency else replace(before, used=count, of_told=of_told)
    groups = groups_in_order(actor, county_code, through).subquery()
    for code, count in session.execute(select(groups.c.department_code, func.count()).group_by(groups.c.department_code)):
        uses[code, Measure.GROUP] = Use(count)
    return uses


def _crossed(
    session: Session,
    actor: Actor,
    county_code: str,
    period: Period,
    through: date,
    allowances: dict[Cell, int],
    uses: dict[Cell, Use],
) -> dict[Cell, tuple[Any, date, str]]:
    """For each cell that is over: key, day and title of the (allowance + 1)-th event, or name of the group."""
    over = [(code, measure, n + 1) for (code, measure), n in allowances.items() if uses.get((code, measure), Use()).used > n]
    flows = [(code, measure.value, place) for code, measure, place in over if not measure.is_stock]
    stocks = [(code, place) for code, measure, place in over if measure.is_stock]
    found: dict[Cell, tuple[Any, date, str]] = {}
    if flows:
        events = events_in_order(actor, county_code, {code for code, *_ in flows}, period.first, through).subquery()
        for row in _at(session, select(events), (events.c.department_code, events.c.measure, events.c.place), flows):
            found[row.department_code, Measure(row.measure)] = (row.id, row.day, row.title)
    if stocks:
        groups = groups_in_order(actor, county_code, through).subquery()
        for row in _at(session, select(groups), (groups.c.department_code, groups.c.place), stocks):
            found[row.department_code, Measure.GROUP] = (row.key, row.since, row.name)
    return found


def _at(session: Session, statement: Select[Any], columns: tuple[Any, ...], wanted: Sequence[tuple[Any, ...]]) -> Iterable[Any]:
    return session.execute(statement.where(tuple_(*columns).in_(wanted)))


def _names(session: Session, codes: set[str]) -> dict[str, tuple[str, str | None]]:
    rows = session.execute(select(Department.code, Department.name, Department.name_en).where(Department.code.in_(codes)))
    return {code: (name, name_en) for code, name, name_en in rows}
