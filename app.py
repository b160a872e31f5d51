"""The front door: `streamlit run app.py`, or uvicorn with `app:app` (what `make run` does).

Before the first visitor the database is migrated, the demo put into an empty one, and what is slow at first use is done
once; then the heap is frozen, so that collecting garbage does not cost every rerun.
"""

import asyncio
import gc
import hmac
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from streamlit import config, net_util

from models.settings import ROOT, secret
from seed.start import prepare, tell_logins
from ui import clock, leavers, reconnect, unexpected
from ui.closer import keep_closing
from ui.warm import warm_up
from ui.web import MIDDLEWARE, ROUTES

net_util.get_external_ip = lambda: None  # Streamlit asks a public web service for it; nothing of ours leaves this machine


@asynccontextmanager
async def ready(_app: object) -> AsyncIterator[dict[str, object]]:
    """Everything that should not happen in front of a visitor."""
    # One key for all replicas and restarts, so that an upload begun on one is accepted by another.
    config.set_option("server.cookieSecret", hmac.new(secret().encode(), b"streamlit cookie", "sha256").hexdigest())
    prepare(clock.now())
    tell_logins(sys.stderr)
    warm_up()
    reconnect.keep_taps()
    left = leavers.see_off()
    logging.getLogger("uvicorn.access").handlers.clear()  # Streamlit turns on again what --no-access-log turned off
    gc.collect()
    gc.freeze()
    tasks = [asyncio.create_task(work) for work in (keep_closing(), leavers.keep_ending(left))]
    yield {}
    for task in tasks:
        task.cancel()


app = st.App(ROOT / "ui" / "frame.py", routes=ROUTES, middleware=MIDDLEWARE, lifespan=ready, on_script_error=unexpected.show)
