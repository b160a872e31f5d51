"""Placeholder."""

import streamlit as st

from ui.shell import open_page

with open_page("points") as page:
    st.title(page.t("page.points"))
