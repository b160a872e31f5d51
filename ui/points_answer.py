"""The Points screen's answer: how complete the last weeks are, in a sentence and per township."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from models.rules.week import Week
from services.access import Permission
from services.queries import points
from services.queries.areas import names
from ui import address, blocks
from ui.i18n import Translator
from ui.kept import drawn
from ui.shell import Page

CHANGE = "change"  # the section far below in which points are changed
PERIODS = ("4", "12", "26")  # weeks one can look back; the running week is not among them
HEADS = ("township", "points", "expected", "submitted", "zero", "missing", "not_due", "overdue", "late", "share")


@dataclass(frozen=True)
class Window:
    """The weeks looked at, and which of them are still open."""

    first: Week
    last: Week
    still_open: tuple[Week, ...]

    @property
    def weeks(self) -> int:
        """How many."""
        return (self.last.monday - self.first.monday).days // 7 + 1


def choose_window(page: Page) -> Window:
    """The whole weeks before this one that the reader wants to see: 4, 12 or 26."""
    weeks = address.asked("weeks", PERIODS, PERIODS[0])
    st.segmented_control(
        page.t("points.period"),
        PERIODS,
        required=True,
        format_func=lambda n: page.t("points.weeks", n=n),
        label_visibility="collapsed",
        **address.control("weeks", weeks, "weeks"),
    )
    last = Week.of(page.today) - 1
    first = last - (int(weeks) - 1)
    still_open = page.read(points.open_weeks, county_code=page.county_code, first=first, last=last, as_of=page.as_of)
    return Window(first, last, tuple(still_open))


def answer(page: Page) -> tuple[Window, pd.DataFrame]:
    """Headline, period and table; what was looked at, for the parts below."""
    above = st.container(gap="small")
    window = choose_window(page)
    ask: dict[str, Any] = {"county_code": page.county_code, "as_of": page.as_of}
    towns = page.read(points.townships, first=window.first, last=window.last, **ask)
    above.html(meta(page, window.still_open, Week.of(page.today)))
    if towns.empty:
        above.html(blocks.headline(escape(page.t("points.none_headline"))))
        st.html(blocks.nothing(page.t("points.none_todo")))
    else:
        down = blocks.jump(page.t("points.change"), CHANGE) if page.actor.can(Permission.EDIT_POINTS) else ""
        said, counts = _told(page.t, towns, window, page.read(points.silent, **ask))
        above.html(said + down)
        st.html(blocks.section(page.t("points.by_township"), page.t("points.by_township_sub")))
        st.html(counts)
    return window, towns


@drawn
def _told(t: Translator, towns: pd.DataFrame, window: Window, silent: pd.DataFrame) -> tuple[str, str]:
    return blocks.headline(headline(t, towns, window, silent), basis(t, towns, window)), table(t, towns)


def meta(page: Page, still_open: tuple[Week, ...], running: Week, *, place: str = "", note: str = "") -> str:
    """Where (read here, if the caller does not know the name), who, until when, and which weeks may still change."""
    t = page.t
    code = page.actor.area_code if len(page.actor.county_codes) < 2 else page.county_code
    name = place or t.name(*page.read(names, codes=[code])[code])
    as_of = t("points.as_of", moment=t.moment(page.as_of), weekday=t.weekday(page.today))
    return blocks.meta(
        name, t(f"role.{page.actor.role}"), as_of, t("points.running", week=running.number), provisional(t, still_open), note
    )


def provisional(t: Translator, still_open: tuple[Week, ...]) -> str:
    """Which weeks are still open; empty when none is."""
    if not still_open:
        return ""
    runs: list[list[Week]] = []
    for week in still_open:
        if runs and runs[-1][-1] + 1 == week:
            runs[-1].append(week)
        else:
            runs.append([week])
    numbers = (f"{run[0].number}–{run[-1].number}" if len(run) > 1 else str(run[0].number) for run in runs)
    return t("points.provisional", weeks=t.join(list(numbers)), n=len(still_open))


def headline(t: Translator, towns: pd.DataFrame, window: Window, silent: pd.DataFrame) -> str:
    """近4周应报128个村周：已报118，缺报5，待报5（其中逾期3）；2个点连续4周以上缺报。"""
    sums = towns[points.COUNTS].sum()
    got = int(sums.submitted + sums.zero)
    first = t("points.headline", n=window.weeks, expected=t.number(sums.expected))
    counts = {name: t.number(sums[name]) for name in ("missing", "not_due", "overdue")}
    states = t("points.headline_overdue" if sums.overdue else "points.headline_states", got=t.number(got), **counts)
    if silent.empty:
        return clauses(t, first, f"{states}{t('points.stop')}")
    points_there = t.number(towns.points.sum())
    told = t("points.headline_silent", n=len(silent), points=points_there, weeks=int(silent.missing_run.min()))
    return clauses(t, first, f"{states}{t('points.but')}", loud=f"{told}{t('points.stop')}")


def clauses(t: Translator, *said: str, loud: str = "") -> str:
    """A headline from its clauses: lines break between them; the loud one stands out."""
    spans = [f"<span>{escape(text)}</span>" for text in said]
    if loud:
        spans.append(f"<span><strong>{escape(loud)}</strong></span>")
    return ("" if t.chinese else " ").join(spans)


def basis(t: Translator, towns: pd.DataFrame, window: Window) -> str:
    """The dates, how many points stand behind the sentence, and how punctual they are."""
    sums = towns[points.COUNTS].sum()
    days = f"{t.day(window.first.monday)}–{t.day(window.last.sunday)}"
    return t("points.basis", days=days, points=t.number(towns.points.sum()), on_time=share(t, sums.on_time, sums.due))


def share(t: Translator, part: float, whole: float) -> str:
    """92%（110/120）; a dash where nothing was due yet."""
    return t("points.part", share=t.percent(part / whole), part=t.number(part), whole=t.number(whole)) if whole else "—"


def table(t: Translator, towns: pd.DataFrame) -> str:
    """One row per township in the order of the area codes, and the sum."""
    sums = towns[["points", *points.COUNTS]].sum()
    rows = [_row(t, t.name(town["township"], town["township_en"]), town) for town in towns.to_dict("records")]
    if len(towns) > 1:
        rows.append({**_row(t, t("points.total"), sums.to_dict()), "mark": "total"})
    heads = {name: t(f"points.{name}") for name in HEADS}
    shown = pd.DataFrame(rows)
    optional = ("points", "submitted", "zero", "not_due", "overdue", "late")
    return blocks.table(shown, heads, numeric=HEADS[1:], optional=optional, mark_column="mark")


def _row(t: Translator, name: str, counts: Mapping[Hashable, Any]) -> dict[str, str]:
    figures = {column: t.number(counts[column]) for column in HEADS[1:-1]}
    return {"township": name, **figures, "share": share(t, counts["on_time"], counts["due"]), "mark": ""}
