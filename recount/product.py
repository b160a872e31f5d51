"""What the product itself says: the answer behind the Overview, laid out figure by figure as the recount names them."""

from datetime import datetime
from math import isnan
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from models.rules.measure import Measure
from models.rules.quota import Status
from models.rules.week import Week
from recount.by_hand import Compared, Figures
from services.access import operator
from services.queries import overviews, reporting, trends
from services.queries.overviews import Card, Cost, Picture


def picture(session: Session, county: str, as_of: datetime) -> Picture:
    """The county's Overview as its task force sees it."""
    return overviews.picture(session, operator(county, as_of), county_code=county, as_of=as_of)


def compared(shown: Picture) -> dict[str, Compared]:
    """Which weeks each card compares with which."""
    pairs = ((card.measure, card.comparison.pairing) for card in shown.cards)
    return {measure: ([week.monday for week in one.now], [week.monday for week in one.base]) for measure, one in pairs}


def figures(session: Session, county: str, as_of: datetime, shown: Picture) -> Figures:
    """Every figure of the county's Overview, and the totals that its rates come from."""
    actor = operator(county, as_of)
    found = _reports(shown.reports)
    for card in shown.cards:
        span: dict[str, Any] = {"first": card.weeks.week.iloc[0], "last": card.weeks.week.iloc[-1], "as_of": as_of}
        weeks = trends.weekly(session, actor, county_code=county, measure=card.measure, unit=card.unit, **span)
        found |= _weeks(card, weeks) | _card(card)
    return found | _quotas(shown) | _leads(shown) | _silent(shown.silent) | _cost(shown.cost) | _behind(shown)


def _reports(reports: pd.DataFrame) -> Figures:
    rows = reports[["week", "township_code", *reporting.COUNTS]].itertuples(index=False, name=None)
    return {f"reports {Week(week).label} {township}": tuple(numbers) for week, township, *numbers in rows}


def _weeks(card: Card, weeks: pd.DataFrame) -> Figures:
    """The rate and its mark from the card, the totals from the same line on Trends."""
    told = zip(card.weeks.itertuples(index=False, name=None), weeks[["total", "emergency"]].itertuples(index=False), strict=True)
    return {
        f"{card.measure} {Week(week).label}": (*(_known(n) for n in (*totals, rate)), closed)
        for (week, rate, closed), totals in told
    }


def _card(card: Card) -> Figures:
    name, comparison = card.measure, card.comparison
    weeks, verdict = comparison.pairing, comparison.verdict
    samples = (("now", weeks.now, verdict.now), ("base", weeks.base, verdict.base))
    found: Figures = {
        f"{name} {when}": (days[0].monday, days[-1].monday, len(days), one.total, one.exposure, one.rate)
        for when, days, one in samples
    }
    found[f"{name} points compared"] = (comparison.points, comparison.expected)
    found[f"{name} base, weighed"] = (verdict.before,)
    found[f"{name} reported"] = card.reported
    found[f"{name} emergency"] = (card.emergency,)
    if line := card.target:
        found[f"{name} baseline"] = (line.baseline.total, line.baseline.received, line.baseline.expected, line.baseline.rate)
        found[f"{name} target"] = (
            (line.path.at(Week(card.weeks.week.iloc[-1]).sunday), line.path.goal) if line.path else (None, None)
        )
    return found


def _quotas(shown: Picture) -> Figures:
    if shown.quotas is None:
        return {}
    rows, have = shown.quotas.standings.to_dict("records"), shown.quotas.completeness
    found: Figures = {
        f"quota {row['measure']} {row['department_code']}": (
            row["allowance"], row["used"], row["emergency"], row["status"], row["crossed_on"]
        )
        for row in rows
    }  # fmt: skip
    for measure in Measure:
        told = [row["status"] for row in rows if row["measure"] == measure]
        found[f"quotas {measure} over, near"] = (told.count(Status.OVER), told.count(Status.NEAR))
    found["quotas completeness"] = (have.expected, have.reported, have.missing, have.not_due, have.open, have.enough)
    return found


def _leads(shown: Picture) -> Figures:
    visits = sorted(shown.relabelled[["happened_on", "department_code", "title", "villages"]].itertuples(index=False, name=None))
    crowded = sorted(shown.same_day[["happened_on", "township_code", "villages", "units"]].itertuples(index=False, name=None))
    found: Figures = {"relabelled visits": (len(visits),), "same-day clusters": (len(crowded),)}
    found |= {f"relabelled visit {n}": visit for n, visit in enumerate(visits, 1)}
    return found | {f"same-day cluster {n}": cluster for n, cluster in enumerate(crowded, 1)}


def _silent(silent: pd.DataFrame) -> Figures:
    return {f"silent {code}": (len(runs), runs.min()) for code, runs in silent.groupby("township_code")["missing_run"]}


def _cost(cost: Cost | None) -> Figures:
    if cost is None:
        return {}
    return {
        "cost logs": (cost.logs, cost.timed),
        "cost median, 90th percentile, limit": (cost.median, cost.p90, cost.limit),
        "cost hours a year": (cost.hours_a_year,),
        "cost hours this year": (cost.spent,),
        "cost share of all hours": (cost.share,),
    }


def _behind(shown: Picture) -> Figures:
    return {
        "provisional weeks": tuple(week.label for week in shown.still_open),
        "reported for leads": shown.leads_on,
        "reported for cost": shown.cost_on,
    }


def _known(number: float) -> float | None:
    return None if isnan(number) else number
