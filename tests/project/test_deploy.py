"""What deploy/ says fits the program: units and containers start what is there, with variables that are read, and existing files.

That the nginx configuration works is shown by tests/browser/test_replicas.py.
"""

import re

import pytest
import yaml

from models.settings import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("burden*"))
README = (ROOT / "README.md").read_text("utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text("utf-8"))


def commands() -> list[str]:
    """What the units run."""
    return [
        line.split("=", 1)[1] for unit in UNITS for line in unit.read_text("utf-8").splitlines() if line.startswith("ExecStart=")
    ]


@pytest.mark.parametrize("command", commands())
def test_every_unit_starts_something_of_ours(command):
    program, *words = command.split()
    assert program.startswith("/opt/burden/.venv/bin/")
    module = words[1] if words[0] == "-m" else words[0].removesuffix(":app")
    assert (ROOT / f"{module.replace('.', '/')}.py").is_file()


def test_every_variable_that_is_set_is_one_of_ours():
    lines = (DEPLOY / "systemd" / "environment").read_text("utf-8").splitlines()
    variables = {line.split("=")[0] for line in lines if line and not line.startswith("#")}
    variables |= set(COMPOSE["x-replica"]["environment"])
    assert {"BURDEN_SECRET", "DATABASE_URL", "DEMO"} <= variables
    assert [name for name in variables if f"`{name}`" not in README] == []


def test_replicas_are_the_same_in_compose_and_in_its_nginx_and_share_one_secret_and_one_database():
    named = set(re.findall(r"server (replica-\d+):8501", (DEPLOY / "compose" / "nginx.conf").read_text("utf-8")))
    assert named == {name for name in COMPOSE["services"] if name.startswith("replica")}
    assert len(named) > 1
    assert all(COMPOSE["services"][name]["environment"] == COMPOSE["x-replica"]["environment"] for name in named)


def test_every_file_that_compose_and_nginx_take_is_there():
    compose = DEPLOY / "compose"
    assert (compose / COMPOSE["x-replica"]["build"]["context"] / COMPOSE["x-replica"]["build"]["dockerfile"]).is_file()
    taken = [volume.split(":")[0] for volume in COMPOSE["services"]["nginx"]["volumes"]]
    assert [path for path in taken if not (compose / path).is_file()] == []
    included = [
        name for path in DEPLOY.rglob("*.conf") for name in re.findall(r"include (?:snippets/)?(\S+);", path.read_text("utf-8"))
    ]
    assert {name for name in included if not (DEPLOY / "nginx" / name).is_file()} == set()


def test_the_manual_names_every_file():
    manual = (DEPLOY / "README.md").read_text("utf-8")
    assert [path.name for path in (*UNITS, *(DEPLOY / "nginx").iterdir()) if path.name not in manual] == []
