"""What a screen was asked stands in its address, as codes and not as words: a link shows the same in either language."""

from collections.abc import Sequence

import streamlit as st


def asked(name: str, options: Sequence[str], default: str) -> str:
    """What the address says for `name`, if it is one of the options."""
    value = st.query_params.get(name, default)
    return value if value in options else default


def follow(key: str, value: str) -> None:
    """Makes a control show what the address says, also after a link or the browser's back button."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def store(name: str, key: str) -> None:
    """Callback of a control: its value into the address; a control that was emptied leaves it."""
    value = st.session_state[key]
    if value is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value
