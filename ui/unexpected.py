"""What nobody foresaw: into the log with its traceback under a short id; the id is all that a screen shows."""

import logging
import secrets

import streamlit as st

from ui.i18n import DEFAULT, translator

log = logging.getLogger("burden")


def logged(error: BaseException) -> str:
    """Writes the error to the log; the id it stands under."""
    error_id = secrets.token_hex(4)
    log.error("unexpected error %s", error_id, exc_info=error)
    return error_id


def show(error: Exception) -> bool:
    """Streamlit's last resort, for callbacks and whatever is outside a page: our sentence in place of its own."""
    t = translator(st.session_state.get("spoken", DEFAULT))
    st.error(t("error.unexpected", id=logged(error)), icon=":material/error:")
    return True
