"""What the forms for targets and quotas share: fields whose refusal is shown at the field, and the grounds of a number."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.rules.basis import LONGEST_BASIS, LONGEST_REASON, SHORTEST_REASON
from models.rules.errors import Conflict
from models.rules.week import ZONE
from services.access import OPERATOR
from services.in_force import Revised
from ui.i18n import Translator
from ui.shell import Page


class Fields:
    """The fields of one form over the version that holds (None: there is none yet).

    `seen` is the version as it was when the form was first drawn: somebody else's revision meanwhile is a conflict, not a
    form that quietly changes under one's hands. After a save the keys are new, so that the form begins afresh.
    """

    def __init__(self, page: Page, name: str, row: dict[str, Any] | None) -> None:
        self._page = page
        self._name = f"{name}_{st.session_state.get('revisions_saved', 0)}"
        self._spots: dict[str, DeltaGenerator] = {}
        if self.key("basis") not in st.session_state:
            st.session_state[self.key("seen")] = row
        self.seen: dict[str, Any] | None = st.session_state.get(self.key("seen"))

    @property
    def seen_version(self) -> int:
        """The version the reader looked at; 0 for none."""
        return self.seen["version"] if self.seen else 0

    def key(self, field: str) -> str:
        """A widget's key."""
        return f"{self._name}_{field}"

    def at(self, field: str, widget: Callable[..., Any], *args: Any, **params: Any) -> Any:
        """Draws a field, with room below it for what is wrong with it.

        A number gets no limits here: out of them the browser would only hold the form back, without our sentence.
        """
        with st.container(width=params.pop("width", 240), gap="small"):
            value = widget(*args, key=self.key(field), **params)
            self._spots[field] = st.empty()
        return value

    def grounds(self, section: str) -> tuple[str, bool, str]:
        """Basis, whether somebody checked it against the document, and the reason for a change."""
        t, row = self._page.t, self.seen
        basis = self.at(
            "basis", st.text_input, t("targets.basis_field"), row["basis"] if row else "", max_chars=LONGEST_BASIS,
            placeholder=t("targets.basis_placeholder"), width="stretch",
        )  # fmt: skip
        checked = self.at("checked", st.checkbox, t("targets.basis_checked"), bool(row and row["basis_checked"]), width="stretch")
        reason = self.at(
            "reason",
            st.text_input,
            t(f"targets.{section}_reason", least=SHORTEST_REASON),
            max_chars=LONGEST_REASON,
            width="stretch",
        )
        return basis, checked, reason

    def finish(self, section: str, done: Revised | None, current: dict[str, Any] | None) -> None:
        """After the save: a word about it and the new figures, or the refusal at its field. What was typed stays."""
        if done is None:
            if isinstance(self._page.problem, Conflict):
                st.session_state[self.key("seen")] = current  # the table above shows it: saving again is meant
            for field, spot in self._spots.items():
                with spot:
                    self._page.show_problem(field)
            self._page.show_problem()
            return
        st.session_state["revisions_saved"] = st.session_state.get("revisions_saved", 0) + 1
        key = "targets.saved" if done.changed else "targets.unchanged"
        st.session_state[f"{section}_told"] = self._page.t(key, version=done.version)
        st.rerun()


def told(section: str) -> None:
    """What was just saved, once."""
    if sentence := st.session_state.pop(f"{section}_told", None):
        st.success(sentence, icon=":material/check:")


def made_by(t: Translator, row: dict[str, Any]) -> str:
    """Who made a version, and when."""
    who = t("audit.operator") if row["created_by"] == OPERATOR else row["created_by"]
    return f"{who} {t.full_day(row['created_at'].astimezone(ZONE).date())}"
