"""Draws the elements recorded from the page that the address names."""

import streamlit as st

from tests.benchmarks.recorded import draw, recorded

st.set_page_config(layout="wide")
for number, element in enumerate(recorded(st.query_params["page"])):
    draw(number, element)
