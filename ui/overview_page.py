"""The overview as a whole: the answer, the four measures, who reported, where it comes from, what to decide, our own cost."""

from datetime import date
from functools import lru_cache
from html import escape

import streamlit as st

from models.rules.week import Week
from services.queries import overviews
from services.queries.overviews import Picture
from ui import blocks, overview_cards, overview_cost, overview_decisions, overview_quotas, overview_reports, sentences
from ui.i18n import Translator
from ui.overview_quotas import KEPT
from ui.points_answer import meta
from ui.revisions import corrected
from ui.shell import Page


def show(page: Page) -> None:
    """Everything, or what to do first where there is nothing yet."""
    t = page.t
    picture = page.read(overviews.picture, county_code=page.county_code, as_of=page.as_of)
    place = t.name(*picture.names[picture.place])
    st.html(meta(page, tuple(picture.still_open), Week.of(page.today), place=place, note=corrected(t, picture.revised)))
    if not picture.cards:
        start = "nothing" if picture.reports.empty else "silence"
        st.html(blocks.headline(escape(t(f"overview.{start}"))) + blocks.nothing(t(f"overview.{start}_todo")))
        return
    for part in answer(t, picture):
        st.html(part)
    overview_reports.show(page, picture)
    causes(page, picture)
    st.html(overview_cost.cost(t, picture.cost, picture.cost_on))


@lru_cache(maxsize=KEPT)
def answer(t: Translator, picture: Picture) -> tuple[str, str]:
    """The headline with what it rests on, and the four measures."""
    apart = sentences.overview_emergency(t, picture.cards)
    basis = sentences.basis(t, [card.comparison for card in picture.cards])
    headline = blocks.headline(sentences.overview_headline(t, picture.cards), basis)
    return headline, overview_cards.cards(t, picture.cards) + (f'<p class="apart">{escape(apart)}</p>' if apart else "")


@lru_cache(maxsize=KEPT)
def decisions(t: Translator, picture: Picture, today: date) -> list[overview_decisions.Decision]:
    """What needs a person, found once for each picture."""
    return overview_decisions.find(t, picture, today)


def causes(page: Page, picture: Picture) -> None:
    """Departments on the left, decisions on the right; only decisions for those who may not see departments."""
    found = decisions(page.t, picture, page.today)
    if picture.quotas is None:
        overview_decisions.show(page, found, picture.leads_on, quotas=False)
        return
    where, today = st.columns([7, 5], gap="large")
    with where:
        overview_quotas.show(page, picture)
    with today:
        overview_decisions.show(page, found, picture.leads_on, quotas=True)
