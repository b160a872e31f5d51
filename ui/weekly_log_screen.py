"""The weekly log's screen: which week, then its list or its receipt, and the bar at the bottom."""

from datetime import timedelta
from html import escape

import streamlit as st

from models.rules.errors import AppError, InvalidInput, NotAllowedNow
from models.rules.schedule import LogState
from models.rules.week import Week
from services.log.week_view import ListedWeek, VillageWeek
from services.queries import weekly_logs
from ui import address, blocks, clock, weekly_log_receipt, weekly_log_rows, weekly_log_sheets
from ui import weekly_log_words as words
from ui.plain import plain
from ui.shell import Page
from ui.weekly_log_desk import Desk


def draw(page: Page) -> None:
    """Everything below the frame."""
    st.session_state.setdefault("log_opened_at", clock.now())
    weeks = page.read(weekly_logs.recent_weeks, as_of=page.as_of, today=page.today)
    week, problem = _asked_week(page)
    desk = Desk(page, week)
    view = desk.view()
    _header(desk, view, weeks)
    if st.query_params.get("sheets"):
        _sheets(page)
        return
    if problem is not None:
        st.warning(page.t(f"error.{problem.code}", **problem.params), icon=":material/event_busy:")
    _late(desk, weeks)
    if view.correction is not None and not desk.is_closed(view):
        moment = words.until(page.t, view.closes_at)
        st.info(page.t("weekly_log.correcting", reason=plain(view.correction), moment=moment), icon=":material/edit_calendar:")
    if not view.reports:
        st.info(page.t("weekly_log.not_a_point"), icon=":material/info:")
    elif desk.is_closed(view) or (view.state == LogState.SUBMITTED and not desk.is_editing):
        weekly_log_receipt.draw(desk, view)
        with st.bottom, st.container(key="bar"):
            weekly_log_receipt.bar(desk, view)
    else:
        _list(desk, view)
    st.button(
        page.t("sheets.open"), icon=":material/signal_cellular_off:", type="tertiary", key="sheets_open", width="stretch",
        on_click=address.put, args=("sheets", "1"),
    )  # fmt: skip


def _sheets(page: Page) -> None:
    """What to do where there is no signal, instead of the list."""
    from ui import log_sheets_screen  # brings what reads spreadsheets along, so only where it is wanted

    st.button(
        page.t("sheets.back"), icon=":material/arrow_back:", key="sheets_close", on_click=address.put, args=("sheets", None)
    )
    st.html(blocks.section(page.t("sheets.title"), page.t("sheets.sub")))
    log_sheets_screen.show(page)


def _list(desk: Desk, view: VillageWeek) -> None:
    with st.bottom:
        _unheard(desk.page)
        openers = st.container(horizontal=True, wrap=False, gap="xsmall", key="openers")
        bar = st.container(horizontal=True, wrap=False, vertical_alignment="center", key="bar")
    desk.page.fragment(weekly_log_rows.draw)(desk, bar)
    with openers:
        weekly_log_sheets.draw(desk, view)
    _asks_when_reconnected()


def _unheard(page: Page) -> None:
    """A sentence that shows by itself when the connection is gone, for no server can send it then."""
    with st.container(key="unheard"):
        st.html(f'<p role="status">{escape(page.t("weekly_log.cut"))}</p>')


@st.fragment(run_every=timedelta(days=1))
def _asks_when_reconnected() -> None:
    """Draws nothing. A browser whose server was started anew asks it for the screen only where something runs by the clock;
    else a box ticked while nobody heard it would stay ticked and not be stored.
    """


def _asked_week(page: Page) -> tuple[Week, AppError | None]:
    """The week in the address, else this one; and why the address cannot be followed."""
    current = Week.of(page.today)
    asked = st.query_params.get("week")
    if not asked:
        return current, None
    try:
        week = Week.parse(asked)
    except InvalidInput as error:
        return current, error
    return (current, NotAllowedNow("week_future")) if week > current else (week, None)


def _header(desk: Desk, view: VillageWeek, weeks: tuple[ListedWeek, ...]) -> None:
    t = desk.t
    place = " ".join((t.name(view.place.township, view.place.township_en), t.name(view.place.village, view.place.village_en)))
    others = [one for one in weeks if one.week != desk.week]
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small", key="log_header"):
        heading = f"<b>{escape(words.week_name(t, desk.week))}</b> {escape(t.week(desk.week))}"
        st.html(f'<div class="week"><h1>{heading}</h1><p>{escape(place)}</p></div>', width="stretch")
        if others:
            with st.popover(t("weekly_log.switch"), key=f"log_weeks_{desk.week.label}"), st.container(gap="xsmall"):
                for one in others:
                    st.button(
                        _week_label(desk, one), key=f"week_{one.week.label}", on_click=_switch, args=(desk, one.week),
                        width="stretch", wrap=True,
                    )  # fmt: skip


def _late(desk: Desk, weeks: tuple[ListedWeek, ...]) -> None:
    """An earlier week that can still be submitted is said out loud: it is in nobody's mind."""
    for one in weeks:
        elsewhere = one.week not in (Week.of(desk.page.today), desk.week)
        if elsewhere and not one.closed and one.state != LogState.SUBMITTED:
            label = desk.t("weekly_log.late", week=words.week_name(desk.t, one.week), moment=words.until(desk.t, one.closes_at))
            st.button(
                f":orange[:material/history: {label.replace(':', chr(92) + ':')}]", key=f"late_{one.week.label}",
                on_click=_switch, args=(desk, one.week), width="stretch", wrap=True,
            )  # fmt: skip


def _week_label(desk: Desk, one: ListedWeek) -> str:
    t = desk.t
    name = t("weekly_log.this_week") if one.week == Week.of(desk.page.today) else words.week_name(t, one.week)
    state = t(f"weekly_log.state.{one.state or 'none'}")
    if one.closed:
        state = t("weekly_log.state.closed" if one.state == LogState.SUBMITTED else "weekly_log.state.closed_missing")
    return f"**{name}** {t.week(one.week)}  \n:small[{state}]"


def _switch(desk: Desk, week: Week) -> None:
    """Shows another week; the current one needs no address. Days chosen in a sheet were of the week before."""
    weekly_log_sheets.start_anew()
    if week == Week.of(desk.page.today):
        st.query_params.pop("week", None)
    else:
        st.query_params["week"] = week.label
