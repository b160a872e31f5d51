"""How the databases find the rows: every query of every use-case, on the demo, through indexes and never through a whole table.

SQLite plans by the sizes it has learned, and shows by which columns it looks: of the tables that grow by the week it must not
read all of a county's rows either. PostgreSQL would read a table as small as the demo's whole, and rightly so; it is forbidden
to here (enable_seqscan), so that a plan without an index is one for which there is none.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from models.db import open_session
from models.rules.area import Level
from models.rules.errors import AppError
from seed.offices import office
from seed.places import COUNTY, FIRST, PREFECTURE, RECORDER_VILLAGE
from services.access import ROLES, Actor
from services.usecase import USE_CASES
from tests.project import examples
from tests.project.questions import QUERIES, query_params
from tests.seed.conftest import NOW

GROWING = {"entry", "event", "weekly_log", "holding", "week_summary", "week_report", "audit_event"}
BY_THE_WEEK = {"entry", "event", "weekly_log"}
WHOLE_COUNTY = {
    "imports.points_plan",  # a county's whole list of points is checked against when each was last heard of
}
FIRST_ONLY = ("SELECT min(", "SELECT max(")  # along an index SQLite takes the first row and stops
PLACES = {Level.VILLAGE: RECORDER_VILLAGE.code, Level.TOWNSHIP: FIRST.townships[0].code, Level.COUNTY: COUNTY}
HERE = {
    "chain_code": COUNTY,
    "codes": (COUNTY, FIRST.townships[0].code, RECORDER_VILLAGE.code),
    "county_code": COUNTY,
    "department_code": office(FIRST, "农业农村局").code,
    "township_code": FIRST.townships[0].code,
    "username": "village",
}
Sent = dict[tuple[str, str], Any]  # name of the query and statement → parameters


@pytest.fixture
def sent(demo_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Every statement that a query sends, once."""
    monkeypatch.setattr(examples, "VALUES", examples.VALUES | HERE)
    if demo_engine.dialect.name == "postgresql":
        with demo_engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
    found: Sent = {}
    name = ""

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            found.setdefault((name, statement), parameters)

    event.listen(demo_engine, "before_cursor_execute", note)
    for name in QUERIES:
        for actor in _people(name):
            with open_session(demo_engine) as session, suppress(AppError):  # refused: what was asked until then counts
                USE_CASES[name].function(session, actor, **query_params(name))
    event.remove(demo_engine, "before_cursor_execute", note)
    return found


def _people(name: str) -> Iterator[Actor]:
    """One of each place: what is asked depends on where somebody stands."""
    seen = set()
    for role, rights in ROLES.items():
        place = (rights.level, rights.needs_department)
        if USE_CASES[name].permission in rights.permissions and place not in seen:
            seen.add(place)
            department = HERE["department_code"] if rights.needs_department else None
            yield Actor(NOW, "somebody", "somebody", role, "", PLACES.get(rights.level, PREFECTURE), department, (COUNTY,))


def test_every_query_finds_its_rows_through_an_index(demo_engine, sent):
    assert len(sent) > len(QUERIES)
    with demo_engine.connect() as connection:
        faults_of = _sqlite if connection.dialect.name == "sqlite" else _postgresql
        found = {(name, fault) for (name, statement), asked in sent.items() for fault in faults_of(connection, statement, asked)}
    assert sorted((name, fault) for name, fault in found if name not in WHOLE_COUNTY) == []
    assert {name for name, _ in found if name in WHOLE_COUNTY} <= WHOLE_COUNTY


def test_a_whole_table_and_all_of_a_county_are_noticed(demo_engine):
    county, week = f"county_code = '{COUNTY}'", "week = '2026-11-16'"
    with demo_engine.connect() as connection:
        faults_of = _sqlite if connection.dialect.name == "sqlite" else _postgresql
        assert list(faults_of(connection, "SELECT title FROM event WHERE title = 'x'", ()))
        assert not list(faults_of(connection, f"SELECT title FROM event WHERE {county} AND {week}", ()))
        if connection.dialect.name == "sqlite":
            assert list(faults_of(connection, f"SELECT e.minutes FROM entry AS e WHERE {county}", ()))


def _sqlite(connection: Connection, statement: str, parameters: Any) -> Iterator[str]:
    words = statement.replace(",", " ").split()
    tables = {words[n + 2]: words[n] for n in range(len(words) - 2) if words[n + 1] == "AS"}
    for *_, detail in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
        table = detail.split()[1]
        table = tables.get(table, table)
        narrow = table in BY_THE_WEEK and not statement.startswith(FIRST_ONLY)
        if table in GROWING and detail.count("?") < 1 + narrow:
            yield detail


def _postgresql(connection: Connection, statement: str, parameters: Any) -> Iterator[str]:
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar()
    return _unindexed(plan[0]["Plan"], "")


def _unindexed(node: dict[str, Any], table: str) -> Iterator[str]:
    table = node.get("Relation Name", table)  # the scan of an index stands below that of its table
    reads_rows = node["Node Type"] in ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan")
    if table in GROWING and reads_rows and "county_code" not in node.get("Index Cond", ""):
        yield f"{node['Node Type']} of {table} along {node.get('Index Name')}"
    for inner in node.get("Plans", ()):
        yield from _unindexed(inner, table)
