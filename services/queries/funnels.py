"""Departments among their peers: which stand out beyond chance. Never a ranking, and never for a department's own account."""

from collections import defaultdict
from datetime import date, datetime, time
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.area import Level, level_of
from models.rules.funnel import LEAST_PEERS, Funnel, funnel, funnel_limits
from models.rules.measure import Measure
from models.rules.period import Period
from models.rules.week import ZONE
from models.tables import Department
from services.access import Actor, Permission
from services.figures.counting import weeks_between
from services.figures.coverage import by_week
from services.queries import departments
from services.usecase import query

PROBABILITY = 0.95  # of the range that is told: where most departments lie by chance alone
COLUMNS = [
    "measure", "level", "kind", "peers", "department_code", "department", "department_en",
    "used", "expected", "low", "high", "standing", "factor",
]  # fmt: skip
Peers = tuple[int, Level, str]  # place of the measure, level and kind of department: who is compared with whom


@query(Permission.COMPARE_DEPARTMENTS)
def peers(session: Session, actor: Actor, *, county_code: str, period: str, today: date) -> pd.DataFrame:
    """Departments with a quota or a use in the period so far among those of the same kind and area level, by their codes.

    `expected`: events at the common rate of the peers, per village-week reported in the department's own area; of county
    departments that is the whole county, so that it is the mean of all. low…high: where 95 of 100 lie by chance. `standing`:
    high, low, usual, or few (fewer than five expected, or fewer than three peers: nothing can be said). `factor`: how many times
    more the peers differ than chance explains, by which the limits are widened. Emergency work is left out.
    Refuses the same counties and periods as departments.standings.
    """
    found = departments.standings(session, actor, county_code=county_code, period=period, today=today)
    exposures = _village_weeks(session, actor, county_code, Period.parse(period), today)
    units = {code: (kind, area) for code, kind, area in session.execute(_units(set(found.department_code)))}
    groups: dict[Peers, dict[str, Any]] = defaultdict(dict)
    for row in found.sort_values("department_code").to_dict("records"):
        kind, area = units[row["department_code"]]
        key = (list(Measure).index(Measure(row["measure"])), level_of(area), kind)
        own = exposures.get(area, 0) if level_of(area) is Level.TOWNSHIP else sum(exposures.values())
        groups[key][row["department_code"]] = (row, own)
    rows = [line for key in sorted(groups) for line in _placed(key, groups[key])]
    return pd.DataFrame(rows, columns=COLUMNS)


def _placed(key: Peers, members: dict[str, Any]) -> list[tuple[Any, ...]]:
    measure, level, kind = key
    counts = {code: (float(row["used"]), float(own)) for code, (row, own) in members.items()}
    # Too few to compare, too few expected: `few` either way. An expectation that nobody reaches tells nobody apart.
    found: Funnel = funnel(counts) if len(counts) >= LEAST_PEERS else funnel(counts, least_expected=float("inf"))
    lines = []
    for code, (row, _) in members.items():
        one = found.placed[code]
        limits = funnel_limits(one.expected, PROBABILITY, found.factor)
        who = (code, row["department"], row["department_en"])
        place = (list(Measure)[measure].value, level.value, kind, len(members))
        lines.append((*place, *who, row["used"], one.expected, *limits, one.standing.value, found.factor))
    return lines


def _units(codes: set[str]) -> Any:
    return select(Department.code, Department.kind, Department.area_code).where(Department.code.in_(codes))


def _village_weeks(session: Session, actor: Actor, county_code: str, period: Period, today: date) -> dict[str, int]:
    """Village-weeks reported in the period so far, by township."""
    through = min(period.last, today)
    weeks = weeks_between(period.first, through) if through >= period.first else []
    found: dict[str, int] = defaultdict(int)
    for (_, township), one in by_week(session, actor, county_code, weeks, datetime.combine(today, time.min, ZONE)).items():
        found[township] += one.submitted + one.zero
    return dict(found)
