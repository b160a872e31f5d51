"""A control chart in sentences: what is out of the ordinary, and what "ordinary" is made of. For the screen and the files."""

from datetime import date

from models.rules.control_chart import Note
from models.rules.control_limits import Basis
from models.rules.control_rules import Meaning, Signal
from models.rules.week import Week
from services.queries.charts import Control, Part, Said
from ui.i18n import Translator
from ui.sentences import Fact
from ui.trends_choice import Choice

DIGITS = 2


def headline(t: Translator, found: Control) -> str:
    """The latest run; that all weeks are ordinary ones; or why nobody can tell yet."""
    if told := [one for one in found.said if not one.festival]:
        return run(t, told[-1], year(found))
    note = found.parts[-1].note if found.parts else Note.FEW_POINTS
    if note in (Note.FEW_POINTS, Note.NO_EVENTS):
        return t(f"control.note_{note}")
    return t("control.ordinary_but" if found.said else "control.ordinary")


def run(t: Translator, said: Said, shown: int) -> str:
    """第 30–36 周（7月20日–9月6日）连续 7 周低于平均，很难用偶然解释。 `shown`: the year that needs no saying."""
    way = "up" if said.way > 0 else "down"
    between = days(t, said.first, said.last, shown)
    told = t(f"control.run_{said.signal}_{way}", weeks=numbers(said), days=between, n=said.weeks)
    if said.outside and said.signal is not Signal.OUTSIDE:
        every = said.outside == said.weeks
        told += t(f"control.beyond_all_{way}") if every else t(f"control.beyond_{way}", n=said.outside)
    return told + t("control.is_festival" if said.festival else "control.hardly_chance")


def year(found: Control) -> int:
    """The year of the last week drawn."""
    last: date = found.weeks.week.iloc[-1]
    return last.year


def numbers(said: Said) -> str:
    """30–36; with their years where they are of two: 2025-W50–2026-W04."""
    first, last = Week(said.first), Week(said.last)
    if said.first == said.last:
        return str(first.number)
    same = first.label[:4] == last.label[:4]
    return f"{first.number}–{last.number}" if same else f"{first.label}–{last.label}"


def days(t: Translator, first: date, last: date, shown: int | None = None) -> str:
    """From a Monday to the Sunday of the same or another week; with years where they are not the one `shown`."""
    if shown is not None and first.year != shown:
        return f"{t.full_day(first)}–{t.full_day(Week(last).sunday)}"
    return t.week(Week(first)) if first == last else f"{t.day(first)}–{t.day(Week(last).sunday)}"


def signal(t: Translator, rule: object, means: object) -> str:
    """What one week's signal says; empty without one."""
    if not isinstance(rule, str) or not isinstance(means, str):
        return ""
    return t(f"control.week_{rule}_{'down' if means == Meaning.IMPROVEMENT else 'up'}")


def facts(t: Translator, found: Control, choice: Choice) -> list[Fact]:
    """What the newest limits are made of, why they are these, and the day the target began."""
    told = [fact for part in found.parts[-1:] for fact in _limits(t, found, part, choice)]
    told += [Fact(t("control.anew"), t.week(Week(one.week)), one.reason) for one in found.anew]
    return [*told, *([Fact(t("control.policy"), t.full_day(found.starts), t("control.policy_why"))] if found.starts else [])]


def amount(t: Translator, value: float | None) -> str:
    """A rate, or a dash."""
    return "—" if value is None or value != value else t.number(value, DIGITS)


def span(t: Translator, low: float | None, high: float | None) -> str:
    """2.40–4.40, or a dash."""
    return "—" if low is None or low != low else f"{amount(t, low)}–{amount(t, high)}"


def _limits(t: Translator, found: Control, part: Part, choice: Choice) -> list[Fact]:
    if part.centre is None or part.basis is None:
        return [Fact(t("control.range"), "—", t(f"control.note_{part.note}"))]
    reported = t("control.of_weeks", n=part.weeks, received=t.number(part.received), expected=t.number(part.expected))
    last = found.weeks[found.weeks.centre.notna()].tail(1)
    shown = span(t, *last[["low", "high"]].iloc[0]) if len(last) else "—"
    told = [
        Fact(t("control.centre"), amount(t, part.centre), t(f"control.per_{choice.unit}")),
        Fact(t("control.range"), shown, _basis(t, part)),
    ]
    if part.base:
        kind = "anew" if part.reason else "promised" if part.promised else "first"
        told.append(Fact(t("control.base"), days(t, *part.base), t(f"control.base_{kind}") + t("control.between") + reported))
    return [
        *told,
        *(
            [Fact(t("control.trial"), t("control.trial_weeks", n=part.weeks), t("control.trial_why"))]
            if part.note is Note.TRIAL
            else []
        ),
    ]


def _basis(t: Translator, part: Part) -> str:
    told = t(f"control.basis_{part.basis}")
    if part.sigma > 1 and part.basis is not Basis.XMR:
        told += t("control.between") + t("control.clustered", factor=t.number(part.sigma, 1))
    return told
