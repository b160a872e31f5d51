"""Small things: a module fits on a few screens, a function on one."""

import pytest

from tests.project.source import Module, modules

MODULE, FUNCTION, PAGE = 400, 50, 80


def oversized(module: Module) -> list[str]:
    """What is too long."""
    most = PAGE if module.path.startswith("pages/") else MODULE
    length = len(module.text.splitlines())
    found = [f"{module.path} has {length} lines, at most {most}"] if length > most else []
    for function in module.functions():
        lines = (function.end_lineno or 0) - function.lineno + 1
        if lines > FUNCTION:
            found.append(f"{module.path}: {function.name} has {lines} lines, at most {FUNCTION}")
    return found


def test_modules_and_functions_are_small():
    assert [found for module in modules() for found in oversized(module)] == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("services/x.py", "x = 1\n" * 401),
        ("pages/x.py", "x = 1\n" * 81),
        ("services/x.py", "def f():\n" + "    x = 1\n" * 50),
        ("services/x.py", "class A:\n    async def f(self):\n" + "        x = 1\n" * 50),
    ],
)
def test_too_long_is_noticed(path, text):
    assert oversized(Module(path, text))
