"""DataFrame in, bytes of a file out; no Streamlit."""
