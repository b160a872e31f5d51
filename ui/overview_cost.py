"""What our own weekly log takes of a village's time: above the limit it is our fault."""

from html import escape

from services.figures.coverage import Reported
from services.queries.overviews import COST_WEEKS, Cost
from ui import blocks
from ui.i18n import Translator
from ui.sentences import provisional

ROOM = 0.2  # of the gauge: closer than this, two labels would overlap


def cost(t: Translator, found: Cost | None, on: Reported) -> str:
    """The sentence and a gauge: median, nine in ten, limit; `on` is what came of the logs that were expected."""
    if found is None:
        return blocks.section(t("overview.cost")) + blocks.nothing(t("overview.no_cost"))
    told = t(
        "overview.cost_body", weeks=COST_WEEKS, median=seconds(t, found.median), p90=seconds(t, found.p90),
        hours=t.number(found.hours_a_year, 1), spent=t.number(found.spent, 1), n=t.number(found.timed), logs=t.number(found.logs),
        expected=t.number(on.expected),
    )  # fmt: skip
    if found.share is not None:
        told += t("overview.cost_share", share=t.percent(found.share, digits=1))
    verdict = "overview.cost_over" if found.is_ours else "overview.cost_within"
    told += t(verdict, limit=seconds(t, found.limit)) + provisional(t, on.open_weeks)
    return f'<div class="cost"><div><h2>{escape(t("overview.cost"))}</h2><p>{escape(told)}</p></div>{gauge(t, found)}</div>'


def gauge(t: Translator, found: Cost) -> str:
    """A bar from 0 to a third beyond the limit."""
    whole = max(found.limit, found.p90) * 4 / 3

    def at(value: float) -> str:
        return f"{value / whole * 100:.1f}%"

    labels = [
        ("r", at(found.median), t("overview.cost_median", value=seconds(t, found.median))),
        ("", at(found.limit), t("overview.cost_limit", value=seconds(t, found.limit))),
    ]
    if (found.p90 - found.median) / whole > ROOM:
        labels.append(("r", at(found.p90), t("overview.cost_p90", value=seconds(t, found.p90))))
    words = "".join(f'<span class="{css}" style="left:{left}">{escape(text)}</span>' for css, left, text in labels)
    bars = f'<i class="p90" style="width:{at(found.p90)}"></i><i class="p50" style="width:{at(found.median)}"></i>'
    bars += f'<i class="limit" style="left:{at(found.limit)}"></i>'
    return f'<div class="gauge" aria-hidden="true"><i class="track"></i>{bars}{words}</div>'


def seconds(t: Translator, value: float) -> str:
    """52 秒; 2 分 11 秒."""
    minutes, rest = divmod(round(value), 60)
    if not minutes:
        return t("overview.seconds", s=rest)
    return t("overview.minutes", m=minutes) if not rest else t("overview.minutes_seconds", m=minutes, s=rest)
