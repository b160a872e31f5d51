"""Weekly sheets for where there is no signal: which can be had, what goes out, and what those that came back would do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.errors import InvalidInput, NotAllowedNow
from models.rules.week import Week, span
from models.tables import Area, Correction
from services.access import Actor, Permission, in_scope
from services.figures.summaries import is_open
from services.log.offers import offers
from services.log.village_week import check_open
from services.queries import weekly_logs
from services.sheets.layout import Sheet, sheet_of
from services.sheets.planning import Files, Plan, planned, reporting, standing_in
from services.thresholds import deadlines
from services.usecase import query, unguarded

FURTHEST_BACK = 26  # weeks
MOST = 120  # sheets of one workbook


@dataclass(frozen=True)
class Offer:
    """Weeks for which sheets can be had, newest first; villages of the reader's area that report in one of them, by code."""

    weeks: tuple[Week, ...]
    villages: Mapping[str, tuple[str, str | None]]


@query(Permission.FILL_SHEETS)
def offer(session: Session, actor: Actor, *, as_of: datetime, today: date) -> Offer:
    """What can be written at `as_of`: the running week, earlier ones still open, and closed ones opened for a correction."""
    county, running = actor.county_codes[0], Week.of(today)
    moments = deadlines(session, county, span(running - FURTHEST_BACK, running))
    found = {week for week, moment in moments.items() if as_of < moment.closes_at}
    mine = in_scope(actor, Correction.county_code, Correction.village_code)
    again = session.scalars(select(Correction.week).where(mine, is_open(), Correction.until > as_of))
    weeks = sorted(found | {Week(monday) for monday in again}, reverse=True)
    codes = reporting(session, actor, weeks)
    names = session.execute(select(Area.code, Area.name, Area.name_en).where(Area.code.in_(codes)).order_by(Area.code))
    return Offer(tuple(weeks), {code: (name, name_en) for code, name, name_en in names})


@query(Permission.FILL_SHEETS)
def blank(
    session: Session, actor: Actor, *, weeks: Sequence[Week], village_codes: Sequence[str], as_of: datetime, today: date
) -> tuple[Sheet, ...]:
    """A sheet for each village of the reader's area that can write the week at `as_of`, by week and village; all villages
    unless some are named.

    InvalidInput(no_sheets) when there is none, InvalidInput(sheets_many) for more than MOST.
    """
    asked = dict.fromkeys(weeks)
    wanted = [(week, code) for week in asked for code in reporting(session, actor, [week]) if code in (village_codes or [code])]
    if len(wanted) > MOST:
        raise InvalidInput("sheets_many", field="weeks", most=MOST)
    sheets = []
    for week, code in wanted:
        acting = replace(standing_in(session, actor, code), now=as_of)
        try:
            check_open(session, acting, week)
        except NotAllowedNow:
            continue
        view = unguarded(weekly_logs.week)(session, acting, week=week, today=today)
        choices = unguarded(weekly_logs.departments)(session, acting, week=week)
        sheets.append(
            sheet_of(view, code, offers(session, acting, week, today), list(dict.fromkeys((*choices.usual, *choices.every))))
        )
    if not sheets:
        raise InvalidInput("no_sheets", field="weeks")
    return tuple(sheets)


@query(Permission.FILL_SHEETS)
def plan(session: Session, actor: Actor, *, files: Files, choices: Mapping[str, str], as_of: datetime) -> Plan:
    """What the files, (name, content) each, would do to the weeks of the reader's villages at `as_of`; row by row, with the
    reason at each cell that cannot be taken. `choices`: "village/week/question" → "mine" (the file's) or "theirs".
    """
    return planned(session, replace(actor, now=as_of), files, choices)
