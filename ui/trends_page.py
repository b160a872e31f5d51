"""The Trends screen: the answer, the line it comes from, the townships, and the figures behind it."""

from functools import lru_cache
from html import escape

import streamlit as st

from models.rules.week import Week
from services.queries import trends
from services.queries.trends import Picture
from ui import blocks, control, sentences, trends_behind, trends_choice, trends_estimate, trends_frames
from ui.charts import trends as charts
from ui.i18n import Translator
from ui.points_answer import meta
from ui.revisions import corrected
from ui.shell import Page
from ui.trends_choice import Choice, Names

HEADS = ("day", "label", "reported", "zero", "missing", "total", "rate", "path", "state")
NUMERIC = ("reported", "zero", "missing", "total", "rate", "path")
OPTIONAL = ("label", "zero", "missing", "total", "state")
KEY = (("line", "closed_week"), ("line open", "open_week"), ("path", "path"), ("base", "base"), ("submitted", "submitted"))
KEY_STRIP = (("zero soft", "zero"), ("hollow", "missing"), ("later", "not_due"))


def show(page: Page) -> None:
    """Everything, or a sentence where there is nothing yet."""
    offered = page.read(trends.choices, county_code=page.county_code)
    townships, departments = offered.townships, offered.departments
    above = st.container(gap="small")
    choice = trends_choice.choose(page, townships, departments)
    found = page.read(trends.picture, **choice.params(page.county_code, page.as_of, page.today))
    still_open = tuple(Week(monday) for monday in found.weeks[found.weeks.complete & ~found.weeks.closed].week)
    t, revised = page.t, tuple(found.weeks.revised_at.dropna())
    above.html(meta(page, still_open, Week.of(page.today), note=corrected(t, revised)))
    st.html(answer(found, choice, t, place(t, departments, choice.department), place(t, townships, choice.township)))
    if not found.weeks.received.any():
        return
    if control.chosen(page) == control.CONTROL:
        control.show(page, choice)
        trends_behind.show(page, choice, found)
        st.html(facts(found, choice, t))  # where the headline's verdict leads
        return
    drawing(found, choice, t)
    trends_behind.show(page, choice, found)
    if len(found.by_township) > 1:
        small(found, choice, t, townships)
    st.html(figures(found, choice, t, page.county_code))
    if estimate := trends_estimate.line(page, choice, whole=len(townships) > 1 and not choice.township):
        st.html(estimate)


def place(t: Translator, names: Names, code: str) -> str:
    """The name behind a code of the filters; empty for all."""
    return t.name(*names[code]) if code else ""


@lru_cache(maxsize=trends_frames.KEPT)
def answer(found: Picture, choice: Choice, t: Translator, department: str, township: str) -> str:
    """The headline and what it rests on."""
    said = sentences.trend_headline(t, found, choice, department)
    rests_on = t("trends.within", place=township) + " " * (not t.chinese) if township else ""
    return blocks.headline(said, rests_on + sentences.trend_basis(t, found))


def drawing(found: Picture, choice: Choice, t: Translator) -> None:
    """The line with its strip, and how the verdict came about."""
    left, right = st.columns([31, 10], gap="large")
    with left:
        st.html(legend(choice, t, found.target is not None, found.target is not None and found.target.path is not None))
        spec = charts.trend(trends_frames.trend(found, t), trends_frames.extent(found), t)
        st.vega_lite_chart(spec=spec, theme=None, alt=t("trends.alt", measure=t(f"measure.{choice.measure}")))
    with right:
        st.html(facts(found, choice, t))


def small(found: Picture, choice: Choice, t: Translator, townships: Names) -> None:
    """One small line per township, by area code."""
    st.html(blocks.section(sentences.towns_title(t, found), t("trends.towns_sub")))
    frames = trends_frames.multiples(found, tuple(townships.items()), choice, t)
    st.vega_lite_chart(spec=charts.multiples(frames, t), theme=None, alt=t("trends.towns_alt"))
    st.html(each(found, choice, t, tuple(townships.items())))


@lru_cache(maxsize=trends_frames.KEPT)
def each(found: Picture, choice: Choice, t: Translator, names: trends_frames.Listed) -> str:
    """Behind a click: what each township's verdict rests on."""
    lines = ""
    for code, name in names:
        if compared := found.by_township.get(code):
            head = f"{blocks.mark(compared.verdict.code.value)}<b>{escape(t.name(*name))}</b>"
            word = escape(sentences.word(t, compared.verdict))
            said = f"<span>{word} · {compared.points}/{compared.expected}</span>"
            why = blocks.facts(sentences.explain(t, compared, choice.unit))
            lines += f'<details name="town"><summary>{head}{said}</summary><div class="facts">{why}</div></details>'
    return f'<div class="towns"><h3>{escape(t("trends.each_verdict"))}</h3>{lines}</div>'


@lru_cache(maxsize=64)
def legend(choice: Choice, t: Translator, base: bool, path: bool) -> str:
    """The chart's title and the glyphs of what is drawn: not every choice has a baseline and a target path."""
    absent = {word for word, drawn in (("base", base), ("path", path)) if not drawn}
    key = blocks.key(*((glyph, t(f"trends.{word}")) for glyph, word in (*KEY, *KEY_STRIP) if word not in absent))
    return blocks.section(t(f"trends.chart_{choice.unit}", measure=t(f"measure.{choice.measure}")), key=key)


@lru_cache(maxsize=trends_frames.KEPT)
def facts(found: Picture, choice: Choice, t: Translator) -> str:
    """How the verdict came about."""
    rows = blocks.facts(sentences.trend_facts(t, found, choice))
    note = escape(t(f"trends.note_{choice.unit}"))
    return f'<div class="facts" id="facts"><h2>{escape(t("trends.facts"))}</h2>{rows}<p>{note}</p></div>'


@lru_cache(maxsize=trends_frames.KEPT)
def figures(found: Picture, choice: Choice, t: Translator, county_code: str) -> str:
    """The table, and the same figures as files."""
    heads = {name: t(f"trends.head_{name}") for name in HEADS}
    heads["total"] = t("trends.head_total", unit=t(f"unit.{choice.unit}"))
    rows = trends_frames.table(found, choice, t)
    table = blocks.table(rows, heads, numeric=NUMERIC, optional=OPTIONAL, mark_column="mark")
    said = [t("trends.figures_sub", n=min(trends_frames.TABLE_WEEKS, len(trends_frames.complete(found))))]
    said += [] if trends_frames.running(found).empty else [t("trends.figures_running")]
    section = blocks.section(t("trends.figures"), t("trends.semicolon").join(said))
    return f"{section}{table}{files(choice, t, county_code)}"


def files(choice: Choice, t: Translator, county_code: str) -> str:
    """Links to the CSV and Excel files of all weeks chosen."""
    asked = escape(choice.address(county_code), quote=True)
    links = [f'<a download href="./export/trends.{kind}?{asked}">{escape(t(f"trends.{kind}"))}</a>' for kind in ("xlsx", "csv")]
    return f'<p class="files">{escape(t("trends.files"))} {" · ".join(links)}</p>'
