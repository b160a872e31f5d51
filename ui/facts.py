"""What was recorded of a thing, in words: for the audit trail, and for what a file would change."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ui.i18n import Translator, catalogue

Names = Mapping[str, tuple[str, str | None]]  # code of an area or department → its name, its English name
WORDS = {  # fact → the keys of its values' words
    "role": "role.{}",
    "kind": "kind.{}",
    "called_as": "called_as.{}",
    "demands": "demand.{}",
    "measures": "measure.{}",
    "language": "language.{}",
    "selection": "points.{}",
    "state": "weekly_log.state.{}",
}
CODES = {"area_code", "department_code", "department", "village_code", "township_code"}
SHARES = {"reduction", "near_share", "least_coverage", "most_cv", "significance"}
DAYS = {"day", "since", "until", "starts", "ends", "baseline_from", "baseline_until"}
MOMENTS = {"locked_until", "open_until"}


def name(t: Translator, fact: str) -> str:
    """What a fact is called; one that this version does not know, as it is stored."""
    return _known(t, f"audit.fact.{fact}") or fact


def value(t: Translator, fact: str, stored: object, names: Names) -> str:
    """A value in words; empty for nothing. What this version does not know is shown as it is stored."""
    if stored is None:
        return ""
    if isinstance(stored, bool):
        return t("audit.yes" if stored else "audit.no")
    if isinstance(stored, int | float):
        return _number(t, fact, stored)
    if isinstance(stored, Mapping | list):
        return t.join([value(t, fact, one, names) for one in stored])  # of lines taken in: which
    return _text(t, fact, str(stored), names)


def change(t: Translator, fact: str, old: object, new: object, names: Names) -> str:
    """姓名：旧 → 新."""
    return t("audit.change", fact=name(t, fact), old=value(t, fact, old, names) or "—", new=value(t, fact, new, names) or "—")


def subject(t: Translator, stored: str, names: Names) -> str:
    """2026-W47 · 青山村 · 17: what an event is about, its parts in words."""
    if stored.startswith("?"):
        return t("audit.unknown_name", mark=stored[1:9])
    parts = [t.name(*names[part]) if part in names else _known(t, f"measure.{part}") or part for part in stored.split("/")]
    return " · ".join(parts)


def _text(t: Translator, fact: str, text: str, names: Names) -> str:
    if fact in CODES and text in names:
        return t.name(*names[text])
    departments_kind = _known(t, f"audit.kind.{text}") if fact == "kind" else ""
    if found := _known(t, WORDS.get(fact, "").format(text)) or departments_kind:
        return found
    try:
        if fact in DAYS:
            return t.full_day(date.fromisoformat(text))
        return t.moment(datetime.fromisoformat(text)) if fact in MOMENTS else text
    except ValueError:
        return text


def _number(t: Translator, fact: str, number: float) -> str:
    if fact in SHARES:
        return t.percent(number)
    return t.number(number, 0 if float(number).is_integer() else 2)


def _known(t: Translator, key: str) -> str:
    found: Any = catalogue(t.language).get(key, "")
    return found if isinstance(found, str) else ""
