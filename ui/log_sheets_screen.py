"""Where there is no signal: sheets to take along, on paper too, and to bring back, with what they would change before they do.

For a village on its weekly log, for a township on Points. Loaded only when it is opened.
"""

from html import escape
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from services.access import Permission
from services.actions import log_sheets as actions
from services.queries import log_sheets
from services.queries.log_sheets import Offer
from services.sheets.cells import Judged, RowState
from services.sheets.planning import Plan, SheetPlan
from ui import blocks
from ui import log_sheets_words as words
from ui.plain import plain
from ui.shell import Page

CHOICES = "sheets_choices"  # "village/week/question" → "mine" or "theirs", of the files that are being looked at


def offered(page: Page) -> None:
    """For a township: one line, and the rest when it is wanted."""
    if not page.actor.can(Permission.FILL_SHEETS):
        return
    t = page.t
    st.html(blocks.section(t("sheets.title"), t("sheets.sub_township")))
    if st.toggle(t("sheets.open_township"), key="sheets_open"):
        show(page)


def show(page: Page) -> None:
    """First to take along, then to bring back."""
    t = page.t
    if done := st.session_state.pop("sheets_done", None):
        st.success(done, icon=":material/check_circle:")
    offer = page.read(log_sheets.offer, as_of=page.as_of, today=page.today)
    if not offer.villages:
        st.html(blocks.nothing(t("sheets.none")))
        return
    _take(page, offer)
    _bring(page)


def _take(page: Page, offer: Offer) -> None:
    """Which weeks, which villages, and the two files."""
    t = page.t
    st.html(blocks.section(t("sheets.take"), t("sheets.take_sub")))
    weeks = list(offer.weeks[:1])
    if len(offer.weeks) > 1:
        weeks = st.pills(
            t("sheets.weeks"), offer.weeks, selection_mode="multi", default=offer.weeks[:1], key="sheets_weeks", wrap=True,
            format_func=lambda week: words.week(t, week),
        )  # fmt: skip
    villages: list[str] = []
    if len(offer.villages) > 1:
        named = {code: t.name(*names) for code, names in offer.villages.items()}
        villages = st.multiselect(
            t("sheets.villages"), list(named), format_func=lambda code: named.get(code, code), key="sheets_villages",
            placeholder=t("sheets.all_villages"),
        )  # fmt: skip
    if not weeks:
        st.html(blocks.nothing(t("sheets.no_week")))
        return
    asked = urlencode({"weeks": ",".join(sorted(week.label for week in weeks)), "villages": ",".join(villages)})
    n = len(weeks) * (len(villages) or len(offer.villages))
    file = f'<a download href="./export/weekly_sheets.xlsx?{asked}">{escape(t("sheets.xlsx", n=n))}</a>'
    paper = f'<a target="_blank" href="./export/weekly_sheets.html?{asked}">{escape(t("sheets.paper"))}</a>'
    st.html(f'<p class="files sheets">{file}{paper}</p>')


def _bring(page: Page) -> None:
    """Files, what they would change, questions, and one button."""
    t, turn = page.t, st.session_state.get("sheets_turn", 0)
    st.html(blocks.section(t("sheets.bring"), t("sheets.bring_sub")))
    files = st.file_uploader(t("sheets.files"), ["xlsx"], accept_multiple_files=True, key=f"sheets_files_{turn}")
    if not files:
        st.session_state.pop(CHOICES, None)
        return
    sent: dict[str, Any] = {"files": tuple((file.name, file.getvalue()) for file in files)}
    sent["choices"] = dict(st.session_state.get(CHOICES, {}))
    plan = page.read(log_sheets.plan, **sent, as_of=page.minute)
    _verdict(page, plan)
    for sheet in plan.sheets:
        _sheet(page, plan, sheet)
    if plan.is_whole and plan.changes and st.button(t("sheets.apply"), type="primary", key="sheets_apply", width="stretch"):
        if page.do(actions.apply, **sent) is not None:
            st.session_state["sheets_done"] = t("sheets.done", n=sum(sheet.changes for sheet in plan.sheets))
            st.session_state["sheets_turn"] = turn + 1  # the files are done with: the next run asks for others
            st.session_state.pop(CHOICES, None)
            st.rerun()
        page.show_problem()


def _verdict(page: Page, plan: Plan) -> None:
    """The one sentence: can it be stored, and if not, why not."""
    t = page.t
    counts = words.counts(t, plan)
    if n := plan.count(RowState.REJECTED):
        st.error(f"**{t('sheets.refused', n=n)}**  \n{counts}", icon=":material/error:")
    elif n := plan.count(RowState.ASKED):
        st.warning(f"**{t('sheets.asked', n=n)}**  \n{counts}", icon=":material/help:")
    elif plan.changes:
        st.info(f"**{t('sheets.ready')}**  \n{counts}", icon=":material/task_alt:")
    else:
        st.html(blocks.nothing(t("sheets.nothing")))


def _sheet(page: Page, plan: Plan, sheet: SheetPlan) -> None:
    """One village-week: its counts, what is refused and what would change, line by line; and what must be chosen."""
    t = page.t
    counts = "" if sheet.error or len(plan.sheets) == 1 else words.counts(t, sheet)
    st.html(blocks.section(words.place(t, sheet, plan.names), counts))
    if sheet.error is not None:
        st.html(words.refused(t, sheet))
        return
    table = words.table(t, sheet, plan.names)
    if table:
        st.html(table)
    for row in sheet.rows:
        if row.differing:
            _question(page, plan, sheet, row)


def _question(page: Page, plan: Plan, sheet: SheetPlan, row: Judged) -> None:
    """Both values, one tap; it can be taken back until the files are stored."""
    t = page.t
    subject = f"{sheet.village}/{sheet.week.label if sheet.week else ''}/{row.question}"
    key = f"sheets_choice_{subject}_{st.session_state.get('sheets_turn', 0)}"
    both = words.both(t, row, plan.names)
    st.radio(
        plain(t("sheets.question", line=row.line, what=words.what(t, row.mine, plan.names))), list(both),
        index=None, format_func=lambda one: plain(both[one]), key=key, on_change=_choose, args=(subject, key),
    )  # fmt: skip


def _choose(subject: str, key: str) -> None:
    st.session_state[CHOICES] = {**st.session_state.get(CHOICES, {}), subject: st.session_state[key]}
