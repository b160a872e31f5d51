"""What a file would change: said before, and said again inside the transaction that does it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pandas as pd


class State(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class Change:
    """One line: what it is about, what it would become, and for a changed one the old values of what differs."""

    line: int
    state: State
    subject: str
    name: str
    values: Mapping[str, Any]
    old: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """How many lines are new, changed and the same, and each of them: `rows` (line, state, subject, name, values, old)."""

    new: int
    changed: int
    same: int
    rows: pd.DataFrame

    @property
    def changes_nothing(self) -> bool:
        """Whether the file is here already."""
        return not self.new and not self.changed


def plan_of(changes: Iterable[Change]) -> Plan:
    """The plan a screen shows."""
    rows = [(one.line, one.state.value, one.subject, one.name, one.values, one.old) for one in changes]
    table = pd.DataFrame(rows, columns=["line", "state", "subject", "name", "values", "old"])
    new, changed, same = (int((table["state"] == state.value).sum()) for state in State)
    return Plan(new, changed, same, table)


def compared(line: int, subject: str, name: str, values: Mapping[str, Any], stored: Mapping[str, Any] | None) -> Change:
    """New when nothing is stored; else changed or the same, by the values that the file gives."""
    if stored is None:
        return Change(line, State.NEW, subject, name, values)
    old = {key: stored[key] for key, value in values.items() if stored[key] != value}
    return Change(line, State.CHANGED if old else State.SAME, subject, name, values, old)


def facts(changes: Iterable[Change]) -> dict[str, object]:
    """What the audit trail keeps: each new or changed subject with its values."""
    return {one.subject: {"state": one.state.value, **one.values} for one in changes if one.state is not State.SAME}
