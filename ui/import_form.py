"""A file, what it would change, and one button: for every list that may come from elsewhere.

The sentences are those of `<noun>.import_*` (title, columns, done) and the shared ones of locale/*/import_form.po.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import pandas as pd
import streamlit as st

from models.rules.errors import ImportRefused, Problem
from services.imports.plan import Plan, State
from ui import blocks, facts
from ui.exports.excel import MEDIA_TYPE
from ui.facts import Names
from ui.i18n import Translator
from ui.shell import Page

KINDS = ("csv", "xlsx")
MOST_ROWS = 200  # of a preview; the counts are of all
HEADS = ("line", "state", "subject", "name")


def show(
    page: Page,
    noun: str,
    *,
    plan: Callable[..., Plan],
    apply: Callable[..., Plan],
    template: Callable[[], bytes],
    as_of: datetime | None = None,
    given: Callable[[bytes, Plan], Mapping[str, object]] | None = None,
    subject: str = "import_form.subject",
    told: Sequence[str] = (),
    names: Callable[[Plan], Names] = lambda _plan: {},
    **params: object,
) -> None:
    """The form for one noun ("points", "accounts"). `plan` and `apply` are use-cases that take content, filename and `params`.

    `plan` (with `as_of`, if it asks for it) says what would change, or refuses the whole file; nothing is stored before the
    button. `template` makes the workbook to begin with; `given` makes what else `apply` needs, slow or secret, once the button
    is pressed. In the preview, `subject` is the key of what a line is about, `told` the facts with a column of their own,
    `names` what their codes are called.
    """
    t, done_key, turn_key = page.t, f"{noun}_import_done", f"{noun}_import_turn"
    if done := st.session_state.pop(done_key, None):
        st.success(done, icon=":material/check:")
    st.html(blocks.section(t(f"{noun}.import_title"), t(f"{noun}.import_columns")))
    st.download_button(
        t("import_form.template"), data=template, file_name=f"{noun}.xlsx", mime=MEDIA_TYPE, on_click="ignore",
        icon=":material/download:", key=f"{noun}_import_template",
    )  # fmt: skip
    turn = st.session_state.get(turn_key, 0)
    file = st.file_uploader(t("import_form.file"), KINDS, key=f"{noun}_import_file_{turn}", help=t("import_form.kinds"))
    if file is None:
        return
    sent: dict[str, Any] = {"content": file.getvalue(), "filename": file.name, **params}
    try:
        planned = page.read(plan, **sent, **({"as_of": as_of} if as_of else {}))
    except ImportRefused as refused:
        st.error(t("error.import_refused", **refused.params), icon=":material/error:")
        st.html(problems(t, refused.problems))
        return
    st.html(preview(t, planned, told, names(planned), subject))
    if planned.changes_nothing:
        return
    if st.button(t("import_form.apply", n=planned.new + planned.changed), type="primary", key=f"{noun}_import_apply"):
        if page.do(apply, **sent, **(given(file.getvalue(), planned) if given else {})) is not None:
            st.session_state[done_key] = t(f"{noun}.import_done", n=planned.new + planned.changed)
            st.session_state[turn_key] = turn + 1  # the file is done with: the next run asks for another
            st.rerun()
        page.show_problem()


def preview(
    t: Translator,
    planned: Plan,
    told: Sequence[str] = (),
    names: Names = MappingProxyType({}),
    subject: str = "import_form.subject",
) -> str:
    """Counts of new, changed and same lines, and the lines that would change something."""
    if planned.changes_nothing:
        return blocks.nothing(t("import_form.nothing", n=planned.same))
    counts = t("import_form.counts", new=planned.new, changed=planned.changed, same=planned.same)
    rows = planned.rows[planned.rows["state"] != State.SAME].head(MOST_ROWS)
    columns = {fact: [facts.value(t, fact, row.get(fact), names) for row in rows["values"]] for fact in told}
    columns |= {"state": [t(f"import_form.{state}") for state in rows["state"]]}
    columns |= {"detail": [_detail(t, *row, names) for row in zip(rows["old"], rows["values"], strict=True)]}
    left = planned.new + planned.changed - len(rows)
    more = t("import_form.more", n=left) if left else ""
    heads = {name: t(f"import_form.{name}") for name in HEADS} | {fact: facts.name(t, fact) for fact in told}
    heads["subject"] = t(subject)
    if any(columns["detail"]):
        heads["detail"] = t("import_form.detail")
    return blocks.section(counts, more) + blocks.table(rows.assign(**columns), heads, numeric=("line",), optional=("line",))


def problems(t: Translator, found: list[Problem]) -> str:
    """Every problem with its line, as the file counts them; line 0 is the file itself."""
    rows = [
        {
            "line": str(one.line) if one.line else t("import_form.whole_file"),
            "problem": t(f"problem.{one.code}", value=_typed(t, one.value)),
        }
        for one in found
    ]
    table = blocks.table(pd.DataFrame(rows), {"line": t("import_form.line"), "problem": t("import_form.problem")})
    return f'<div class="problems">{table}</div>'


def _detail(t: Translator, old: Mapping[str, object], new: Mapping[str, object], names: Names) -> str:
    """What a changed line changes."""
    return "; ".join(facts.change(t, fact, before, new[fact], names) for fact, before in old.items())


def _typed(t: Translator, value: str) -> str:
    """What is wrong in a line; a role in words, since the file may have had it so."""
    return facts.value(t, "role", value, {})
