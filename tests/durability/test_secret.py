"""The installation's secret: made once however many start, whole under its name, and never too short to be one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.settings import ROOT, secret

TOLD = "from models.settings import secret; print(secret())"


@pytest.fixture(autouse=True)
def no_given_secret(monkeypatch):
    monkeypatch.delenv("BURDEN_SECRET")
    secret.cache_clear()
    yield
    secret.cache_clear()


def test_processes_that_start_together_read_one_secret(data_folder):
    command, piped = [sys.executable, "-c", TOLD], subprocess.PIPE
    started = [subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=piped, text=True) for _ in range(6)]
    (told,) = {process.communicate(timeout=60)[0].strip() for process in started}
    assert len(told) == 64
    assert [path.name for path in data_folder.iterdir()] == ["secret"]


def test_a_process_that_looks_while_another_writes_does_not_find_half_a_secret(data_folder, monkeypatch):
    real, seen = os.fsync, []

    def look(descriptor):
        seen.append((data_folder / "secret").read_text() if (data_folder / "secret").exists() else None)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    made = secret()
    assert len(made) == 64
    assert seen == [None, made], "nothing before the content is on disk, all of it afterwards"


def test_who_loses_the_race_reads_the_winners_secret(data_folder, monkeypatch):
    winner = "of the one that was faster"

    def faster(path, _written):
        path.write_text(winner)
        raise FileExistsError

    monkeypatch.setattr(Path, "hardlink_to", faster)
    assert secret() == winner
    assert [path.name for path in data_folder.iterdir()] == ["secret"]


@pytest.mark.parametrize("content", ["", "\n", "too short"])
def test_an_empty_or_short_secret_is_refused_in_a_sentence(data_folder, monkeypatch, content):
    data_folder.mkdir()
    (data_folder / "secret").write_text(content)
    with pytest.raises(ValueError, match=r"secret holds \d characters and must hold at least 16"):
        secret()
    monkeypatch.setenv("BURDEN_SECRET", "too short")
    with pytest.raises(ValueError, match="BURDEN_SECRET holds 9 characters"):
        secret()


def test_the_secret_is_read_by_its_owner_only_and_survives_an_editor(data_folder):
    first = secret()
    path = data_folder / "secret"
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text(f"{first}\n")
    secret.cache_clear()
    assert secret() == first
