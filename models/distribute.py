"""Spreads the tables over a Citus cluster, county by county: `python -m models.distribute`, on its coordinator.

Foreign keys of what is still to be spread are dropped first and added again at the end: Citus moves one table at a time
and would find half of every pair (docs/adr/0027). What is spread already is left alone, so the command may be repeated, after
every migration that brought a table too.
"""

import sys
from collections.abc import Collection, Iterator

from sqlalchemy import Connection, Engine, ForeignKeyConstraint, Table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import AddConstraint, DropConstraint, ExecutableDDLElement

from models.db import engine
from models.migrate import alone, upgrade
from models.tables import Base

TENANT = "county_code"
REFERENCE = ("area", "department", "account")  # small, read everywhere, seldom written: a copy on every node
LOCAL = ("login_session", "sign_in_failure")  # written at every visit and never beside a county's rows: the coordinator's own
GROUPED_WITH = "audit_chain"  # the county's write lock: its shard is where all rows of the county are

CITUS = "SELECT extversion FROM pg_extension WHERE extname = 'citus'"
COORDINATOR = "SELECT count(*) FROM pg_dist_node WHERE groupid = 0"
SPREAD = "SELECT table_name::text FROM citus_tables WHERE citus_table_type IN ('distributed', 'reference')"
# Keys between reference and distributed tables are checked over one connection; in parallel Citus refuses.
SEQUENTIAL = "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'"


class NotDistributed(Exception):
    """Why it cannot be done here, in a sentence for whoever typed the command."""


def distribute(bind: Engine | None = None) -> list[str]:
    """Migrates, then spreads what is not spread yet, in one transaction; the statements. NotDistributed says why not."""
    bind = bind or engine()
    _check(bind)
    upgrade(bind)
    with alone(bind), bind.begin() as connection:
        found = statements(spread(connection))
        for statement in found:
            connection.exec_driver_sql(statement)
    return found


def statements(done: Collection[str] = ()) -> list[str]:
    """The SQL for every table but those that are `done`, in order; none when there is nothing to do."""
    missing = [table for table in _ordered() if table.name not in done]
    if not missing:
        return []
    keys = list(_keys(missing))
    moved = [_spread(table) for table in missing]
    return [SEQUENTIAL, *(_sql(DropConstraint(key)) for key in keys), *moved, *(_sql(AddConstraint(key)) for key in keys)]


def spread(connection: Connection) -> set[str]:
    """The tables that the cluster knows already."""
    return set(connection.scalars(text(SPREAD)))


def _check(bind: Engine) -> None:
    if bind.dialect.name != "postgresql":
        raise NotDistributed("this is SQLite: one file on one machine. Set DATABASE_URL to the coordinator of a Citus cluster")
    with bind.connect() as connection:
        if connection.scalar(text(CITUS)) is None:
            raise NotDistributed("this is plain PostgreSQL: nothing is spread without the extension (CREATE EXTENSION citus)")
        if not connection.scalar(text(COORDINATOR)):
            raise NotDistributed("the cluster does not know its coordinator: SELECT citus_set_coordinator_host('its name', 5432)")


def _ordered() -> list[Table]:
    """Reference tables first, then the one that the others are grouped with, then these, referred before referring."""
    tables = Base.metadata.tables
    owned = [table for table in Base.metadata.sorted_tables if table.name not in (*REFERENCE, *LOCAL)]
    owned.sort(key=lambda table: table.name != GROUPED_WITH)
    return [*(tables[name] for name in REFERENCE), *owned]


def _keys(missing: Collection[Table]) -> Iterator[ForeignKeyConstraint]:
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=lambda one: str(one.name)):
            if table in missing or key.referred_table in missing:
                yield key


def _spread(table: Table) -> str:
    if table.name in REFERENCE:
        return f"SELECT create_reference_table('{table.name}')"
    beside = "" if table.name == GROUPED_WITH else f", colocate_with => '{GROUPED_WITH}'"
    return f"SELECT create_distributed_table('{table.name}', '{TENANT}'{beside})"


def _sql(change: ExecutableDDLElement) -> str:
    return str(change.compile(dialect=postgresql.dialect())).strip()  # type: ignore[no-untyped-call]


def main(arguments: list[str]) -> int:
    """The command; 0 when done or done before, 1 when refused, 2 when misspelled."""
    if arguments:
        sys.stderr.write("usage: python -m models.distribute\n")
        return 2
    try:
        found = distribute()
    except NotDistributed as refusal:
        sys.stderr.write(f"refused: {refusal}\n")
        return 1
    sys.stdout.write("\n".join(found or ["every table is spread already"]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
