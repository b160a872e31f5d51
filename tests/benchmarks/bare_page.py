"""What Streamlit runs for every visitor of the bare app: the same menu and logo, and the page asked for as it was recorded."""

from pathlib import Path

import streamlit as st

from models.settings import ROOT
from tests.benchmarks.recorded import stems

DRAWN = Path(__file__).parent / "bare_drawn.py"  # pages are files, as they mostly are in Streamlit, ours too

st.set_page_config(page_title="bare", page_icon=str(ROOT / "ui/look/icon.png"), layout="wide")
st.logo(str(ROOT / "ui/look/logo.svg"), size="large")
pages = [st.Page(DRAWN, url_path=stem, title=stem) for stem in stems()]
page = st.navigation([st.Page(lambda: None, url_path="start", title="start", default=True), *pages], position="top")
st.session_state["stem"] = page.url_path
page.run()
