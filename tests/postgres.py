"""A PostgreSQL server for one test run: Debian's package, a temporary folder, a free port."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def server_programs() -> Path | None:
    """The folder with initdb and pg_ctl; None where PostgreSQL's server is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def running(programs: Path, *, durable: bool = False) -> Iterator[str]:
    """A server until the block ends; the URL of its maintenance database. Root may not run it, so root borrows `postgres`.

    Nothing commits there but who is asked to (no autovacuum), and the last commit is known. Only a `durable` one waits for its
    disk, as one that somebody relies on does.
    """
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="burden-pg-"))
    folder.chmod(0o777)
    data, port = folder / "data", _free_port()

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    run(str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
    fsync = "on" if durable else "off"
    settings = {"fsync": fsync, "autovacuum": "off", "track_commit_timestamp": "on", "max_connections": 60, "timezone": "UTC"}
    told = " ".join(f"-c {name}={value}" for name, value in settings.items())
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {told}"
    run(str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
