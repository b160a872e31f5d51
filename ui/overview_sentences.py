"""Verdicts in, sentences out: where the overview's numbers become claims. No Streamlit."""

from html import escape

from models.rules.measure import Measure
from models.rules.target import TargetPath
from models.rules.verdict import Reason, Verdict, VerdictCode
from services.queries.overviews import Card
from ui.i18n import Translator

LOUD = {VerdictCode.FALL: "em", VerdictCode.RISE: "strong"}


def headline(t: Translator, cards: list[Card]) -> str:
    """会议确有下降（−41%），报表却确有上升（+30%）；检查尚无证据表明变化；工作群数据不足，不下结论。"""
    loud = [clause for code in LOUD if (clause := _clause(t, cards, code))]
    quiet = [clause for code in (VerdictCode.NONE, VerdictCode.FEW) if (clause := _clause(t, cards, code))]
    joined = [f"{clause}{t('overview.comma')}" for clause in loud[:-1]]
    joined += [f"{clause}{t('overview.semicolon')}" for clause in [*loud[-1:], *quiet]]
    joined[-1] = joined[-1].removesuffix(t("overview.semicolon")) + t("overview.stop")
    if not t.chinese:
        joined[0] = joined[0][0].upper() + joined[0][1:]
    return ("" if t.chinese else " ").join(f"<span>{clause}</span>" for clause in joined)


def basis(t: Translator, cards: list[Card]) -> str:
    """Which weeks are compared with which, over which points, and what "really" means."""
    now = cards[0].comparison.now
    bases = {card.comparison.base for card in cards}
    days = _days(t, *bases.pop()) if len(bases) == 1 else ""
    against = t("overview.against", days=days) if days else t("overview.against_own")
    level = t.number(cards[0].comparison.verdict.significance, 2)
    return t("overview.basis", now=_days(t, *now), against=against, level=level)


def value(t: Translator, card: Card) -> str:
    """The rate of the last four weeks, or a dash."""
    rate = card.comparison.verdict.now.rate
    return "—" if rate is None else t.number(rate, 1)


def change(t: Translator, card: Card) -> str:
    """−41%（95% 区间 −49% ~ −32%）, or why there is no such figure."""
    verdict = card.comparison.verdict
    if verdict.reason is not Reason.TESTED:
        return reason(t, card)
    low, high = (_signed(t, end) for end in (verdict.low, verdict.high))
    if verdict.change is None:
        return t("overview.from_zero", low=low)
    return t("overview.change", change=_signed(t, verdict.ratio), low=low, high=high)


def reason(t: Translator, card: Card) -> str:
    """Why nothing is said, or why nothing was tested."""
    verdict, comparison = card.comparison.verdict, card.comparison
    needed = t.percent(verdict.least_coverage)
    key = f"overview.reason_{verdict.reason.value}"
    return t(key, n=comparison.points, expected=comparison.expected, needed=needed)


def explain(t: Translator, card: Card) -> list[tuple[str, str]]:
    """What stands behind a card: numerator, denominator, baseline, target, rule."""
    verdict = card.comparison.verdict
    unit = t(f"overview.count_{card.measure}")
    rows = [
        (t("overview.now"), _quotient(t, verdict, unit, now=True)),
        (t("overview.base"), _quotient(t, verdict, unit, now=False)),
        (t("overview.points_head"), t("overview.points_both", n=card.comparison.points, expected=card.comparison.expected)),
        (t("overview.target_head"), goal(t, card)),
        (t("overview.rule_head"), rule(t, verdict)),
    ]
    if card.emergency:
        rows.append((t("overview.emergency_head"), t("overview.emergency_apart", total=t.number(card.emergency), unit=unit)))
    return rows


def rule(t: Translator, verdict: Verdict) -> str:
    """The test and its p; or that none was made."""
    if verdict.p is None:
        return t("overview.rule_none")
    shown = "<0.001" if verdict.p < 0.001 else f"={t.number(verdict.p, 3)}"
    return t("overview.rule", p=shown, level=t.number(verdict.significance, 2))


def goal(t: Translator, card: Card) -> str:
    """The target in the card's unit, with its promise and its basis."""
    line = card.target
    if line is None:
        return t("overview.no_target")
    if line.path is None:
        return t("overview.no_path", reduction=t.percent(line.reduction))
    until = t.full_day(line.ends)
    return t(
        "overview.target", goal=t.number(line.path.goal, 1), until=until, reduction=t.percent(line.reduction), basis=line.basis
    )


def path_of(card: Card) -> TargetPath | None:
    """The card's target line, if there is one."""
    return card.target.path if card.target else None


def emergency(t: Translator, cards: list[Card]) -> str:
    """What came on top of everything else; empty when nothing did."""
    apart = [
        t("overview.emergency_one", measure=t(f"measure.{card.measure}"), total=t.number(card.emergency),
          unit=t(f"overview.count_{card.measure}"))
        for card in cards if card.emergency
    ]  # fmt: skip
    return t("overview.emergency", parts=t.join(apart)) if apart else ""


def _clause(t: Translator, cards: list[Card], code: VerdictCode) -> str:
    found = [card for card in cards if card.comparison.verdict.code is code]
    if not found:
        return ""
    names = escape(t.join([_name(t, card.measure) for card in found]))
    text = t(f"overview.word_{code.value}" if t.chinese else f"overview.verb_{code.value}", n=len(found))
    if code not in LOUD:
        return f"{names}{escape(text)}" if t.chinese else f"{escape(text)} {names}"
    words = f"<{LOUD[code]}>{escape(text)}</{LOUD[code]}>"
    changes = t.join([_signed(t, c.comparison.verdict.ratio) for c in found if c.comparison.verdict.ratio is not None])
    told = escape(t("overview.brackets", text=changes)) if changes else ""
    return f"{names}{words}{told}" if t.chinese else f"{names} {words}{told}"


def _name(t: Translator, measure: str) -> str:
    name = t(f"measure.{Measure(measure).value}")
    return name if t.chinese else name.lower()


def _quotient(t: Translator, verdict: Verdict, unit: str, *, now: bool) -> str:
    sample = verdict.now if now else verdict.base
    if sample.rate is None:
        return t("overview.reason_no_reports", n=0, expected=0, needed="")
    total, weeks, rate = t.number(sample.total), t.number(sample.exposure), t.number(sample.rate, 2)
    return t("overview.quotient", total=total, unit=unit, weeks=weeks, rate=rate)


def _signed(t: Translator, ratio: float | None) -> str:
    if ratio is None:
        return "∞"
    change = round(ratio - 1, 2)  # what rounds to nothing has no sign
    return t.percent(change + 0.0, signed=True)


def _days(t: Translator, first: object, last: object) -> str:
    return f"{t.day(first)}–{t.day(last)}"  # type: ignore[arg-type]
