"""The front door: `streamlit run app.py`, or uvicorn with `app:app` (what `make run` does).

Before the first visitor the database is migrated, the demo put into an empty one, and what is slow at first use is done
once; then the heap is frozen, so that collecting garbage does not cost every rerun.
"""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from models.migrate import upgrade
from models.settings import ROOT
from ui.warm import warm_up
from ui.web import MIDDLEWARE, ROUTES


@asynccontextmanager
async def ready(_app: object) -> AsyncIterator[dict[str, object]]:
    """Everything that should not happen in front of a visitor."""
    upgrade()
    warm_up()
    gc.collect()
    gc.freeze()
    yield {}


app = st.App(ROOT / "ui" / "frame.py", routes=ROUTES, middleware=MIDDLEWARE, lifespan=ready)
