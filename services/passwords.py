"""How passwords are kept: bcrypt, the format streamlit-authenticator compares with, at one cost for every account."""

from functools import cache

import bcrypt

HASH_COST = 12


def hash_password(password: str) -> str:
    """The hash to store. A quarter of a second, on purpose."""
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(HASH_COST)).decode()


def has_todays_cost(password_hash: str) -> bool:
    """Whether a stored hash takes as long to compare as a new one; else the time of an answer would tell which names exist."""
    return password_hash.split("$")[2:3] == [f"{HASH_COST:02}"]


def check_hash(password_hash: str) -> str:
    """The hash, to be stored. ValueError for anything else: a caller's mistake, not a reader's."""
    if not has_todays_cost(password_hash):
        raise ValueError("not a bcrypt hash of today's cost")
    return password_hash


@cache
def nobody_hash() -> str:
    """What a name without an account is compared with: the same cost, and no password fits."""
    return hash_password(bcrypt.gensalt().decode()[:40])
