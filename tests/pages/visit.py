"""Opening a screen as somebody, the way a browser does: through the frame, at the tests' moment."""

import re
from typing import Any

from streamlit.testing.v1 import AppTest

from models.settings import ROOT

SHOWN = ("title", "header", "subheader", "markdown", "html", "caption", "error", "warning", "info", "success", "toast")


def visit(page_stem: str, username: str | None, *, seconds: float = 30, **address: str) -> AppTest:
    """The page as `username` sees it (None: nobody is signed in). `address` holds query parameters.

    The frame runs first; asking for a page that it does not register for this actor raises ValueError.
    """
    at = enter(username, seconds=seconds)
    at.switch_page(f"../pages/{page_stem}.py")
    for name, value in address.items():
        at.query_params[name] = value
    return at.run()


def enter(username: str | None, *, seconds: float = 30) -> AppTest:
    """The bare address: it leads to the actor's first page, or to the sign-in form."""
    at = AppTest.from_file(ROOT / "ui" / "frame.py", default_timeout=seconds)
    if username is not None:
        at.session_state["session_id"] = f"session-{username}"
    return at.run()


def words(at: AppTest) -> str:
    """What a person reads on the screen: texts, labels, options and tables, without style sheets."""
    shown = [str(element.value) for kind in SHOWN for element in at.get(kind)]
    shown += [frame.value.to_string() for frame in at.dataframe]
    shown += [str(getattr(element, "label", "")) for element in at]
    shown += [str(option) for widget in (*at.selectbox, *at.multiselect, *at.radio) for option in widget.options]
    return re.sub(r"<style>.*?</style>", "", "\n".join(shown), flags=re.DOTALL)


def wire(at: AppTest) -> str:
    """Everything that was sent to the browser, charts and hidden values included: where CANARY must not be."""
    return "\n".join(_sent(at._tree))


def _sent(node: Any) -> list[str]:
    return [
        str(getattr(node, "proto", "") or ""),
        *(line for child in getattr(node, "children", {}).values() for line in _sent(child)),
    ]
