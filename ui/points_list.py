"""The points of a township, each with its last weeks as small shapes. A list by area code, never a ranking."""

from html import escape
from itertools import groupby
from operator import attrgetter
from typing import Any

import pandas as pd
import streamlit as st

from services.queries import points
from ui import address, blocks
from ui.i18n import Translator
from ui.kept import drawn, records
from ui.points_answer import Window, share
from ui.shell import Page

READABLE = 60  # more points than this are shown one township at a time
Point = Any  # a row of points.listing, as `itertuples` gives it
township_of = attrgetter("township_code")
GLYPHS = {"s": "submitted", "z": "zero", "m": "missing", "n": "notdue", "o": "near", ".": "absent"}
WORDS = {"s": "submitted", "z": "zero", "m": "missing", "n": "waiting", "o": "late_waiting"}


def show(page: Page, window: Window, towns: pd.DataFrame) -> None:
    """The township's points, or all of them while they are few."""
    if towns.empty:
        return
    t = page.t
    st.html(blocks.section(t("points.each"), t("points.each_sub"), legend(t)))
    n = _points(towns)
    township = _chosen(page, towns)
    if township is None and n > READABLE:
        st.html(blocks.nothing(t("points.choose_township", points=t.number(n))))
        return
    ask: dict[str, Any] = {"county_code": page.county_code, "first": window.first, "last": window.last, "as_of": page.as_of}
    found = page.read(points.listing, township_code=township, **ask)
    st.html(rows(t, found, window))


def legend(t: Translator) -> str:
    """The shapes and their words."""
    return blocks.key(*((GLYPHS[letter], t(f"points.{word}")) for letter, word in WORDS.items()))


@drawn
def _points(towns: pd.DataFrame) -> int:
    return int(towns.points.sum())


@drawn
def rows(t: Translator, found: pd.DataFrame, window: Window) -> str:
    """The list as a table; under each township's name its points."""
    days = t("points.weeks_head", first=t.day(window.first.monday), last=t.day(window.last.sunday))
    heads = [(t("points.village"), ""), (days, ""), (t("points.missing"), "n"), (t("points.late"), "n opt")]
    heads += [(t("points.share"), "n opt"), (t("points.since"), "opt")]
    head = "".join(f'<th scope="col" class="{css}">{escape(text)}</th>' for text, css in heads)
    every: list[Point] = sorted(found.itertuples(index=False), key=township_of)
    body, several = [], len({point.township_code for point in every}) > 1
    for _, group in groupby(every, key=township_of):
        here = list(group)
        if several:
            name = escape(t.name(here[0].township, here[0].township_en))
            body.append(f'<tr class="town"><th scope="rowgroup" colspan="6">{name}</th></tr>')
        body += [_row(t, point) for point in here]
    inside = f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>"
    return f'<div class="scroll" tabindex="0"><table class="plain points">{inside}</table></div>'


def strip(t: Translator, states: str) -> str:
    """Weeks as shapes, told in words to those who cannot see them."""
    told = t.join([f"{t(f'points.{word}')} {states.count(letter)}" for letter, word in WORDS.items() if letter in states])
    shapes = "".join(f'<i class="glyph {GLYPHS[letter]}"></i>' for letter in states)
    return f'<span class="weeks" role="img" aria-label="{escape(told)}">{shapes}</span>'


def _row(t: Translator, point: Point) -> str:
    name = escape(t.name(point.name, point.name_en))
    if point.missing_run > 1:
        key = "points.run_longer" if point.missing_run > point.missing else "points.run"  # it began before the weeks shown
        name += f'<small class="run">{escape(t(key, n=point.missing_run))}</small>'
    since = t.full_day(point.since) + (t("points.until", day=t.full_day(point.until)) if point.until else "")
    cells = [(name, "who"), (strip(t, point.states), ""), (t.number(point.missing), "n"), (t.number(point.late), "n opt")]
    cells += [(escape(share(t, point.on_time, point.due)), "n opt")]
    cells += [(escape(t("points.spell", since=since, how=t(f"points.{point.selection}"))), "opt")]
    return "<tr>" + "".join(f'<td class="{css}">{html}</td>' for html, css in cells) + "</tr>"


def _chosen(page: Page, towns: pd.DataFrame) -> str | None:
    """The township the address asks for; None for all."""
    if len(towns) < 2:
        return None
    named: dict[str, str] = {r["township_code"]: page.t.name(r["township"], r["township_en"]) for r in records(towns)}
    code = address.asked("township", list(named), "") or None
    st.selectbox(
        page.t("points.township"),
        list(named),
        index=None,
        format_func=lambda code: named.get(code, code),
        placeholder=page.t("points.all_townships" if _points(towns) <= READABLE else "points.one_township"),
        label_visibility="collapsed",
        width=320,
        **address.control("township", code, "points_township"),
    )
    return code
