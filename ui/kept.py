"""What is computed once and kept until the data changes: the answers of queries, and what is drawn from them.

An answer is the same object as long as nothing changes, in every run of everybody with the same scope: nobody may change it,
and what is drawn from it goes by which object it is.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

import pandas as pd

P = ParamSpec("P")
R = TypeVar("R")
MOST = 2000  # answers, and drawings; those not asked for the longest go first
_answers: OrderedDict[bytes, Any] = OrderedDict()
_turn = Lock()


def answer(key: bytes, ask: Callable[[], Any]) -> Any:
    """What was answered under the key; asked for when there is nothing. An error is not kept."""
    with _turn:
        if key in _answers:
            _answers.move_to_end(key)
            return _answers[key]
    found = ask()
    with _turn:
        if len(_answers) >= MOST:
            _answers.popitem(last=False)
        return _answers.setdefault(key, found)


def drawn(draw: Callable[P, R]) -> Callable[P, R]:
    """Builds once for equal arguments. What cannot be hashed (frames, lists, dictionaries) must be an answer, or a drawing."""

    @wraps(draw)
    def kept(*args: P.args, **params: P.kwargs) -> R:
        return _drawing(draw, *map(_key, args), **{name: _key(value) for name, value in params.items()})  # type: ignore[no-any-return]

    return kept


@drawn
def records(found: pd.DataFrame) -> list[dict[str, Any]]:
    """An answer's rows by the names of its columns."""
    return found.to_dict("records")  # type: ignore[return-value]


def forget() -> None:
    """Everything anew: for tests, each of which has a database of its own."""
    _answers.clear()
    _drawing.cache_clear()


@dataclass(frozen=True, eq=False)
class _Same:
    """Something as a key, by which object it is. While the key is kept, so is the object, and no other can take its place."""

    value: Any

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


@lru_cache(maxsize=MOST)
def _drawing(draw: Callable[..., Any], *keys: Any, **named: Any) -> Any:
    return draw(*map(_value, keys), **{name: _value(key) for name, key in named.items()})


def _key(value: object) -> object:
    try:
        hash(value)
    except TypeError:
        return _Same(value)
    return value


def _value(key: object) -> Any:
    return key.value if isinstance(key, _Same) else key
