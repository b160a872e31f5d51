"""The recorder's desk: one week of one village, what a tap does with it, and what the bar says afterwards.

Nothing that was logged is kept in the browser session: rows are on the server after every tap. The session holds only what
a phone may lose: one-time tokens of open sheets, the last remark, which row is being changed, rows just unticked.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from zlib import crc32

import streamlit as st

from models.rules.errors import Conflict
from models.rules.schedule import LogState, submittable_from
from models.rules.week import Week, today_at
from services.log.village_week import Saved
from services.log.week_view import OfferedGroup, Row, VillageWeek
from services.queries import suggestions, weekly_logs
from ui import clock
from ui.i18n import Translator
from ui.shell import Page

TOKEN, KEEPER, SHOWN = "log_token", "log_keeper", "log_shown"
_KEPT = re.compile(r"([0-9a-f]{12})/(e[0-9]{1,18}|j[0-9]{1,18})?/([0-9]{1,6})?")


@dataclass(frozen=True)
class Desk:
    """A week on the recorder's screen."""

    page: Page
    week: Week

    @property
    def t(self) -> Translator:
        """The reader's language."""
        return self.page.t

    def view(self) -> VillageWeek:
        """The week as stored."""
        return self.page.read(weekly_logs.week, week=self.week, today=self.page.today)

    def offers(self) -> tuple[Row, ...]:
        """What is offered for the week."""
        return self.page.read(suggestions.week, week=self.week, today=self.page.today)

    def offered_groups(self) -> tuple[OfferedGroup, ...]:
        """Chat groups that neighbours have joined."""
        return self.page.read(suggestions.groups, week=self.week, today=self.page.today)

    def days(self) -> list[date]:
        """The days of the week that have come."""
        return [day for day in self.week.days if day <= self.page.today]

    def do(self, place: str, action: Callable[..., Saved], remark: tuple[str, str] | None = None, **params: Any) -> Saved | None:
        """One tap: saved, or refused; `place` is where on the screen the refusal is told. `remark` is told in the bar."""
        opened_at = st.session_state.setdefault("log_opened_at", clock.now())
        st.session_state["log_place"] = place
        done: Saved | None = self.page.do(action, week=self.week, opened_at=opened_at, **params)
        if done is not None:
            self.saw(done.version)
            st.session_state["log_opened_at"] = clock.now()  # what is spent from here on is not counted a second time elsewhere
            st.session_state["log_remark"] = (self.week.label, remark, done.saved_at)
            st.session_state["log_reverted"] = self.week.label if done.reverted else None
        return done

    def saw(self, version: int) -> None:
        """Notes which version of the week the screen shows."""
        st.session_state["log_seen"] = (self.week.label, version)

    @property
    def seen(self) -> int | None:
        """The version of the week that the screen shows; None when it shows another week."""
        label, version = st.session_state.get("log_seen", ("", 0))
        return version if label == self.week.label else None

    def conflict(self) -> Conflict | None:
        """The refusal just met, if two phones differ."""
        return self.page.problem if isinstance(self.page.problem, Conflict) else None

    def show_problem(self, place: str, *fields: str) -> None:
        """A refusal, if this is its place."""
        if st.session_state.get("log_place") == place:
            self.page.show_problem(*fields)

    def remark(self, view: VillageWeek) -> str:
        """What was saved last, and when."""
        if view.saved_at is None:
            return self.t("weekly_log.not_yet")
        label, remark, moment = st.session_state.get("log_remark", ("", None, None))
        time = self.time(view.saved_at)
        if remark and label == self.week.label and moment == view.saved_at:
            return self.t(remark[0], what=remark[1], time=time)
        if view.state != LogState.SUBMITTED:
            return self.t("weekly_log.saved", time=time)
        return self.t("weekly_log.submitted_at" if view.saved_at == view.submitted_at else "weekly_log.change_saved", time=time)

    def time(self, moment: datetime) -> str:
        """14:03 if it is today's, with the day otherwise."""
        return self.t.clock(moment) if today_at(moment) == self.page.today else self.t.moment(moment)

    def is_closed(self, view: VillageWeek) -> bool:
        """Whether the week can no longer be written."""
        return clock.now() >= view.closes_at

    @property
    def is_early(self) -> bool:
        """Whether the week cannot yet be told as a whole."""
        return self.page.today < submittable_from(self.week)

    @property
    def is_editing(self) -> bool:
        """Whether a submitted week was opened for changes."""
        return bool(st.session_state.get(self._edit_key))

    def edit(self, wanted: bool) -> None:
        """Opens or leaves a submitted week."""
        st.session_state[self._edit_key] = wanted

    @property
    def _edit_key(self) -> str:
        return f"log_edit_{self.week.label}"

    @property
    def unticked(self) -> dict[int, Row]:
        """Rows unticked on this screen: they stay in sight, so that a slip is one tap to mend."""
        return cast(dict[int, Row], st.session_state.setdefault(f"log_unticked_{self.week.label}", {}))


def token(sheet: str) -> str:
    """The sheet's one-time token: part of its widgets' keys, and of the request id of what it saves."""
    return f"{st.session_state[TOKEN]}-{sheet}"


def request_id(sheet_token: str, *told: str) -> str:
    """The token of what a sheet saves: told again because no answer came it is the same, and of anything else another."""
    return f"{sheet_token}-{crc32('/'.join(told).encode()):x}"


def next_tokens() -> None:
    """Sheets are replaced by blank ones, which are closed."""
    st.session_state[TOKEN] = secrets.token_hex(6)


def draw_keeper() -> bool:
    """What must outlive this server, in a field that nobody sees: the browser sends it again when it finds the server started
    anew, and with it what was chosen and typed under these keys. Sheets and the dialog are then as they were left. True when it
    is such a browser.
    """
    names = (TOKEN, "log_details", "log_details_run")
    if TOKEN in st.session_state:
        kept = "/".join(str(st.session_state.get(name) or "") for name in names)
        if st.session_state.get(KEEPER) != kept:
            st.session_state[KEEPER] = kept
        st.text_input(KEEPER, key=KEEPER, label_visibility="collapsed")
        return False
    fresh = secrets.token_hex(6)
    kept = st.text_input(KEEPER, f"{fresh}//", key=KEEPER, label_visibility="collapsed") or ""
    found = _KEPT.fullmatch(kept) if kept != f"{fresh}//" else None
    st.session_state[TOKEN] = found[1] if found else fresh
    if found:
        st.session_state["log_details"], st.session_state["log_details_run"] = found[2] or None, int(found[3] or 0)
    return found is not None


def draw_shown(week: Week, ticked: Iterable[str]) -> None:
    """Which boxes the browser was last shown as ticked, in a field that nobody sees. Below the boxes: it must not be newer."""
    shown = f"{week.label} {' '.join(ticked)}"
    if st.session_state.get(SHOWN) != shown:
        st.session_state[SHOWN] = shown
    st.text_input(SHOWN, key=SHOWN, label_visibility="collapsed")


def draw_shown_before(week: Week) -> frozenset[str] | None:
    """What this browser had last been shown as ticked by a server that is no more; nothing when it showed another week."""
    label, *ticked = (st.text_input(SHOWN, key=SHOWN, label_visibility="collapsed") or "").split(" ")
    return frozenset(ticked) if label == week.label else None
