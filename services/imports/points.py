"""Observation points from a file: village_code, since, and perhaps until and selection. Closed weeks are never touched."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.rules.area import Level, ancestor
from models.rules.point import SELECTIONS
from models.rules.schedule import LogState
from models.rules.week import Week
from models.tables import Area, ObservationPoint, WeeklyLog
from services.access import in_area
from services.imports.files import Columns, Line, Problems, code_text, day_of, is_scientific, lines
from services.imports.plan import Change, State, compared
from services.thresholds import settled_through

COLUMNS = Columns(
    ("village_code", "since"),
    ("until", "selection"),
    {"村代码": "village_code", "起始日期": "since", "截止日期": "until", "选点方式": "selection"},
)
HOW = {**{how: how for how in SELECTIONS}, "指定": "purposive", "随机": "random", "随机抽取": "random"}
Row = dict[str, Any]
Stored = dict[str, list[ObservationPoint]]


@dataclass(frozen=True)
class Judge:
    """What a line is judged by: the county's rows, and which weeks are closed."""

    villages: dict[str, str]
    lasting: dict[str, tuple[date, date]]
    stored: Stored
    last_reports: dict[str, date]
    settled: Week
    problems: Problems

    def is_closed(self, monday: date) -> bool:
        """Whether who was expected in that week is settled."""
        return Week(monday) <= self.settled


def plan_points(session: Session, county_code: str, content: bytes, now: datetime) -> list[Change]:
    """What the file would do to the county's points. ImportRefused with the lines that are wrong or reach a closed week."""
    judge = _judge(session, county_code, now)
    rows = [found for line in lines(content, COLUMNS, judge.problems) if (found := _row(line, judge))]
    changes = [_change(number, row, judge) for number, row in rows]
    _check_overlaps(changes, judge)
    judge.problems.raise_any()
    return changes


def store_points(session: Session, county_code: str, changes: Iterable[Change]) -> None:
    """Does what was planned; the caller commits."""
    for change in changes:
        village, since = change.values["village_code"], change.values["since"]
        if change.state is State.NEW:
            made = ObservationPoint(
                county_code=county_code,
                village_code=village,
                since=since,
                until=change.values.get("until"),
                township_code=ancestor(village, Level.TOWNSHIP),
                selection=change.values.get("selection") or "purposive",
            )
            session.add(made)
        elif change.state is State.CHANGED:
            point = session.get_one(ObservationPoint, (county_code, village, since))
            for column in change.old:
                setattr(point, column, change.values[column])
    session.flush()


def _judge(session: Session, county_code: str, now: datetime) -> Judge:
    areas = select(Area.code, Area.name, Area.valid_from, Area.valid_until).where(
        Area.level == Level.VILLAGE, in_area(county_code, Area.code)
    )
    stored: Stored = {}
    for point in session.scalars(select(ObservationPoint).where(ObservationPoint.county_code == county_code)):
        stored.setdefault(point.village_code, []).append(point)
    reports = select(WeeklyLog.village_code, func.max(WeeklyLog.week)).where(
        WeeklyLog.county_code == county_code, WeeklyLog.state == LogState.SUBMITTED
    )
    last = {row[0]: row[1] for row in session.execute(reports.group_by(WeeklyLog.village_code))}
    found = session.execute(areas).all()
    villages = {code: name for code, name, _, _ in found}
    lasting = {code: (first or date.min, until or date.max) for code, _, first, until in found}
    return Judge(villages, lasting, stored, last, settled_through(session, county_code, now), Problems())


def _row(line: Line, judge: Judge) -> tuple[int, Row] | None:
    code, problems = code_text(line["village_code"]), judge.problems
    before = len(problems.found)
    if is_scientific(code):
        problems.add(line.number, "code_scientific", code)
    elif code not in judge.villages:
        problems.add(line.number, "village_unknown", code)
    since, until = (_monday(line, column, problems) for column in ("since", "until"))
    if since is None and not line["since"]:
        problems.add(line.number, "since_empty", code)
    if since and until and until <= since:
        problems.add(line.number, "until_early", line["until"])
    if line["selection"] and line["selection"] not in HOW:
        problems.add(line.number, "selection_unknown", line["selection"])
    if len(problems.found) > before:
        return None
    row: Row = {"village_code": code, "since": since}
    row |= {"until": until} if until else {}
    row |= {"selection": HOW[line["selection"]]} if line["selection"] else {}
    return line.number, row


def _monday(line: Line, column: str, problems: Problems) -> date | None:
    if not line[column]:
        return None
    day = day_of(line[column])
    if day is None:
        problems.add(line.number, "date_bad", line[column])
    elif day.weekday():
        problems.add(line.number, "date_not_monday", line[column])
        return None
    return day


def _change(number: int, row: Row, judge: Judge) -> Change:
    code = row["village_code"]
    point = next((one for one in judge.stored.get(code, []) if one.since == row["since"]), None)
    there = {column: getattr(point, column) for column in ("village_code", "since", "until", "selection")} if point else None
    change = compared(number, f"{code} {row['since']}", judge.villages[code], row, there)
    if change.state is State.NEW and judge.is_closed(row["since"]):
        judge.problems.add(number, "point_week_closed", str(row["since"]))
    first, gone = judge.lasting[code]
    if change.state is State.NEW and not first <= row["since"] < gone:
        judge.problems.add(number, "village_not_then", change.name)
    if "until" in change.old:
        _check_end(number, code, row["until"], change.old["until"], judge)
    return change


def _check_end(number: int, village: str, until: date, old: date | None, judge: Judge) -> None:
    """An end may move only among weeks that are open, and not before a week that was reported."""
    if judge.is_closed(min(until, old or until)):
        judge.problems.add(number, "point_week_closed", str(until))
    elif (last := judge.last_reports.get(village)) and last >= until:
        judge.problems.add(number, "point_has_logs", str(until))


def _check_overlaps(changes: list[Change], judge: Judge) -> None:
    """A village is a point once at a time."""
    terms: dict[str, dict[date, tuple[date | None, int]]] = {}
    for village, points in judge.stored.items():
        terms[village] = {point.since: (point.until, 0) for point in points}
    seen = set()
    for change in changes:
        village, since = change.values["village_code"], change.values["since"]
        mine = terms.setdefault(village, {})
        if (village, since) in seen:
            judge.problems.add(change.line, "point_twice", change.subject)
        seen.add((village, since))
        stored_until = mine.get(since, (None, 0))[0]
        mine[since] = (change.values.get("until", stored_until), change.line)
    for village, mine in terms.items():
        reach, reached_by = date.min, 0
        for since, (until, line) in sorted(mine.items()):
            if since < reach and max(line, reached_by):
                judge.problems.add(max(line, reached_by), "point_overlaps", village)
            if (until or date.max) > reach:
                reach, reached_by = until or date.max, line
