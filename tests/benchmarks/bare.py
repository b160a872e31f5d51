"""The bare app: the same widgets, texts, charts and tables as a page of ours, with fixed contents and nothing behind them."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st


@asynccontextmanager
async def ready(_app: object) -> AsyncIterator[dict[str, object]]:
    """As in our own front door: the heap is frozen once everything is imported."""
    import altair  # noqa: F401
    import pandas  # noqa: F401

    gc.collect()
    gc.freeze()
    yield {}


app = st.App(Path(__file__).parent / "bare_page.py", lifespan=ready)
