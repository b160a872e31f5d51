"""The points of a township, each with its last weeks as small shapes. A list by area code, never a ranking."""

from collections.abc import Hashable, Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from models.rules.week import span
from services.queries import points
from ui import address, blocks
from ui.i18n import Translator
from ui.points_answer import Window, share
from ui.shell import Page

READABLE = 60  # more points than this are shown one township at a time
GLYPHS = {"s": "submitted", "z": "zero", "m": "missing", "n": "notdue", ".": "absent"}
WORDS = {"s": "submitted", "z": "zero", "m": "missing", "n": "not_due"}


def show(page: Page, window: Window, towns: pd.DataFrame) -> None:
    """The township's points, or all of them while they are few."""
    if towns.empty:
        return
    t = page.t
    st.html(blocks.section(t("points.each"), t("points.each_sub"), legend(t)))
    township = _chosen(page, towns)
    if township is None and towns.points.sum() > READABLE:
        st.html(blocks.nothing(t("points.choose_township", points=t.number(towns.points.sum()))))
        return
    ask: dict[str, Any] = {"county_code": page.county_code, "first": window.first, "last": window.last, "as_of": page.as_of}
    st.html(rows(t, page.read(points.listing, township_code=township, **ask), window))


def legend(t: Translator) -> str:
    """The four shapes and their words."""
    return blocks.key(*((GLYPHS[letter], t(f"points.{word}")) for letter, word in WORDS.items()))


def rows(t: Translator, found: pd.DataFrame, window: Window) -> str:
    """The list as a table; under each township's name its points."""
    weeks = [week.monday for week in span(window.first, window.last)]
    days = t("points.weeks_head", first=t.day(weeks[0]), last=t.day(weeks[-1]))
    heads = [(t("points.village"), ""), (days, ""), (t("points.missing"), "n"), (t("points.late"), "n opt")]
    heads += [(t("points.share"), "n opt"), (t("points.since"), "opt")]
    head = "".join(f'<th scope="col" class="{css}">{escape(text)}</th>' for text, css in heads)
    body = []
    for _, group in found.groupby("township_code", sort=True):
        first = group.iloc[0]
        if found.township_code.nunique() > 1:
            name = escape(t.name(first.township, first.township_en))
            body.append(f'<tr class="town"><th scope="rowgroup" colspan="6">{name}</th></tr>')
        body += [_row(t, point) for point in group.to_dict("records")]
    inside = f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>"
    return f'<div class="scroll" tabindex="0"><table class="plain points">{inside}</table></div>'


def strip(t: Translator, states: str) -> str:
    """Weeks as shapes, told in words to those who cannot see them."""
    told = t.join([f"{t(f'points.{word}')} {states.count(letter)}" for letter, word in WORDS.items() if letter in states])
    shapes = "".join(f'<i class="glyph {GLYPHS[letter]}"></i>' for letter in states)
    return f'<span class="weeks" role="img" aria-label="{escape(told)}">{shapes}</span>'


def _row(t: Translator, point: Mapping[Hashable, Any]) -> str:
    name = escape(t.name(point["name"], point["name_en"]))
    if point["missing_run"] > 1:
        name += f'<small class="run">{escape(t("points.run", n=point["missing_run"]))}</small>'
    since = t.full_day(point["since"]) + (t("points.until", day=t.full_day(point["until"])) if point["until"] else "")
    cells = [
        (name, "who"),
        (strip(t, point["states"]), ""),
        (t.number(point["missing"]), "n"),
        (t.number(point["late"]), "n opt"),
    ]
    cells += [(escape(share(t, point["on_time"], point["due"])), "n opt")]
    cells += [(escape(t("points.spell", since=since, how=t(f"points.{point['selection']}"))), "opt")]
    return "<tr>" + "".join(f'<td class="{css}">{html}</td>' for html, css in cells) + "</tr>"


def _chosen(page: Page, towns: pd.DataFrame) -> str | None:
    """The township the address asks for; None for all."""
    if len(towns) < 2:
        return None
    named: dict[str, str] = {r["township_code"]: page.t.name(r["township"], r["township_en"]) for r in towns.to_dict("records")}
    code = address.asked("township", list(named), "") or None
    st.selectbox(
        page.t("points.township"),
        list(named),
        index=None,
        format_func=lambda code: named.get(code, code),
        placeholder=page.t("points.all_townships" if towns["points"].sum() <= READABLE else "points.one_township"),
        label_visibility="collapsed",
        width=320,
        **address.control("township", code, "points_township"),
    )
    return code
