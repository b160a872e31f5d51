"""An interrupted time series in words: what changed with the target's first week, beyond the trend there already was."""

from models.rules.series import LEAST_AFTER, LEAST_BEFORE, LEAST_EVENTS, Effect
from services.queries.charts import Turn
from ui.i18n import Translator
from ui.sentences import Fact

SURE = 0.05  # the rule's own intervals are of 95 %


def sentence(t: Translator, turn: Turn) -> str:
    """Whether it fell at once, or faster since; or why nobody can say."""
    found = turn.found
    if turn.starts is None or found is None:
        return t("turn.no_target")
    if found.why:
        least = {"few_weeks_before": LEAST_BEFORE, "few_weeks_after": LEAST_AFTER, "few_events": LEAST_EVENTS}.get(found.why, 0)
        return t(f"turn.why_{found.why}", n=least, weeks=found.weeks)
    before = t(f"turn.before_{_way(found.trend)}")
    level, slope = _way(found.level), _way(found.slope)
    if level == slope == "none":
        after = t("turn.after_nothing", day=t.full_day(turn.starts))
    else:
        after = t("turn.after", day=t.full_day(turn.starts), level=t(f"turn.level_{level}"), slope=t(f"turn.slope_{slope}"))
    return before + after


def facts(t: Translator, turn: Turn) -> list[Fact]:
    """Each effect with its interval; a dash where the weeks hardly tell anything of it."""
    found = turn.found
    if found is None or found.why:
        return []
    effects = (("level", found.level), ("slope", found.slope), ("trend", found.trend), ("latest", found.latest))
    told = [Fact(t(f"turn.{name}"), _shown(t, one), _interval(t, one)) for name, one in effects]
    kept = ("seasonal", found.seasonal), ("holiday", found.holiday), ("alike", found.alike)
    allowed = [t(f"turn.with_{name}") for name, there in kept if there]
    counts = {"received": t.number(turn.received), "expected": t.number(turn.expected)}
    weeks = t(
        "turn.weeks_why", parts=t("control.between").join([*allowed, t("turn.with_makeup"), t("turn.with_scatter")]), **counts
    )
    return [*told, Fact(t("turn.weeks"), t.number(found.weeks), weeks)]


def _way(effect: Effect | None) -> str:
    """down, up, or none: an interval that holds 1 says nothing."""
    if effect is None or effect.p >= SURE:
        return "none"
    return "down" if effect.ratio < 1 else "up"


def _shown(t: Translator, effect: Effect | None) -> str:
    return "—" if effect is None else _percent(t, effect.ratio)


def _interval(t: Translator, effect: Effect | None) -> str:
    if effect is None:
        return t("turn.unknown")
    return t("verdict.interval", low=_percent(t, effect.low), high=_percent(t, effect.high))


def _percent(t: Translator, ratio: float) -> str:
    """−20%; what became many times as much, as a multiple."""
    if ratio > 10:
        return t("turn.times", n=t.number(min(ratio, 9999)))
    return t.percent(round(ratio - 1, 2) + 0.0, signed=True)
