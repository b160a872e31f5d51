"""The list of a week by day, and the bar below it: a fragment, so that a tick sends only the rows and the bar."""

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.rules.entry import Effort
from models.rules.schedule import LogState
from services.actions import groups, repeats, weekly_logs
from services.log.week_view import Group, Row, VillageWeek
from ui import reconnect
from ui import weekly_log_details as details
from ui import weekly_log_sheets as sheets
from ui import weekly_log_words as words
from ui.plain import plain
from ui.weekly_log_desk import Desk, draw_keeper, draw_shown, draw_shown_before

WORTH_A_BUTTON = 2  # things that came last week too
READABLE = 15  # offers; more are folded: the list must be read in one or two swipes


def draw(desk: Desk, bar: DeltaGenerator) -> None:
    """Rows and bar. When the week's state has changed, the whole screen is drawn again."""
    view = desk.view()
    desk.saw(view.version)
    is_back = draw_keeper()
    logged = {row.key for row in view.rows}
    details.close_gone(view)
    is_read_only = desk.is_closed(view) or (view.state == LogState.SUBMITTED and not desk.is_editing)
    if is_read_only or st.session_state.pop("log_redraw", False):
        st.rerun()
    shown, folded = _rows(desk, view)
    if is_back:
        _take_up(desk, shown, logged)
    _notes(desk, view, bool(shown))
    desk.show_problem("rows")
    _conflict(desk, view)
    _repeats(desk, view)
    for day in desk.week.days:
        _day(desk, day, [row for row in shown if row.day == day], logged)
    if folded:
        label = desk.t("weekly_log.more_rows", n=folded)
        st.button(label, key="log_unfold", width="stretch", on_click=_unfold, args=(desk,))
    _groups(desk, view)
    draw_shown(desk.week, sorted(logged))
    details.draw(desk, view)
    with bar:
        _bar(desk, view, len(shown) - len(view.rows))


def tick(desk: Desk, row: Row, key: str) -> None:
    """Saves what the box now says. Rows take no taps while a sheet is open: one that was begun has been left."""
    if sheets.is_begun(desk):
        sheets.start_anew()
        st.session_state["log_redraw"] = True  # sheets are outside of this fragment
    what = words.what(desk.t, row)
    if not st.session_state[key]:
        _untick(desk, row, what)
        return
    said = ("weekly_log.saved_what", what)
    if row.event_id is None:
        desk.do(
            "rows", weekly_logs.add_event, said, kind=row.kind, department_code=row.department_code, day=row.day,
            minutes=row.minutes, title=row.title, called_as=row.called_as, request_id=row.token(desk.week), seen=desk.seen,
        )  # fmt: skip
        return
    kept = row.effort or Effort(row.minutes)
    done = desk.do(
        "rows", weekly_logs.join_event, said, event_id=row.event_id, request_id=row.token(desk.week), minutes=kept.minutes,
        travel_minutes=kept.travel_minutes, people=kept.people, copies=kept.copies, demands=kept.demands,
    )  # fmt: skip
    if done is not None:
        desk.unticked.pop(row.event_id, None)


def _untick(desk: Desk, row: Row, what: str) -> None:
    removed = ("weekly_log.removed_what", what)
    if row.event_id is None:
        return
    if desk.do("rows", weekly_logs.remove_entry, removed, event_id=row.event_id, seen=row.effort):
        desk.unticked[row.event_id] = row
    elif (conflict := desk.conflict()) is not None and isinstance(theirs := conflict.params.get("theirs"), Effort):
        conflict.params["theirs"] = words.effort(desk.t, row.kind, theirs)


def tick_group(desk: Desk, group: Group, joined: bool) -> None:
    """Takes back a join or a leave of this week."""
    removed = ("weekly_log.removed_what", desk.t("weekly_log.joined" if joined else "weekly_log.left"))
    if joined:
        desk.do("rows", groups.forget, removed, request_id=group.request_id, seen=group.name)
    else:
        desk.do("rows", groups.stay, removed, holding_id=group.holding_id)


def _rows(desk: Desk, view: VillageWeek) -> tuple[list[Row], int]:
    """Logged rows, offers, and what was just unticked; and how many weak offers are folded away."""
    offers = desk.offers()
    folded = 0
    if len(offers) > READABLE and not st.session_state.get(f"log_unfold_{desk.week.label}"):
        strongest = sorted(offers, key=lambda row: row.strength, reverse=True)
        folded = len(offers) - READABLE
        offers = tuple(row for row in offers if row in strongest[:READABLE])
    known = {row.event_id for row in (*view.rows, *offers)}
    habits = {(row.kind, row.department_code, row.title) for row in offers if row.event_id is None}
    unticked = [
        row
        for row in desk.unticked.values()
        if row.event_id not in known and (row.kind, row.department_code, row.title) not in habits
    ]
    return [*view.rows, *offers, *unticked], folded


def _repeats(desk: Desk, view: VillageWeek) -> None:
    """One tap for what this village logged last week too; a single row is one tap anyway."""
    again = sum(row.repeats for row in desk.offers())
    if again < WORTH_A_BUTTON or view.state == LogState.SUBMITTED:
        return
    label = desk.t("weekly_log.repeat", n=again)
    st.button(label, icon=":material/event_repeat:", key="log_repeat", width="stretch", on_click=_repeat, args=(desk,))


def _repeat(desk: Desk) -> None:
    desk.do("rows", repeats.take, ("weekly_log.saved_what", desk.t("weekly_log.repeated")))


def _unfold(desk: Desk) -> None:
    st.session_state[f"log_unfold_{desk.week.label}"] = True


def _notes(desk: Desk, view: VillageWeek, anything: bool) -> None:
    if st.session_state.get("log_reverted") == desk.week.label and view.state == LogState.DRAFT:
        st.warning(desk.t("weekly_log.reverted"), icon=":material/undo:")
    if view.state == LogState.SUBMITTED:
        st.markdown(f":gray[{desk.t('weekly_log.hint_submitted')}]")
    elif anything or view.count:
        st.markdown(f":gray[{desk.t('weekly_log.hint')}]")
    else:
        st.info(desk.t("weekly_log.hint_empty_early" if desk.is_early else "weekly_log.hint_empty"), icon=":material/inbox:")


def _day(desk: Desk, day: date, rows: Sequence[Row], logged: set[str]) -> None:
    if not rows:
        return
    order = {"meeting": 0, "inspection": 1, "form": 2}
    today = f" · {desk.t('weekly_log.today')}" if day == desk.page.today else ""
    with st.container(gap="xsmall"):
        st.html(f'<h2 class="day"><b>{escape(desk.t.weekday(day))}</b> <span>{escape(desk.t.day(day) + today)}</span></h2>')
        with st.container(border=True, gap=None, key=f"card_{day.isoformat()}"):
            for row in sorted(rows, key=lambda one: (order[one.kind], one.event_id or 0, one.key)):
                _row(desk, row, row.key in logged)


def _row(desk: Desk, row: Row, logged: bool) -> None:
    key = f"tick_{desk.week.label}_{row.key}"
    _set_once(key, logged)
    with _line(f"row_{row.key}"):
        st.checkbox(words.row_label(desk.t, row), key=key, on_change=tick, args=(desk, row, key), width="stretch", wrap=True)
        if logged and row.effort:
            st.button(
                _heard(words.length(desk.t, row.effort.minutes), words.title(desk.t, row)), key=f"edit_{row.key}",
                type="tertiary", icon=":material/chevron_right:", icon_position="right", on_click=details.open_, args=(row.key,),
            )  # fmt: skip


def _groups(desk: Desk, view: VillageWeek) -> None:
    moves = [(group, True) for group in view.joined] + [(group, False) for group in view.left]
    if not moves:
        return
    with st.container(gap="xsmall"):
        st.html(f'<h2 class="day"><b>{escape(desk.t("weekly_log.groups"))}</b></h2>')
        with st.container(border=True, gap=None, key="card_groups"):
            for group, joined in moves:
                _group(desk, group, joined)


def _group(desk: Desk, group: Group, joined: bool) -> None:
    name = f"{'j' if joined else 'l'}{group.holding_id}"
    key = f"tick_{desk.week.label}_{name}"
    _set_once(key, True)
    with _line(f"row_{name}"):
        label = words.group_label(desk.t, group, joined=joined)
        st.checkbox(label, key=key, on_change=tick_group, args=(desk, group, joined), width="stretch", wrap=True)
        if joined:
            st.button(
                _heard(desk.t("weekly_log.edit"), words.group_name(desk.t, group)), key=f"edit_{name}", type="tertiary",
                icon=":material/chevron_right:", icon_position="right", on_click=details.open_, args=(name,),
            )  # fmt: skip


def _heard(label: str, name: str) -> str:
    """A row's button; its small print is only for screen readers, to whom all of them would sound alike."""
    return f"{label} :small[{plain(name)}]"


def _line(key: str) -> DeltaGenerator:
    return st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall", key=key)


def _take_up(desk: Desk, rows: Sequence[Row], logged: set[str]) -> None:
    """Boxes ticked while no server heard it are saved now: ticked in the browser, though neither the last server had shown them
    so nor the week has them. An untick is not taken up: what it takes away may have been changed meanwhile.
    """
    boxes = [(row, f"tick_{desk.week.label}_{row.key}") for row in rows]
    ticked = [(row, key) for row, key in boxes if st.checkbox(words.row_label(desk.t, row), key=key, width="stretch", wrap=True)]
    before = draw_shown_before(desk.week)
    for row, key in ticked:
        if before is not None and row.key not in before | logged:
            tick(desk, row, key)
            reconnect.tap_found()
    st.rerun()


def _set_once(key: str, stored: bool) -> None:
    """The box shows what is stored. Written only where it differs (refused, or changed on another phone): a box written on
    every run would undo a tap that is still on its way.
    """
    if st.session_state.get(key) is not stored:
        st.session_state[key] = stored


def _conflict(desk: Desk, view: VillageWeek) -> None:
    """Two phones: both values, one tap."""
    pending = details.pending_conflict(desk, view)
    if pending is None:
        return
    row, mine, theirs = pending
    with st.container(border=True, key="conflict", gap="small"):
        st.markdown(f":orange[:material/sync_problem:] **{desk.t('weekly_log.conflict')}**  \n{plain(words.title(desk.t, row))}")
        with st.grid(2, min_column_width=100, gap="xsmall"):
            for who, value in (("mine", mine), ("theirs", theirs)):
                label = f"**{words.effort(desk.t, row.kind, value)}**  \n:small[{desk.t(f'weekly_log.{who}')}]"
                args = (desk, row, value, theirs)
                st.button(label, key=f"take_{who}", on_click=details.resolve, args=args, width="stretch", wrap=True)


def _bar(desk: Desk, view: VillageWeek, offered: int) -> None:
    t, waiting = desk.t, details.pending_conflict(desk, view) is not None
    mark = f":orange[:material/error: {t('weekly_log.choose_first')}]" if waiting else f":gray[{_saved_mark(desk, view)}]"
    count = t("weekly_log.nothing") if view.zero else t("weekly_log.count", n=view.count)
    st.markdown(f"**{words.week_name(t, desk.week)} · {count}**  \n:small[{mark}]", width="stretch")
    if view.state == LogState.SUBMITTED:
        st.button(t("weekly_log.back"), type="primary", key="log_back", disabled=waiting, on_click=desk.edit, args=(False,))
    elif desk.is_early:
        st.button(t("weekly_log.from_friday"), key="log_early", disabled=True)
    elif view.count:
        st.button(t("weekly_log.submit"), type="primary", key="log_submit", disabled=waiting, on_click=_submit, args=(desk,))
    else:
        with st.popover(t("weekly_log.nothing"), type="secondary" if offered else "primary", key="log_nothing"):
            ask = t("weekly_log.nothing_ask_offered", n=offered) if offered else t("weekly_log.nothing_ask")
            st.markdown(f"**{ask}**")
            yes = t("weekly_log.nothing_yes")
            st.button(yes, type="primary", width="stretch", key="log_submit_nothing", on_click=_submit_zero, args=(desk,))


def _saved_mark(desk: Desk, view: VillageWeek) -> str:
    icon = ":material/cloud_done: " if view.saved_at else ""
    return icon + plain(desk.remark(view)).replace("\\:", ":")


def _submit(desk: Desk) -> None:
    if desk.do("rows", weekly_logs.submit):
        desk.edit(False)


def _submit_zero(desk: Desk) -> None:
    if desk.do("rows", weekly_logs.submit_zero):
        desk.edit(False)
