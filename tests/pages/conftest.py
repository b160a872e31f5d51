"""Screens are visited at the tests' moment, on a small world of their own, with nothing cached from the test before."""

from collections.abc import Iterator

import pytest
import streamlit as st
from sqlalchemy import Engine

from tests import world
from ui import clock, sign_in


@pytest.fixture(autouse=True)
def screens(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database of its own, the clock stopped at world.NOW, no cookie, and an empty cache before and after."""
    monkeypatch.setattr(clock, "now", lambda: world.NOW)
    monkeypatch.setattr(sign_in, "handshake_cookie", lambda: None)
    st.cache_data.clear()
    yield sqlite_engine
    st.cache_data.clear()
