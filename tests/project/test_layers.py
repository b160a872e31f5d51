"""Imports point only to the right: app.py, pages → ui → services → models.tables → models.rules; seed and recount beside ui.

Each room also has its own list of libraries: no Streamlit below ui, no SQL above services.
"""

import sys

import pytest

from tests.project.source import Module, modules, within

OURS: dict[str, tuple[str, ...]] = {  # the most exact room wins
    "app": ("models.db", "models.settings", "seed.start", "ui"),
    "pages": ("models.rules", "services.queries", "services.actions", "ui"),
    "ui": ("models.db", "models.rules", "models.settings", "services", "ui"),
    "services": ("models.db", "models.rules", "models.settings", "models.tables", "services"),
    "services.audit": ("models.db", "models.heads", "models.settings", "models.tables", "services"),
    "seed": ("models", "seed", "services", "ui.i18n"),  # a refused file is explained on the command line too
    "recount": ("models", "recount", "services"),
    "recount.by_hand": ("recount.statements",),  # what checks the product shares nothing with it
    "recount.statements": (),
    "models": ("models",),
    "models.tables": ("models.rules", "models.tables"),
    "models.rules": ("models.rules",),
}
LIBRARIES: dict[str, tuple[str, ...]] = {
    "app": ("streamlit",),
    "pages": ("streamlit",),
    "ui": ("altair", "anyio", "babel", "openpyxl", "pandas", "pyarrow", "starlette", "streamlit", "streamlit_authenticator"),
    "ui.download": ("anyio", "pandas", "sqlalchemy.orm.Session", "starlette"),  # the shell of those who want a file
    "ui.shell": ("sqlalchemy.orm.Session", "streamlit"),  # opens sessions for everybody, and asks nothing itself
    "ui.web": ("anyio", "sqlalchemy.text", "starlette", "streamlit"),  # health asks the database whether it is there
    "services": ("bcrypt", "numpy", "openpyxl", "pandas", "sqlalchemy"),
    "recount": ("pandas", "sqlalchemy"),
    "seed": ("numpy", "openpyxl", "sqlalchemy"),
    "models": ("alembic", "psycopg", "sqlalchemy"),
    "models.tables": ("sqlalchemy",),
    "models.rules": ("numpy", "scipy", "statsmodels"),
}


def strangers(module: Module) -> list[str]:
    """What a module imports and should not."""
    found = []
    for name, line in module.imports():
        top = name.split(".")[0]
        if top in sys.stdlib_module_names:
            continue
        rooms = OURS if top in ("app", "pages", "ui", "services", "models", "recount", "seed") else LIBRARIES
        room = max((r for r in rooms if within(module.name, r)), key=len)
        if not any(within(name, allowed) for allowed in rooms[room]):
            found.append(f"{module.path}:{line} imports {name}")
    return found


def test_imports_point_only_to_the_right():
    assert [stranger for module in modules() for stranger in strangers(module)] == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("models/rules/week.py", "from models.tables import Entry"),
        ("models/rules/week.py", "import sqlalchemy"),
        ("models/tables/area.py", "from services.access import Actor"),
        ("models/tables/area.py", "from models.db import engine"),
        ("models/db.py", "import services"),
        ("services/queries/trends.py", "import streamlit as st"),
        ("services/queries/trends.py", "from ui import clock"),
        ("services/actions/points.py", "def f():\n    import streamlit"),
        ("ui/charts/trends.py", "from sqlalchemy import select"),
        ("ui/charts/trends.py", "from models.tables import Entry"),
        ("ui/shell.py", "from sqlalchemy import select"),
        ("pages/trends.py", "from sqlalchemy.orm import Session"),
        ("pages/trends.py", "from models.db import open_session"),
        ("pages/trends.py", "from services.access import in_scope"),
        ("pages/trends.py", "import pages.overview"),
        ("seed/demo.py", "import streamlit"),
        ("recount/by_hand.py", "from models.rules.week import Week"),
        ("recount/statements.py", "from services.figures import counting"),
        ("ui/frame.py", "import requests"),
    ],
)
def test_an_import_to_the_left_is_noticed(path, line):
    assert strangers(Module(path, line))


def test_every_library_is_a_pinned_requirement():
    from models.settings import ROOT

    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    pinned = {line.split("==")[0].split("[")[0].lower().replace("-", "_") for line in lines if "==" in line}
    transitive = {"anyio"}  # Starlette's own
    used = {name.split(".")[0].lower() for names in LIBRARIES.values() for name in names}
    assert used - transitive <= pinned
