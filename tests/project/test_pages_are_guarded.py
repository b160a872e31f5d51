"""A page is imports and one `with open_page("<its own stem>") as page:` block: nothing of it runs unguarded."""

import ast

import pytest

from models.settings import ROOT
from tests.project.source import Module, modules
from ui.shell import PAGES


def unguarded(module: Module) -> list[str]:
    """What a page holds beside its docstring, its imports and its block."""
    stem = module.path.removeprefix("pages/").removesuffix(".py")
    body = list(module.tree.body)
    found = [] if ast.get_docstring(module.tree) else ["no docstring"]
    rest = [node for node in body[1:] if not isinstance(node, ast.Import | ast.ImportFrom)]
    if len(rest) != 1 or ast.unparse(rest[0]).split("\n")[0] != f"with open_page('{stem}') as page:":
        found.append('must be one `with open_page("its own stem") as page:` block after the imports')
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Try | ast.FunctionDef | ast.ClassDef | ast.Lambda):
            found.append(f"line {node.lineno}: {type(node).__name__} belongs in ui")
    return [f"{module.path}: {problem}" for problem in found]


def _pages() -> list[Module]:
    return [module for module in modules() if module.path.startswith("pages/")]


def test_every_page_is_one_guarded_block():
    assert _pages()
    assert [found for page in _pages() for found in unguarded(page)] == []


def test_every_page_is_registered_and_every_registered_page_exists():
    assert {f"pages/{stem}.py" for stem in PAGES} == {page.path for page in _pages()}


def test_a_pages_folder_holds_nothing_else():
    assert {path.suffix for path in (ROOT / "pages").iterdir() if path.name != "__pycache__"} == {".py"}


GOOD = '"""Doc."""\nfrom ui.shell import open_page\nwith open_page("x") as page:\n    page.t("x")\n'


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace('"x"', '"y"', 1),
        GOOD + "st.write(1)\n",
        GOOD.replace("with", "st.write(1)\nwith"),
        GOOD + 'with open_page("x") as page:\n    pass\n',
        GOOD.replace("    page", "    try:\n        pass\n    finally:\n        pass\n    page"),
        GOOD.replace("with", "def f(): ...\nwith"),
        GOOD.replace('"""Doc."""\n', ""),
        '"""Doc."""\nimport streamlit as st\nst.write("secret")\n',
    ],
)
def test_an_unguarded_page_is_noticed(text):
    assert unguarded(Module("pages/x.py", GOOD)) == []
    assert unguarded(Module("pages/x.py", text))
