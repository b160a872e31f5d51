"""DataFrame in, Vega-Lite spec out; no Streamlit. Drawings are made once and kept."""
