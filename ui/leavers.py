"""Browsers that have gone. Streamlit keeps the screen of each for a while, in case it comes back: here at most so many, and what
it gives up is really given back.

Streamlit alone keeps 128, looks at the clock only when somebody else leaves, and forgets a screen without ending it: its
uploaded files stay for ever, and its event loop holds three open files until the garbage collector comes by.
"""

import asyncio
import logging
import resource

from streamlit import config, runtime
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo

MOST = 1000  # screens of browsers that have gone, up to 0.8 MB each
EVERY_SECONDS = 60
FILES = 65_536  # each screen holds four: its connection and its event loop


class Left(MemorySessionStorage):
    """Those who may come back. Who does not is ended as if the tab had been closed for good."""

    def __init__(self, seconds: float) -> None:
        self._all = TTLCache[str, SessionInfo](maxsize=MOST, ttl=seconds, on_remove=self._removed)
        self._cache = self._all
        self._taken = ""

    def delete(self, session_id: str) -> None:
        """Somebody came back, or ends it: Streamlit goes on with it."""
        self._taken = session_id
        try:
            super().delete(session_id)
        finally:
            self._taken = ""

    def end_late(self) -> int:
        """Ends those who did not come back in time; how many."""
        return len(self._all.expire())

    def _removed(self, session_id: str, info: SessionInfo) -> None:
        if session_id != self._taken:
            info.session.shutdown()


def see_off() -> Left:
    """From now on browsers that leave go here; called once, before the first visitor."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, enough), hard))
    left = Left(config.get_option("server.disconnectedSessionTTL"))
    runtime.get_instance()._session_mgr._session_storage = left  # type: ignore[attr-defined]
    return left


async def keep_ending(left: Left) -> None:
    """Until it is cancelled: looks every minute, also while nobody else comes or goes."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            left.end_late()
        except Exception:
            logging.getLogger(__name__).exception("a screen could not be ended")
