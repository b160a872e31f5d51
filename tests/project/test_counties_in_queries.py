"""No query fans out: each names the county of every county-owned table it reads, with = or IN.

On a cluster a statement that does not goes to every node (docs/adr/0027). What is checked is the statement that a use-case
really sends, whatever put it together: in each SELECT, also in those inside it, a table's county is a value, or equal to one.
"""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import Engine, Select, event, func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, BooleanClauseList, ClauseElement, ColumnElement
from sqlalchemy.sql.selectable import CTE, CompoundSelect, FromClause, Join, Subquery
from sqlalchemy.sql.visitors import Visitable

from models.db import open_session
from models.distribute import LOCAL, REFERENCE, TENANT
from models.rules.errors import AppError
from models.tables import Base, Entry, Event, WeeklyLog
from services.access import ROLES, Role
from services.usecase import USE_CASES
from tests import world
from tests.project.questions import QUERIES, query_params, users_of

OWNED = set(Base.metadata.tables) - {*REFERENCE, *LOCAL}
Scope = dict[str, str]  # name of a table → the place where it is read


def unbound(statement: Visitable) -> list[str]:
    """The county-owned tables of a statement whose county no value decides."""
    places: dict[str, str] = {"a value": "a value"}  # place → a place of the same county

    def root(place: str) -> str:
        while places[place] != place:
            place = places[place]
        return place

    def visit(node: Visitable, outer: Scope) -> None:
        for one in selects(node):
            leaves, conditions = read_from(one, outer)
            here = outer | {name: f"{name} {id(one)}" for name in leaves}
            places.update({place: place for place in here.values() if place not in places})
            for left, right in same_county(conditions, here):
                places[root(left)] = root(right)
            for inner in (*one._raw_columns, *conditions, *(column for column in one._having_criteria)):
                visit(inner, here)
            for source in inside(one):
                visit(source, outer)

    visit(statement, {})
    return sorted({place.split()[0] for place in places if place.split()[0] in OWNED and root(place) != root("a value")})


def selects(node: Visitable) -> Iterator[Select]:
    """The outermost SELECTs in a piece of a statement."""
    if isinstance(node, Select):
        yield node
    elif isinstance(node, CompoundSelect):
        for one in node.selects:
            yield from selects(one)
    elif not isinstance(node, FromClause) or isinstance(node, CTE | Subquery):
        for child in node.get_children():
            yield from selects(child)


def sources(source: FromClause) -> Iterator[FromClause]:
    """What a FROM clause is made of, joins taken apart."""
    if isinstance(source, Join):
        yield source
        yield from sources(source.left)
        yield from sources(source.right)
    else:
        yield source


def read_from(one: Select, outer: Scope) -> tuple[set[str], list[ClauseElement]]:
    """The county-owned tables a SELECT reads itself, and its conditions, those of its joins among them."""
    found = [part for source in one.get_final_froms() for part in sources(source)]
    conditions = [part.onclause for part in found if isinstance(part, Join) and part.onclause is not None]
    names = {str(getattr(part, "name", "")) for part in found if not isinstance(part, Join)}
    said = {str(table.name) for table in one._correlate}  # rows of the statement around it
    alone = names - (said if said else set(outer) if one._auto_correlate else set())
    return (alone or names) & OWNED, [*conditions, *one._where_criteria]


def inside(one: Select) -> list[FromClause]:
    """The subqueries in a SELECT's FROM clause."""
    return [part for source in one.get_final_froms() for part in sources(source) if isinstance(part, CTE | Subquery)]


def same_county(conditions: list[ClauseElement], here: Scope) -> Iterator[tuple[str, str]]:
    """Pairs of places whose counties are equal, by the conditions that all must hold."""
    for condition in conditions:
        if isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
            yield from same_county(list(condition.clauses), here)
        elif isinstance(condition, BinaryExpression) and condition.operator in (operators.eq, operators.in_op):
            left, right = (_place(side, here) for side in (condition.left, condition.right))
            if left and right and left != right:
                yield left, right


def _place(side: ColumnElement, here: Scope) -> str | None:
    if isinstance(side, BindParameter):
        return "a value"
    table = getattr(side, "table", None)
    return here.get(table.name) if table is not None and getattr(side, "name", "") == TENANT else None


def test_every_query_names_the_county_of_all_it_reads(full: Engine):
    sent: dict[object, tuple[str, Visitable]] = {}  # each kind of statement once, and who sent it first
    asked = ""

    def note(_connection: object, statement: ClauseElement, *_: object) -> None:
        key = statement._generate_cache_key()
        sent.setdefault(key.key if key else len(sent), (asked, statement))

    event.listen(full, "before_execute", note)
    for asked in QUERIES:
        for username in _one_of_each_place(users_of(USE_CASES[asked])):
            with open_session(full) as session:
                _ask(session, asked, username)
    assert len(sent) > len(QUERIES)
    assert [(name, found) for name, statement in sent.values() if (found := unbound(statement))] == []


def _one_of_each_place(users: list[str]) -> list[str]:
    """What is asked depends on where somebody stands; all roles of one place ask alike."""
    places = {(ROLES[Role(user)].level, ROLES[Role(user)].needs_department): user for user in users}
    return list(places.values())


def _ask(session: Session, name: str, username: str) -> None:
    with suppress(AppError):  # refused: what was asked until then is looked at all the same
        USE_CASES[name].function(session, world.persona(session, username), **query_params(name))


ENTRIES_OF_EVENT = (Entry.county_code == Event.county_code, Entry.event_id == Event.id)
HERE = Event.county_code == world.COUNTY


@pytest.mark.parametrize(
    "statement",
    [
        select(Event.title).where(HERE),
        select(Event.title).where(Event.county_code.in_([world.COUNTY])),
        select(Event.title).join(Entry, Entry.county_code == Event.county_code).where(HERE),
        select(Event.title).where(HERE, select(Entry.week).where(*ENTRIES_OF_EVENT).correlate(Event).exists()),
        select(func.count()).select_from(select(Event.id).where(HERE).subquery()),
    ],
)
def test_a_county_that_is_named_is_seen(statement):
    assert unbound(statement) == []


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        (select(Event.title), "event"),
        (select(Event.title).where(Event.county_code.startswith("9921")), "event"),
        (select(Event.title).where(or_(HERE, Event.id == 1)), "event"),
        (select(Event.title).where(Event.county_code != world.COUNTY), "event"),
        (select(Event.title).join(Entry, Entry.event_id == Event.id).where(HERE), "entry"),
        (select(Event.title).where(HERE, Event.id.in_(select(Entry.event_id))), "entry"),
        (select(Event.title).where(HERE, select(Entry.week).where(ENTRIES_OF_EVENT[1]).correlate(Event).exists()), "entry"),
        (select(func.count()).select_from(select(Event.id).subquery()), "event"),
        (select(select(func.max(WeeklyLog.week)).scalar_subquery()).where(HERE), "weekly_log"),
    ],
)
def test_a_county_that_is_forgotten_is_noticed(statement, table):
    assert unbound(statement) == [table]
