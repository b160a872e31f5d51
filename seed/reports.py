"""Which village reported which week, when, and how long it took: on time, late, zero, missing, still open."""

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from models.rules.schedule import FIRST_DAY_TO_SUBMIT, LogState, days_after
from models.rules.week import ZONE, Week
from seed.calendar import SILENT, WEEKS, Calendar
from seed.incidents import CLUSTER_WEEK, DISGUISED
from seed.places import (
    CLUSTER_TOWNSHIP,
    FIRST,
    NEWCOMER_VILLAGE,
    RECORDER_VILLAGE,
    SECOND_RECORDER_VILLAGE,
    County,
    Village,
)

LATE, MISSING, QUIET = 0.04, 0.03, 0.012
FLOODED = 20
SILENT_VILLAGES = (FIRST.townships[4].villages[2], FIRST.townships[6].villages[1])
UNTOUCHED = (RECORDER_VILLAGE, SECOND_RECORDER_VILLAGE, NEWCOMER_VILLAGE)
DONE_ALREADY = (0.12, 0.12, 0.15, 0.2, 0.4, 0.55, 0.65)  # share of the current week's logs that are finished, Monday to Sunday
MEDIAN_SECONDS, SPREAD_OF_SECONDS = 52, 0.715  # lognormal: nine in ten below 130 seconds


@dataclass(frozen=True)
class Report:
    """One village-week as it is stored. A quiet one had nothing to report."""

    state: LogState
    saved_at: datetime
    seconds: int
    is_quiet: bool = False


Reports = dict[tuple[Village, int], Report]


def reports(county: County, calendar: Calendar, rng: Random) -> Reports:
    """Every village-week that left a row; a missing one mostly left none."""
    found = {}
    flooded = set(rng.sample(list(county.points), FLOODED)) if county is FIRST else set()
    for index, week in enumerate(calendar.weeks):
        for village in county.points:
            if _says_nothing(village, index, calendar, flooded):
                report = None
            elif index == WEEKS - 1:
                report = _current(village, calendar, rng)
            else:
                report = _past(week, calendar, rng, is_sure=_is_sure(village, index, calendar))
            if report and village is RECORDER_VILLAGE and index == WEEKS - 2:
                report = replace(report, state=LogState.DRAFT)  # something to finish, whatever day it is
            if report:
                found[village, index] = report
    return found


def _says_nothing(village: Village, index: int, calendar: Calendar, flooded: set[Village]) -> bool:
    return (index == calendar.flood and village in flooded) or (index in SILENT and village in SILENT_VILLAGES)


def _is_sure(village: Village, index: int, calendar: Calendar) -> bool:
    """The story's own weeks are reported on time, so that they can be seen."""
    if index == calendar.ordinary(CLUSTER_WEEK) and village in CLUSTER_TOWNSHIP.points:
        return True
    if any(index == calendar.ordinary(week) and village in FIRST.townships[at].points for week, _, _, _, at in DISGUISED):
        return True
    return village in UNTOUCHED and index >= WEEKS - 5


def _past(week: Week, calendar: Calendar, rng: Random, *, is_sure: bool) -> Report | None:
    chance, quiet, ends = rng.random(), rng.random() < QUIET, week.ends_at()
    seconds = _seconds(rng)
    if chance < LATE and not is_sure:
        at = days_after(week, 3) + timedelta(hours=rng.uniform(1, 24 * 9))
    elif chance < 0.3 and not is_sure:
        at = ends + timedelta(hours=rng.uniform(8, 66))
    else:
        at = ends - timedelta(hours=rng.uniform(3, 54))
    at = _waking(at)
    if LATE <= chance < LATE + MISSING and not is_sure:
        return Report(LogState.DRAFT, ends - timedelta(hours=30), seconds // 2) if rng.random() < 0.3 else None
    if at > calendar.now:
        begun = ends - timedelta(hours=30)
        return Report(LogState.DRAFT, min(begun, calendar.now), seconds // 2) if rng.random() < 0.5 else None
    return Report(LogState.SUBMITTED, at, seconds, quiet and not is_sure)


def _current(village: Village, calendar: Calendar, rng: Random) -> Report | None:
    chance, seconds = rng.random(), _seconds(rng)
    since_monday = calendar.now - (calendar.current.ends_at() - timedelta(days=7))
    at = calendar.now - min(since_monday, timedelta(hours=20)) * rng.uniform(0.05, 0.6)
    neighbours = [one for one in FIRST.townships[0].points if one is not RECORDER_VILLAGE]
    if village in UNTOUCHED:
        return None
    if village in neighbours:
        chance = (0.0, 0.9, 0.0)[neighbours.index(village)]
    done = DONE_ALREADY[calendar.today.weekday()]
    if chance < done:
        first = calendar.current.ends_at() - timedelta(days=7 - FIRST_DAY_TO_SUBMIT)
        state = LogState.SUBMITTED if calendar.now >= first else LogState.DRAFT
        begun = first if state is LogState.SUBMITTED else calendar.now - since_monday
        return Report(state, _lately(max(at, begun), begun, calendar.now), seconds)
    is_begun = chance >= done + (1 - done) * 0.45
    return Report(LogState.DRAFT, _lately(at, calendar.now - since_monday, calendar.now), seconds // 2) if is_begun else None


def _waking(at: datetime) -> datetime:
    """The same date at an hour when people work or sit at home: its 24 hours are laid out between 8:30 and 22:00."""
    midnight = at.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=8.5) + (at - midnight) * (13.5 / 24)


def _lately(at: datetime, begun: datetime, now: datetime) -> datetime:
    """That day or the evening before, at such an hour; just before now when neither lies in what has passed of the week."""
    for moment in (_waking(at), _waking(at) - timedelta(days=1)):
        if begun <= moment <= now:
            return moment
    return max(begun, now - (now - at) / 24)


def _seconds(rng: Random) -> int:
    return min(round(rng.lognormvariate(math.log(MEDIAN_SECONDS), SPREAD_OF_SECONDS)), 900)
