"""A real server for browser tests: its own folder with the demo in it, a free port, and no process left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from sqlalchemy.orm import Session

from models.db import make_engine, open_session
from models.settings import ROOT

START_SECONDS = 60
INHERITED = ("BENCH_FOLDER", "WATCHED_KEPT", "PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")


class Server:
    """`uvicorn app:app` on one folder; may be stopped and started again on the same port."""

    def __init__(self, folder: Path, app: str = "app:app", health: str = "/health") -> None:
        self.folder = folder
        self.app = app
        self.health = health
        self.port = _free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """As on a fresh machine: nothing of the test run's own settings."""
        kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
        return kept | {"DATA_DIR": str(self.folder), "PYTHONUNBUFFERED": "1"}

    def seed(self) -> None:
        """Put the demo, ending in the real current week, into the empty folder."""
        done = self.run("-m", "seed", "demo", "--if-empty")
        if done.returncode:
            raise RuntimeError(f"python -m seed demo failed:\n{done.stdout}{done.stderr}")

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A Python command on the same folder, to its end."""
        return subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300, check=False
        )

    def write(self, change: Callable[[Session], object]) -> None:
        """A change of its rows from here, by the app's own use-cases; the trail's links are made with the server's secret."""
        engine = make_engine(f"sqlite:///{self.folder / 'burden.db'}")
        secret = (self.folder / "secret").read_text().strip()
        with mock.patch("services.audit.secret", return_value=secret), open_session(engine, write=True) as session:
            change(session)
            session.commit()
        engine.dispose()

    def start(self) -> None:
        """Start and wait until /health answers; RuntimeError with the log's end if it never does."""
        uvicorn = [sys.executable, "-m", "uvicorn", self.app, "--port", str(self.port)]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*uvicorn, "--ws", "websockets-sansio", "--no-access-log"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the server did not start:\n{self.log[-3000:]}")
            time.sleep(0.1)

    def stop(self, sent: signal.Signals = signal.SIGKILL) -> None:
        """End the process and whatever it started."""
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, sent)
            self._process.wait(10)
        except ProcessLookupError:
            pass
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
        self._process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """It answers nothing while the block lasts, and then goes on."""
        assert self._process
        os.killpg(self._process.pid, signal.SIGSTOP)
        yield
        if self._process:  # unless it was ended
            os.killpg(self._process.pid, signal.SIGCONT)

    @property
    def log(self) -> str:
        """What the server wrote."""
        return (self.folder / "server.log").read_text("utf-8", errors="replace")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base_url}{self.health}", timeout=2) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
