"""A page of the bare app: the elements recorded from the page of ours with the same address."""

import streamlit as st

from tests.benchmarks.recorded import draw

draw(st.session_state["stem"])
