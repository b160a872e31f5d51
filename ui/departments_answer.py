"""The Departments screen's answer: who is over, since which event, and how sure one can be."""

from collections import Counter
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from models.rules.measure import Measure
from models.rules.period import Period, PeriodKind
from models.rules.quota import Status
from services.queries import departments
from services.queries.areas import names
from services.queries.departments import Completeness
from ui import blocks
from ui.departments_choice import Chosen, period_name
from ui.i18n import Translator
from ui.kept import drawn, records
from ui.revisions import corrected
from ui.shell import Page

Row = dict[str, Any]  # one standing, as departments.standings has it
NOBODY = "nobody"  # in place of a measure: no row is one of it
NAMED = 5  # so many departments are named in the headline


def standings(page: Page, chosen: Chosen, complete: Completeness) -> list[Row]:
    """The standings of the chosen measure, worst first; none where nobody reported: silence is not "within"."""
    params = {"county_code": page.county_code, "period": chosen.period.label}
    found = page.read(departments.standings, **params, today=page.today)
    return _rows(found, chosen.measure if complete.reported else NOBODY)


@drawn
def _rows(found: pd.DataFrame, measure: Measure | str | None) -> list[Row]:
    return [row for row in records(found) if measure in (None, row["measure"])]


def completeness(page: Page, chosen: Chosen) -> Completeness:
    """How many village-weeks stand behind the standings."""
    params = {"county_code": page.county_code, "period": chosen.period.label}
    return page.read(departments.completeness, **params, today=page.today, as_of=page.as_of)


def worst(rows: list[Row]) -> list[Row]:
    """One row per department, its worst measure, among those with a quota (or too little to show)."""
    first: dict[str, Row] = {}
    for row in rows:
        if row["status"] != Status.UNSET:
            first.setdefault(row["department_code"], row)
    return list(first.values())


def answer(page: Page, chosen: Chosen, rows: list[Row], complete: Completeness) -> None:
    """The headline and what it rests on; where there is nothing to show, what to do."""
    t = page.t
    county = page.read(names, codes=(page.county_code,))[page.county_code]
    until = t("departments.as_of", day=t.full_day(page.today), weekday=t.weekday(page.today))
    if complete.least:
        until = t("departments.told_through", month=t.month(complete.through))
    st.html(blocks.meta(t.name(*county), t(f"role.{page.actor.role}"), until) + _answer(t, chosen, rows, complete))
    if _not_yet(chosen, complete):
        st.html(blocks.nothing(t("departments.own_not_yet_todo")))
    elif not rows:
        st.html(blocks.nothing(t("departments.nothing_used" if complete.reported else "departments.nothing_reported")))


@drawn
def _answer(t: Translator, chosen: Chosen, rows: list[Row], complete: Completeness) -> str:
    return blocks.headline(headline(t, chosen, rows, complete), basis(t, chosen.period, complete))


def headline(t: Translator, chosen: Chosen, rows: list[Row], complete: Completeness) -> str:
    """The answer as HTML: how many are over and who, how many are near, and the rest if enough points reported to say so."""
    what = t(
        "departments.about",
        period=period_name(t, chosen.period),
        measure=t(f"measure.{chosen.measure}") if chosen.measure else "",
    )
    shown = worst(rows)
    thin = [] if complete.enough else [escape(t("departments.thin_clause"))]
    if _not_yet(chosen, complete):
        return _clauses(t, what, [escape(t("departments.own_not_yet"))])
    if not complete.reported:
        return _clauses(t, what, [escape(t("departments.nobody_reported"))])
    if complete.least:
        return _clauses(t, what, _own_clauses(t, rows) + thin)
    if not shown:
        return _clauses(t, what, [escape(t("departments.no_quota_yet"))])
    counts = Counter(row["status"] for row in shown)
    clauses = _over_clauses(t, rows, shown) or [escape(none_over(t, complete))]
    if counts[Status.NEAR]:
        clauses.append(escape(t("departments.near_clause", n=counts[Status.NEAR])))
    if counts[Status.WITHIN]:
        key = "departments.rest_clause" if len(counts) > 1 else "departments.all_clause"
        clauses.append(escape(t(key, n=counts[Status.WITHIN])))
    return _clauses(t, what, clauses + thin)


def ahead(row: Row) -> bool:
    """Over its share of a shorter period, while what was used in it stays inside the year's quota: no overrun yet."""
    return bool(row["status"] == Status.OVER and row["used"] <= row["yearly"])


def status_word(t: Translator, row: Row) -> str:
    """超额 · 超进度 · 接近 · 额度内 …"""
    return t("departments.status_ahead" if ahead(row) else f"departments.status_{row['status']}")


def over_words(t: Translator, rows: list[Row]) -> str:
    """超额, 超进度 or both, as the rows have them; 超额 where none is."""
    found = dict.fromkeys(status_word(t, row) for row in rows if row["status"] == Status.OVER)
    return "/".join(found or [t("departments.status_over")])


def _over_clauses(t: Translator, rows: list[Row], shown: list[Row]) -> list[str]:
    """Who is over quota; then who is only ahead of pace."""
    final = {row["department_code"] for row in rows if row["status"] == Status.OVER and not ahead(row)}
    clauses = []
    for key, early in (("are_over", False), ("are_ahead", True)):
        hit = [row for row in shown if row["status"] == Status.OVER and (row["department_code"] not in final) is early]
        if hit:
            names = [escape(t.name(row["department"], row["department_en"])) for row in hit]
            loud = f"<strong>{escape(t(f'departments.{key}'))}</strong>"
            listed = t.join(names[:NAMED]) + (" " * (not t.chinese) + t("departments.and_more") if len(names) > NAMED else "")
            clauses.append(t("departments.over_clause", n=len(hit), over=loud, names=listed))
    return clauses


def none_over(t: Translator, complete: Completeness) -> str:
    """That no department is over, as far as is known: no good news while reports are missing."""
    if complete.reported == complete.expected:
        return t("departments.none_over")
    return t("departments.none_over_yet", reported=t.number(complete.reported), expected=t.number(complete.expected))


def _not_yet(chosen: Chosen, complete: Completeness) -> bool:
    """Whether nothing of the period is told yet, because no month of it is closed."""
    return complete.least is not None and complete.through < chosen.period.first


def _own_clauses(t: Translator, rows: list[Row]) -> list[str]:
    """What is known of each measure: those that are hidden are not passed off as within."""
    clauses = []
    for told in (Status.OVER, "ahead", Status.NEAR, Status.WITHIN, Status.HIDDEN):
        hit = [t(f"measure.{row['measure']}") for row in rows if ("ahead" if ahead(row) else row["status"]) == told]
        if hit:
            measures = t.join(hit) if t.chinese else t.join(hit).lower()
            word = escape(t(f"departments.own_{told}", measures=measures))
            clauses.append(f"<strong>{word}</strong>" if told in (Status.OVER, "ahead") else word)
    return clauses or [escape(t("departments.own_none"))]


def _clauses(t: Translator, what: str, clauses: list[str]) -> str:
    """Each clause is one inline block: lines break between clauses, not inside one."""
    ends = [t("departments.clause_end")] * (len(clauses) - 1) + [t("departments.sentence_end")]
    parts = [escape(what), *(clause + escape(end) for clause, end in zip(clauses, ends, strict=True))]
    return "".join(f"<span>{part.strip()}{'' if t.chinese else '&nbsp;'}</span>" for part in parts)


def basis(t: Translator, period: Period, complete: Completeness) -> str:
    """How it is counted, and how many village-weeks stand behind it."""
    parts = [t("departments.basis")]
    if period.kind is not PeriodKind.YEAR:
        parts.append(t("departments.basis_share", months=period.kind.months))
    parts.append(
        t(
            "departments.basis_reports",
            reported=t.number(complete.reported),
            expected=t.number(complete.expected),
            missing=t.number(complete.missing),
            not_due=t.number(complete.not_due),
        )
    )
    if complete.open:
        parts.append(t("departments.basis_open", n=t.number(complete.open)))
    if complete.revised:
        parts.append(t("departments.basis_revised", told=corrected(t, complete.revised)))
    if complete.reported < complete.expected:
        parts.append(t("departments.basis_bound"))
    if complete.least and complete.through < period.last:
        parts.append(t("departments.basis_through", month=t.month(complete.through)))
    if complete.least:
        parts.append(t("departments.basis_own", villages=complete.least.villages, events=complete.least.events))
    return ("" if t.chinese else " ").join(parts)


def reasons(page: Page, rows: list[Row], complete: Completeness) -> None:
    """Beside the bars: the event that crossed each line; what has no quota; what was emergency work."""
    if rows:
        for part in _reasons(page.t, rows, complete):
            st.html(part)


@drawn
def _reasons(t: Translator, rows: list[Row], complete: Completeness) -> list[str]:
    over = [row for row in rows if row["status"] == Status.OVER]
    parts = [
        blocks.section(t("departments.why", over=_sentence_case(over_words(t, rows))), t("departments.why_sub"))
        + (f'<ul class="why">{"".join(_reason(t, row) for row in over)}</ul>' if over else _quiet(_none(t, complete)))
    ]
    unset = [row for row in rows if row["status"] == Status.UNSET and row["used"]]
    if unset:
        title = blocks.section(t("departments.unset"), t("departments.unset_sub"))
        parts.append(title + _pairs(t, [(row, row["used"]) for row in unset]))
    urgent = [row for row in rows if row["emergency"]]
    if urgent:
        title = blocks.section(t("departments.emergency"), t("departments.emergency_sub"))
        parts.append(title + _pairs(t, [(row, row["emergency"]) for row in urgent]))
    return parts


def _none(t: Translator, complete: Completeness) -> str:
    if complete.least:
        return t("departments.why_none_own")
    return t("departments.why_none" if complete.reported == complete.expected else "departments.why_none_yet")


def _reason(t: Translator, row: Row) -> str:
    name, measure = t.name(row["department"], row["department_en"]), t(f"measure.{row['measure']}")
    head = f"<b>{escape(name)}</b> {escape(measure)} {row['used']}/{row['allowance']}"
    over = escape(t("departments.over_by", n=-row["left"]))
    if row["crossed_on"] is None:
        since = t("departments.crossed_hidden")
    else:
        title = row["crossed_title"] or t("departments.untitled")
        since = t(
            "departments.crossed", day=t.day(row["crossed_on"]), title=title, n=row["allowance"] + 1, over=status_word(t, row)
        )
    return f'<li>{blocks.mark("over")}<div><p>{head}<em>{over}</em></p><p class="since">{escape(since)}</p></div></li>'


def _pairs(t: Translator, pairs: list[tuple[Row, int]]) -> str:
    words = [(t.name(row["department"], row["department_en"]), t(f"measure.{row['measure']}"), n) for row, n in pairs]
    rows = "".join(f"<li>{escape(name)} · {escape(measure)} <b>{n}</b></li>" for name, measure, n in words)
    return f'<ul class="pairs">{rows}</ul>'


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]


def _quiet(sentence: str) -> str:
    return f'<p class="basis">{escape(sentence)}</p>'
