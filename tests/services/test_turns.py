"""Writers take turns: nobody who came later goes first, and nobody who left keeps the others waiting."""

import threading
from contextlib import suppress

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.db import open_session
from models.turns import Turns


def test_turns_are_given_in_the_order_of_asking():
    turns, order, asked = Turns(), [], threading.Semaphore(0)
    turns.take(0)

    def work(n: int) -> None:
        asked.release()
        turns.take(10)
        order.append(n)
        turns.give()

    workers = []
    for n in range(5):
        workers.append(threading.Thread(target=work, args=(n,)))
        workers[-1].start()
        asked.acquire()
        while len(turns._waiting) <= n:
            threading.Event().wait(0.001)
    turns.give()
    for worker in workers:
        worker.join(10)
    assert order == [0, 1, 2, 3, 4]


def test_who_waits_in_vain_is_told_and_not_called_later():
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0.01)
    turns.give()
    assert turns.take(0)


def test_a_writer_who_failed_or_only_rolled_back_keeps_nobody_waiting(sqlite_engine):
    for broken in (lambda session: session.execute(text("SELECT nonsense")), lambda session: session.rollback()):
        with open_session(sqlite_engine, write=True) as session:
            session.execute(text("SELECT 1"))
            with suppress(DBAPIError):
                broken(session)
        done = threading.Event()

        def write(done: threading.Event = done) -> None:
            with open_session(sqlite_engine, write=True) as other:
                other.execute(text("UPDATE area SET name = name"))
                other.commit()
                done.set()

        threading.Thread(target=write).start()
        assert done.wait(2)
