"""What a revision of a quota or target changed, in one line, so that nobody has to compare versions; and that weeks were
corrected. No Streamlit."""

from collections.abc import Sequence
from datetime import date, datetime
from html import escape

from models.rules.week import today_at
from services.in_force import Revision
from ui.i18n import Translator


def corrected(t: Translator, moments: Sequence[datetime]) -> str:
    """2周更正过，最近一次11月20日; nothing for none."""
    return t("trends.revised", n=len(moments), day=t.day(today_at(max(moments)))) if moments else ""


def revised(t: Translator, revision: Revision) -> str:
    """2026年9月1日全年额度由 10 改为 12。理由：…"""
    return t("targets.revised", day=t.full_day(revision.on), what=what_changed(t, revision))


def what_changed(t: Translator, revision: Revision) -> str:
    """全年额度由 10 改为 12。理由：…"""
    changes = t.join(
        [t(f"targets.changed_{name}", old=_value(t, old), new=_value(t, new)) for name, old, new in revision.changes]
    )
    return t("targets.revised_why", changes=changes, reason=revision.reason) if revision.reason else changes


def quiet_lines(t: Translator, revisions: list[tuple[str, Revision]]) -> str:
    """One quiet line for each, called by what was revised; nothing for none. HTML."""
    told = [t("targets.revised_of", what=what, told=revised(t, revision)) for what, revision in revisions]
    return "".join(f'<p class="meta">{escape(line)}</p>' for line in told)


def _value(t: Translator, value: object) -> str:
    """A count, a date, or a share 0–1."""
    if isinstance(value, date):
        return t.full_day(value)
    return t.number(value) if isinstance(value, int) else t.percent(float(str(value)))
