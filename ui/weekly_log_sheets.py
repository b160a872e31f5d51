"""What is added by hand: four sheets that open upwards from the bottom of the screen without asking the server.

All choices travel with the last tap, which saves; the sheet is then replaced by a blank one (a new token in its keys), so
it closes by itself, and a second tap on the old one finds nothing to save twice. A sheet that was closed half-filled keeps
what was chosen, for the thumb may have slipped; once something else was logged it starts blank. Only the browser knows that
a sheet is open: asking for it would cost a server run each time.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from models.rules.measure import LOGGED_KINDS
from services.actions import groups, weekly_logs
from services.log.week_view import Choices, VillageWeek
from services.queries import weekly_logs as weekly_log_queries
from ui import weekly_log_words as words
from ui.plain import plain
from ui.weekly_log_desk import Desk, next_tokens, request_id, token

MORE = "more"
SHEETS = (*LOGGED_KINDS, "group")
QUIET: dict[str, Any] = {"on_change": "ignore", "width": "stretch"}


def draw(desk: Desk, view: VillageWeek) -> None:
    """The four openers."""
    choices = desk.page.read(weekly_log_queries.departments, week=desk.week)
    for kind in LOGGED_KINDS:
        _sheet(desk, kind, choices)
    _group_sheet(desk, view, choices)


def add(desk: Desk, kind: str, minutes: int, sheet_token: str) -> None:
    """The last tap of a sheet. A token that is no longer the sheet's belongs to a second tap: already saved."""
    st.session_state["log_heard"] = True
    if sheet_token != token(kind):
        return
    day = st.session_state.get(f"strip_{kind}_{sheet_token}")
    code = _chosen(desk, kind, sheet_token)
    st.session_state["log_missing"] = None if day and code else (kind, "department" if day else "day")
    if not (day and code):
        return
    what = desk.t.weekday(date.fromisoformat(day)) + ("" if desk.t.chinese else " ") + desk.t(f"kind.{kind}")
    done = desk.do(
        kind, weekly_logs.add_event, ("weekly_log.saved_what", what), kind=kind, department_code=code,
        day=date.fromisoformat(day), minutes=minutes, request_id=request_id(sheet_token, code, day), seen=desk.seen,
    )  # fmt: skip
    if done is not None:
        start_anew()


def join(desk: Desk, sheet_token: str, widget: str) -> None:
    """A department was tapped: the village was put into a group of it."""
    code = st.session_state.get(f"{widget}_join_{sheet_token}")
    if sheet_token != token("group") or code in (None, MORE):
        return
    _join(desk, f"{widget}_join_{sheet_token}", sheet_token, code, "")


def join_offered(desk: Desk, sheet_token: str) -> None:
    """A group of the neighbours was tapped: the village is in it too, under the same name."""
    chosen = st.session_state.get(f"grid_offer_{sheet_token}")
    if sheet_token != token("group") or chosen is None:
        return
    _join(desk, f"grid_offer_{sheet_token}", sheet_token, *chosen)


def leave(desk: Desk, sheet_token: str) -> None:
    """A group was tapped: the village is out of it."""
    holding_id = st.session_state.get(f"grid_leave_{sheet_token}")
    if sheet_token != token("group") or holding_id is None:
        return
    said = ("weekly_log.saved_what", desk.t("weekly_log.left"))
    if desk.do("group", groups.leave, said, holding_id=holding_id, day=desk.days()[-1]):
        start_anew()


def start_anew() -> None:
    """All sheets blank and closed, at the next drawing of the whole screen."""
    st.session_state["log_missing"] = None
    next_tokens()


def is_begun(desk: Desk) -> bool:
    """Whether something was chosen in a sheet and not saved."""
    default, session = _default_day(desk), st.session_state
    for sheet in SHEETS:
        n = token(sheet)
        if session.get(f"strip_{sheet}_{n}", default) != default:
            return True
        if any(session.get(f"{name}_{n}") is not None for name in (f"grid_{sheet}", f"more_{sheet}")):
            return True
    return session.get(f"grid_join_{token('group')}") is not None


def _join(desk: Desk, widget: str, sheet_token: str, code: str, name: str) -> None:
    done = desk.do(
        "group", groups.join, ("weekly_log.saved_what", desk.t("weekly_log.joined")), department_code=code, day=desk.days()[-1],
        name=name, request_id=request_id(sheet_token, code, name), seen=desk.seen,
    )  # fmt: skip
    if done is not None:
        start_anew()
    elif desk.conflict() is not None:
        st.session_state[widget] = None  # so that it can be tapped again


def _default_day(desk: Desk) -> str | None:
    today = desk.page.today
    return today.isoformat() if today in desk.days() else None


def _sheet(desk: Desk, kind: str, choices: Choices) -> None:
    t, n = desk.t, token(kind)
    days = [day.isoformat() for day in desk.days()]
    label = t(f"kind.{kind}")
    with _opener(label, kind, n), st.container(gap="small"):
        st.segmented_control(
            t(f"weekly_log.when.{kind}"), days, default=_default_day(desk),
            format_func=lambda day: words.short_day(t, date.fromisoformat(day)), key=f"strip_{kind}_{n}", **QUIET,
        )  # fmt: skip
        desk.show_problem(kind, "day")
        _departments(desk, t(f"weekly_log.who.{kind}"), kind, n, choices, QUIET)
        desk.show_problem(kind, "department")
        with st.container(gap="xsmall"):
            missing = st.session_state.get("log_missing") or ("", "")
            if missing[0] == kind:
                st.markdown(f":orange[:material/error: **{t(f'weekly_log.pick_{missing[1]}')}**]")
            else:
                st.markdown(f"**{t(f'weekly_log.long.{kind}')}** :small[({t('weekly_log.tap_saves')})]")
            desk.show_problem(kind)
            with st.grid(3, min_column_width=105 if t.large else 70, gap="xsmall"):
                for minutes in words.LENGTHS:
                    label, key, args = words.length(t, minutes), f"min_{kind}_{minutes}_{n}", (desk, kind, minutes, n)
                    pressed = st.button(label, key=key, on_click=add, args=args, width="stretch", wrap=True)
                    if pressed and not st.session_state.pop("log_heard", False):  # the first a restarted server hears
                        add(*args)
                        st.rerun()


def _opener(label: str, sheet: str, n: str) -> DeltaGenerator:
    return st.popover(label, icon=":material/add:", width="stretch", key=f"open_{sheet}_{n}")


def _departments(
    desk: Desk,
    question: str,
    name: str,
    n: str,
    choices: Choices,
    on_pill: dict[str, Any],
    then: Callable[[], None] = lambda: None,
) -> None:
    """The usual eight as chips; Other… shows the whole list, which is searched by name or initials.

    The list takes any text, or the browser would keep what is not in it in the field as if it were chosen, and say nothing.
    """
    t = desk.t
    usual = {one.code: t.name(one.name, one.name_en) for one in choices.usual}
    st.pills(
        question,
        [*usual, MORE],
        format_func=lambda code: usual.get(code, t("weekly_log.more")),
        key=f"grid_{name}_{n}",
        **on_pill,
    )
    every, key = {one.code: words.choice(t, one) for one in choices.every}, f"more_{name}_{n}"
    with st.container(gap="xsmall", key=f"more_box_{name}_{n}"):
        typed = st.selectbox(
            t("weekly_log.more_label"), list(every), index=None, placeholder=t("weekly_log.more_hint"), filter_mode="contains",
            format_func=lambda code: every.get(code, code), key=key, label_visibility="collapsed", accept_new_options=True,
            on_change=_pick, args=(every, key, then),
        )  # fmt: skip
        if typed is not None and typed not in every:
            said = "several" if _meant(typed, every) else "not_listed"
            st.markdown(f":orange[:material/error: **{t(f'weekly_log.{said}', name=plain(typed))}**]")


def _pick(every: Mapping[str, str], key: str, then: Callable[[], None]) -> None:
    """What was typed is the department it can only mean; if there is none, or several, it stays as typed."""
    typed = st.session_state.get(key)
    if typed is not None and typed not in every:
        meant = _meant(typed, every)
        if len(meant) != 1:
            return
        st.session_state[key] = meant[0]
    then()


def _meant(typed: str, every: Mapping[str, str]) -> list[str]:
    return [code for code, name in every.items() if typed.strip().casefold() in name.casefold()]


def _group_sheet(desk: Desk, view: VillageWeek, choices: Choices) -> None:
    t, n = desk.t, token("group")
    with _opener(t("weekly_log.group"), "group", n), st.container(gap="small"):
        offered = {(one.department_code, one.name): plain(words.offered_group(t, one)) for one in desk.offered_groups()}
        if offered:
            st.pills(
                t("weekly_log.offer_question"), list(offered), format_func=offered.__getitem__, key=f"grid_offer_{n}",
                on_change=join_offered, args=(desk, n), width="stretch",
            )  # fmt: skip
        pill: dict[str, Any] = {"on_change": join, "args": (desk, n, "grid"), "width": "stretch"}
        _departments(desk, t("weekly_log.join_question"), "join", n, choices, pill, lambda: join(desk, n, "more"))
        desk.show_problem("group")
        names = {group.holding_id: words.group_name(t, group) for group in view.groups}
        if not names:
            st.caption(t("weekly_log.no_groups"))
            return
        st.pills(
            t("weekly_log.leave_question"), list(names), format_func=names.__getitem__, key=f"grid_leave_{n}",
            on_change=leave, args=(desk, n), width="stretch",
        )  # fmt: skip


def _chosen(desk: Desk, name: str, n: str) -> str | None:
    """The department chosen, or None: also while the field holds a text that is none."""
    code: str | None = st.session_state.get(f"grid_{name}_{n}")
    if code != MORE:
        return code
    listed = desk.page.read(weekly_log_queries.departments, week=desk.week).every
    typed: str | None = st.session_state.get(f"more_{name}_{n}")
    return typed if typed in {one.code for one in listed} else None
