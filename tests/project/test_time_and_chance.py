"""Time and chance are arguments: only ui/clock.py reads the clock, and commands at the moment they are started."""

import ast

import pytest

from tests.project.source import Module, modules

CLOCKS = {"now", "utcnow", "today", "fromtimestamp", "time", "time_ns", "monotonic", "localtime", "gmtime", "perf_counter"}
HOLDERS = {"datetime", "date", "time", "Timestamp"}
CHANCE = {"random", "uuid", "secrets"}
MAY_READ_THE_CLOCK = {
    ("ui/clock.py", "now"),
    ("models/backup.py", "main"),  # a command's own moment
    ("recount/__main__.py", "_now"),
    ("seed/commands.py", "_now"),
    ("services/audit.py", "main"),
}
MAY_USE_CHANCE = {
    "models/settings.py": {"secrets"},  # the installation's secret, once
    "seed": {"random"},  # seeded: the story is the same every time
    "seed/commands.py": {"secrets"},  # the first administrator's password
    "ui": {"secrets", "uuid"},  # tokens are made where people are, and handed down
}


def hidden_inputs(module: Module) -> list[str]:
    """Reads of the clock and uses of chance, with the function they stand in."""
    found = []
    inside = {node: function.name for function in module.functions() for node in ast.walk(function)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS and _holder(node) in HOLDERS:
            where = inside.get(node, "the module")
            if (module.path, where) not in MAY_READ_THE_CLOCK:
                found.append(f"{module.path}:{node.lineno} {where} reads the clock: {ast.unparse(node)}")
    allowed = set().union(*(names for place, names in MAY_USE_CHANCE.items() if module.path.startswith(place)))
    for imported, line in module.imports():
        if imported.split(".")[0] in CHANCE - allowed:
            found.append(f"{module.path}:{line} uses {imported}")
    return found


def _holder(node: ast.Attribute) -> str:
    return node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")


def test_only_the_clock_reads_the_clock():
    assert [found for module in modules() for found in hidden_inputs(module)] == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("services/x.py", "def f():\n    return datetime.now(UTC)"),
        ("services/x.py", "def f():\n    return datetime.date.today()"),
        ("models/rules/x.py", "def f():\n    return date.today()"),
        ("ui/x.py", "def f():\n    return time.time()"),
        ("ui/clock.py", "def other():\n    return datetime.now()"),
        ("services/x.py", "import random"),
        ("services/x.py", "from secrets import token_hex"),
        ("models/rules/x.py", "from uuid import uuid4"),
        ("ui/x.py", "from random import random"),
        ("ui/x.py", "STARTED = datetime.now()"),
    ],
)
def test_a_hidden_clock_or_die_is_noticed(path, text):
    assert hidden_inputs(Module(path, text))
