"""Of rows that are revised by adding a version, the one that holds: the highest."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from models.tables import Quota, Target


@dataclass(frozen=True)
class Revised:
    """The version that holds now; `changed` is False when the values were the same and nothing was stored."""

    version: int
    changed: bool


def _newest(table: type[Any], *keys: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    other = aliased(table)
    same = [getattr(other, key.key) == key for key in keys]
    highest = select(func.max(other.version)).where(*same).correlate(table).scalar_subquery()
    return table.version == highest  # type: ignore[no-any-return]


def newest_quota() -> ColumnElement[bool]:
    """Condition: no later version of this department's quota for the measure and year."""
    return _newest(Quota, Quota.county_code, Quota.department_code, Quota.measure, Quota.year)


def newest_target() -> ColumnElement[bool]:
    """Condition: no later version of this area's target for the measure."""
    return _newest(Target, Target.county_code, Target.area_code, Target.measure)
