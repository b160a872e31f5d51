"""Verdicts in, sentences out: the one place where figures become claims, for screens and files alike. No Streamlit.

Each verdict can be explained: `explain` gives its numbers, its rule in plain words, and what it would have needed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from math import ceil
from typing import Any, NamedTuple

from models.rules.measure import Measure
from models.rules.pairing import Pairing
from models.rules.rate import Interval
from models.rules.verdict import Reason, Rule, Sample, Verdict, VerdictCode
from models.rules.week import Week
from services.figures.comparing import NOW_WEEKS, Comparison
from services.figures.coverage import Reported
from services.queries.overviews import Card
from services.queries.trends import Picture, TargetLine
from ui.i18n import Translator
from ui.revisions import what_changed
from ui.trends_choice import Choice

LOUD = {VerdictCode.FALL: "em", VerdictCode.RISE: "strong"}
NEEDS = {
    Reason.NO_REPORTS: "verdict.needs_reports",
    Reason.FEW_WEEKS: "verdict.needs_weeks",
    Reason.OVERLAP: "verdict.needs_overlap",
    Reason.LEFT_OUT: "verdict.needs_left_out",
    Reason.SPARSE: "verdict.needs_sparse",
}
LEAST_MIX = 0.005  # a smaller difference is not seen in any figure shown
LEAST_P = 0.001  # below it only that it is below


class Fact(NamedTuple):
    """One line of "how this verdict came about": what, how much, and from what."""

    name: str
    value: str
    why: str = ""


def word(t: Translator, verdict: Verdict) -> str:
    """确有下降 · 确有上升 · 尚无证据表明变化 · 数据不足，不下结论."""
    return t(f"verdict.{verdict.code}")


def is_mixed(verdict: Verdict) -> bool:
    """Whether letting each point weigh as it reports now makes another base of it."""
    return abs(verdict.mix - 1) >= LEAST_MIX


def trend_headline(t: Translator, found: Picture, choice: Choice, department: str) -> str:
    """近 4 周会议确有下降：每点每周 3.4 → 2.0 村次，已低于目标路径（2.3）。 HTML: the verdict is a link to its explanation."""
    verdict = found.comparison.verdict
    if found.comparison.expected == 0 and not found.weeks.expected.any():
        return _clauses(t, escape(t("trends.no_points")))
    if not found.weeks.received.any():
        return _clauses(t, escape(t("trends.no_reports")))
    what = t(f"measure.{choice.measure}")
    what = t("trends.of_department", what=what, department=department) if department else what
    first = _marked(t, what, verdict)
    if verdict.reason is not Reason.TESTED:
        return _clauses(t, first, escape(reason(t, found.comparison) + t("verdict.stop")))
    rates = t(f"trends.change_{choice.unit}", base=t.rate(verdict.before or 0.0), now=rate(t, verdict.now))
    track = against_path(t, found)
    return _clauses(t, first, escape(rates + t("verdict.comma" if track else "verdict.stop")), escape(track))


def overview_headline(t: Translator, cards: list[Card]) -> str:
    """会议确有下降（−41%），报表确有上升（+30%）；检查尚无证据表明变化；工作群数据不足，不下结论。"""
    loud = [clause for code in LOUD if (clause := _clause(t, cards, code))]
    quiet = [clause for code in (VerdictCode.NONE, VerdictCode.FEW) if (clause := _clause(t, cards, code))]
    joined = [f"{clause}{t('verdict.comma')}" for clause in loud[:-1]]
    joined += [f"{clause}{t('verdict.semicolon')}" for clause in [*loud[-1:], *quiet]]
    joined[-1] = joined[-1].removesuffix(t("verdict.semicolon")) + t("verdict.stop")
    if not t.chinese:
        joined[0] = joined[0][0].upper() + joined[0][1:]
    return _clauses(t, *joined)


def trend_basis(t: Translator, found: Picture) -> str:
    """What the headline rests on; what to do where there is nothing yet."""
    if not found.weeks.received.any():
        return t("trends.todo_reports") if found.weeks.expected.any() else t("trends.todo_points")
    return basis(t, [found.comparison], promised=found.target is not None)


def basis(t: Translator, compared: list[Comparison], *, promised: bool = True) -> str:
    """Which weeks are compared with which, over which points, and what "really" means."""
    first, points = compared[0], {(one.points, one.expected) for one in compared}
    pairings = {one.pairing for one in compared}
    promise = "target" if promised else "before"
    key = f"verdict.basis_{promise}_{first.pairing.pairs}" if len(pairings) == 1 else "verdict.basis_own"
    now = sorted({week for pairing in pairings for week in pairing.now})
    said = [
        t(key, now=_weeks(t, now), base=_weeks(t, first.pairing.base)),
        t("verdict.basis_points", n=first.points, expected=first.expected) if len(points) == 1 else t("verdict.basis_both"),
        *left_out(t, pairings),
        t("verdict.basis_rule", level=t.number(first.verdict.significance, 2)),
    ]
    return ("" if t.chinese else " ").join(said)


def left_out(t: Translator, pairings: Iterable[Pairing]) -> list[str]:
    """Which weeks are compared with nothing, and why; one sentence for each reason."""
    festival = {week for pairing in pairings for week in pairing.festival}
    week_53 = {week for pairing in pairings for week in pairing.week_53}
    reasons = (("festival", festival), ("week_53", week_53))
    return [
        t(f"verdict.left_out_{why}", weeks=t.join([t.full_day(week.monday) for week in sorted(weeks)]), n=len(weeks))
        for why, weeks in reasons
        if weeks
    ]


def reason(t: Translator, compared: Comparison) -> str:
    """Why nothing is said, or why nothing was tested."""
    verdict = compared.verdict
    needed = t.percent(verdict.least_coverage)
    return t(f"verdict.because_{verdict.reason}", n=compared.points, expected=compared.expected, needed=needed)


def against_path(t: Translator, found: Picture) -> str:
    """Where the last four weeks are, seen from the target path; empty without one, and below it without a real fall.

    The path starts at the rate of all points and weeks of the baseline. These points, in these weeks, had another one before:
    they are to be as far below their own.
    """
    verdict, path = found.comparison.verdict, found.target.path if found.target else None
    if path is None or verdict.now.rate is None or verdict.before is None or verdict.code is VerdictCode.FEW:
        return ""
    drawn = path.at(found.comparison.now[1])
    goal = drawn / path.base * verdict.before if path.base else 0.0
    gap = round(verdict.now.rate - goal, 1 if goal >= 1 else 2)
    if gap < 0 and verdict.code is not VerdictCode.FALL:
        return ""
    key = "trends.below_path" if gap < 0 else "trends.above_path" if gap > 0 else "trends.on_path"
    shown = t.rate(drawn)
    if t.rate(goal) != shown:
        shown = t("trends.path_alike", path=shown, goal=t.rate(goal))
    return t(key, path=shown, gap=t.rate(abs(gap)))


def change(t: Translator, compared: Comparison) -> str:
    """−41%（95% 区间 −49% ~ −32%）, or why there is no such figure."""
    verdict = compared.verdict
    if verdict.reason is not Reason.TESTED:
        return reason(t, compared)
    if verdict.change is None:
        return _from_zero(t, verdict)
    return t("verdict.change_within", change=_signed(t, verdict.ratio), **_interval(t, verdict))


def explain(t: Translator, compared: Comparison, unit: str) -> list[Fact]:
    """The verdict's numbers, its rule in plain words, and what it would have needed. `unit`: key of a quotient."""
    verdict = compared.verdict
    told = []
    if verdict.reason is Reason.TESTED:
        shown = "—" if verdict.change is None else _signed(t, verdict.ratio)
        told.append(Fact(t("verdict.fact_change"), shown, _within(t, verdict)))
    now, base = verdict.intervals
    told += [_quotient(t, unit, "now", verdict.now, now), _quotient(t, unit, "base", verdict.base, base)]
    if verdict.before is not None and is_mixed(verdict):
        told.append(Fact(t("verdict.fact_mix"), t.number(verdict.before, 2), t("verdict.mix")))
    least = t("verdict.both_periods", needed=t.percent(verdict.least_coverage))
    told.append(Fact(t("verdict.fact_points"), f"{compared.points}/{compared.expected}", least))
    told += [_paired(t, compared.pairing), _rule(t, compared)]
    return [*told, *_needed(t, compared)]


def target(t: Translator, line: TargetLine | None) -> list[Fact]:
    """What was promised, by when, on which basis; and that it was revised."""
    name = t("verdict.fact_target")
    if line is None:
        return [Fact(name, "—", t("verdict.no_target"))]
    reduction, base = _signed(t, 1 - line.reduction), _baseline(t, line)
    if not line.enough:
        return [Fact(name, reduction, t("verdict.thin_baseline", coverage=t.percent(line.baseline.coverage))), base]
    if line.path is None:
        return [Fact(name, reduction, t("verdict.other_target")), base]
    goal, day = t.rate(line.path.goal), t.full_day(line.ends)
    told = [Fact(name, reduction, t("verdict.goal", goal=goal, day=day, basis=line.basis)), base]
    if line.revision:
        told.append(Fact(t("verdict.fact_revised"), t.full_day(line.revision.on), what_changed(t, line.revision)))
    return told


def _baseline(t: Translator, line: TargetLine) -> Fact:
    """What a reduction is measured from: its window, how much of it was reported, and by whom."""
    base, days = line.baseline, f"{t.full_day(line.baseline_from)}–{t.full_day(line.baseline_until)}"
    received, expected = t.number(base.received), t.number(base.expected)
    why = t("verdict.baseline", days=days, received=received, expected=expected, coverage=t.percent(base.coverage))
    return Fact(t("verdict.fact_baseline"), "—" if base.rate is None else t.number(base.rate, 2), why)


def apart(t: Translator, total: float, unit: str, weeks: int, on: Reported) -> list[Fact]:
    """Emergency work of the last `weeks` complete weeks, which is in no other figure; said also where there was none."""
    received, expected = t.number(on.received), t.number(on.expected)
    why = t("verdict.emergency", unit=unit, n=weeks, received=received, expected=expected) + provisional(t, on.open_weeks)
    return [Fact(t("verdict.fact_emergency"), _whole(t, total), why)]


def provisional(t: Translator, weeks: int) -> str:
    """That so many of the weeks told of may still change; empty for none."""
    return t("verdict.provisional", n=weeks) if weeks else ""


def trend_facts(t: Translator, found: Picture, choice: Choice) -> list[Fact]:
    """All that stands beside the drawing and in its files."""
    weeks = found.weeks[found.weeks.complete]
    on = Reported(int(weeks.received.sum()), int(weeks.expected.sum()), int((~weeks.closed).sum()))
    told = [*explain(t, found.comparison, choice.unit), *target(t, found.target)]
    if choice.measure.is_stock:
        return told
    return [*told, *apart(t, float(weeks.emergency.sum()), t(f"unit.{choice.unit}"), len(weeks), on)]


def card_facts(t: Translator, card: Card) -> list[Fact]:
    """All that stands behind a card."""
    unit = "copies" if card.measure == Measure.FORM else card.unit
    told = [*explain(t, card.comparison, unit), *target(t, card.target)]
    if Measure(card.measure).is_stock:
        return told
    return [*told, *apart(t, card.emergency, t(f"overview.count_{card.measure}"), NOW_WEEKS, card.reported)]


def overview_emergency(t: Translator, cards: list[Card]) -> str:
    """What came on top of everything else; empty when nothing did."""
    told = [
        t("overview.emergency_one", measure=t(f"measure.{card.measure}"), total=t.number(card.emergency),
          unit=t(f"overview.count_{card.measure}"))
        for card in cards if card.emergency
    ]  # fmt: skip
    if not told:
        return ""
    on = cards[0].reported
    said = t("overview.emergency", parts=t.join(told), received=t.number(on.received), expected=t.number(on.expected))
    return said + provisional(t, on.open_weeks)


def towns_title(t: Translator, found: Picture) -> str:
    """8 个乡镇：4 个确有下降，3 个尚无证据表明变化，1 个数据不足."""
    counts = Counter(comparison.verdict.code for comparison in found.by_township.values())
    parts = [t(f"trends.towns_{code}", n=counts[code]) for code in VerdictCode if counts[code]]
    return t("trends.towns", n=len(found.by_township), parts=t("trends.between").join(parts))


def rate(t: Translator, sample: Sample, digits: int | None = None) -> str:
    """A rate, or a dash."""
    if sample.rate is None:
        return "—"
    return t.rate(sample.rate) if digits is None else t.number(sample.rate, digits)


def _paired(t: Translator, pairing: Pairing) -> Fact:
    """Which weeks with which."""
    with_what = t("verdict.weeks", now=_weeks(t, pairing.now), base=_weeks(t, pairing.base))
    why = ("" if t.chinese else " ").join([with_what, *left_out(t, [pairing])])
    return Fact(t("verdict.fact_weeks"), t(f"verdict.pairs_{pairing.pairs}"), why)


def _rule(t: Translator, compared: Comparison) -> Fact:
    """The test in plain words: how often chance alone would do this."""
    verdict, name = compared.verdict, t("verdict.fact_test")
    if verdict.p is None:
        return Fact(name, "—", t("verdict.not_tested", why=reason(t, compared)))
    if verdict.p < LEAST_P:
        shown, chance = f"p < {LEAST_P}", t("verdict.less_than", share=t.percent(LEAST_P, digits=1))
    else:
        shown, chance = f"p = {t.number(verdict.p, 3)}", t("verdict.about", share=t.percent(verdict.p, digits=1))
    told = t("verdict.chance", chance=chance, level=t.percent(verdict.significance))
    if verdict.rule is Rule.QUASI:
        total = _whole(t, verdict.now.total + verdict.base.total)
        told = t("verdict.clustered", chance=told, total=total, n=t.number(verdict.independent))
    return Fact(name, shown, told)


def _needed(t: Translator, compared: Comparison) -> list[Fact]:
    """What a verdict would have needed, where none could be given or none was."""
    verdict, name = compared.verdict, t("verdict.fact_needs")
    if verdict.reason is Reason.COVERAGE:
        least = ceil(round(verdict.least_coverage * compared.expected, 6))
        return [Fact(name, f"≥ {least}", t("verdict.needs_points", n=least - compared.points))]
    if verdict.reason in NEEDS:
        return [Fact(name, "—", t(NEEDS[verdict.reason]))]
    if verdict.reason is Reason.FEW_EVENTS and verdict.least_total is not None:
        return [Fact(name, f"≥ {t.number(ceil(verdict.least_total))}", t("verdict.needs_events"))]
    if verdict.rise_needs is not None:
        rise = t.number(verdict.rise_needs)
        if verdict.fall_needs is None:
            return [Fact(name, f"≥ {rise}", t("verdict.needs_rise"))]
        fall = t.number(verdict.fall_needs)
        return [Fact(name, t("verdict.needs_either", fall=fall, rise=rise), t("verdict.needs_total"))]
    undecided = verdict.reason is Reason.FEW_EVENTS and verdict.p is not None
    return [Fact(name, "—", t("verdict.needs_nothing"))] if undecided else []


def _quotient(t: Translator, unit: str, period: str, sample: Sample, within: Interval | None) -> Fact:
    why = t(f"verdict.quotient_{unit}", total=_whole(t, sample.total), exposure=t.number(sample.exposure))
    if within:
        why += t("verdict.rate_within", low=t.number(within.low, 2), high=t.number(within.high, 2))
    return Fact(t(f"verdict.fact_{period}"), rate(t, sample, 2), why)


def _marked(t: Translator, what: str, verdict: Verdict) -> str:
    """The opening clause with the verdict in its colour and weight, both languages with their own word order."""
    said, tag = escape(word(t, verdict)), LOUD.get(verdict.code)
    opening = escape(t("trends.opening", what=what, verdict="\0"))
    opening = opening[0].upper() + opening[1:]
    return opening.replace("\0", f'<a href="#facts">{f"<{tag}>{said}</{tag}>" if tag else said}</a>')


def _clause(t: Translator, cards: list[Card], code: VerdictCode) -> str:
    found = [card for card in cards if card.comparison.verdict.code is code]
    if not found:
        return ""
    names = escape(t.join([_name(t, card.measure) for card in found]))
    text = t(f"verdict.{code}" if t.chinese else f"verdict.verb_{code}", n=len(found))
    if code not in LOUD:
        return f"{names}{escape(text)}" if t.chinese else f"{escape(text)} {names}"
    words = f"<{LOUD[code]}>{escape(text)}</{LOUD[code]}>"
    changes = t.join([_signed(t, c.comparison.verdict.ratio) for c in found if c.comparison.verdict.ratio is not None])
    told = escape(t("verdict.brackets", text=changes)) if changes else ""
    return f"{names}{words}{told}" if t.chinese else f"{names} {words}{told}"


def _name(t: Translator, measure: str) -> str:
    name = t(f"measure.{measure}")
    return name if t.chinese else name.lower()


def _clauses(t: Translator, *clauses: str) -> str:
    """Lines break between clauses, not inside one."""
    return ("" if t.chinese else " ").join(f"<span>{clause}</span>" for clause in clauses if clause)


def _interval(t: Translator, verdict: Verdict) -> dict[str, Any]:
    return {"low": _signed(t, verdict.low), "high": _signed(t, verdict.high)}


def _within(t: Translator, verdict: Verdict) -> str:
    """0.59 倍, and what it may be."""
    if verdict.ratio is None:
        return _from_zero(t, verdict)
    return t("verdict.times", times=t.number(verdict.ratio, 2), interval=t("verdict.interval", **_interval(t, verdict)))


def _from_zero(t: Translator, verdict: Verdict) -> str:
    """Nothing before, so no change in per cent: at least how many times as much."""
    return t("verdict.from_zero", times=t.number(verdict.low or 0.0, 1))


def _signed(t: Translator, ratio: float | None) -> str:
    if ratio is None:
        return "∞"
    return t.percent(round(ratio - 1, 2) + 0.0, signed=True)  # what rounds to nothing has no sign


def _whole(t: Translator, value: float) -> str:
    shown = round(float(value), 1)
    return t.number(shown, 0 if shown.is_integer() else 1)


def _weeks(t: Translator, weeks: Sequence[Week]) -> str:
    """10月19日–11月15日: from the first Monday to the last Sunday of each unbroken run of weeks."""
    starts = [week for week in weeks if week - 1 not in weeks]
    ends = [week for week in weeks if week + 1 not in weeks]
    years = {week.monday.year for week in weeks} | {week.sunday.year for week in weeks}
    told = t.day if len(years) == 1 else t.full_day
    return t.join([f"{told(first.monday)}–{told(last.sunday)}" for first, last in zip(starts, ends, strict=True)])
