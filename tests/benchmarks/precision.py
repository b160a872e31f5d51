"""How often an offer is right: on the demo's history, each village-week is offered anew as it stood just before the village
reported, and compared with what the village then logged. `make precision` prints it.

Precision is the share of offers that the village took; found, the share of what it logged that had been offered.
"""

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.db import open_session
from models.rules.entry import Origin, title_key
from models.rules.habit import lasting
from models.rules.week import Week
from models.tables import Entry, Event, WeeklyLog
from seed.places import COUNTY
from services.access import Actor, Role
from services.log.week_view import Row
from services.queries import suggestions

READABLE = 15  # what the screen shows before it folds the rest
Mark = tuple[str, str, str]


@dataclass
class Told:
    """Offers by where they are known from, those taken, and all that was logged."""

    offered: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    weeks: int = 0
    logged: int = 0
    found: int = 0

    def precision(self, sort: str) -> float:
        """0 to 1."""
        return self.taken[sort] / self.offered[sort]

    def lines(self) -> Iterator[str]:
        """For people."""
        yield f"{self.weeks} village-weeks, {self.logged} things logged, {self.found / self.logged:.0%} of them had been offered"
        yield f"{'':<28}{'offered':>9}{'taken':>8}{'precision':>11}"
        for sort in self.offered:
            yield f"{sort:<28}{self.offered[sort]:>9}{self.taken[sort]:>8}{self.precision(sort):>11.0%}"


def measure(session: Session, county: str, *, villages: int, weeks: int) -> Told:
    """The last submitted weeks of that many villages. The session is rolled back: nothing is changed."""
    told = Told()
    mine = (WeeklyLog.county_code == county, WeeklyLog.state == "submitted", WeeklyLog.zero.is_(False))
    codes = session.scalars(select(WeeklyLog.village_code).where(*mine).distinct().order_by(WeeklyLog.village_code)).all()
    step = max(len(codes) // villages, 1)
    for village in codes[::step][:villages]:
        latest = select(WeeklyLog.week).where(*mine, WeeklyLog.village_code == village).order_by(WeeklyLog.week.desc())
        for monday in session.scalars(latest.limit(weeks)).all():
            _one(session, county, village, Week(monday), told)
    return told


def _one(session: Session, county: str, village: str, week: Week, told: Told) -> None:
    logged = _take_out(session, county, village, week)
    actor = Actor(datetime.now(UTC), "tester", "tester", Role.VILLAGE_RECORDER, "", village, None, (county,))
    rows = suggestions.week(session, actor, week=week, today=week.sunday)
    session.rollback()
    strongest = sorted(rows, key=lambda row: row.strength, reverse=True)[:READABLE]
    for row in rows:
        is_taken = _is_logged(row, logged)
        for sort in _sorts(row, row in strongest):
            told.offered[sort] += 1
            told.taken[sort] += is_taken
    told.weeks += 1
    told.logged += len(logged)
    told.found += sum(_is_logged(row, logged) for row in rows)


def _take_out(session: Session, county: str, village: str, week: Week) -> dict[int, Mark]:
    """What the village logged; it and what its neighbours reported later are taken out of the week."""
    at = session.get_one(WeeklyLog, (county, week.monday, village)).saved_at
    here = (Entry.county_code == county, Entry.week == week.monday)
    events = session.scalars(
        select(Event)
        .join(Entry, (Entry.county_code == Event.county_code) & (Entry.event_id == Event.id))
        .where(*here, Entry.village_code == village)
    )
    logged = {event.id: (event.kind, event.department_code, title_key(lasting(event.title))) for event in events}
    session.execute(delete(Entry).where(*here, (Entry.village_code == village) | (Entry.saved_at > at)))
    return logged


def _is_logged(row: Row, logged: dict[int, Mark]) -> bool:
    if row.event_id is not None:
        return row.event_id in logged
    return (row.kind, row.department_code, title_key(lasting(row.title))) in logged.values()


def _sorts(row: Row, is_strong: bool) -> list[str]:
    sorts = ["all"]
    sorts += [f"the {READABLE} shown at once"] if is_strong else ["folded"]
    sorts += ["as last week"] if row.repeats else []
    if row.origin is Origin.NEIGHBOURS:
        return [*sorts, "three neighbours or more" if row.neighbours else "one or two neighbours"]
    return [*sorts, f"{row.origin}"]


def main() -> None:
    """All points of the demo's first county, their last half year."""
    with tempfile.TemporaryDirectory() as name:
        os.environ["DATA_DIR"] = name
        os.environ.pop("DATABASE_URL", None)
        from tests.browser.server import Server

        Server(Path(name)).seed()
        with open_session(write=True) as session:
            told = measure(session, COUNTY, villages=100, weeks=26)
    sys.stdout.write("\n".join(told.lines()) + "\n")


if __name__ == "__main__":
    main()
