"""The overview as a whole: the answer, the four measures, who reported, where it comes from, what to decide, our own cost."""

from html import escape

import streamlit as st

from models.rules.week import Week
from services.queries import overviews
from ui import blocks, overview_cards, overview_cost, overview_decisions, overview_quotas, overview_reports
from ui import overview_sentences as say
from ui.points_answer import meta_line
from ui.shell import Page


def show(page: Page) -> None:
    """Everything, or what to do first where there is nothing yet."""
    t = page.t
    weekly = overview_reports.read(page)
    first = Week.of(page.today) - overview_reports.SENTENCE_WEEKS
    st.html(meta_line(page, first, Week.of(page.today)))
    if weekly.empty or not (weekly["submitted"] + weekly["zero"]).sum():
        start = "nothing" if weekly.empty else "silence"
        st.html(blocks.headline(escape(t(f"overview.{start}"))) + blocks.nothing(t(f"overview.{start}_todo")))
        return
    found = page.read(overviews.cards, county_code=page.county_code, as_of=page.as_of)
    apart = say.emergency(t, found)
    st.html(blocks.headline(say.headline(t, found), say.basis(t, found)))
    st.html(overview_cards.cards(t, found) + (f'<p class="apart">{escape(apart)}</p>' if apart else ""))
    overview_reports.show(page, weekly)
    causes(page)
    cost = page.read(overviews.own_cost, county_code=page.county_code, as_of=page.as_of)
    st.html(overview_cost.cost(t, cost))


def causes(page: Page) -> None:
    """Departments on the left, decisions on the right; only decisions for those who may not see departments."""
    quotas = overview_quotas.read(page)
    decisions = overview_decisions.find(page, quotas)
    if quotas is None:
        overview_decisions.show(page, decisions, quotas=False)
        return
    where, today = st.columns([7, 5], gap="large")
    with where:
        overview_quotas.show(page, quotas)
    with today:
        overview_decisions.show(page, decisions, quotas=True)
