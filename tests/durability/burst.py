"""Fifty villages save at once for a while; then the keys are counted. `python -m tests.durability.burst [SECONDS]` does it on
SQLite, through one server's process, and on PostgreSQL, through two; `… burst rush` has two hundred villages submit a
whole week at the same moment.

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
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import quantiles
from subprocess import PIPE
from threading import Barrier

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from models.db import learn_sizes, make_engine, open_session
from models.migrate import upgrade
from models.rules.measure import LOGGED_KINDS
from models.rules.schedule import LogState
from models.rules.week import Week
from models.settings import ROOT
from models.tables import Area, AuditEvent, Entry, Event, ObservationPoint, WeeklyLog
from services.access import Role
from services.actions import weekly_logs
from services.log.village_week import Saved
from tests import postgres, world
from tests.durability.wholeness import assert_whole

VILLAGES, RUSHING = 50, 200
PROCESSES = {"sqlite": 1, "postgresql": 2}
TAP = 1.2  # seconds between an answer and the next tap
DEPARTMENTS = (world.AGRI, world.CIVIL, world.FIRE)
WEEKS = (world.WEEK, world.WEEK - 1)  # open at that moment
RUSHED = (world.WEEK, world.WEEK - 1, world.WEEK - 2)  # so are these
LOGGED = 3  # things in a rushing village's week, each a tap of its own before the one that submits
SLOWEST = 20.0  # seconds from a rushing village's first tap to its receipt, p95: the bar


@dataclass
class Told:
    """What the villages were told: tokens acknowledged and weeks submitted, by village; how long each answer took, and each
    week from its first tap to the receipt; what was sent once more.
    """

    tokens: dict[str, list[str]] = field(default_factory=dict)
    weeks: dict[str, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    again: int = 0
    busy: int = 0

    def __add__(self, other: "Told") -> "Told":
        tokens = {name: self.tokens.get(name, []) + other.tokens.get(name, []) for name in self.tokens | other.tokens}
        weeks = {name: self.weeks.get(name, 0) + other.weeks.get(name, 0) for name in self.weeks | other.weeks}
        times = (self.seconds + other.seconds, self.whole + other.whole)
        return Told(tokens, weeks, *times, self.again + other.again, self.busy + other.busy)

    def line(self, name: str, seconds: float) -> str:
        """For people."""
        count, cuts = len(self.seconds), quantiles(self.seconds, n=100)
        times = f"p50 {cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms, longest {max(self.seconds) * 1000:.0f} ms"
        return (
            f"{name}: {len(self.tokens)} villages, {count} saves in {seconds:.0f} s ({count / seconds:.0f}/s), {times}; "
            f"{self.again} sent twice, {self.busy} refused as busy and sent again; 0 lost, 0 twice"
        )


def settle_villages(engine: Engine, villages: int = VILLAGES) -> None:
    """Each an observation point with a recorder who is signed in."""
    with open_session(engine, write=True) as session:
        for n in range(villages):
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


def rush_of(engine: Engine, week: Week, villages: range) -> Told:
    """These villages log their week and submit it, all from the same moment on, each in a thread of its own."""
    together = Barrier(len(villages))
    with ThreadPoolExecutor(len(villages)) as pool:
        parts = list(pool.map(lambda n: _rushing(engine, username(n), week, together), villages))
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
        saves = Counter(village for village, _ in expected) + Counter({villages[name]: n for name, n in told.weeks.items()})
        versions = session.execute(select(WeeklyLog.village_code, func.sum(WeeklyLog.version)).group_by(WeeklyLog.village_code))
        assert {code: int(total) for code, total in versions} == saves
        submitted = select(func.count()).select_from(WeeklyLog).where(WeeklyLog.state == LogState.SUBMITTED)
        links = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "weekly_logs.submit")
        assert session.scalar(submitted) == session.scalar(links) == sum(told.weeks.values()), "a week submitted twice, or not"


def _village(engine: Engine, name: str, until: float, pause: float) -> Told:
    told, n = Told({name: []}), 0
    while n == 0 or time.monotonic() < until:
        started = time.perf_counter()
        receipt = _sent(told, partial(_saved, engine, name, n, WEEKS[n % len(WEEKS)]))
        told.seconds.append(time.perf_counter() - started)
        told.tokens[name].append(_token(n))
        if n % 4 == 0:
            told.again += 1
            again = _sent(told, partial(_saved, engine, name, n, WEEKS[n % len(WEEKS)]))
            assert again == receipt, "a tap sent twice got another receipt"
        n += 1
        time.sleep(pause)
    return told


def _rushing(engine: Engine, name: str, week: Week, together: Barrier) -> Told:
    """Every fourth village taps twice on what submits, and must get the same receipt."""
    told, number = Told({name: []}, {name: 1}), int(name.rsplit("-")[-1])
    together.wait()
    begun = time.perf_counter()
    for n in range(LOGGED):
        token = n + LOGGED * week.monday.toordinal()
        _sent(told, partial(_saved, engine, name, token, week), timed=True)
        told.tokens[name].append(_token(token))
    receipt = _sent(told, partial(_submitted, engine, name, week), timed=True)
    told.whole.append(time.perf_counter() - begun)
    if number % 4 == 0:
        told.again += 1
        assert _sent(told, partial(_submitted, engine, name, week)) == receipt, "a week submitted twice got another receipt"
    return told


def _sent(told: Told, save: Callable[[], Saved], *, timed: bool = False) -> Saved:
    begun = time.perf_counter()
    for _ in range(20):
        try:
            receipt = save()
        except (OperationalError, PoolTimeoutError):
            told.busy += 1
        else:
            if timed:
                told.seconds.append(time.perf_counter() - begun)
            return receipt
    raise AssertionError("refused 20 times")


def _submitted(engine: Engine, name: str, week: Week) -> Saved:
    with open_session(engine, write=True) as session:
        return weekly_logs.submit(session, replace(world.persona(session, name), now=world.FRIDAY), week=week)


def _saved(engine: Engine, name: str, n: int, week: Week) -> Saved:
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


def in_processes(engine: Engine, villages: int, *words: str) -> Told:
    """The villages in as many processes as the database allows for, which begin together; what all were told."""
    url, each = engine.url.render_as_string(hide_password=False), villages // PROCESSES[engine.dialect.name]
    command = [sys.executable, "-m", "tests.durability.burst", "part", url]
    parts = [
        subprocess.Popen([*command, str(at), str(at + each), *words], cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True)
        for at in range(0, villages, each)
    ]
    assert all(part.stdout and part.stdout.readline() == "ready\n" for part in parts)
    outputs = [part.communicate("go\n")[0] for part in parts]
    assert [part.returncode for part in parts] == [0] * len(parts)
    return sum((Told(**json.loads(output)) for output in outputs), Told())


@contextmanager
def databases() -> Iterator[dict[str, Engine]]:
    """An empty one of each kind that this machine has, on its disk."""
    with tempfile.TemporaryDirectory() as folder:
        made = {"SQLite": make_engine(f"sqlite:///{Path(folder) / 'burst.db'}")}
        programs = postgres.server_programs()
        if programs is None:
            yield made
            return
        with postgres.running(programs, durable=True) as url:
            yield made | {"PostgreSQL": make_engine(url)}


def settle(engine: Engine, villages: int) -> None:
    """The small world and these villages, in an empty database."""
    upgrade(engine)
    with open_session(engine, write=True) as session:
        world.build(session)
        session.commit()
    settle_villages(engine, villages)
    learn_sizes(engine, filled=True)


def main(seconds: float) -> None:
    """Fifty villages for a while, on both, one after the other."""
    with databases() as engines:
        for name, engine in engines.items():
            settle(engine, VILLAGES)
            told = in_processes(engine, VILLAGES, "burst", str(seconds))
            check(engine, told)
            print(told.line(name, seconds), flush=True)
            engine.dispose()


def rush() -> int:
    """Two hundred villages submit a week at the same moment, week after week; 1 when that takes longer than the bar."""
    print(f"{RUSHING} villages at once, each {LOGGED} taps and the one that submits; ms from a tap to its answer, and for a week")
    print(f"{'':<12}{'weeks':>7}{'saves':>7}{'per s':>7}{'tap p50':>9}{'tap p95':>9}{'week p50':>10}{'week p95':>10}", end="")
    print(f"{'twice':>7}{'busy':>6}{'errors':>8}{'lost':>6}{'doubled':>9}", flush=True)
    slowest = 0.0
    with databases() as engines:
        for name, engine in engines.items():
            settle(engine, RUSHING)
            told = sum((in_processes(engine, RUSHING, "rush", week.label) for week in RUSHED), Told())
            check(engine, told)
            print(f"{name:<12}{_rush_figures(told)}", flush=True)
            slowest = max(slowest, _cuts(told.whole)[1])
            engine.dispose()
    if slowest > SLOWEST:
        print(f"p95 of a week is past the bar of {SLOWEST:.0f} s")
    return int(slowest > SLOWEST)


def _rush_figures(told: Told) -> str:
    """What `check` has found to be so stands there as zeros: it raises otherwise."""
    saves, lasted = len(told.seconds), max(told.whole) * len(RUSHED)
    tap, week = _cuts(told.seconds), _cuts(told.whole)
    times = f"{tap[0] * 1000:>9.0f}{tap[1] * 1000:>9.0f}{week[0] * 1000:>10.0f}{week[1] * 1000:>10.0f}"
    return f"{len(told.whole):>7}{saves:>7}{saves / lasted:>7.0f}{times}{told.again:>7}{told.busy:>6}{0:>8}{0:>6}{0:>9}"


def _cuts(seconds: list[float]) -> tuple[float, float]:
    cuts = quantiles(seconds, n=20)
    return cuts[9], cuts[18]


def _part(url: str, first: str, last: str, what: str, how: str) -> None:
    """What one process does: `ready` when it could begin, and what it was told at the end."""
    engine, villages = make_engine(url), range(int(first), int(last))
    print("ready", flush=True)
    sys.stdin.readline()
    told = rush_of(engine, Week.parse(how), villages) if what == "rush" else save_for(engine, float(how), villages, TAP)
    print(json.dumps(asdict(told)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["part"]:
        _part(*sys.argv[2:])
    elif sys.argv[1:2] == ["rush"]:
        sys.exit(rush())
    else:
        main(float((sys.argv[1:] or ["120"])[0]))
