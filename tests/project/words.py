"""Which sentences the code asks for, and which the catalogues hold."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from babel.messages.pofile import read_po

from models.settings import ROOT
from tests.project.source import Module, modules

Message = str | tuple[str, ...]
KEY = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")


@dataclass(frozen=True)
class Asked:
    """One use of a sentence: where, the key or, when put together, what it must match, and the names it is filled with."""

    where: str
    pattern: str
    literal: bool
    params: frozenset[str] | None  # None: not to be told from the source


def files(language: str) -> list[Path]:
    """The catalogue's files."""
    return sorted((ROOT / "locale" / language).glob("*.po"))


def messages(path: Path) -> dict[str, Message]:
    """One file: key → sentence, or (one, other)."""
    with path.open("rb") as file:
        found = [message for message in read_po(file) if message.id]
    return {_key(message.id): _form(message.string) for message in found}


@cache
def catalogue(language: str) -> dict[str, Message]:
    """Every sentence of a language."""
    return {key: message for path in files(language) for key, message in messages(path).items()}


def placeholders(message: Message) -> set[str]:
    """The names in braces."""
    forms = (message,) if isinstance(message, str) else message
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


def asked(module: Module) -> Iterator[Asked]:
    """Every t("…"), .t(f"…") and t("…" + x)."""
    constants = _constants(module)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and node.args and _is_translator(node.func):
            for key in _branches(node.args[0]):
                pattern = pattern_of(key, constants)
                if pattern is not None:
                    names = None if any(k.arg is None for k in node.keywords) else frozenset(str(k.arg) for k in node.keywords)
                    literal = isinstance(key, ast.Constant)
                    yield Asked(f"{module.path}:{node.lineno}", pattern, literal, names)


def composed(module: Module, nouns: set[str]) -> Iterator[str]:
    """What may become a key without standing in t(…): texts put together that begin with a catalogue's noun."""
    constants = _constants(module)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.JoinedStr | ast.BinOp):
            pattern = pattern_of(node, constants)
            if pattern and re.split(r"\\\.|\(", pattern)[0] in nouns:
                yield pattern


def texts() -> set[str]:
    """Every text that stands alone in the code."""
    return {
        node.value
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _is_translator(function: ast.expr) -> bool:
    return getattr(function, "id", getattr(function, "attr", "")) == "t"


def _branches(node: ast.expr) -> list[ast.expr]:
    return [*_branches(node.body), *_branches(node.orelse)] if isinstance(node, ast.IfExp) else [node]


def pattern_of(node: ast.expr, constants: Mapping[str, str] = MappingProxyType({})) -> str | None:
    """A regular expression in which each unknown part is a group; None when nothing is known."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [pattern_of(value, constants) or "(.+)" for value in node.values]
        return "".join(parts) if any(part != "(.+)" for part in parts) else None
    if isinstance(node, ast.FormattedValue):
        return pattern_of(node.value, constants)
    if isinstance(node, ast.Name) and node.id in constants:
        return re.escape(constants[node.id])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = pattern_of(node.left, constants), pattern_of(node.right, constants)
        return f"{left or '(.+)'}{right or '(.+)'}" if left or right else None
    return None


def _constants(module: Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in module.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _key(message_id: str | list[str] | tuple[str, ...]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def _form(string: str | list[str] | tuple[str, ...] | None) -> Message:
    return string if isinstance(string, str) else tuple(string or ())
