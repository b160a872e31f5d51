"""What the database is told when it is opened."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.db import learn_sizes


def test_the_planner_knows_the_sizes_of_tables(sqlite_engine):
    learn_sizes(sqlite_engine)
    with sqlite_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'area'")) > 0


def test_learning_sizes_leaves_another_database_alone(engine):
    learn_sizes(engine, filled=True)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM area")) == 13


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_planner_that_keeps_sizes_of_its_own_is_told_them_once_a_database_was_filled(engine):
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE filled AS SELECT n FROM generate_series(1, 40) AS n"))
    sizes = []
    for filled in (False, True):
        learn_sizes(engine, filled=filled)
        with engine.connect() as connection:
            sizes.append(connection.scalar(text("SELECT reltuples FROM pg_class WHERE relname = 'filled'")))
    assert sizes == [-1, 40]


def test_what_goes_wrong_in_a_statement_is_told_without_its_values(engine):
    with engine.connect() as connection, pytest.raises(DBAPIError) as raised:
        connection.execute(text("INSERT INTO no_such_table VALUES (:hash)"), {"hash": "$2b$12$of-a-password"})
    assert "no_such_table" in str(raised.value)
    assert "$2b$12$" not in str(raised.value)
