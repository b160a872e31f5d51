"""The overview as a whole: the answer, the four measures, who reported, where it comes from, what to decide, our own cost."""

from html import escape

import streamlit as st

from models.rules.week import Week
from services.queries import overviews
from services.queries.overviews import Picture
from ui import blocks, overview_cards, overview_cost, overview_decisions, overview_quotas, overview_reports, sentences
from ui.points_answer import meta
from ui.shell import Page


def show(page: Page) -> None:
    """Everything, or what to do first where there is nothing yet."""
    t = page.t
    picture = page.read(overviews.picture, county_code=page.county_code, as_of=page.as_of)
    place = t.name(*picture.names[picture.place])
    st.html(meta(page, tuple(picture.still_open), Week.of(page.today), place=place))
    if not picture.cards:
        start = "nothing" if picture.reports.empty else "silence"
        st.html(blocks.headline(escape(t(f"overview.{start}"))) + blocks.nothing(t(f"overview.{start}_todo")))
        return
    apart = sentences.overview_emergency(t, picture.cards)
    basis = sentences.basis(t, [card.comparison for card in picture.cards])
    st.html(blocks.headline(sentences.overview_headline(t, picture.cards), basis))
    st.html(overview_cards.cards(t, picture.cards) + (f'<p class="apart">{escape(apart)}</p>' if apart else ""))
    overview_reports.show(page, picture.reports, picture.names)
    causes(page, picture)
    st.html(overview_cost.cost(t, picture.cost, picture.cost_on))


def causes(page: Page, picture: Picture) -> None:
    """Departments on the left, decisions on the right; only decisions for those who may not see departments."""
    decisions = overview_decisions.find(page.t, picture, page.today)
    if picture.quotas is None:
        overview_decisions.show(page, decisions, picture.leads_on, quotas=False)
        return
    where, today = st.columns([7, 5], gap="large")
    with where:
        overview_quotas.show(page, picture.quotas)
    with today:
        overview_decisions.show(page, decisions, picture.leads_on, quotas=True)
