"""Writers of one process take turns in the order they came. SQLite alone lets whoever asks at the right moment go first: under
a burst somebody unlucky waits for minutes (docs/adr/0025).
"""

from collections import deque
from threading import Lock

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

HOLDS = "holds the writers' turn"


class Turns:
    """A queue for one thing that only one may have."""

    def __init__(self) -> None:
        self._guard, self._waiting, self._taken = Lock(), deque[Lock](), False

    def take(self, seconds: float) -> bool:
        """Wait for one's turn; False when it did not come in time."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._guard:
            if mine not in self._waiting:
                return True  # given in the last moment
            self._waiting.remove(mine)
            return False

    def give(self) -> None:
        """To the one who waits longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


def take_turns(engine: Engine, seconds: float) -> None:
    """From now on writing transactions of this engine queue; a turn ends when the connection goes back to the pool.

    Whoever waited in vain goes on all the same: the database then decides, and says so.
    """
    turns = Turns()

    def queue(connection: Connection) -> None:
        record = connection.connection.record_info
        writes = connection.get_execution_options().get("sqlite_begin") == "IMMEDIATE"
        if writes and record is not None and HOLDS not in record and turns.take(seconds):
            record[HOLDS] = True

    def leave(_connection: object, record: ConnectionPoolEntry) -> None:
        if record.record_info is not None and record.record_info.pop(HOLDS, False):
            turns.give()

    event.listen(engine, "begin", queue)
    event.listen(engine, "checkin", leave)
