"""Departments: who is over quota, since which event, and what those events were."""

import streamlit as st

from ui import (
    departments_answer,
    departments_bars,
    departments_choice,
    departments_compared,
    departments_declare,
    departments_events,
    departments_forecast,
    departments_peers,
)
from ui.shell import open_page

with open_page("departments") as page:
    chosen = departments_choice.choose(page)
    complete = departments_answer.completeness(page, chosen)
    rows = departments_answer.standings(page, chosen, complete)
    departments_answer.answer(page, chosen, rows, complete)
    current = departments_events.chosen_row(chosen, rows)
    left, right = st.columns([7, 5], gap="large")
    with left:
        departments_bars.bars(page, chosen, rows, current["department_code"] if current else "")
    with right:
        departments_answer.reasons(page, rows, complete)
        departments_forecast.likely(page, chosen, rows)
    departments_events.show(page, chosen, rows)
    departments_bars.table(page, chosen, rows)
    departments_peers.show(page, chosen, complete)
    departments_compared.show(page, chosen, current["department_code"] if current else "")
    departments_declare.show(page, chosen)
