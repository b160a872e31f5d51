"""Fifty villages save at once for a while; then the keys are counted. `python -m tests.durability.burst [SECONDS]` does it on
SQLite, through one server's process, and on PostgreSQL, through two.

Each village logs in its open weeks as fast as a thumb taps, or without any pause. Every third event carries a title that the
others use too, so they end up in one; every fourth tap is sent again, and must get the first receipt. What is refused because
the database is busy is sent again with its token, as a phone does after a time-out.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from statistics import quantiles

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from models.db import make_engine, open_session
from models.migrate import upgrade
from models.rules.measure import LOGGED_KINDS
from models.settings import ROOT
from models.tables import Area, Entry, Event, ObservationPoint, WeeklyLog
from services.access import Role
from services.actions import weekly_logs
from services.log.village_week import Saved
from tests import postgres, world
from tests.durability.wholeness import assert_whole

VILLAGES = 50
PROCESSES = {"sqlite": 1, "postgresql": 2}
TAP = 1.2  # seconds between an answer and the next tap
DEPARTMENTS = (world.AGRI, world.CIVIL, world.FIRE)
WEEKS = (world.WEEK, world.WEEK - 1)  # open at that moment


@dataclass
class Told:
    """What the villages were told: tokens acknowledged, by village; how long each answer took; what was sent once more."""

    tokens: dict[str, list[str]] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    again: int = 0
    busy: int = 0

    def __add__(self, other: "Told") -> "Told":
        return Told(self.tokens | other.tokens, self.seconds + other.seconds, self.again + other.again, self.busy + other.busy)

    def line(self, name: str, seconds: float) -> str:
        """For people."""
        count, cuts = len(self.seconds), quantiles(self.seconds, n=100)
        times = f"p50 {cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms, longest {max(self.seconds) * 1000:.0f} ms"
        return (
            f"{name}: {len(self.tokens)} villages, {count} saves in {seconds:.0f} s ({count / seconds:.0f}/s), {times}; "
            f"{self.again} sent twice, {self.busy} refused as busy and sent again; 0 lost, 0 twice"
        )


def settle_villages(engine: Engine) -> None:
    """The fifty, each an observation point with a recorder who is signed in."""
    with open_session(engine, write=True) as session:
        for n in range(VILLAGES):
            town = (world.TOWN_A, world.TOWN_B)[n % 2]
            code = f"{town[:9]}{301 + n}"
            session.add(Area(code=code, name=f"村{n}", level="village", parent_code=town))
            session.flush()
            session.add(
                ObservationPoint(
                    county_code=world.COUNTY, village_code=code, since=world.SINCE, township_code=town, selection="random"
                )
            )
            world.add_account(session, username(n), Role.VILLAGE_RECORDER, code)
        session.commit()


def username(n: int) -> str:
    """A village's recorder."""
    return f"burst-{n}"


def save_for(engine: Engine, seconds: float, villages: range, pause: float) -> Told:
    """These villages save, each in a thread of its own, until the time is over; each once at the least."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(len(villages)) as pool:
        parts = list(pool.map(lambda n: _village(engine, username(n), until, pause), villages))
    return sum(parts, Told())


def check(engine: Engine, told: Told) -> None:
    """Every acknowledged save is one row, every row was acknowledged, a shared meeting is one event, no count was overwritten."""
    assert_whole(engine)
    with open_session(engine) as session:
        rows = session.execute(select(Entry.village_code, Entry.request_id)).all()
        villages = {f"burst-{int(code[-3:]) - 301}": code for code in {village for village, _ in rows}}
        expected = Counter((villages[name], token) for name, tokens in told.tokens.items() for token in tokens)
        assert set(expected.values()) == {1}, "a tap was told twice as two"
        assert Counter(tuple(row) for row in rows) == expected, "lost or doubled"
        shared = select(func.count()).where(Event.title.startswith("共同")).group_by(Event.title, Event.week)
        assert set(session.scalars(shared)) <= {1}, "a shared meeting is more than one event"
        versions = session.execute(select(WeeklyLog.village_code, func.sum(WeeklyLog.version)).group_by(WeeklyLog.village_code))
        assert {code: int(total) for code, total in versions} == Counter(village for village, _ in expected)


def _village(engine: Engine, name: str, until: float, pause: float) -> Told:
    told, n = Told({name: []}), 0
    while n == 0 or time.monotonic() < until:
        started = time.perf_counter()
        receipt = _save(engine, name, n, told)
        told.seconds.append(time.perf_counter() - started)
        told.tokens[name].append(_token(n))
        if n % 4 == 0:
            told.again += 1
            assert _save(engine, name, n, told) == receipt, "a tap sent twice got another receipt"
        n += 1
        time.sleep(pause)
    return told


def _save(engine: Engine, name: str, n: int, told: Told) -> Saved:
    for _ in range(20):
        try:
            return _saved(engine, name, n)
        except (OperationalError, PoolTimeoutError):
            told.busy += 1
    raise AssertionError(f"{name} was refused 20 times")


def _saved(engine: Engine, name: str, n: int) -> Saved:
    week = WEEKS[n % len(WEEKS)]
    with open_session(engine, write=True) as session:
        actor = replace(world.persona(session, name), now=world.FRIDAY + timedelta(milliseconds=n))
        return weekly_logs.add_event(
            session,
            actor,
            week=week,
            kind=LOGGED_KINDS[n // 2 % 3],
            department_code=DEPARTMENTS[n // 6 % 3],
            day=week.days[n // 18 % 5],
            minutes=30,
            title=f"共同{n}" if n % 3 == 0 else f"{name}的{n}",
            request_id=_token(n),
        )


def _token(n: int) -> str:
    return f"tap-{n}"


def burst(engine: Engine, seconds: float) -> Told:
    """The fifty in processes of their own; what all were told."""
    url, each = engine.url.render_as_string(hide_password=False), VILLAGES // PROCESSES[engine.dialect.name]
    command = [sys.executable, "-m", "tests.durability.burst", "part", url, str(seconds)]
    parts = [
        subprocess.Popen([*command, str(at), str(at + each)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for at in range(0, VILLAGES, each)
    ]
    outputs = [part.communicate()[0] for part in parts]
    assert [part.returncode for part in parts] == [0] * len(parts)
    return sum((Told(**json.loads(output)) for output in outputs), Told())


@contextmanager
def _databases() -> Iterator[dict[str, Engine]]:
    with tempfile.TemporaryDirectory() as folder:
        made = {"SQLite": make_engine(f"sqlite:///{Path(folder) / 'burst.db'}")}
        programs = postgres.server_programs()
        if programs is None:
            yield made
            return
        with postgres.running(programs) as url:
            yield made | {"PostgreSQL": make_engine(url)}


def main(seconds: float) -> None:
    """Both, one after the other."""
    with _databases() as engines:
        for name, engine in engines.items():
            upgrade(engine)
            with open_session(engine, write=True) as session:
                world.build(session)
                session.commit()
            settle_villages(engine)
            told = burst(engine, seconds)
            check(engine, told)
            print(told.line(name, seconds), flush=True)
            engine.dispose()


if __name__ == "__main__":
    if sys.argv[1:2] == ["part"]:
        _, _, to, lasting, first, last = sys.argv
        print(json.dumps(asdict(save_for(make_engine(to), float(lasting), range(int(first), int(last)), TAP))))
    else:
        main(float((sys.argv[1:] or ["120"])[0]))
