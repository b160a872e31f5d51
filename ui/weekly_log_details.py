"""The rare fields of a row: length, travel, people, copies, what was demanded, its name. One dialog, open for one row."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from models.rules.entry import Effort, Naming
from models.rules.errors import Conflict
from models.rules.measure import CalledAs, Demand, Kind
from services.actions import groups, weekly_logs
from services.log.week_view import Group, Row, VillageWeek
from ui import weekly_log_words as words
from ui.plain import plain
from ui.weekly_log_desk import Desk

OTHER = -1  # the chip that opens a field for minutes
TRAVEL = (0, 30, 60, 120)
FEW = (1, 2, 3, 4)
QUIET: dict[str, Any] = {"on_change": "ignore", "width": "stretch"}


def open_(row_key: str) -> None:
    """Opens the dialog for a row, with fields of its own: a run number makes their keys new each time."""
    st.session_state["log_refused"] = None
    st.session_state["log_details"] = row_key
    st.session_state["log_details_run"] = st.session_state.get("log_details_run", 0) + 1


def close() -> None:
    """Closes it."""
    st.session_state["log_details"] = None


def close_gone(view: VillageWeek) -> None:
    """Closes it when its row is no longer there: another phone took it out. What was refused is then told above the list."""
    wanted = st.session_state.get("log_details")
    if wanted is not None and wanted not in {*(row.key for row in view.rows), *(f"j{one.holding_id}" for one in view.joined)}:
        close()
        if st.session_state.get("log_place") == "details":
            st.session_state["log_place"] = "rows"


def draw(desk: Desk, view: VillageWeek) -> None:
    """The dialog, if a row is open."""
    wanted = st.session_state.get("log_details")
    body = _body(desk, view, wanted) if wanted is not None else None
    if body is None:
        return

    @st.dialog(desk.t("weekly_log.edit"), on_dismiss=partial(_left, desk, str(wanted)))
    def dialog() -> None:
        if st.session_state.get("log_details") != wanted:
            st.rerun()
        body()

    dialog()


def _left(desk: Desk, key: str) -> None:
    """Closed beside Done: with the cross, by a slip of the thumb. What was changed is saved as with Done; what has just been
    refused, and was not changed since, is given up.
    """
    k = _keys(key)
    shown = st.session_state.get(k("seen"))
    if shown is None or _told(shown, k) in (_stored(shown), st.session_state.get("log_refused")):
        close()
    elif isinstance(shown, Row):
        _save(desk, shown, k)
    else:
        _save_group(desk, shown, k)


def pending_conflict(desk: Desk, view: VillageWeek) -> tuple[Row, Effort, Effort] | None:
    """Row, this phone's value and the stored one, while the recorder has not chosen."""
    label, row_key, mine, _ = st.session_state.get("log_conflict") or ("", "", None, None)
    row = next((one for one in view.rows if one.key == row_key), None)
    if label != desk.week.label or row is None or row.effort is None or mine in (None, row.effort):
        return None
    return row, mine, row.effort


def resolve(desk: Desk, row: Row, chosen: Effort, seen: Effort) -> None:
    """Keeps the chosen effort, and the name that was typed with this phone's."""
    *_, naming = st.session_state.get("log_conflict") or (None,)
    st.session_state["log_conflict"] = None
    _change(desk, "rows", row, chosen, seen, naming or (row.naming, row.naming))


def _body(desk: Desk, view: VillageWeek, key: str) -> Callable[[], None] | None:
    row = next((one for one in view.rows if one.key == key), None)
    if row is not None:
        return lambda: _event(desk, row)
    group = next((one for one in view.joined if f"j{one.holding_id}" == key), None)
    return (lambda: _group(desk, group)) if group is not None else None


def _event(desk: Desk, row: Row) -> None:
    t, k = desk.t, _keys(row.key)
    row = st.session_state.setdefault(k("seen"), row)  # what this phone showed first: a redraw must not pass for having seen
    effort = _stored(row)[0]
    day = f"{t.weekday(row.day)} {t.day(row.day)}"
    facts = " · ".join((day, t(f"kind.{row.kind}"), plain(words.department(t, row))))
    st.markdown(f"**{plain(words.title(t, row))}**  \n:small[:gray[{facts}]]")
    _way_out(desk, row, k)
    _length(desk, k, effort)
    _people(desk, k, row.kind, effort)
    st.pills(
        t("weekly_log.demands"), list(Demand), selection_mode="multi", default=[d for d in Demand if d in effort.demands],
        format_func=lambda demand: t(f"demand.{demand}"), key=k("grid_demands"), **QUIET,
    )  # fmt: skip
    desk.show_problem("details", "demands")
    _names(desk, k, row)
    desk.show_problem("details")
    st.button(t("weekly_log.done"), type="primary", width="stretch", key=k("done"), on_click=_save, args=(desk, row, k))


def _length(desk: Desk, k: Callable[[str], str], effort: Effort) -> None:
    t = desk.t
    known = effort.minutes in words.LENGTHS
    st.pills(
        t("weekly_log.how_long"), [*words.LENGTHS, OTHER], default=effort.minutes if known else OTHER, required=True,
        format_func=lambda m: t("weekly_log.other_length") if m == OTHER else words.length(t, m), key=k("grid_len"), **QUIET,
    )  # fmt: skip
    with st.container(key=k("more_len")):
        _number(t("weekly_log.other_minutes"), effort.minutes, 10, k("minutes"))
    desk.show_problem("details", "minutes")


def _people(desk: Desk, k: Callable[[str], str], kind: str, effort: Effort) -> None:
    t = desk.t
    if kind == Kind.MEETING:
        options = sorted({*TRAVEL, effort.travel_minutes})
        st.pills(
            t("weekly_log.travel"), options, default=effort.travel_minutes, required=True, key=k("grid_travel"),
            format_func=lambda m: words.length(t, m) if m else t("weekly_log.none"), **QUIET,
        )  # fmt: skip
        desk.show_problem("details", "travel_minutes")
    st.segmented_control(
        t(f"weekly_log.people.{kind}"), [*FEW, OTHER], default=effort.people if effort.people in FEW else OTHER, required=True,
        format_func=lambda n: t("weekly_log.more_people") if n == OTHER else str(n), key=k("strip_people"), **QUIET,
    )  # fmt: skip
    with st.container(key=k("more_people")):
        _number(t("weekly_log.other_people"), effort.people, 1, k("people"))
    desk.show_problem("details", "people")
    if kind == Kind.FORM:
        _number(t("weekly_log.copies"), effort.copies, 1, k("copies"))
        desk.show_problem("details", "copies")


def _number(label: str, value: int, step: int, key: str) -> None:
    """Takes what is typed as it is: a field for whole numbers would make 7 of 7.5, and nobody would know."""
    st.number_input(label, value=float(value), step=float(step), format="%g", key=key, **QUIET)


def _names(desk: Desk, k: Callable[[str], str], row: Row) -> None:
    """Name, what it was called, emergency: while no other village has the event; later only what is still blank."""
    t = desk.t
    if row.kind == Kind.INSPECTION and not (row.shared and row.called_as):
        st.pills(
            t("weekly_log.called_as"), list(CalledAs), default=row.called_as or None, key=k("grid_called"),
            format_func=lambda name: t(f"called_as.{name}"), **QUIET,
        )  # fmt: skip
        desk.show_problem("details", "called_as")
        _offer_theirs(desk, k, "called_as", "grid_called")
    if not (row.shared and row.title):
        st.text_input(t("weekly_log.title"), value=row.title, key=k("title"), **QUIET)
        desk.show_problem("details", "title")
        _offer_theirs(desk, k, "title", "title")
    if not row.shared:
        st.toggle(t("weekly_log.is_emergency"), value=row.emergency, key=k("emergency"), on_change="ignore")
        desk.show_problem("details", "emergency")
    st.caption(t("weekly_log.is_shared" if row.shared else "weekly_log.wrong_day"))


def _way_out(desk: Desk, shown: Row | Group, k: Callable[[str], str]) -> None:
    """How to leave without what was refused: the dialog must not be a trap. Near the cross, which is in sight."""
    refused = st.session_state.get("log_refused")
    if refused is not None and _told(shown, k) == refused:
        st.markdown(f":orange[:material/error: **{desk.t('weekly_log.leave_unsaved')}**]")


def _stored(shown: Row | Group) -> tuple[Any, ...]:
    """What the dialog was opened with."""
    return (shown.effort or Effort(shown.minutes), shown.naming) if isinstance(shown, Row) else (shown.name,)


def _told(shown: Row | Group, k: Callable[[str], str]) -> tuple[Any, ...]:
    """What now stands in its fields."""
    if isinstance(shown, Group):
        return (st.session_state[k("name")],)
    seen = _stored(shown)[0]
    effort = Effort(
        _chosen(k, "grid_len", "minutes"),
        st.session_state.get(k("grid_travel"), seen.travel_minutes),
        _chosen(k, "strip_people", "people"),
        st.session_state.get(k("copies"), seen.copies) or 0,
        frozenset(str(demand) for demand in st.session_state[k("grid_demands")]),
    )
    naming = Naming(
        st.session_state.get(k("title"), shown.title),
        str(st.session_state.get(k("grid_called"), shown.called_as) or ""),
        st.session_state.get(k("emergency"), shown.emergency),
    )
    return effort, naming


def _save(desk: Desk, row: Row, k: Callable[[str], str]) -> None:
    effort, naming = _told(row, k)
    st.session_state["log_refused"] = (effort, naming)
    _change(desk, "details", row, effort, _stored(row)[0], (naming, row.naming))


def _chosen(k: Callable[[str], str], chips: str, field: str) -> int:
    """The chip tapped, or what was typed behind the last one; an emptied field is no number and is refused as such."""
    chip: int = st.session_state[k(chips)]
    typed: int | None = st.session_state[k(field)]
    return chip if chip != OTHER else -1 if typed is None else typed


def _change(desk: Desk, place: str, row: Row, effort: Effort, seen: Effort, naming: tuple[Naming, Naming]) -> None:
    """Saves effort and naming (wanted, seen); two phones that differ in the effort are asked by the card above the list."""
    done = desk.do(
        place, weekly_logs.change_entry, ("weekly_log.saved_what", words.what(desk.t, row)), event_id=row.event_id, seen=seen,
        minutes=effort.minutes, travel_minutes=effort.travel_minutes, people=effort.people, copies=effort.copies,
        demands=effort.demands, naming=naming[0], seen_naming=naming[1],
    )  # fmt: skip
    conflict = desk.conflict()
    if conflict is not None and conflict.code == "entry_changed":
        st.session_state["log_conflict"] = (desk.week.label, row.key, effort, naming)
        st.session_state.pop("problem", None)
        close()
    elif conflict is not None and place == "details":
        _learn(desk, _keys(row.key)("seen"), row, conflict)
    elif done is not None:
        close()


def _learn(desk: Desk, key: str, shown: Row | Group, conflict: Conflict) -> None:
    """What the other phone has written is told at the field and counts as seen. What was typed here stays; tapped again, it
    holds.
    """
    field, theirs = str(conflict.field), str(conflict.params["theirs"])
    known: dict[str, Any] = {field: theirs}
    st.session_state[key] = replace(shown, **known)
    said = theirs and (desk.t(f"called_as.{theirs}") if field == "called_as" else theirs)
    conflict.params["theirs"] = said or desk.t("weekly_log.blank")
    st.session_state["log_theirs"] = (key, field, theirs, conflict.params["theirs"])


def _offer_theirs(desk: Desk, k: Callable[[str], str], field: str, widget: str) -> None:
    """Under a field on which two phones differ: one tap takes what the other one has written."""
    key, differs, theirs, said = st.session_state.get("log_theirs") or ("", "", "", "")
    if (key, differs) == (k("seen"), field) and (st.session_state.get(k(widget)) or "") != theirs:
        label = desk.t("weekly_log.take_theirs", theirs=plain(str(said)))
        theirs = theirs if field != "called_as" else theirs or None  # no chip at all
        st.button(label, key=k(f"theirs_{field}"), on_click=_take_theirs, args=(k(widget), theirs), width="stretch", wrap=True)


def _take_theirs(key: str, theirs: str | None) -> None:
    st.session_state[key] = theirs


def _group(desk: Desk, group: Group) -> None:
    t, k = desk.t, _keys(f"j{group.holding_id}")
    group = st.session_state.setdefault(k("seen"), group)
    st.markdown(f"**{plain(words.group_name(t, group))}**  \n:small[:gray[{plain(words.department(t, group))}]]")
    _way_out(desk, group, k)
    st.text_input(t("weekly_log.group_name"), value=group.name, key=k("name"), **QUIET)
    desk.show_problem("details")
    _offer_theirs(desk, k, "name", "name")
    st.button(t("weekly_log.done"), type="primary", width="stretch", key=k("done"), on_click=_save_group, args=(desk, group, k))


def _save_group(desk: Desk, group: Group, k: Callable[[str], str]) -> None:
    said = ("weekly_log.saved_what", desk.t("weekly_log.joined"))
    typed = st.session_state[k("name")]
    st.session_state["log_refused"] = (typed,)
    if desk.do("details", groups.rename, said, holding_id=group.holding_id, seen=group.name, name=typed):
        close()
    elif (conflict := desk.conflict()) is not None:
        _learn(desk, k("seen"), group, conflict)


def _keys(row_key: str) -> Callable[[str], str]:
    run = st.session_state.get("log_details_run", 0)
    return lambda name: f"{name}_{row_key}_{run}"
