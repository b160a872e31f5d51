"""Placeholder."""

import streamlit as st

from ui.shell import open_page

with open_page("weekly_log") as page:
    st.title(page.t("page.weekly_log"))
