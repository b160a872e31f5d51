"""Verdicts in, sentences out: where the figures of the Trends screen become claims. No Streamlit."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from html import escape

from models.rules.verdict import Reason, Sample, Verdict, VerdictCode
from services.queries.trends import Picture
from ui.i18n import Translator
from ui.revisions import what_changed
from ui.trends_choice import Choice

LOUD = {VerdictCode.FALL: "em", VerdictCode.RISE: "strong"}
ORDER = tuple(VerdictCode)


@dataclass(frozen=True)
class Fact:
    """One line of "how this verdict came about": what, how much, and from what."""

    name: str
    value: str
    why: str = ""


def headline(t: Translator, found: Picture, choice: Choice, department: str) -> str:
    """近4周会议确有下降：每点每周 3.4 → 2.0 村次，已低于目标路径（2.3）。 HTML: the verdict of a real change stands out."""
    verdict = found.comparison.verdict
    if found.comparison.expected == 0 and not found.weeks.expected.any():
        return _clauses(t, escape(t("trends.no_points")))
    if not found.weeks.received.any():
        return _clauses(t, escape(t("trends.no_reports")))
    what = t(f"measure.{choice.measure}")
    what = t("trends.of_department", what=what, department=department) if department else what
    first = _marked(t, what, verdict)
    if verdict.reason is not Reason.TESTED:
        return _clauses(t, first, escape(reason(t, found)))
    rates = t(f"trends.change_{choice.unit}", base=_rate(t, verdict.base), now=_rate(t, verdict.now))
    track = against_path(t, found)
    return _clauses(t, first, escape(rates + t("trends.comma" if track else "trends.stop")), escape(track))


def reason(t: Translator, found: Picture) -> str:
    """Why nothing was tested, as the second half of a headline."""
    verdict, points, expected = found.comparison.verdict, found.comparison.points, found.comparison.expected
    needed = t.percent(verdict.least_coverage)
    return t(f"trends.because_{verdict.reason}", n=points, expected=expected, needed=needed)


def against_path(t: Translator, found: Picture) -> str:
    """Where the last four weeks are, seen from the target path; empty without one, and below it without a real fall."""
    verdict, path = found.comparison.verdict, found.target.path if found.target else None
    if path is None or verdict.now.rate is None or verdict.code is VerdictCode.FEW:
        return ""
    goal = path.at(found.comparison.now[1])
    gap = round(verdict.now.rate - goal, 1)
    if gap < 0 and verdict.code is not VerdictCode.FALL:
        return ""
    key = "trends.below_path" if gap < 0 else "trends.above_path" if gap > 0 else "trends.on_path"
    return t(key, path=t.number(goal, 1), gap=t.number(abs(gap), 1))


def basis(t: Translator, found: Picture) -> str:
    """Which weeks are compared, over which points, and what "really" means."""
    compared, verdict = found.comparison, found.comparison.verdict
    if not found.weeks.received.any():
        return t("trends.todo_reports") if found.weeks.expected.any() else t("trends.todo_points")
    key = "trends.basis_target" if found.target else "trends.basis_before"
    level = t.number(verdict.significance, 2)
    said = [
        t(key, now=_days(t, compared.now), base=_days(t, compared.base)),
        t("trends.basis_points", n=compared.points, expected=compared.expected),
        t("trends.basis_rule", level=level),
    ]
    return ("" if t.chinese else " ").join(said)


def facts(t: Translator, found: Picture, choice: Choice) -> list[Fact]:
    """What the verdict rests on: change, both rates with numerator and denominator, points, test, target."""
    verdict, compared = found.comparison.verdict, found.comparison
    told = [_change(t, verdict)] if verdict.reason is Reason.TESTED else []
    told += [_quotient(t, choice, "trends.fact_now", verdict.now), _quotient(t, choice, "trends.fact_base", verdict.base)]
    told.append(Fact(t("trends.fact_points"), f"{compared.points}/{compared.expected}", t("trends.both_periods")))
    if verdict.p is not None:
        told.append(Fact(t("trends.fact_test"), _p(t, verdict.p), t("trends.exact_test")))
    if verdict.code is VerdictCode.NONE and verdict.reason is Reason.TESTED:
        told.append(_needed(t, choice, verdict))
    return [*told, *_target(t, found), *_apart(t, found, choice)]


def towns_title(t: Translator, found: Picture) -> str:
    """8个乡镇：4个确有下降，3个尚无证据表明变化，1个数据不足."""
    counts = Counter(comparison.verdict.code for comparison in found.by_township.values())
    parts = [t(f"trends.towns_{code}", n=counts[code]) for code in ORDER if counts[code]]
    return t("trends.towns", n=len(found.by_township), parts=t("trends.between").join(parts))


def _marked(t: Translator, what: str, verdict: Verdict) -> str:
    """The opening clause with the verdict in its colour and weight, both languages with their own word order."""
    word, tag = escape(t(f"verdict.{verdict.code}")), LOUD.get(verdict.code)
    opening = escape(t("trends.opening", what=what, verdict="\0"))
    opening = opening[0].upper() + opening[1:]
    return opening.replace("\0", f"<{tag}>{word}</{tag}>" if tag else word)


def _clauses(t: Translator, *clauses: str) -> str:
    """Lines break between clauses, not inside one."""
    return ("" if t.chinese else " ").join(f"<span>{clause}</span>" for clause in clauses if clause)


def _change(t: Translator, verdict: Verdict) -> Fact:
    low = t.percent((verdict.low or 0) - 1, signed=True)
    high = "∞" if verdict.high is None else t.percent(verdict.high - 1, signed=True)
    shown = "—" if verdict.change is None else t.percent(verdict.change, signed=True)
    return Fact(t("trends.fact_change"), shown, t("trends.interval", low=low, high=high))


def _quotient(t: Translator, choice: Choice, key: str, sample: Sample) -> Fact:
    total = t.number(sample.total, 0 if float(sample.total).is_integer() else 1)
    why = t(f"trends.quotient_{choice.unit}", total=total, exposure=t.number(sample.exposure))
    return Fact(t(key), "—" if sample.rate is None else t.number(sample.rate, 2), why)


def _needed(t: Translator, choice: Choice, verdict: Verdict) -> Fact:
    if verdict.fall_needs is None:
        return Fact(t("trends.fact_needs"), "—", t("trends.needs_nothing"))
    most = t.number(verdict.fall_needs, 0)
    return Fact(t("trends.fact_needs"), f"≤ {most}", t("trends.needs", unit=t(f"unit.{choice.unit}")))


def _target(t: Translator, found: Picture) -> list[Fact]:
    line = found.target
    if line is None:
        return [Fact(t("trends.fact_target"), "—", t("trends.no_target"))]
    if not line.enough:
        coverage = t("trends.thin_baseline", coverage=t.percent(line.baseline.coverage))
        return [Fact(t("trends.fact_target"), "—", coverage)]
    if line.path is None:
        return [Fact(t("trends.fact_target"), "—", t("trends.other_target"))]
    goal = t("trends.goal", goal=t.number(line.path.goal, 1), day=t.full_day(line.ends))
    mark = [Fact(t("trends.fact_revised"), t.full_day(line.revision.on), what_changed(t, line.revision))] if line.revision else []
    return [Fact(t("trends.fact_target"), t.percent(-line.reduction, signed=True), goal), *mark]


def _apart(t: Translator, found: Picture, choice: Choice) -> list[Fact]:
    total = float(found.weeks[found.weeks.complete].emergency.sum())
    if not total:
        return []
    shown = t.number(total, 0 if total.is_integer() else 1)
    return [Fact(t("trends.fact_emergency"), shown, t("trends.emergency", unit=t(f"unit.{choice.unit}")))]


def _p(t: Translator, p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {t.number(p, 3)}"


def _rate(t: Translator, sample: Sample) -> str:
    return "—" if sample.rate is None else t.number(sample.rate, 1)


def _days(t: Translator, days: tuple[date, date]) -> str:
    first, last = days
    same = first.year == last.year
    return f"{t.day(first) if same else t.full_day(first)}–{t.day(last) if same else t.full_day(last)}"
