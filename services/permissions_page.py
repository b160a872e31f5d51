"""docs/permissions.md, printed from ROLES and from the register of use-cases, so that it cannot say anything else."""

import pkgutil
from collections.abc import Iterable, Sequence
from importlib import import_module

from services import actions, queries
from services.access import ROLES, Permission
from services.usecase import USE_CASES, UseCase

INTRODUCTION = """# Permissions

Printed by `make docs` from `services/access.py` and the register of use-cases; do not edit. A test checks that it is current.

What is not listed is refused. Scope lies inside every query: an account sees the rows of its own area and of no other, and
a department never sees a village. Before its first own password an account may only edit itself.
"""


def permissions_page() -> str:
    """The whole page: roles, roles × permissions, use-cases. The same text for the same code."""
    for package in (actions, queries):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    parts = [
        INTRODUCTION,
        "## Roles",
        _roles(),
        "## What each role may do",
        _grid(),
        "## What each use-case asks for",
        _use_cases(),
    ]
    return "\n".join(parts)


def _roles() -> str:
    rows = [
        [f"`{role}`", rights.purpose, _levels(rights.levels), "its department" if rights.needs_department else ""]
        for role, rights in ROLES.items()
    ]
    return _table(["role", "what for", "area", "narrowed to"], rows)


def _levels(levels: Iterable[str]) -> str:
    return " or ".join(sorted(levels))


def _grid() -> str:
    rows = [
        [f"`{permission}`", *("●" if permission in rights.permissions else "" for rights in ROLES.values())]
        for permission in Permission
        if permission is not Permission.SIGN_IN
    ]
    return _table(["permission", *(role.value.replace("_", " ") for role in ROLES)], rows)


def _use_cases() -> str:
    """Those of the product: a test may have registered its own."""
    packages = (actions.__name__, queries.__name__)
    ours = [case for case in USE_CASES.values() if case.function.__module__.rpartition(".")[0] in packages]
    return _table(["use-case", "kind", "permission", "what"], [_row(case) for case in sorted(ours, key=_order)])


def _order(case: UseCase) -> tuple[str, str]:
    return case.name, case.kind


def _row(case: UseCase) -> list[str]:
    first = (case.function.__doc__ or "").strip().split("\n")[0].replace("|", "\\|")
    permission = "(anybody)" if case.permission is Permission.SIGN_IN else f"`{case.permission}`"
    return [f"`{case.name}`", case.kind, permission, first]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"
