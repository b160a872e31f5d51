"""The second view of a trend: which weeks are out of the ordinary. Built only when chosen."""

from functools import lru_cache
from html import escape

import streamlit as st

from models.rules.control_rules import Meaning
from services.access import Permission
from services.queries import charts as queries
from services.queries.charts import Control
from ui import address, blocks, control_frames, control_words
from ui.charts import control as charts
from ui.control_anew import anew
from ui.i18n import Translator
from ui.shell import Page
from ui.trends_choice import Choice

TREND, CONTROL = VIEWS = ("trend", "control")
HEADS = ("label", "iso", "reported", "shown", "range", "said", "state")
OPTIONAL = ("iso", "range", "state")
KEY = (("band", "range"), ("base", "centre"), ("good", "better"), ("over", "worse"), ("plain", "usual"), ("line open", "open"))
KEY_STRIP = (("submitted", "submitted"), ("zero soft", "zero"), ("hollow", "missing"), ("later", "not_due"))


def chosen(page: Page) -> str:
    """Draws the choice of view; it stands in the address."""
    t, view = page.t, address.asked("view", VIEWS, TREND)
    st.segmented_control(
        t("control.view"),
        VIEWS,
        format_func=lambda one: t(f"control.view_{one}"),
        required=True,
        label_visibility="collapsed",
        **address.control("view", view, "trends_view"),
    )
    return view


def show(page: Page, choice: Choice) -> None:
    """The drawing with what it says, the task force's form, and the figures behind it."""
    t, found = page.t, page.read(queries.control, **choice.params(page.county_code, page.as_of, page.today))
    if not len(found.weeks):
        st.html(blocks.nothing(t("control.note_few_points")))
        return
    left, right = st.columns([31, 10], gap="large")
    with left:
        st.html(title(found, choice, t))
        spec = charts.control(control_frames.drawing(found, t), control_frames.extent(found), t)
        st.vega_lite_chart(spec=spec, theme=None, alt=t("control.alt", measure=t(f"measure.{choice.measure}")))
    with right:
        st.html(reading(found, choice, t))
        if page.actor.can(Permission.EDIT_TARGETS):
            anew(page, found, choice)
    st.html(figures(found, choice, t, page.county_code))


@lru_cache(maxsize=control_frames.KEPT)
def title(found: Control, choice: Choice, t: Translator) -> str:
    """The answer, what is drawn, and its glyphs."""
    what = t(f"trends.chart_{choice.unit}", measure=t(f"measure.{choice.measure}"))
    glyphs = [(glyph, t(f"control.{word}")) for glyph, word in KEY] + [(glyph, t(f"trends.{word}")) for glyph, word in KEY_STRIP]
    return blocks.section(control_words.headline(t, found), what, key=blocks.key(*glyphs))


@lru_cache(maxsize=control_frames.KEPT)
def reading(found: Control, choice: Choice, t: Translator) -> str:
    """Every run in a sentence, newest first, and what the ordinary range is made of."""
    marks = {Meaning.IMPROVEMENT: "fall", Meaning.CONCERN: "rise"}
    runs = [
        f"<li>{blocks.mark(marks[one.meaning])}<span>{escape(control_words.run(t, one, control_words.year(found)))}</span></li>"
        for one in reversed(found.said)
    ]
    said = f'<ul class="runs">{"".join(runs)}</ul>' if runs else f"<p>{escape(control_words.headline(t, found))}</p>"
    rows = blocks.facts(control_words.facts(t, found, choice))
    notes = "".join(
        f"<p>{escape(t(key))}</p>" for key in ("control.note_chance", "control.note_makeup", "control.note_provisional")
    )
    heads = [f"<h2>{escape(t(key))}</h2>" for key in ("control.said", "control.made_of")]
    return f'<div class="facts">{heads[0]}{said}</div><div class="facts">{heads[1]}{rows}{notes}</div>'


@lru_cache(maxsize=control_frames.KEPT)
def figures(found: Control, choice: Choice, t: Translator, county_code: str) -> str:
    """The table, and the same figures as files."""
    heads = {name: t(f"control.tip_{name}") for name in HEADS}
    rows = control_frames.table(found, t)
    table = blocks.table(
        rows, heads, numeric=("reported", "shown", "range"), optional=("iso", "range", "state"), mark_column="mark"
    )
    asked = escape(choice.address(county_code), quote=True)
    links = [f'<a download href="./export/control.{kind}?{asked}">{escape(t(f"trends.{kind}"))}</a>' for kind in ("xlsx", "csv")]
    files = f'<p class="files">{escape(t("trends.files"))} {" · ".join(links)}</p>'
    return f"{blocks.section(t('trends.figures'), t('control.figures_sub', n=len(rows)))}{table}{files}"
