"""What a page asks of the database: so many statements, and not one more when there is ten times as much to show.

Every page is visited twice, on few and on many points, which takes seconds; together it is one scenario, built once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Engine, event

from models.db import open_session
from models.tables import Area, Department, ObservationPoint
from services import closing
from tests import held, world
from tests.pages.visit import visit
from ui import kept

MOST = {"weekly_log": 40, "overview": 44, "trends": 36, "departments": 30, "points": 34, "targets": 14}  # with nothing kept yet
AGAIN = 4  # of a rerun: who is looking, how new the data is
VISITORS = {"weekly_log": "village_recorder"}
KINDS = ("meeting", "inspection", "form")
MORE = [f"9921211002{n}" for n in range(10, 46)]


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements sent while the block runs."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def _asked(engine: Engine) -> dict[str, int]:
    """How many statements each page needs, with nothing kept from before."""
    found = {}
    for stem in MOST:
        kept.forget()
        with counted(engine) as sent:
            at = visit(stem, VISITORS.get(stem, "task_force"))
        assert not at.exception
        found[stem] = len(sent)
    return found


def _fill(engine: Engine, villages: tuple[str, ...], departments: list[str]) -> None:
    """Two weeks, one of them closed, in which every department sends something of each kind to every village."""
    with open_session(engine, write=True) as session:
        for department in departments:
            first = int(department[-2:]) * 100
            for n, kind in enumerate(KINDS):
                held.quota(session, department, kind, 1)
                for week in (4, 1):
                    day = (world.WEEK - week).monday + timedelta(days=n)
                    held.held(session, first + 10 * week + n, department, day, villages, kind=kind)
            held.group(session, first, department, f"群{department}", villages[0], since=(world.WEEK - 4).monday)
        closing.close(session, world.persona(session, "task_force"), world.WEEK - 4)
        session.commit()


def _ten_times(engine: Engine) -> list[str]:
    """Forty points instead of four, and six departments instead of two."""
    departments = [f"992121-{n}" for n in range(50, 54)]
    point = {"county_code": world.COUNTY, "since": world.SINCE, "township_code": world.TOWN_A, "selection": "purposive"}
    with open_session(engine, write=True) as session:
        session.add_all(Area(code=code, name=f"{code}村", level="village", parent_code=world.TOWN_A) for code in MORE)
        session.add_all(
            Department(code=code, area_code=world.COUNTY, name=f"{code}局", kind="government", initials="")
            for code in departments
        )
        session.flush()
        session.add_all(ObservationPoint(village_code=code, **point) for code in MORE)
        session.commit()
    return departments


def test_a_page_asks_no_more_of_forty_points_than_of_four_and_a_rerun_only_who_is_looking_at_what(sqlite_engine):
    _fill(sqlite_engine, held.ALL, [world.AGRI, world.CIVIL])
    few = _asked(sqlite_engine)
    at = visit("overview", "task_force")
    with counted(sqlite_engine) as again:
        at.run()
    assert len(again) <= AGAIN, again
    _fill(sqlite_engine, (*held.ALL, *MORE), _ten_times(sqlite_engine))
    many = _asked(sqlite_engine)
    assert {stem: n for stem, n in many.items() if n > few[stem]} == {}
    assert {stem: n for stem, n in few.items() if n > MOST[stem]} == {}
