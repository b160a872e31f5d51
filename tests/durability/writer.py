"""A village recorder who never stops: `python -m tests.durability.writer URL USERNAME FIRST COUNT`.

Each save is a real action on the village's week. Its token is printed once the save is acknowledged, never before.
"""

import os
import sys
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from models.db import make_engine, open_session
from services.actions import weekly_logs
from tests import world


def save_once(engine: Engine, username: str, n: int) -> str:
    """One meeting more in the recorder's week; its token."""
    token = f"{username}-{n}"
    with open_session(engine, write=True) as session:
        actor = replace(world.persona(session, username), now=world.NOW + timedelta(milliseconds=n))
        weekly_logs.add_event(
            session,
            actor,
            week=world.WEEK,
            kind="meeting",
            department_code=world.CANARY_DEPT if username.startswith("canary") else world.AGRI,
            day=world.WEEK.monday,
            minutes=30,
            title=f"meeting {token}",
            request_id=token,
        )
    return token


def main(url: str, username: str, first: str, count: str) -> None:
    """Save from `first` on, `count` times."""
    engine = make_engine(url)
    for n in range(int(first), int(first) + int(count)):
        os.write(1, f"{save_once(engine, username, n)}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
