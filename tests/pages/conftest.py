"""Screens are visited at the tests' moment, on a small world of their own, with nothing cached from the test before."""

from collections.abc import Iterator

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
