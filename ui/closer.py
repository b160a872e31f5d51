"""Weeks close by themselves: the running app looks every ten minutes. `python -m ui.closer` (`make close`) does it at once."""

import asyncio
import logging
import sys

from services.closing import close_due
from ui import clock

EVERY_SECONDS = 600


async def keep_closing() -> None:
    """Until it is cancelled. What goes wrong is logged, and tried again the next time."""
    while True:
        try:
            await asyncio.to_thread(lambda: list(close_due(clock.now())))
        except Exception:
            logging.getLogger(__name__).exception("weeks could not be closed")
        await asyncio.sleep(EVERY_SECONDS)


if __name__ == "__main__":
    for county, week in close_due(clock.now()):
        sys.stdout.write(f"{county} {week.label}\n")
        sys.stdout.flush()
