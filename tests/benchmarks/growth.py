"""What a page computes, with nothing kept: every query of it, on few entries and on a hundred times as many, turn by turn."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import Engine

from tests.benchmarks.county import NOW, RECORDER, TASK_FORCE, Size, made
from tests.benchmarks.ratio import Ratio
from tests.pages.visit import visit
from ui import kept

TURNS = 7
SMALL, LARGE = Size("small", events=19, reach=25), Size("large", events=192, reach=250)
PAGES = {"overview": TASK_FORCE, "trends": TASK_FORCE, "departments": TASK_FORCE, "weekly_log": RECORDER}


@dataclass(frozen=True)
class Growth:
    """A page's computing on `large` entries to that on `small`."""

    stem: str
    small: int
    large: int
    ratio: Ratio


def measure(folder: Path) -> list[Growth]:
    """All of PAGES, on two counties of the same points and weeks."""
    small, few = made(folder, SMALL)
    large, many = made(folder, LARGE)
    found = []
    for stem, username in PAGES.items():
        _asked(small, stem, username), _asked(large, stem, username)
        turns = [(_asked(large, stem, username), _asked(small, stem, username)) for _ in range(TURNS)]
        found.append(Growth(stem, few, many, Ratio.of(turns)))
    small.dispose(), large.dispose()
    return found


def _asked(engine: Engine, stem: str, username: str) -> float:
    """Seconds in the answers of one whole run of the page."""
    spent = 0.0

    def answer(key: bytes, ask: Callable[[], Any]) -> Any:
        def timed() -> Any:
            nonlocal spent
            started = time.perf_counter()
            try:
                return ask()
            finally:
                spent += time.perf_counter() - started

        return kept_answer(key, timed)

    kept.forget()
    kept_answer = kept.answer
    with ExitStack() as stack:
        for target, replaced in (
            ("models.db.engine", lambda: engine),
            ("ui.clock.now", lambda: NOW),
            ("ui.sign_in.handshake_cookie", lambda: None),
            ("ui.kept.answer", answer),
        ):
            stack.enter_context(mock.patch(target, replaced))
        at = visit(stem, username, seconds=120)
    if at.exception or at.error:
        raise RuntimeError(f"{stem}: {at.exception or at.error}")
    return spent
