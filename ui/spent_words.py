"""Where a change in hours came from, in minutes per point and week, as whole numbers that add up.

What each period took is rounded first, half up; their difference is the whole shown. The parts are rounded so that they add up
to it, those with the largest remainders up: each lies within a minute of what it is.
"""

from dataclasses import dataclass
from fractions import Fraction

from models.rules.hours import change_per, settled, shown
from models.rules.verdict import VerdictCode
from services.figures.comparing import Comparison
from services.figures.hours_spent import Spent
from ui import sentences
from ui.i18n import Translator

PARTS = ("quantity", "unit", "interaction")


@dataclass(frozen=True)
class Minutes:
    """Minutes of people's time per point and week before and now; quantity + unit + interaction = now − base, as shown."""

    now: int
    base: int
    parts: dict[str, int]
    times: tuple[Fraction, Fraction]  # entries per point and week: before, now
    each: tuple[Fraction | None, Fraction | None]  # minutes per entry
    points: int

    @property
    def whole(self) -> int:
        """The change as shown."""
        return self.now - self.base


def minutes(spent: Spent) -> Minutes:
    """The figures of the table; both periods have village-weeks."""
    found = change_per(spent.now, spent.base, spent.now_weeks, spent.base_weeks)
    periods = ((spent.now, spent.now_weeks), (spent.base, spent.base_weeks))
    now, base = (int(shown(Fraction(load.minutes, weeks))) for load, weeks in periods)
    numbers = settled([60 * getattr(found, part) for part in PARTS], now - base)
    times = Fraction(spent.base.quantity, spent.base_weeks), Fraction(spent.now.quantity, spent.now_weeks)
    each = [load.unit * 60 if load.unit is not None else None for load in (spent.base, spent.now)]
    return Minutes(now, base, dict(zip(PARTS, numbers, strict=True)), times, (each[0], each[1]), spent.points)


def sentence(t: Translator, told: Minutes, code: VerdictCode) -> str:
    """每个点每周少花 95 分钟：次数少了占 70 分钟……; and, without a real change, that it may be chance."""
    if told.whole == 0:
        return t("spent.same", minutes=t.number(told.now))
    way = "less" if told.whole < 0 else "more"
    heaviest = max(PARTS, key=lambda part: abs(told.parts[part]) * (1 if (told.parts[part] < 0) == (told.whole < 0) else 0))
    kind = "fewer" if told.parts[heaviest] < 0 else "greater"
    why = t(f"spent.mostly_{heaviest}_{kind}", minutes=t.number(abs(told.parts[heaviest])))
    maybe = t("spent.maybe") if code is VerdictCode.NONE else ""
    return t(f"spent.{way}", minutes=t.number(abs(told.whole)), why=why) + maybe


def rows(t: Translator, told: Minutes) -> list[dict[str, str]]:
    """Before, the three parts, now."""
    times = [t.number(float(one), 1) for one in told.times]
    each = ["—" if one is None else t.number(float(one), 0) for one in told.each]
    why = {
        "quantity": t("spent.why_quantity", base=times[0], now=times[1]),
        "unit": t("spent.why_unit", base=each[0], now=each[1]),
        "interaction": t("spent.why_interaction"),
    }
    lines = [("base", t.number(told.base), "", "")]
    lines += [(part, _signed(t, told.parts[part]), why[part], "") for part in PARTS]
    lines += [("now", t.number(told.now), t("spent.why_now", change=_signed(t, told.whole)), "total")]
    return [{"what": t(f"spent.{name}"), "minutes": number, "why": text, "mark": mark} for name, number, text, mark in lines]


def note(t: Translator, told: Minutes, compared: Comparison, open_weeks: int) -> str:
    """Over which points of how many, and how they weigh; where the verdict's base is another one for that, which."""
    verdict = compared.verdict
    said = t("spent.note", n=told.points, expected=compared.expected) + sentences.provisional(t, open_weeks)
    if verdict.before is None or not sentences.is_mixed(verdict):
        return said
    return said + t("spent.note_mix", before=t.number(verdict.before * 60))


def _signed(t: Translator, value: int) -> str:
    return f"+{t.number(value)}" if value > 0 else t.number(value)
