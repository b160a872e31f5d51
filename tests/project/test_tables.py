"""The county is the tenant: what it owns carries its code first, in primary keys, foreign keys and unique keys."""

import pytest
from sqlalchemy import Column, ForeignKeyConstraint, Integer, MetaData, PrimaryKeyConstraint, String, Table, UniqueConstraint

from models.tables import Base

SHARED = {"account", "area", "department", "login_session", "sign_in_failure"}  # reference tables, and who may sign in
PERSONAL = {"account", "login_session"}


def tenant_faults(table: Table) -> list[str]:
    """Where a county-owned table does not carry the county first."""
    found = []
    if next(iter(table.primary_key.columns)).name != "county_code":
        found.append("primary key does not begin with county_code")
    for constraint in table.constraints:
        names = [column.name for column in constraint.columns]
        if isinstance(constraint, UniqueConstraint) and "county_code" not in names:
            found.append(f"unique key {names} without county_code")
        if isinstance(constraint, ForeignKeyConstraint):
            target = constraint.elements[0].column.table.name
            if target in PERSONAL:
                found.append(f"refers to {target}, which is no reference table")
            elif target not in SHARED and names[0] != "county_code":
                found.append(f"foreign key {names} does not begin with county_code")
    return [f"{table.name}: {fault}" for fault in found]


def test_every_county_owned_table_carries_its_county_first():
    owned = [table for table in Base.metadata.sorted_tables if table.name not in SHARED]
    assert [fault for table in owned for fault in tenant_faults(table)] == []


def test_the_shared_tables_are_the_ones_listed():
    without_county = {table.name for table in Base.metadata.sorted_tables if "county_code" not in table.columns}
    assert without_county == SHARED


def _table(*constraints: object) -> Table:
    metadata = MetaData()
    Table("owned", metadata, Column("county_code", String, primary_key=True), Column("id", Integer, primary_key=True))
    Table("account", metadata, Column("username", String, primary_key=True))
    columns = [Column(name, String) for name in ("county_code", "id", "other", "username")]
    return Table("sample", metadata, *columns, *constraints)


def _key() -> PrimaryKeyConstraint:
    return PrimaryKeyConstraint("county_code", "id")


@pytest.mark.parametrize(
    "constraints",
    [
        lambda: [PrimaryKeyConstraint("id", "county_code")],
        lambda: [_key(), UniqueConstraint("other")],
        lambda: [_key(), ForeignKeyConstraint(["id", "county_code"], ["owned.id", "owned.county_code"])],
        lambda: [_key(), ForeignKeyConstraint(["username"], ["account.username"])],
    ],
)
def test_a_table_that_forgets_its_county_is_noticed(constraints):
    assert tenant_faults(_table(*constraints()))
    assert tenant_faults(_table(_key())) == []
