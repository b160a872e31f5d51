"""What Streamlit runs for every visitor of the bare app: the same menu and logo, and the page asked for as it was recorded."""

from collections.abc import Callable

import streamlit as st

from models.settings import ROOT
from tests.benchmarks.recorded import draw, stems


def page(stem: str) -> Callable[[], None]:
    """One page of the menu."""

    def run() -> None:
        draw(stem)

    run.__name__ = stem
    return run


st.set_page_config(page_title="bare", page_icon=str(ROOT / "ui/look/icon.png"), layout="wide")
st.logo(str(ROOT / "ui/look/logo.svg"), size="large")
pages = [st.Page(page(stem), url_path=stem, title=stem) for stem in stems()]
st.navigation([st.Page(lambda: None, url_path="start", title="start", default=True), *pages], position="top").run()
