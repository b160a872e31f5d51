"""Spreading over a Citus cluster, without one: the SQL as made, and run on PostgreSQL with stand-ins for Citus's functions."""

import re

import pytest
from sqlalchemy import Engine, PrimaryKeyConstraint, UniqueConstraint, inspect, text

from models import distribute
from models.distribute import LOCAL, REFERENCE, TENANT, NotDistributed, statements
from models.tables import Base

TABLES = Base.metadata.tables
OWNED = set(TABLES) - {*REFERENCE, *LOCAL}
# What Citus would be asked, written down instead; a foreign key that is still there stops the move, as it does there.
STAND_INS = (
    "CREATE TABLE citus_tables (table_name regclass PRIMARY KEY, citus_table_type text, beside text)",
    "CREATE TABLE pg_dist_node AS SELECT 0 AS groupid",
    """CREATE FUNCTION move(moved regclass, kind text, beside text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
      IF EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND (conrelid = moved OR confrelid = moved)) THEN
        RAISE 'foreign keys are in the way';
      END IF;
      INSERT INTO citus_tables VALUES (moved, kind, beside);
    END $$""",
    """CREATE FUNCTION create_reference_table(moved regclass) RETURNS void LANGUAGE sql
       AS $$ SELECT move(moved, 'reference', '') $$""",
    """CREATE FUNCTION create_distributed_table(moved regclass, by text, colocate_with text DEFAULT '') RETURNS void LANGUAGE sql
       AS $$ SELECT move(moved, 'distributed', by || colocate_with) $$""",
)


def kinds(made: list[str]) -> list[str]:
    """What each statement does, in a word."""
    words = ("SET", "DROP", "create_reference_table", "create_distributed_table", "ADD")
    return [next(word for word in words if re.search(rf"\b{word}\b", statement)) for statement in made]


def moved(made: list[str]) -> list[str]:
    """The tables in the order in which they are spread."""
    return [found[1] for statement in made if (found := re.match(r"SELECT create_\w+\('(\w+)'", statement))]


def test_every_table_is_copied_everywhere_kept_at_home_or_spread_by_its_county():
    assert {*REFERENCE, *LOCAL} <= set(TABLES)
    assert not set(REFERENCE) & set(LOCAL)
    assert {name for name, table in TABLES.items() if TENANT in table.columns} == OWNED
    assert sorted(moved(statements())) == sorted({*REFERENCE, *OWNED})


def test_every_unique_key_of_what_is_spread_contains_the_county():
    keys = [
        (name, [column.name for column in key.columns])
        for name in OWNED
        for key in TABLES[name].constraints
        if isinstance(key, PrimaryKeyConstraint | UniqueConstraint)
    ]
    keys += [
        (name, [column.name for column in index.columns]) for name in OWNED for index in TABLES[name].indexes if index.unique
    ]
    assert len(keys) > len(OWNED)
    assert [key for key in keys if TENANT not in key[1]] == []


def test_keys_are_dropped_first_and_added_last_and_reference_tables_come_before_those_that_refer_to_them():
    made = statements()
    order = kinds(made)
    assert order == sorted(order, key=["SET", "DROP", "create_reference_table", "create_distributed_table", "ADD"].index)
    assert order.count("DROP") == order.count("ADD") == sum(len(table.foreign_key_constraints) for table in TABLES.values())
    names = moved(made)
    for name in OWNED:
        assert all(names.index(key.referred_table.name) <= names.index(name) for key in TABLES[name].foreign_key_constraints)


def test_all_rows_of_a_county_are_on_one_node():
    first, *others = [statement for statement in statements() if "create_distributed_table" in statement]
    assert first == "SELECT create_distributed_table('audit_chain', 'county_code')"
    assert {re.sub(r"'\w+'", "'…'", statement, count=1) for statement in others} == {
        "SELECT create_distributed_table('…', 'county_code', colocate_with => 'audit_chain')"
    }


def test_a_table_that_a_migration_brought_is_spread_alone_with_its_own_keys():
    made = statements(({*REFERENCE, *OWNED}) - {"correction"})
    assert moved(made) == ["correction"]
    assert kinds(made) == ["SET", "DROP", "DROP", "create_distributed_table", "ADD", "ADD"]
    assert all("correction" in statement for statement in made[1:])


def _foreign_keys(engine: Engine) -> dict[str, list[object]]:
    look = inspect(engine)
    return {name: sorted(look.get_foreign_keys(name), key=lambda key: key["name"]) for name in TABLES}


@pytest.fixture
def citus(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """PostgreSQL that answers as if it were a coordinator; the county of the tests is in it."""
    with engine.begin() as connection:
        for statement in STAND_INS:
            connection.exec_driver_sql(statement)
    monkeypatch.setattr(distribute, "CITUS", "SELECT '13.0'")
    monkeypatch.setattr(distribute, "engine", lambda: engine)
    return engine


on_postgresql = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


@on_postgresql
def test_the_statements_run_once_keep_every_key_and_are_not_needed_a_second_time(citus, capsys):
    before = _foreign_keys(citus)
    assert distribute.main([]) == 0
    assert "create_distributed_table('entry'" in capsys.readouterr().out
    assert _foreign_keys(citus) == before
    with citus.connect() as connection:
        found = dict(connection.execute(text("SELECT table_name::text, citus_table_type FROM citus_tables")).all())
    assert found == dict.fromkeys(REFERENCE, "reference") | dict.fromkeys(OWNED, "distributed")
    assert distribute.main([]) == 0
    assert capsys.readouterr().out == "every table is spread already\n"


@on_postgresql
def test_a_cluster_that_does_not_know_its_coordinator_is_refused_with_the_command_that_tells_it(citus):
    with citus.begin() as connection:
        connection.exec_driver_sql("DELETE FROM pg_dist_node")
    with pytest.raises(NotDistributed, match="citus_set_coordinator_host"):
        distribute.distribute(citus)


def test_where_there_is_no_citus_nothing_is_done_and_the_reason_is_told(engine, monkeypatch, capsys):
    monkeypatch.setattr(distribute, "engine", lambda: engine)
    before = _foreign_keys(engine)
    assert distribute.main([]) == 1
    assert re.match(r"refused: this is (SQLite|plain PostgreSQL)", capsys.readouterr().err)
    assert _foreign_keys(engine) == before


def test_a_misspelled_command_is_explained(capsys):
    assert distribute.main(["now"]) == 2
    assert "usage" in capsys.readouterr().err
