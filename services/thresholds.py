"""The numbers that rules use, from rows with a basis: the county's own, else the country-wide ones (county code zero).

due_days, close_days   days after a week's Sunday 24:00 until a log is late, and until the week is closed
near_share             share 0–1 of a quota from which it counts as near
least_villages, least_events   smaller cells are not shown to departments
least_coverage         share 0–1 of points that must have reported in both periods of a comparison
significance           p below which a change is called real
missing_weeks          closed weeks in a row without a report from which the township is asked
same_day_units         departments at one village on one day from which it counts as a cluster
log_seconds            median seconds per weekly log above which our own tool is at fault
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.errors import NotFound
from models.tables import Threshold

EVERYWHERE = "0" * 12


def threshold(session: Session, county_code: str, name: str, on: date) -> float:
    """The value in force on a day. NotFound(no_threshold) when nobody ever set it: no rule falls back to a constant."""
    found = session.scalar(
        select(Threshold.value)
        .where(Threshold.county_code.in_((county_code, EVERYWHERE)), Threshold.name == name, Threshold.since <= on)
        .order_by(Threshold.county_code.desc(), Threshold.version.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound("no_threshold", name=name)
    return found
