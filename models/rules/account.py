"""What an account's words must look like."""

import re

from models.rules.errors import InvalidInput

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
LONGEST_NAME = 60
LONGEST_REASON = 500


def check_username(username: str) -> str:
    """The user name in the form that is kept: lower case. InvalidInput unless 2–64 Latin letters, digits, `.`, `_`, `-`."""
    clean = username.strip().lower()
    if not USERNAME.fullmatch(clean):
        raise InvalidInput("bad_username", field="username")
    return clean


def check_name(name: str) -> str:
    """A person's name: 1–60 printable characters."""
    clean = name.strip()
    if not clean or len(clean) > LONGEST_NAME or not clean.isprintable():
        raise InvalidInput("bad_name", field="name", most=LONGEST_NAME)
    return clean


def check_reason(reason: str) -> str:
    """Why something is done to somebody's account: asked for, and at most 500 printable characters."""
    clean = " ".join(reason.split())
    if not clean:
        raise InvalidInput("reason_missing", field="reason")
    if len(clean) > LONGEST_REASON or not clean.isprintable():
        raise InvalidInput("reason_long", field="reason", most=LONGEST_REASON)
    return clean
