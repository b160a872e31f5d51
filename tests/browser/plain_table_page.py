"""The same week in a plain table: one row a thing, nothing known beforehand. What the weekly log is compared with."""

import pandas as pd
import streamlit as st

from tests.browser.plain_table import CHOICES, COLUMNS

st.html("<style>[data-testid=stMainBlockContainer] { padding: 3rem .5rem 1rem; }</style>")
config = {name: st.column_config.SelectboxColumn(options=list(options), width=58) for name, options in CHOICES.items()}
config[COLUMNS[-1]] = st.column_config.TextColumn(width=58)
empty = pd.DataFrame(columns=list(COLUMNS), dtype="str")
rows = st.data_editor(empty, num_rows="dynamic", column_config=config, hide_index=True, width=345, height=620)
if st.button("提交", key="send"):
    st.success(f"{len(rows)} 条")
