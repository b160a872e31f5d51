"""What a page computes, with nothing kept: every query of it, on few entries and on many, turn by turn."""

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import Engine

from tests.benchmarks.county import NOW, RECORDER, TASK_FORCE, copied, entries, made
from tests.benchmarks.ratio import Ratio
from tests.pages.visit import visit
from ui import kept

TURNS = 7
COUNTIES = int(os.environ.get("BENCH_COUNTIES") or 99)  # beside the one that is looked at
EVENTS, MORE = 19, 10  # a week, and how many times as many in the full county
PAGES = {"overview": TASK_FORCE, "trends": TASK_FORCE, "departments": TASK_FORCE, "weekly_log": RECORDER}


@dataclass(frozen=True)
class Growth:
    """A page's computing where there are `large` entries to that where there are `small`; `where` the others are."""

    stem: str
    where: str
    small: int
    large: int
    ratio: Ratio


def measure(folder: Path) -> list[Growth]:
    """All of PAGES: in a database with many such counties, and in a county with more entries of the same weeks and points."""
    few = made(folder, "few", EVENTS)
    found = []
    for where, many in (
        ("other counties", copied(folder, "counties", "few", COUNTIES)),
        ("this county", made(folder, "full", MORE * EVENTS)),
    ):
        small, large = entries(few), entries(many)
        for stem, username in PAGES.items():
            _asked(few, stem, username), _asked(many, stem, username)
            ratio = Ratio.of((_asked(many, stem, username), _asked(few, stem, username)) for _ in range(TURNS))
            found.append(Growth(stem, where, small, large, ratio))
        many.dispose()
    few.dispose()
    return found


def _asked(engine: Engine, stem: str, username: str) -> float:
    """Seconds of the processor in the answers of one whole run of the page: SQLite works in this thread."""
    spent = 0.0

    def answer(key: bytes, ask: Callable[[], Any]) -> Any:
        def timed() -> Any:
            nonlocal spent
            started = time.thread_time()
            try:
                return ask()
            finally:
                spent += time.thread_time() - started

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
