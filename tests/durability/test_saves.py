"""An acknowledged save is there after `kill -9`, after a backup under load, and beside any number of other writers."""

import random
import subprocess
import sys
import threading
from subprocess import PIPE, Popen

from sqlalchemy import Engine, func, select

from models.backup import restore, save
from models.db import open_session
from models.settings import ROOT
from models.tables import AuditChain
from tests import world
from tests.durability.conftest import NOW
from tests.durability.wholeness import assert_whole
from tests.durability.writer import save_once

KILLS = 6
WRITERS = ("village_recorder", "recorder_a2", "recorder_b1", "canary_recorder")
EACH = 25


def _start(engine: Engine, username: str, first: int, count: int) -> "Popen[str]":
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.durability.writer", url, username, str(first), str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=PIPE, stderr=PIPE, text=True)


def test_every_acknowledged_save_survives_kill_9_and_nothing_is_half(engine):
    chance = random.Random(20261118)
    acknowledged: set[str] = set()
    for round_ in range(KILLS):
        with _start(engine, "village_recorder", round_ * 1000, 1000) as child:
            for _ in range(chance.randrange(1, 12)):
                acknowledged.add(child.stdout.readline().strip())
            threading.Event().wait(chance.random() * 0.02)  # anywhere within the next save
            child.kill()
            acknowledged.update(child.stdout.read().split())
        assert child.returncode == -9, child.stderr
        kept = assert_whole(engine)
        assert acknowledged <= kept
        assert len(kept - acknowledged) <= round_ + 1, "at most one save per kill was stored but not yet told"
    assert len(acknowledged) >= KILLS


def test_writers_in_several_processes_wait_for_each_other_and_lose_nothing(engine):
    children = [_start(engine, username, 0, EACH) for username in WRITERS]
    told = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0] * len(WRITERS), "".join(errors for _, errors in told)
    expected = {f"{username}-{n}" for username in WRITERS for n in range(EACH)}
    assert {token for output, _ in told for token in output.split()} == expected
    assert assert_whole(engine) == expected
    with open_session(engine) as session:
        links = dict(session.execute(select(AuditChain.county_code, AuditChain.seq)).all())
    assert links[world.COUNTY] == 3 * EACH
    assert links[world.CANARY] == EACH


def test_writers_of_one_village_in_several_processes_make_no_double(engine):
    """The same taps sent from two devices: each is one entry."""
    children = [_start(engine, "village_recorder", 0, EACH) for _ in range(2)]
    told = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0, 0], "".join(errors for _, errors in told)
    assert assert_whole(engine) == {f"village_recorder-{n}" for n in range(EACH)}


def test_a_backup_taken_while_people_work_is_whole_and_comes_back(engine):
    stop, written, failures = threading.Event(), [], []

    def work(username: str) -> None:
        n = 0
        while not stop.is_set():
            try:
                written.append(save_once(engine, username, n))
            except Exception as error:
                failures.append(error)
                return
            n += 1

    workers = [threading.Thread(target=work, args=(username,)) for username in WRITERS]
    for worker in workers:
        worker.start()
    while len(written) < 20 and not failures:
        threading.Event().wait(0.01)
    before = set(written)
    path = save(engine, NOW)
    after = set(written)
    threading.Event().wait(0.1)
    stop.set()
    for worker in workers:
        worker.join()
    assert failures == []
    assert len(written) > len(after), "people went on while and after the backup was made"
    assert assert_whole(engine) == set(written)
    restore(engine, path, NOW)
    kept = assert_whole(engine)
    assert before <= kept <= set(written)
    with open_session(engine) as session:
        assert session.scalar(select(func.count()).select_from(AuditChain)) == 2
    assert save_once(engine, "village_recorder", 10_000) in assert_whole(engine), "work goes on where it was"
