"""What happens when the app starts on an empty folder: the tables are made, reference rows and the demo put in."""

import os
import sys
from collections import Counter
from datetime import datetime
from typing import TextIO

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from models.db import engine, learn_sizes, open_session
from models.migrate import alone, upgrade
from seed.accounts import LOGINS, PASSWORD
from seed.demo import has_demo, is_in_use, put_demo
from seed.reference import missing_reference, put_reference
from services.closing import close_due

LOOPBACK = ("", "127.0.0.1", "localhost", "::1")


def prepare(now: datetime, bind: Engine | None = None) -> Counter[str]:
    """Migrates; adds reference rows that a new version brought; fills an empty database with the demo, unless DEMO=0.

    Rows put in, per table. The planner learns the sizes last. The only way in which a database is filled by itself.
    """
    bind = bind or engine()
    upgrade(bind)
    with open_session(bind) as session:
        is_whole = is_in_use(session) and not missing_reference(session)
    counts = Counter[str]()
    if not is_whole:
        # Queued for the file and not for SQLite's write lock: filling takes longer than a writer waits.
        with alone(bind), open_session(bind, write=True) as session:
            counts = put_demo(session, now) if wants_demo() else counts
            counts += Counter(threshold=put_reference(session, now))
            session.commit()
    if counts["weekly_log"]:
        learn_sizes(bind, filled=True)  # a planner that takes the filled tables for empty ones closes a week in seconds
        counts["week_closing"] = sum(1 for _ in close_due(now, bind))
    learn_sizes(bind)
    return counts


def wants_demo() -> bool:
    """Whether an empty database gets the demo: unless DEMO=0."""
    return os.environ.get("DEMO", "1") != "0"


def tell_logins(out: TextIO) -> None:
    """Writes the demo's logins, if they are there; to stderr a warning when others than this machine can use them."""
    with open_session() as session:
        if not has_demo(session):
            return
        exposed = is_exposed(session)
    told = [f"  {login.username:<12}{login.shown}" for login in LOGINS]
    heading = f"演示账号（密码都是 {PASSWORD}，数据全部虚构）· demo logins, one password for all:"
    print("", heading, *told, "", sep="\n", file=out, flush=True)
    if exposed:
        print("警告：演示账号的密码是公开的，而 HOST 不是本机地址。正式使用请设 DEMO=0 并换一个空数据库。", file=sys.stderr)
        print("WARNING: HOST is not a loopback address and the demo password is public. Use DEMO=0.\n", file=sys.stderr)


def is_exposed(session: Session) -> bool:
    """Whether the demo's accounts, whose password is public, are served beyond this machine."""
    return os.environ.get("HOST", "") not in LOOPBACK and has_demo(session)
