"""The task force says from which week on the ordinary range is made anew, and why; or takes that back."""

from datetime import date

import streamlit as st

from models.rules.basis import LONGEST_REASON, SHORTEST_REASON
from models.rules.week import Week
from services.actions import rebases
from services.figures.weeks_told import Standing
from services.queries.charts import Control
from ui.i18n import Translator
from ui.shell import Page
from ui.trends_choice import Choice

SAVED = "rebases_saved"  # counts: after a save the form begins afresh


def anew(page: Page, found: Control, choice: Choice) -> None:
    """One small form behind a button; a week that is already one is taken back by it."""
    t, area = page.t, choice.township or page.county_code
    saved = st.session_state.get(SAVED, 0)
    own = [one.week for one in found.anew if one.area_code == area]
    closed = found.weeks[found.weeks.standing == Standing.CLOSED].week.iloc[1:]
    weeks = sorted({*closed, *own}, reverse=True)
    if not weeks:
        return
    with st.popover(t("control.begin"), icon=":material/restart_alt:", key=f"anew_{saved}"):
        st.caption(t("control.begin_help"))
        words = {monday: _week(t, monday, own) for monday in weeks}
        week = st.selectbox(t("control.from_week"), weeks, format_func=words.__getitem__, key=f"anew_week_{saved}")
        page.show_problem("week", "measure")
        reason = st.text_input(t("control.reason", least=SHORTEST_REASON), max_chars=LONGEST_REASON, key=f"anew_reason_{saved}")
        page.show_problem("reason")
        there = week in own
        if st.button(t("control.withdraw" if there else "control.save"), type="primary", key=f"anew_save_{saved}"):
            _save(page, choice, week, reason, there)


def _save(page: Page, choice: Choice, week: date, reason: str, there: bool) -> None:
    action = rebases.withdraw if there else rebases.add
    where, measure, township = page.county_code, choice.measure.value, choice.township or None
    if page.do(action, county_code=where, measure=measure, week=Week(week), reason=reason, township_code=township) is not None:
        st.session_state[SAVED] = st.session_state.get(SAVED, 0) + 1
    st.rerun()


def _week(t: Translator, monday: date, own: list[date]) -> str:
    shown = f"{monday.year} · {t.week(Week(monday))}"
    return t("control.already", week=shown) if monday in own else shown
