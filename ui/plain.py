"""Text that somebody typed, shown as it is: Streamlit reads Markdown in messages and labels, and a name is not markup."""

import re

_MARKUP = re.compile(r"([\\`*_\[\]<>#$~:|])")
_LINK = re.compile(r"(https?|www)(?=[:.\\])", re.IGNORECASE)


def plain(text: str) -> str:
    """No markup, no colour, no link."""
    return _MARKUP.sub(r"\\\1", _LINK.sub("\\1\u2060", text))
