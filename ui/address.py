"""What a screen was asked stands in its address, as codes and not as words: a link shows the same in either language.

The one way for every filter: `value = asked(name, options, default)`, then the widget with `**control(name, value, key)`.
What an address says and nobody here understands is noted, and open_page says so at the top of the page.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

LONGEST = 40  # characters of a wrong value that are said back
OF_A_COUNTY = ("township", "department")  # codes that mean nothing in the next one
_NOTED = "address_ignored"


def asked(name: str, options: Sequence[str], default: str) -> str:
    """What the address says for `name`, if it is one of the options."""
    value = one_of(st.query_params.get(name), options, default)
    settle({name: value})
    return value


def one_of(value: str | None, options: Sequence[str], default: str) -> str:
    """The value if it may be asked."""
    return value if value is not None and value in options else default


def asked_day(name: str, default: date, latest: date) -> date:
    """A date as 2026-11-16 and not after `latest`."""
    try:
        day = date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        day = default
    day = day if day <= latest else default
    settle({name: day.isoformat()})
    return day


def asked_text(name: str, longest: int) -> str:
    """Words to look for, as they are; without what nobody can see or type."""
    told = st.query_params.get(name, "")[:longest]
    return "".join(character for character in told if character.isprintable()).strip()


def settle(shown: Mapping[str, str]) -> None:
    """Notes where the address says something else than what is shown."""
    for name, value in shown.items():
        told = st.query_params.get(name, "")
        if told and told != value:
            st.session_state.setdefault(_NOTED, {})[name] = told[:LONGEST]


def forget_ignored() -> None:
    """At a run's start."""
    st.session_state.pop(_NOTED, None)


def ignored() -> dict[str, str]:
    """What this run could not follow, by name."""
    return dict(st.session_state.get(_NOTED, {}))


def control(name: str, value: Any, key: str, *, drops: Sequence[str] = ()) -> dict[str, Any]:
    """Keywords of a widget that shows `value` and puts a new one into the address; what it makes senseless it `drops` there.

    The widget is told in every run: otherwise a menu would go on showing the words of the language before.
    """
    st.session_state[key] = value
    return {"key": key, "on_change": _store, "args": (name, key, drops)}


def put(name: str, value: str | None) -> None:
    """Puts a value into the address; nothing leaves it."""
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def _store(name: str, key: str, drops: Sequence[str]) -> None:
    put(name, st.session_state[key])
    for other in drops:
        put(other, None)
