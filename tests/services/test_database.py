"""What the database is told when it is opened."""

from sqlalchemy import text

from models.db import learn_sizes


def test_the_planner_knows_the_sizes_of_tables(sqlite_engine):
    learn_sizes(sqlite_engine)
    with sqlite_engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'area'")) > 0


def test_learning_sizes_leaves_another_database_alone(engine):
    learn_sizes(engine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM area")) == 13
