"""What is written about the program is true: commands, variables, pictures, links; and no workshop is left in the tree."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from models.settings import ROOT
from tests.project.source import modules

NOT_OURS = {".git", ".venv", "var", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", "node_modules"}
TEXT = {".py", ".md", ".toml", ".txt", ".po", ".css", ".js", ".sh", ".svg", ".mako", ".yml", ".yaml", ".csv", ""}
# Split, so that this file does not hold what it looks for.
FORBIDDEN = [
    re.compile(left + right)
    for left, right in (
        (r"(?<![\w.])/wo", r"rk/"),
        (r"/tmp", r"/(?!bash)\w+/"),
        (r"/ro", r"ot/"),
        (r"/ho", r"me/\w+/"),
        (r"py", r"pi\.org"),
        (r"python", r"hosted"),
        (r"debian", r"\.org"),
        (r"register\.", r"npmjs"),
        (r"(?i)BEGIN [A-Z ]*PRIVATE", r" KEY"),
    )
]
DOCUMENTS = sorted(path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))
MANUALS = [path for path in DOCUMENTS if path.parent == ROOT]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
MAKE = re.compile(r"(?:`|^ {4}|=\d )make ([a-z-]+)", re.MULTILINE)
TARGETS = set(re.findall(r"^([a-z-]+):.*?## ", MAKEFILE, re.MULTILINE))


def ours() -> list[Path]:
    """Every text file of the tree."""
    paths = (path for path in ROOT.rglob("*") if not NOT_OURS & set(path.relative_to(ROOT).parts))
    return sorted(path for path in paths if path.is_file() and path.suffix in TEXT)


def leftovers(text: str) -> list[str]:
    """Paths of a machine, hosts of registries, keys."""
    return [found.group() for pattern in FORBIDDEN for found in pattern.finditer(text)]


def test_no_machine_no_registry_and_no_key_is_named_in_the_tree():
    found = {path.relative_to(ROOT).as_posix(): leftovers(path.read_text("utf-8", errors="replace")) for path in ours()}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize("text", ["/wo" + "rk/x", "see /ro" + "ot/x", "https://py" + "pi.org/simple", "deb.debian" + ".org"])
def test_a_leftover_is_noticed(text):
    assert leftovers(text)


def test_make_run_leaves_the_first_start_to_the_app():
    recipe = MAKEFILE.split("\nrun:")[1].split("\n\n")[0].splitlines()[1:]
    assert [line.split()[:3] for line in recipe] == [["@exec", "$(BIN)/uvicorn", "app:app"]]


def test_every_make_command_in_the_manuals_exists():
    commands = {name for path in MANUALS for name in MAKE.findall(path.read_text("utf-8"))}
    assert {"run", "test", "backup"} <= commands <= TARGETS


def test_make_help_lists_every_target():
    phony = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split())
    assert phony == TARGETS


def _module_commands() -> set[tuple[str, str]]:
    texts = [MAKEFILE, *(path.read_text("utf-8") for path in DOCUMENTS)]
    return {
        found
        for text in texts
        for found in re.findall(r"python3? -m ((?:recount|seed|services|models)[\w.]*)(?: ([a-z]+))?", text)
    }


@pytest.mark.parametrize(("module", "word"), sorted(_module_commands()))
def test_every_python_command_in_the_documents_exists(module, word, tmp_path):
    path = ROOT / (module.replace(".", "/") + ".py")
    package = ROOT / module / "__main__.py"
    assert path.is_file() or package.is_file()
    if module == "seed" and word:
        command = [sys.executable, "-m", "seed", word, "--help"]
        environment = {"DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_every_variable_that_is_read_is_explained_in_both_readmes():
    reads = re.compile(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"|_positive\(\"([A-Z_]+)\"")
    read = {name for module in modules() for pair in reads.findall(module.text) for name in pair if name}
    assert "DATA_DIR" in read
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text("utf-8")
        assert {variable for variable in read if variable not in text} == set(), name


def test_every_link_and_picture_in_the_documents_leads_somewhere():
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text("utf-8")):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_picture_is_shown_somewhere():
    text = "".join(path.read_text("utf-8") for path in DOCUMENTS)
    assert [path.name for path in (ROOT / "docs").rglob("*.png") if path.name not in text] == []


def test_every_requirement_is_pinned():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text("utf-8").splitlines()]
        assert [
            line for line in lines if line and not line.startswith("-r ") and not re.match(r"[\w.\[\]-]+==[\w.]+$", line)
        ] == []


def test_ci_runs_what_the_readme_tells_people_to_run():
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")
