"""Placeholder."""

import streamlit as st

from ui.shell import open_page

with open_page("targets") as page:
    st.title(page.t("page.targets"))
