"""Screens are visited at the tests' moment, on a small world of their own, with nothing cached from the test before."""

import io
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine

from tests import world
from ui import clock, kept, sign_in, unexpected


@pytest.fixture
def mishaps() -> list[BaseException]:
    """Unexpected errors so far. A test that provokes one empties the list; any other fails by it."""
    return []


@pytest.fixture(autouse=True)
def screens(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch, mishaps: list[BaseException]) -> Iterator[Engine]:
    """A database of its own, the clock stopped at world.NOW, no cookie, and an empty cache before and after."""
    logged = unexpected.logged
    monkeypatch.setattr(clock, "now", lambda: world.NOW)
    monkeypatch.setattr(sign_in, "handshake_cookie", lambda: None)
    monkeypatch.setattr(unexpected, "logged", lambda error: mishaps.append(error) or logged(error))
    kept.forget()
    yield sqlite_engine
    kept.forget()
    assert not mishaps, f"an unexpected error was shown: {mishaps[0]!r}"


@pytest.fixture(autouse=True)
def answers(screens: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answers are everybody's: whatever a screen does with one, it is afterwards what it was."""
    known: dict[bytes, tuple[Any, bytes]] = {}
    given = kept.answer

    def answer(key: bytes, ask: Callable[[], Any]) -> Any:
        found = given(key, ask)
        known.setdefault(key, (found, _told(found)))
        return found

    monkeypatch.setattr(kept, "answer", answer)
    yield
    for found, told in known.values():
        assert _told(found) == told, f"a screen has changed an answer: {found!r:.300}"


class _Told(pickle.Pickler):
    def reducer_override(self, value: Any) -> Any:
        return (str, (value.to_csv(),)) if isinstance(value, pd.DataFrame) else NotImplemented


def _told(found: Any) -> bytes:
    """All of it; a frame as text, for pandas rearranges the inside of one that is only read."""
    content = io.BytesIO()
    _Told(content).dump(found)
    return content.getvalue()
