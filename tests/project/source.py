"""The source tree as data: every module of ours, parsed once, with the room of the house it stands in."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from models.settings import ROOT

TOPS = ("app.py", "pages", "ui", "services", "models", "recount", "seed")


@dataclass(frozen=True)
class Module:
    """One file. Samples are made from text alone: `Module("pages/x.py", "import sqlalchemy")`."""

    path: str
    text: str

    @property
    def name(self) -> str:
        """`services.queries.trends`."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax."""
        return ast.parse(self.text, self.path)

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every name imported, anywhere in the file, as a dotted path: `from services import audit` is `services.audit`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@cache
def modules() -> tuple[Module, ...]:
    """Everything that runs in production; migrations are frozen history and left out."""
    paths: list[Path] = []
    for top in TOPS:
        paths += [ROOT / top] if top.endswith(".py") else sorted((ROOT / top).rglob("*.py"))
    found = (path.relative_to(ROOT).as_posix() for path in paths)
    return tuple(Module(name, (ROOT / name).read_text("utf-8")) for name in found if "/migrations/" not in name)


def within(name: str, place: str) -> bool:
    """Whether a dotted name is a place or lies in it."""
    return name == place or name.startswith(f"{place}.")
