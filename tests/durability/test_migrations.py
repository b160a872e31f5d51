"""The schema: from nothing to the newest revision and back, on both databases, and exactly what the tables say."""

import re
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, make_url, text

from models.db import make_engine
from models.migrate import config, current, newest, upgrade
from models.settings import ROOT
from models.tables import Base

VERSIONS = ROOT / "models" / "migrations" / "versions"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """A database without a table."""
    if request.param == "sqlite":
        made = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
        yield made
        made.dispose()
        return
    server = make_engine(request.getfixturevalue("postgres_template")).execution_options(isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE empty_one"))
        made = make_engine(make_url(server.url).set(database="empty_one").render_as_string(hide_password=False))
        yield made
        made.dispose()
        connection.execute(text("DROP DATABASE empty_one WITH (FORCE)"))
    server.dispose()


def _tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_upgrade_makes_every_table_and_downgrade_takes_them_away_again(empty):
    upgrade(empty)
    assert _tables(empty) == set(Base.metadata.tables)
    assert current(empty) == newest()
    command.downgrade(config(empty), "base")
    assert _tables(empty) == set()
    upgrade(empty)
    assert _tables(empty) == set(Base.metadata.tables)


def test_upgrading_twice_changes_nothing(empty):
    upgrade(empty)
    upgrade(empty)
    assert current(empty) == newest()


def test_the_migrations_make_exactly_what_the_tables_say(empty):
    upgrade(empty)
    command.check(config(empty))


def test_a_database_of_the_first_revision_keeps_its_chains_and_gets_their_data_versions(empty):
    command.upgrade(config(empty), "0001")
    with empty.begin() as connection:
        connection.execute(text("INSERT INTO audit_chain VALUES ('992121000000', 41, 'head'), ('000000000000', 7, 'system')"))
    upgrade(empty)
    read = text("SELECT county_code, seq, hash, data_version FROM audit_chain ORDER BY seq")
    with empty.connect() as connection:
        assert connection.execute(read).all() == [("000000000000", 7, "system", 7), ("992121000000", 41, "head", 41)]
    command.downgrade(config(empty), "0001")
    with empty.connect() as connection:
        assert connection.execute(text("SELECT * FROM audit_chain ORDER BY seq")).all() == [
            ("000000000000", 7, "system"),
            ("992121000000", 41, "head"),
        ]


def _checks(engine: Engine) -> dict[str, set[tuple[str | None, str]]]:
    look = inspect(engine)
    return {name: {(c["name"], c["sqltext"]) for c in look.get_check_constraints(name)} for name in _tables(engine)}


def test_check_constraints_are_those_of_the_tables(empty):
    """`alembic check` does not compare them."""
    upgrade(empty)
    migrated = _checks(empty)
    command.downgrade(config(empty), "base")
    Base.metadata.create_all(empty)
    assert sum(len(found) for found in migrated.values()) > 10
    assert migrated == _checks(empty)


def _files() -> list[Path]:
    return sorted(VERSIONS.glob("*.py"))


def test_a_file_name_begins_with_its_four_digit_revision():
    scripts = ScriptDirectory.from_config(config(make_engine("sqlite://")))
    revisions = {script.revision: Path(script.path) for script in scripts.walk_revisions()}
    assert sorted(revisions.values()) == _files()
    for revision, path in revisions.items():
        assert re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", path.name)
        assert path.name.startswith(f"{revision}_")


def test_revisions_are_counted_without_a_gap():
    assert [path.name[:4] for path in _files()] == [f"{n:04d}" for n in range(1, len(_files()) + 1)]


def test_the_head_file_names_the_newest_revision():
    """Two branches that both add a revision change the same line: a merge conflict instead of two heads."""
    assert (VERSIONS / ".current-head").read_text("ascii").strip() == newest() == _files()[-1].name[:4]
