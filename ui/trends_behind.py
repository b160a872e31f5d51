"""Behind a click on the Trends page: what changed with the policy, and where a change in hours came from."""

from html import escape

import pandas as pd
import streamlit as st

from models.rules.measure import Unit
from models.rules.verdict import Reason, VerdictCode
from services.queries import charts
from services.queries.trends import Picture
from ui import blocks, sentences, spent_words, turn_words
from ui.shell import Page
from ui.trends_choice import Choice


def show(page: Page, choice: Choice, found: Picture) -> None:
    """Each is computed when it is opened: the first one brings a large library along."""
    if found.target:
        with st.expander(page.t("turn.open"), key="turn", on_change="rerun") as behind:
            if behind.open:
                turn(page, choice)
    if choice.unit is Unit.HOURS:
        with st.expander(page.t("spent.open"), key="spent", on_change="rerun") as behind:
            if behind.open:
                spent(page, choice, found)


def turn(page: Page, choice: Choice) -> None:
    """One sentence, its figures, and what it cannot tell."""
    t, params = page.t, choice.params(page.county_code, page.as_of, page.today)
    with st.spinner(t("turn.working")):
        asked = {name: value for name, value in params.items() if name not in ("first", "last")}
        found = page.read(charts.turn, **asked)
    said = f'<p class="said">{escape(turn_words.sentence(t, found))}</p>'
    rows = turn_words.facts(t, found)
    st.html(f'<div class="facts behind">{said}{blocks.facts(rows)}<p>{escape(t("turn.note"))}</p></div>')


def spent(page: Page, choice: Choice, found: Picture) -> None:
    """A sentence and a table whose lines add up; none where the verdict has too little to go by."""
    t, compared = page.t, found.comparison
    if compared.verdict.code is VerdictCode.FEW or compared.verdict.reason is not Reason.TESTED:
        st.html(f'<p class="said">{escape(t("spent.not_told", why=sentences.reason(t, compared)))}</p>')
        return
    (now_first, now_last), (base_first, base_last) = compared.now, compared.base
    answer = page.read(
        charts.hours_change, county_code=page.county_code, measure=choice.measure.value, now_first=now_first, now_last=now_last,
        base_first=base_first, base_last=base_last, township_code=choice.township or None,
        department_code=choice.department or None,
    )  # fmt: skip
    told = spent_words.minutes(answer)
    heads = {name: t(f"spent.head_{name}") for name in ("what", "minutes", "why")}
    table = blocks.table(
        pd.DataFrame(spent_words.rows(t, told)), heads, numeric=("minutes",), optional=("why",), mark_column="mark"
    )
    said = escape(spent_words.sentence(t, told, compared.verdict.code))
    still_open = int((~found.weeks.closed & found.weeks.week.between(now_first, now_last)).sum())
    note = escape(spent_words.note(t, told, compared, still_open))
    st.html(f'<div class="behind"><p class="said">{said}</p>{table}<p class="basis">{note}</p></div>')
