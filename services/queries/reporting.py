"""Who reported: submitted, zero, missing and not yet due are four states, and silence is never zero."""

from datetime import date, datetime

import pandas as pd
from sqlalchemy.orm import Session

from services.access import Actor, Permission, county_of
from services.figures import coverage
from services.figures.counting import weeks_between
from services.usecase import query

COUNTS = ["expected", "submitted", "zero", "missing", "not_due", "late"]


@query(Permission.VIEW_TRENDS)
def weekly(
    session: Session,
    actor: Actor,
    *,
    county_code: str,
    first: date,
    last: date,
    as_of: datetime,
    township_code: str | None = None,
) -> pd.DataFrame:
    """Village-weeks by (week, township_code), oldest first, as integers: expected = submitted + zero + missing + not_due.

    `week` is a Monday; weeks from the one that holds `first` to the one that holds `last`. What each count means:
    services/figures/coverage.py. Weeks in which a township has no observation point have no row. NotFound for a county
    that is not the actor's.
    """
    county = county_of(actor, county_code)
    found = coverage.by_week(session, actor, county, weeks_between(first, last), as_of, township_code)
    rows = [(*key, *(getattr(counts, name) for name in COUNTS)) for key, counts in found.items()]
    frame = pd.DataFrame(rows, columns=["week", "township_code", *COUNTS])
    return frame.astype(dict.fromkeys(COUNTS, "int64"))
