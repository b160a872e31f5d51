"""What people do: actions (writes) and queries (reads), each with its permission. No Streamlit, no sentences."""
