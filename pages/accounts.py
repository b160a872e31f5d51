"""Placeholder."""

import streamlit as st

from ui.shell import open_page

with open_page("accounts") as page:
    st.title(page.t("page.accounts"))
