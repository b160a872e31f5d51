"""Two hundred people at once on one server, for a while, and then all gone: `python -m tests.benchmarks.visitors [SECONDS]`.

Four of five are villages in their last week's log: they tick and untick, submit and open again. The others read for the county,
from page to page. All are signed in by a cookie and speak Streamlit's protocol; they think between taps. Printed: errors, reruns,
times, and what the server holds before, at the top, and after everybody has left; twice, so that what is not given back shows.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import quantiles

from models.rules.week import Week, today_at
from tests.benchmarks.tab import Tab
from tests.browser.server import Server

USERS, VILLAGES = 200, 160
THINKING, READING = 10.0, 20.0  # seconds between two taps of a village, and between two pages of a reader; on average
READ = ("overview", "trends", "departments", "points")
KEPT = 10  # seconds for which the server keeps the screen of somebody who has gone; 30 minutes in earnest
SECOND = 20.0  # seconds of the second round
MEGABYTES, SLOW = 1.0, 3.0  # the bars: memory for each open screen, and p95 of a rerun in seconds
MEGA = 2**20


@dataclass
class Round:
    """What the users of one round met."""

    seconds: float = 0
    first: list[float] = field(default_factory=list)
    reruns: dict[str, list[float]] = field(default_factory=lambda: {"village": [], "county": []})
    problems: list[str] = field(default_factory=list)
    size: int = 0


def main(seconds: float, users: int = USERS) -> int:
    """Both rounds; 1 past a bar."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {"DATA_DIR": name, "WATCHED_KEPT": str(KEPT)}
        os.environ.pop("DATABASE_URL", None)
        server = Server(folder, "tests.benchmarks.watched:app")
        server.seed()
        from tests.benchmarks.crowd import settled

        cookies = settled(users * VILLAGES // USERS, users - users * VILLAGES // USERS)
        server.start()
        try:
            return _rounds(server, cookies, seconds)
        finally:
            server.stop()


def _rounds(server: Server, cookies: dict[str, list[str]], seconds: float) -> int:
    asyncio.run(_round(server, {role: found[:1] for role, found in cookies.items()}, 1))  # the first visitor brings things along
    before = _alone(server)
    print(f"{'':<26}{'here':>6}{'gone':>6}{'MB':>8}{'files':>7}{'in memory':>11}")
    _say("before anybody comes", before)
    tops, worst = [], 0
    for lasting, name in ((seconds, "first round"), (min(SECOND, seconds), "second round")):
        told, top = asyncio.run(_round(server, cookies, lasting))
        _say(f"{name}, at the top", top)
        after = _alone(server)
        _say("when all have gone", after)
        tops.append(top)
        worst += _told(name, told, top, before)
        worst += after["here"] + after["gone"] + (after["screens"] > before["screens"])
    grown = (tops[1]["memory"] - tops[0]["memory"]) / MEGA
    print(f"\nthe second top is {grown:+.0f} MB above the first")
    wrong = [line for line in server.log.splitlines() if "Traceback" in line or "ERROR" in line or "WARNING" in line]
    print(f"{len(wrong)} lines of the server's log tell of trouble", *wrong[:5], sep="\n")
    return int(bool(worst or wrong or grown > tops[0]["here"] * MEGABYTES))


def _told(name: str, told: Round, top: dict[str, int], before: dict[str, int]) -> int:
    """Prints a round; how many of its figures are past a bar."""
    each = (top["memory"] - before["memory"]) / MEGA / max(top["here"], 1)
    count = sum(map(len, told.reruns.values()))
    print(f"\n{name}: {top['here']} users, {len(told.problems)} errors, {count} reruns in {told.seconds:.0f} s,", end=" ")
    print(
        f"{count / told.seconds:.1f} a second; {told.size / max(count, 1) / 1024:.0f} kB a rerun, {each:.2f} MB for each screen"
    )
    slow = 0
    for what, times in {"the first screen": told.first, **told.reruns}.items():
        cuts = quantiles(times, n=20)
        print(
            f"  {what:<18} p50 {cuts[9] * 1000:>6.0f} ms   p95 {cuts[18] * 1000:>6.0f} ms   longest {max(times) * 1000:>6.0f} ms"
        )
        slow += what != "the first screen" and cuts[18] > SLOW
    print(*sorted(set(told.problems))[:5], "", sep="\n")
    return len(told.problems) + slow + (each > MEGABYTES)


def _say(name: str, seen: dict[str, int]) -> None:
    counts = f"{seen['here']:>6}{seen['gone']:>6}{seen['memory'] / MEGA:>8.0f}{seen['files']:>7}{seen.get('screens', ''):>11}"
    print(f"{name:<26}{counts}", flush=True)


def _alone(server: Server) -> dict[str, int]:
    """What the server holds once nobody is there and nobody may come back; as it is, if that never happens."""
    until = time.monotonic() + KEPT + 20
    while (seen := _seen(server))["here"] + seen["gone"] and time.monotonic() < until:
        time.sleep(0.5)
    time.sleep(3)  # the server looks every second
    return _seen(server, "?count")


def _seen(server: Server, query: str = "") -> dict[str, int]:
    with urllib.request.urlopen(f"{server.base_url}/watched{query}", timeout=60) as answer:
        found: dict[str, int] = json.load(answer)
    return found


async def _round(server: Server, cookies: dict[str, list[str]], seconds: float) -> tuple[Round, dict[str, int]]:
    """Everybody comes within a few seconds, stays, and leaves."""
    told = Round()
    week = Week.of(today_at(datetime.now(UTC))) - 1
    places = {"village": ("weekly_log", f"week={week.label}", _village), "county": ("overview", "", _reader)}
    open_tabs = [(role, *places[role], cookie) for role, found in cookies.items() for cookie in found]
    doors = asyncio.Semaphore(8)

    async def come(role: str, path: str, query: str, _life: object, cookie: str) -> Tab:
        async with doors:
            tab = await Tab.open(server.port, path, query, cookie)
            await tab.run()
        return tab

    tabs = await asyncio.gather(*(come(*one) for one in open_tabs))
    told.first = [tab.seconds.pop() for tab in tabs]
    begun = time.monotonic()
    lives = [
        _live(tab, life, Random(f"{number}"), begun + seconds)
        for number, (tab, (_, _, _, life, _)) in enumerate(zip(tabs, open_tabs, strict=True))
    ]
    await asyncio.gather(*lives)
    told.seconds = time.monotonic() - begun
    top = await asyncio.to_thread(_seen, server)
    for tab, (role, *_rest) in zip(tabs, open_tabs, strict=True):
        told.reruns[role] += tab.seconds
        told.problems += tab.problems
        told.size += tab.size
        await tab.socket.close()
    return told, top


async def _live(tab: Tab, life: Callable[[Tab, Random], Awaitable[float]], rng: Random, until: float) -> None:
    """What goes wrong is told, and ends this visit."""
    pause = rng.uniform(0, THINKING)
    try:
        while time.monotonic() + pause < until:
            await asyncio.sleep(pause)
            pause = await life(tab, rng)
        await asyncio.sleep(max(0.0, until - time.monotonic()))
    except Exception as error:
        tab.problems.append(f"{type(error).__name__}: {error}")


async def _village(tab: Tab, rng: Random) -> float:
    """One tap in the log; how long to think before the next."""
    boxes = [key for key in tab.widgets if key.startswith("tick_")]
    if "reopen" in tab.widgets:
        await tab.tap("reopen")
    elif "log_submit" in tab.widgets and rng.random() < 0.1:
        await tab.tap("log_submit")
    elif boxes:
        await tab.tap(rng.choice(boxes))
    else:
        tab.problems.append(f"nothing to tap: {sorted(tab.widgets)[:9]}")
    return rng.expovariate(1 / THINKING)


async def _reader(tab: Tab, rng: Random) -> float:
    """Another page of the county's; how long to read it."""
    await tab.go(rng.choice([path for path in READ if path != tab.path]))
    return rng.expovariate(1 / READING)


if __name__ == "__main__":
    sys.exit(main(float((sys.argv[1:] or ["120"])[0]), int((sys.argv[2:] or [str(USERS)])[0])))
