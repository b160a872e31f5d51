"""Closed village-weeks that were opened again: where, why, until when, and whether they are done."""

from datetime import date

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from models.tables import Area, Correction, WeekClosing
from services.access import Actor, Permission, county_of, in_scope
from services.usecase import query

COLUMNS = ["week", "village_code", "name", "name_en", "township", "township_en", "reason", "opened_at", "until", "closed_at"]
LATEST = 50
MOST_WEEKS = 104


@query(Permission.VIEW_POINTS)
def listing(session: Session, actor: Actor, *, county_code: str) -> pd.DataFrame:
    """The latest corrections, those under way first: `week` is a Monday; `closed_at` is empty while it is under way."""
    county, village, town = county_of(actor, county_code), aliased(Area), aliased(Area)
    one = Correction
    found = session.execute(
        select(
            one.week, one.village_code, village.name, func.coalesce(village.name_en, ""),
            town.name, func.coalesce(town.name_en, ""), one.reason, one.opened_at, one.until, one.closed_at,
        )
        .join(village, village.code == one.village_code)
        .join(town, town.code == village.parent_code)
        .where(one.county_code == county, in_scope(actor, one.county_code, one.village_code))
        .order_by(one.closed_at.is_not(None), one.opened_at.desc(), one.village_code)
        .limit(LATEST)
    )  # fmt: skip
    return pd.DataFrame(found.all(), columns=COLUMNS)


@query(Permission.REOPEN_WEEKS)
def closed_weeks(session: Session, actor: Actor, *, county_code: str) -> list[date]:
    """The Mondays of the county's closed weeks, newest first: what can be opened again."""
    closed = select(WeekClosing.week).where(WeekClosing.county_code == county_of(actor, county_code))
    return list(session.scalars(closed.order_by(WeekClosing.week.desc()).limit(MOST_WEEKS)))
