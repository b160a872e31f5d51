"""What the recorder sees after submitting: that it arrived, what it adds up to, until when it can be changed, what it cost."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from models.rules.measure import LOGGED_KINDS, Kind
from models.rules.schedule import LogState
from services.actions import corrections
from services.log.week_view import Row, VillageWeek
from ui import weekly_log_words as words
from ui.weekly_log_desk import Desk

SHORT = 8  # things that are listed at once; more are behind a click


def draw(desk: Desk, view: VillageWeek) -> None:
    """The receipt of a submitted week, or the end of one that closed without."""
    t, closed = desk.t, desk.is_closed(view)
    submitted = view.state == LogState.SUBMITTED
    moment = words.until(t, view.closes_at)
    if not submitted:
        st.warning(t("weekly_log.closed_missing", moment=moment), icon=":material/lock:")
        _things(desk, view)
        return
    said = t("weekly_log.submitted_zero" if view.zero else "weekly_log.submitted")
    end = t("weekly_log.closed" if closed else "weekly_log.until", moment=moment)
    st.success(f"**{said}** · {_took(desk, view.seconds)}  \n:small[{_flat(end)}]", icon=":material/check_circle:")
    if not view.zero:
        _sums(desk, view)
        _things(desk, view)
    year = view.week.monday.year
    cost = t("weekly_log.year_cost", year=year, n=-(-view.year_seconds // 60))
    notes = (f":material/shield: {t('weekly_log.protected')}", f":material/timer: {cost}")
    st.markdown("  \n".join(f":small[:gray[{note}]]" for note in notes))
    if not closed:  # not in the bar: the second tap of a double tap on "submit" would hit it
        st.button(t("weekly_log.reopen"), width="stretch", key="reopen", on_click=desk.edit, args=(True,))
    if view.correction is not None and not closed and st.button(t("weekly_log.corrected"), width="stretch", key="corrected"):
        if desk.page.do(corrections.done, week=desk.week) is not None:
            st.rerun()
        desk.page.show_problem("week")


def bar(desk: Desk, view: VillageWeek) -> None:
    """The bar's line: which week, how much, submitted when."""
    t = desk.t
    count = t("weekly_log.nothing") if view.zero else t("weekly_log.count", n=view.count)
    mark = ""
    if view.submitted_at is not None:
        time = _flat(t("weekly_log.submitted_at", time=desk.time(view.submitted_at)))
        mark = f"  \n:small[:green[:material/check_circle: {time}]]"
    st.markdown(f"**{words.week_name(t, desk.week)} · {count}**{mark}")


def _sums(desk: Desk, view: VillageWeek) -> None:
    t = desk.t
    efforts = [(row.kind, row.effort) for row in view.rows if row.effort is not None]
    hours = sum(effort.people * (effort.minutes + effort.travel_minutes) for _, effort in efforts) / 60
    sums = [(kind, sum(effort.copies for one, effort in efforts if one == kind)) for kind in LOGGED_KINDS]
    units = {Kind.FORM: "copies_sum"}
    cells = [(t(f"weekly_log.sum.{kind}"), t(f"weekly_log.{units.get(kind, 'times')}", n=n)) for kind, n in sums]
    parts = [t("weekly_log.total_hours", n=t.number(hours, 1).removesuffix(".0"))]
    parts += [t("weekly_log.joined_n", n=len(view.joined))] if view.joined else []
    parts += [t("weekly_log.left_n", n=len(view.left))] if view.left else []
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in cells)
    st.html(f'<div class="sums"><dl>{items}</dl><p>{escape(" · ".join(parts))}</p></div>')  # st.metric loads the charts


def _things(desk: Desk, view: VillageWeek) -> None:
    """What was logged, thing by thing, to be read only: the paper that says what the village reported."""
    t = desk.t
    days = []
    for day in desk.week.days:
        heading = f"<b>{escape(t.weekday(day))}</b> <span>{escape(t.day(day))}</span>"
        days.append((heading, [_thing(desk, row) for row in view.rows if row.day == day]))
    moves = [("joined", group) for group in view.joined] + [("left", group) for group in view.left]
    groups = [_line(t(f"weekly_log.{move}"), words.group_name(t, group)) for move, group in moves]
    days.append((f"<b>{escape(t('weekly_log.groups'))}</b>", groups))
    blocks = "".join(f'<h2 class="day">{day}</h2><ul>{"".join(lines)}</ul>' for day, lines in days if lines)
    if not blocks:
        return
    with st.container() if view.count <= SHORT else st.expander(t("weekly_log.things", n=view.count)):
        st.html(f'<div class="things">{blocks}</div>')


def _thing(desk: Desk, row: Row) -> str:
    t = desk.t
    facts = [t("weekly_log.emergency")] if row.emergency else []
    facts += [words.length(t, row.effort.minutes)] if row.effort else []
    return _line(t(f"kind.{row.kind}"), words.title(t, row), facts)


def _line(tag: str, name: str, facts: Iterable[str] = ()) -> str:
    return f"<li><i>{escape(tag)}</i> <b>{escape(name)}</b> <span>{escape(' · '.join(facts))}</span></li>"


def _took(desk: Desk, seconds: int) -> str:
    if seconds < 100:
        return desk.t("weekly_log.took_seconds", n=seconds)
    return desk.t("weekly_log.took_minutes", m=seconds // 60, s=seconds % 60)


def _flat(text: str) -> str:
    """A time of day must not be read as the end of a colour directive."""
    return text.replace(":", "\\:")
