"""The demo's rows: who did what to whom (happenings), who told (reports), and what hangs on (chat groups)."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from models.rules.measure import Demand, HoldingKind
from models.rules.schedule import LogState
from seed.accounts import recorder_of
from seed.calendar import POLICY, REPLACED, WEEKS, Calendar
from seed.happenings import Dealer, Happening, Receipt
from seed.incidents import incidents
from seed.offices import Office, county_offices, township_office
from seed.places import FIRST, PREDECESSOR, SUCCESSOR, County, Village
from seed.quota_use import fulfilled
from seed.reports import Report, Reports, reports

Row = dict[str, Any]
GROUPS = 23  # chat groups of county departments per village, beside the township's three
CLOSED_SHARE = 0.3  # of them, one after the other, from the plan on
TOWNSHIP_GROUPS = ("村干部工作群", "值班值守群", "中心工作群")


@dataclass(frozen=True)
class Story:
    """One county's rows, ready for the tables."""

    events: list[Row]
    logs: list[Row]
    entries: list[Row]
    holdings: list[Row]


def tell(county: County, calendar: Calendar) -> Story:
    """The same moment gives the same rows."""
    rngs = {part: Random(f"{calendar.today} {county.code} {part}") for part in ("all", "own", "told", "groups", "rows", "use")}
    own = incidents(calendar, rngs["own"]) if county is FIRST else []
    visits = Counter((one.township, one.day) for one in own if one.called_as)
    told = reports(county, calendar, rngs["told"])
    happened = [*Dealer(county, calendar, rngs["all"], visits=visits, taken={one.mark for one in own}).deal(), *own]
    if county is FIRST:
        happened += fulfilled(calendar, told, happened, rngs["use"])
    happened.sort(key=lambda one: (one.day, one.kind, one.office.code, one.title))
    events, entries = _events(county, told, happened, rngs["rows"])
    logs = _logs(county, calendar, told, {(entry["village_code"], entry["week"]) for entry in entries})
    story = Story(events, logs, entries, _groups(county, calendar, rngs["groups"]))
    return _with_predecessor(story, calendar) if county is FIRST else story


def _with_predecessor(story: Story, calendar: Calendar) -> Story:
    """What is told of the successor's weeks before it became a point was told by the village that was one then."""
    before, after = PREDECESSOR.code, SUCCESSOR.code
    names = {recorder_of(SUCCESSOR): recorder_of(PREDECESSOR)}
    for row in (*story.events, *story.logs, *story.entries):
        if row["week"] < calendar.weeks[REPLACED].monday and row.get("village_code", after) == after:
            renamed = {"village_code": before} if "village_code" in row else {}
            row |= renamed | {who: names.get(row[who], row[who]) for who in ("created_by", "submitted_by") if who in row}
    kept = [row for row in story.holdings if row["village_code"] == after]
    for number, row in enumerate(kept, start=len(story.holdings) + 1):
        story.holdings.append({**row, "id": number, "village_code": before, "request_id": f"demo-{number}"})
    return story


def _events(county: County, told: Reports, happened: list[Happening], rng: Random) -> tuple[list[Row], list[Row]]:
    """Events that at least one village told of, and who told."""
    events: list[Row] = []
    entries: list[Row] = []
    for made in happened:
        known = {v: told[v, made.week] for v in made.receipts if (v, made.week) in told}
        known = {village: report for village, report in known.items() if _is_entered(made, report, rng)}
        if known:
            first, report = min(known.items(), key=lambda item: (item[1].saved_at, item[0].code))
            events.append(_event(county, made, len(events) + 1, first, report))
            entries += [_entry(events[-1], made, village, report) for village, report in known.items()]
    return events, entries


def _is_entered(made: Happening, report: Report, rng: Random) -> bool:
    if report.is_quiet:
        return False
    return report.state is LogState.SUBMITTED or made.week == WEEKS - 1 or rng.random() < 0.5


def _event(county: County, made: Happening, event_id: int, first: Village, report: Report) -> Row:
    return {
        "county_code": county.code,
        "id": event_id,
        "kind": made.kind.value,
        "department_code": made.office.code,
        "happened_on": made.day,
        "week": made.day - timedelta(days=made.day.weekday()),
        "title": made.title,
        "called_as": str(made.called_as),
        "minutes": made.minutes,
        "emergency": made.emergency,
        "township_code": made.township.code if made.township else None,
        "source": "village",
        "created_at": report.saved_at,
        "created_by": recorder_of(first),
    }


def _entry(event: Row, made: Happening, village: Village, report: Report) -> Row:
    receipt: Receipt = made.receipts[village]
    return {
        "county_code": event["county_code"],
        "week": event["week"],
        "village_code": village.code,
        "event_id": event["id"],
        "minutes": receipt.minutes,
        "travel_minutes": receipt.travel,
        "people": receipt.people,
        "copies": receipt.copies,
        **{demand.value: demand in made.demands for demand in Demand},
        "request_id": f"demo-{event['id']}",
        "saved_at": report.saved_at,
    }


def _logs(county: County, calendar: Calendar, told: Reports, filled: set[tuple[str, Any]]) -> list[Row]:
    rows = []
    for (village, index), report in told.items():
        week = calendar.weeks[index].monday
        submitted = report.state is LogState.SUBMITTED
        rows.append(
            {
                "county_code": county.code,
                "week": week,
                "village_code": village.code,
                "state": report.state.value,
                "zero": submitted and (village.code, week) not in filled,
                "version": 1,
                "seconds": report.seconds,
                "saved_at": report.saved_at,
                "submitted_at": report.saved_at if submitted else None,
                "submitted_by": recorder_of(village) if submitted else None,
            }
        )
    return rows


def _groups(county: County, calendar: Calendar, rng: Random) -> list[Row]:
    """Chat groups: some 26 per village, fewer and fewer since the plan, and now and then a new one."""
    subjects = [(one, subject) for one in county_offices(county) for subject in one.subjects]
    rows: list[Row] = []
    for village, township in county.points.items():
        chosen = [(township_office(township), name) for name in TOWNSHIP_GROUPS]
        chosen += [(one, f"{subject}群") for one, subject in _likely(subjects, rng)]
        for sender, name in chosen:
            rows.append(_group(county, calendar, village, sender, name, rng, len(rows) + 1))
    return rows


def _likely(subjects: list[tuple[Office, str]], rng: Random) -> list[tuple[Office, str]]:
    """Without repetition, those who ask for much first (Efraimidis and Spirakis)."""
    keys = {pair: rng.random() ** (1 / sum(pair[0].weights.values())) for pair in subjects}
    return sorted(subjects, key=keys.__getitem__, reverse=True)[: min(GROUPS, len(subjects))]


def _group(county: County, calendar: Calendar, village: Village, sender: Office, name: str, rng: Random, row_id: int) -> Row:
    weeks = calendar.weeks
    since = weeks[0].monday - timedelta(days=rng.randint(20, 700))
    until = None
    if rng.random() < CLOSED_SHARE:
        until = weeks[POLICY].monday + timedelta(days=rng.randint(0, 7 * (WEEKS - POLICY) - 8))
    elif rng.random() < 0.06:
        since = weeks[0].monday + timedelta(days=rng.randint(0, 7 * WEEKS - 15))
    return {
        "county_code": county.code,
        "id": row_id,
        "village_code": village.code,
        "kind": HoldingKind.GROUP.value,
        "name": name,
        "department_code": sender.code,
        "since": since,
        "until": until,
        "basis": "",
        "request_id": f"demo-{row_id}",
        "saved_at": calendar.now - timedelta(hours=1),
    }
