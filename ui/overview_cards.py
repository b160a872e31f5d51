"""The four measure cards: number and unit, n of N, verdict in words, change, sparkline, and how it was computed. No Streamlit."""

from html import escape
from math import isnan
from urllib.parse import quote

from models.rules.target import TargetPath
from services.queries.overviews import Card
from ui import blocks, sentences
from ui.i18n import Translator
from ui.look import INK, PANEL, QUIET, RULE, TEAL, TEAL_MID

WIDTH, HEIGHT = 300, 62
Point = tuple[int, float]


def cards(t: Translator, found: list[Card]) -> str:
    """All four as one piece of HTML: one message to the browser."""
    return f'<div class="cards">{"".join(card(t, one) for one in found)}</div>'


def card(t: Translator, one: Card) -> str:
    """One measure."""
    verdict, comparison = one.comparison.verdict, one.comparison
    of = t("overview.of_points", n=comparison.points, expected=comparison.expected)
    of += t("overview.card_open") if one.reported.open_weeks else ""
    word = sentences.word(t, verdict)
    unit = t(f"overview.unit_{one.measure}")
    name = t(f"measure.{one.measure}")
    return (
        f'<div class="card {verdict.code.value}"><div class="card-head"><span class="name">{escape(name)}</span>'
        f'<span class="of">{escape(of)}</span></div>'
        f'<div class="card-number"><span class="number">{sentences.rate(t, verdict.now)}</span>'
        f'<span class="unit">{escape(unit)}</span></div>'
        f'<details class="verdict" name="card"><summary>{blocks.mark(verdict.code.value)}<b>{escape(word)}</b>'
        f"<small>{escape(t('overview.how'))}</small></summary>{blocks.facts(sentences.card_facts(t, one))}</details>"
        f'<div class="change">{escape(sentences.change(t, one.comparison))}</div>'
        f"{picture(spark(one), f'{name}: {word}')}{keys(t, one)}</div>"
    )


def keys(t: Translator, one: Card) -> str:
    """The two reference lines and their values."""
    base, path = one.comparison.verdict.before, path_of(one)
    found = [("base", t("overview.base_value", value=t.rate(base)))] if base is not None else []
    if path:
        found.append(("path", t("overview.goal_value", value=t.rate(path.goal))))
    return blocks.key(*found)


def path_of(one: Card) -> TargetPath | None:
    """The card's target line, if there is one."""
    return one.target.path if one.target else None


def picture(svg: str, alt: str) -> str:
    """An SVG as an image: `st.html` strips inline <svg> but lets data URIs through."""
    return f'<img class="spark" alt="{escape(alt)}" src="data:image/svg+xml,{quote(svg)}">'


def spark(one: Card) -> str:
    """Weekly rates with gaps where nobody reported, baseline and target lines; weeks still open are lighter and dashed."""
    rates, closed = one.weeks["rate"].tolist(), one.weeks["closed"].tolist()
    base, path = one.comparison.verdict.before, path_of(one)
    seen = [rate for rate in rates if not isnan(rate)]
    top = max([*seen, base or 0.0, path.goal if path else 0.0, 0.1]) * 1.04
    step = (WIDTH - 10) / max(len(rates) - 1, 1)

    def x(week: float) -> str:
        return f"{2 + week * step:.1f}"

    def y(rate: float) -> str:
        return f"{HEIGHT - 4 - rate / top * (HEIGHT - 9):.1f}"

    def line(points: list[Point], style: str) -> str:
        return f'<polyline points="{" ".join(f"{x(week)},{y(rate)}" for week, rate in points)}" {style}/>'

    drawn = [f'<path d="M2 {HEIGHT - 4}H{WIDTH - 8}" stroke="{RULE}"/>']
    if base is not None:
        first, last = _base_weeks(one)
        drawn.append(f'<path d="M{x(first)} {y(base)}H{x(last)}" stroke="{QUIET}" stroke-width="3"/>')
    if path:
        drawn.append(f'<path d="M2 {y(path.goal)}H{WIDTH - 8}" stroke="{INK}" stroke-width="1.2" stroke-dasharray="1.5 3.5"/>')
    for run in _runs(rates):
        settled = [point for point in run if closed[point[0]]]
        later = run[max(len(settled) - 1, 0) :] if len(settled) < len(run) else []
        drawn += [line(settled, _stroke(TEAL, "none"))] if len(settled) > 1 else []
        drawn += [line(later, _stroke(TEAL_MID, "4 3.5"))] if len(later) > 1 else []
        drawn += [f'<circle cx="{x(run[0][0])}" cy="{y(run[0][1])}" r="2.4" fill="{TEAL}"/>'] if len(run) == 1 else []
    for week, rate in _runs(rates)[-1][-1:] if seen else []:
        drawn.append(f'<circle cx="{x(week)}" cy="{y(rate)}" r="3.4" fill="{PANEL}" stroke="{TEAL}" stroke-width="2"/>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="none">{"".join(drawn)}</svg>'


def _stroke(colour: str, dash: str) -> str:
    return f'stroke="{colour}" stroke-width="1.9" stroke-linejoin="round" stroke-linecap="round" stroke-dasharray="{dash}"'


def _runs(rates: list[float]) -> list[list[Point]]:
    """Stretches of weeks with a figure; between them nobody reported."""
    runs: list[list[Point]] = [[]]
    for week, rate in enumerate(rates):
        if not isnan(rate):
            runs[-1].append((week, rate))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _base_weeks(one: Card) -> tuple[int, int]:
    """The baseline window as positions among the weeks shown."""
    first, last = one.comparison.base
    inside = [n for n, monday in enumerate(one.weeks["week"]) if first <= monday <= last]
    return (inside[0], inside[-1]) if inside else (0, min(3, len(one.weeks) - 1))  # it lies before the weeks shown
