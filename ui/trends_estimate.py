"""What the points say of all villages, behind one quiet line of the Trends screen; or why they say nothing of them."""

from html import escape
from typing import Any

from models.rules.estimate import Limit
from services.queries import estimates
from services.queries.estimates import Projection
from ui import blocks
from ui.i18n import Translator
from ui.sentences import Fact, provisional
from ui.shell import Page
from ui.trends_choice import Choice


def line(page: Page, choice: Choice, *, whole: bool) -> str:
    """The line as HTML. Empty for part of the county (not `whole`), and in units that do not add up over villages."""
    if not whole or choice.unit not in estimates.UNITS:
        return ""
    asked: dict[str, Any] = {
        "measure": choice.measure.value,
        "unit": choice.unit.value,
        "department_code": choice.department or None,
    }
    found = page.read(estimates.whole_area, county_code=page.county_code, as_of=page.as_of, **asked)
    return block(page.t, found, choice)


def block(t: Translator, found: Projection, choice: Choice) -> str:
    """Closed, a line; open, one sentence and what it rests on."""
    unit = t(f"unit.{choice.unit}")
    open_weeks = provisional(t, found.still_open) if found.reporting else ""
    said = f"<p>{escape(sentence(t, found, choice) + open_weeks)}</p>{blocks.facts(facts(t, found, unit))}"
    head = f"<summary><b>{escape(t('estimates.title'))}</b><span>{escape(t('estimates.sub'))}</span></summary>"
    return f'<details class="estimate">{head}<div class="facts">{said}</div></details>'


def sentence(t: Translator, found: Projection, choice: Choice) -> str:
    """按随机抽取的 6/6 个点推算，全县 8 个村每周会议共约 46 村次（95% 区间 41～52）。 Or why not."""
    name = t(f"measure.{choice.measure}")
    what: dict[str, Any] = {"measure": name if t.chinese else name.lower(), "unit": t(f"unit.{choice.unit}")}
    what |= {"n": found.reporting, "points": found.points, "villages": t.number(found.villages)}
    if not shown(found):
        return t(f"estimates.{reason(found)}", mean=_mean(t, found), **what)
    what["total"] = _number(t, found.estimate.total)
    if found.estimate.se == 0:
        return t("estimates.exact" if found.reporting == found.villages else "estimates.no_spread", **what)
    return t("estimates.told", **what, **_interval(t, found))


def shown(found: Projection) -> bool:
    """Whether there is a figure for all villages: one that is sure enough, from points enough of which reported."""
    return found.estimate.limit is None and found.enough


def reason(found: Projection) -> str:
    """Why there is none: silent points come before imprecision, which they cause."""
    limit = found.estimate.limit
    return str(limit) if limit and (limit is not Limit.IMPRECISE or found.enough) else "silence"


def facts(t: Translator, found: Projection, unit: str) -> list[Fact]:
    """n of N, the points' own mean, and, where there is an estimate, its error and its method."""
    how = "none" if not found.picked else "all" if found.picked == found.points else "some"
    chosen = t(f"estimates.chosen_{how}", picked=found.picked)
    counts = {"villages": t.number(found.villages), "strata": found.strata, "chosen": chosen}
    told = [
        Fact(t("estimates.points"), f"{found.reporting}/{found.points}", t("estimates.points_why", **counts)),
        Fact(t("estimates.points_mean"), _mean(t, found), t("estimates.points_mean_why", unit=unit)),
    ]
    if shown(found) and found.estimate.mean is not None:
        told.append(Fact(t("estimates.mean"), t.number(found.estimate.mean, 1), t("estimates.mean_why", unit=unit)))
    if found.estimate.cv is not None and found.enough:
        most = t.percent(found.most_cv)
        told.append(Fact(t("estimates.cv"), t.percent(found.estimate.cv), t("estimates.cv_why", most=most)))
    if shown(found):
        joined = t("estimates.joined", n=found.estimate.joined) if found.estimate.joined else ""
        told.append(Fact(t("estimates.method"), t("estimates.by_township"), t("estimates.method_why") + joined))
    return told


def _interval(t: Translator, found: Projection) -> dict[str, str]:
    low, high = found.estimate.low or 0.0, found.estimate.high or 0.0
    return {"low": _number(t, low * found.villages), "high": _number(t, high * found.villages)}


def _mean(t: Translator, found: Projection) -> str:
    mean = found.estimate.points_mean
    return "—" if mean is None else t.number(mean, 1)


def _number(t: Translator, value: float | None) -> str:
    """A small total keeps a decimal, so that 0.4 is not told as nothing."""
    return "—" if value is None else t.number(value, 0 if value >= 20 else 1)
