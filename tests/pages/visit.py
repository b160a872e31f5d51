"""Opening a screen as somebody, the way a browser does: through the frame, at the tests' moment."""

import re
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from models.settings import ROOT

SHOWN = ("title", "header", "subheader", "markdown", "html", "caption", "error", "warning", "info", "success", "toast")


def visit(page_stem: str, username: str | None, /, *, seconds: float = 30, **address: str) -> AppTest:
    """The page's own address as `username` opens it (None: nobody is signed in). `address` holds query parameters."""
    at = _browser(username, seconds)
    at._page_hash = calc_hash(page_stem)  # a page is its address; `switch_page` knows it only after a first run elsewhere
    for name, value in address.items():
        at.query_params[name] = value
    return at.run()


def enter(username: str | None, *, seconds: float = 30) -> AppTest:
    """The bare address: it leads to the actor's first page, or to the sign-in form."""
    return _browser(username, seconds).run()


def _browser(username: str | None, seconds: float) -> AppTest:
    at = AppTest.from_file(ROOT / "ui" / "frame.py", default_timeout=seconds)
    if username is not None:
        at.session_state["session_id"] = f"session-{username}"
    return at


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
