"""Two servers that start together on an empty folder: one migrates and fills it, the other waits and finds it ready."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from models.db import make_engine
from models.settings import ROOT
from tests import postgres

pytestmark = pytest.mark.durability
START = "from datetime import datetime, UTC; from seed.start import prepare; prepare(datetime(2026, 11, 18, 2, tzinfo=UTC))"


def _start_together(url: str, folder: Path, processes: int = 2) -> list[int]:
    environment = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(folder)}
    started = [subprocess.Popen([sys.executable, "-c", START], cwd=ROOT, env=environment) for _ in range(processes)]
    return [process.wait(timeout=240) for process in started]


def _points(url: str) -> int:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT count(*) FROM observation_point"))
    engine.dispose()
    return int(found or 0)


def test_servers_that_start_together_on_an_empty_sqlite_folder_all_come_up(tmp_path):
    url = f"sqlite:///{tmp_path / 'burden.db'}"
    assert _start_together(url, tmp_path) == [0, 0]
    assert _points(url) == 39


def test_servers_that_start_together_on_an_empty_postgresql_all_come_up(tmp_path):
    programs = postgres.server_programs()
    if programs is None:
        pytest.skip("PostgreSQL's server is not installed: run `make tools` where packages may be installed")
    with postgres.running(programs) as server:
        url = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
        assert _start_together(url, tmp_path) == [0, 0]
        assert _points(url.replace("postgresql://", "postgresql+psycopg://")) == 39
