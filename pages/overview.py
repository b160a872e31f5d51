"""Placeholder."""

import streamlit as st

from ui.shell import open_page

with open_page("overview") as page:
    st.title(page.t("page.overview"))
