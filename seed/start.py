"""What happens when the app starts on an empty folder: the tables are made, reference rows and the demo put in."""

import os
from collections import Counter
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.db import engine, learn_sizes, open_session
from models.migrate import upgrade
from seed.demo import has_demo, is_in_use, put_demo
from seed.reference import missing_reference, put_reference
from services.closing import close_due

LOOPBACK = ("", "127.0.0.1", "localhost", "::1")


def prepare(now: datetime, bind: Engine | None = None) -> Counter[str]:
    """Migrates; adds reference rows that a new version brought; fills an empty database with the demo, unless DEMO=0.

    Rows put in, per table. The planner learns the sizes last.
    """
    upgrade(bind)
    with open_session(bind) as session:
        is_whole = is_in_use(session) and not missing_reference(session)
    counts = Counter[str]()
    if not is_whole:
        with open_session(bind, write=True) as session:
            counts = put_demo(session, now) if wants_demo() else counts
            counts["threshold"] = put_reference(session, now)
            session.commit()
    if counts["weekly_log"]:
        counts["week_closing"] = sum(1 for _ in close_due(now, bind))
    learn_sizes(bind or engine())
    return counts


def wants_demo() -> bool:
    """Whether an empty database gets the demo: unless DEMO=0."""
    return os.environ.get("DEMO", "1") != "0"


def is_exposed(session: Session) -> bool:
    """Whether the demo's accounts, whose password is public, are served beyond this machine."""
    return os.environ.get("HOST", "") not in LOOPBACK and has_demo(session)
