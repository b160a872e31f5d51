"""What needs a person to decide, from rows only: our own log too slow, over quota, mislabelled visits, clusters, silence."""

from collections.abc import Hashable, Mapping
from datetime import date
from html import escape
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from models.rules.measure import Measure
from models.rules.period import Period, PeriodKind
from models.rules.week import Week
from models.settings import ROOT
from services.figures.coverage import Reported
from services.queries.overviews import LEAD_WEEKS, Cost, Picture
from ui import blocks
from ui.i18n import Translator
from ui.overview_cost import seconds
from ui.sentences import provisional
from ui.shell import PAGES, Page

MOST = {"ours": 1, "over": 4, "relabelled": 2, "same_day": 2, "silent": 3}  # shown of each sort; the others are counted
Row = Mapping[Hashable, Any]


class Decision(NamedTuple):
    """One thing: its sort, when it happened, what it is, why it matters, the page where it is settled, if there is one, and
    what to ask it."""

    sort: str
    when: date | None
    title: str
    why: str
    page: str | None
    asked: Mapping[str, str] = {}


def find(t: Translator, picture: Picture, today: date) -> list[Decision]:
    """All of them, sort by sort; our own fault first."""
    found, reports = [ours(t, picture.cost)] if picture.cost and picture.cost.is_ours else [], picture.reports
    found += over(t, picture.quotas.standings) if picture.quotas else []
    last = _of(reports, (Week.of(today) - 1).monday)
    found += [relabelled(t, row, reports) for row in picture.relabelled.to_dict("records")]
    found += [same_day(t, row, reports) for row in picture.same_day.to_dict("records")]
    return found + [silent(t, rows, last) for _, rows in picture.silent.groupby("township_code", sort=True)]


def show(page: Page, found: list[Decision], on: Reported, *, quotas: bool) -> None:
    """The list: at most a few of each sort, each with the page where it is settled. `on`: the reports behind the leads."""
    t = page.t
    counts = {"received": t.number(on.received), "expected": t.number(on.expected)}
    sub = t("overview.decisions_sub" if quotas else "overview.leads_sub", n=len(found), weeks=LEAD_WEEKS, **counts)
    sub += provisional(t, on.open_weeks)
    st.html(blocks.section(t("overview.decisions"), sub) + ("" if found else blocks.nothing(t("overview.no_decisions"))))
    for sort, most in MOST.items():
        mine = [decision for decision in found if decision.sort == sort]
        for number, decision in enumerate(mine[:most]):
            _row(page, decision, f"decision_{sort}_{number}")
        if len(mine) > most:
            st.html(f'<div class="meta">{escape(t(f"overview.more_{sort}", n=len(mine) - most))}</div>')


def ours(t: Translator, cost: Cost) -> Decision:
    """The weekly log takes too long: this tool has become a burden itself."""
    title = t("overview.ours", median=seconds(t, cost.median), limit=seconds(t, cost.limit))
    return Decision("ours", None, title, t("overview.ours_why", n=t.number(cost.timed), logs=t.number(cost.logs)), None)


def over(t: Translator, standings: pd.DataFrame) -> list[Decision]:
    """One for each measure in which a department is over its quota, worst first."""
    return [_over(t, row) for row in standings[standings["status"] == "over"].to_dict("records")]


def relabelled(t: Translator, row: Row, reports: pd.DataFrame) -> Decision:
    """A visit called guidance or the like that looked at ledgers, scored, or was followed by a notice."""
    called, name = t(f"called_as.{row['called_as']}"), t.name(row["department"], row["department_en"])
    demands = t.join([t(f"demand.{demand}") for demand in row["demands"]])
    title = t("overview.relabelled", department=name, called=called, title=row["title"])
    why = t("overview.relabelled_why", demands=demands, n=row["villages"], points=_came(reports, row["happened_on"]))
    asked = {"department": row["department_code"], "measure": Measure.INSPECTION.value, "period": _year(row["happened_on"])}
    return Decision("relabelled", row["happened_on"], title, why, "departments", asked)


def same_day(t: Translator, row: Row, reports: pd.DataFrame) -> Decision:
    """Several departments at one village on one day; the village is not named."""
    who = t.join([t.name(*department) for department in row["departments"]])
    place = t.name(row["township"], row["township_en"])
    title = t("overview.same_day", units=row["units"], township=place)
    points = _came(reports, row["happened_on"], row["township_code"])
    why = t("overview.same_day_why", departments=who, n=row["villages"], points=points)
    asked = {"township": row["township_code"], "measure": Measure.INSPECTION.value}
    return Decision("same_day", row["happened_on"], title, why, "trends", asked)


def silent(t: Translator, rows: pd.DataFrame, last: pd.DataFrame) -> Decision:
    """A township's points without a report for weeks: the township is asked, nobody is blamed. `last`: the last whole week."""
    first: Row = rows.to_dict("records")[0]
    place, weeks = t.name(first["township"], first["township_en"]), int(rows["missing_run"].min())
    points = int(last.loc[last["township_code"] == first["township_code"], "expected"].sum())
    title = t("overview.silent", township=place, n=len(rows), points=points, weeks=weeks)
    return Decision("silent", None, title, t("overview.silent_why"), "points", {"township": first["township_code"]})


def _came(reports: pd.DataFrame, day: date, township: str | None = None) -> int:
    """How many points reported in the week of that day."""
    rows = _of(reports, Week.of(day).monday, township)
    return int((rows["submitted"] + rows["zero"]).sum())


def _of(reports: pd.DataFrame, monday: date, township: str | None = None) -> pd.DataFrame:
    rows = reports[reports["week"] == monday]
    return rows[rows["township_code"] == township] if township else rows


def _over(t: Translator, row: Row) -> Decision:
    name, measure = t.name(row["department"], row["department_en"]), row["measure"]
    counts = {"used": row["used"], "allowance": row["allowance"], "n": -row["left"]}
    title = t(
        "overview.over_title",
        department=name,
        measure=t(f"measure.{measure}"),
        unit=t(f"overview.quota_unit_{measure}"),
        **counts,
    )
    crossed = row["crossed_on"]
    why = t("overview.over_why", title=row["crossed_title"] or t(f"measure.{measure}")) if crossed else row["basis"]
    asked = {"department": row["department_code"], "measure": measure} | ({"period": _year(crossed)} if crossed else {})
    return Decision("over", crossed, title, why, "departments", asked)


def _year(day: date) -> str:
    """The quota's own period, as the Departments screen reads it from its address."""
    return Period.of(day, PeriodKind.YEAR).label


def _row(page: Page, decision: Decision, key: str) -> None:
    t = page.t
    due = t.day(decision.when) if decision.when else t("overview.now_short")
    with st.container(horizontal=True, wrap=False, gap=None, key=key):
        st.html(item(due, decision))
        if decision.page and page.actor.can(PAGES[decision.page]):
            path, label = ROOT / "pages" / f"{decision.page}.py", t(f"overview.act_{decision.sort}")
            county = {"county": page.county_code} if len(page.actor.county_codes) > 1 else {}
            st.page_link(path, label=label, query_params=county | dict(decision.asked))


def item(due: str, decision: Decision) -> str:
    """One decision as HTML: when, what, why."""
    what = f"<b>{escape(decision.title)}</b><span>{escape(decision.why)}</span>"
    return f'<div class="decision"><div class="due">{escape(due)}</div><div class="what">{what}</div></div>'
