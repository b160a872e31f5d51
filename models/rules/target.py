"""What was promised, as a line in time: from the baseline rate down to the goal, then flat."""

from dataclasses import dataclass
from datetime import date, timedelta

from models.rules.errors import InvalidInput

MOST_BASELINE_WEEKS = 106  # two years
LEAST_BASELINE_WEEKS = 4  # fewer say nothing about an ordinary week


@dataclass(frozen=True)
class Baseline:
    """The baseline window: what was counted, in how many village-weeks reported, of how many expected."""

    total: float
    received: int
    expected: int
    exposure: float | None = None  # what the rate is per, when it is not the village-weeks reported

    @property
    def coverage(self) -> float:
        """Share 0–1 of the expected village-weeks that were reported."""
        return self.received / self.expected if self.expected else 0.0

    @property
    def rate(self) -> float | None:
        """The weekly rate; None when nothing was reported."""
        per = self.received if self.exposure is None else self.exposure
        return self.total / per if per else None

    def is_enough(self, least_coverage: float) -> bool:
        """Whether a reduction may be measured from it at all."""
        return self.rate is not None and self.coverage >= least_coverage


@dataclass(frozen=True)
class Promise:
    """One version of a target: how much less than in which weeks, by when."""

    reduction: float
    baseline_from: date
    baseline_until: date
    starts: date
    ends: date


@dataclass(frozen=True)
class TargetPath:
    """Straight from `base` at `starts` to `base` × (1 − `reduction`) at `ends`; level before and after."""

    base: float
    reduction: float
    starts: date
    ends: date

    @property
    def goal(self) -> float:
        """The rate to be reached at the end."""
        return self.base * (1 - self.reduction)

    def at(self, day: date) -> float:
        """The rate that would be on the path that day."""
        if day >= self.ends:
            return self.goal
        gone = max((day - self.starts).days, 0) / (self.ends - self.starts).days
        return self.base - (self.base - self.goal) * gone


def path_of(baseline: Baseline, reduction: float, starts: date, ends: date, *, least_coverage: float) -> TargetPath | None:
    """The path from a baseline; None when the baseline is too thin to promise anything from it."""
    rate = baseline.rate
    return TargetPath(rate, reduction, starts, ends) if rate is not None and baseline.is_enough(least_coverage) else None


def check_target(reduction: float, baseline_from: date, baseline_weeks: int, starts: date, ends: date) -> date:
    """The baseline's last day. InvalidInput at `reduction` outside (0, 1], at `baseline` when it begins on no Monday or is
    not over before `starts`, at `length` outside 4–106 weeks, at `ends` when the target is over before it begins."""
    if not 0 < reduction <= 1:
        raise InvalidInput("bad_reduction", field="reduction")
    enough = LEAST_BASELINE_WEEKS <= baseline_weeks <= MOST_BASELINE_WEEKS
    if baseline_from.weekday() != 0 or not enough:
        field = "baseline" if enough else "length"
        raise InvalidInput("bad_baseline", field=field, least=LEAST_BASELINE_WEEKS, most=MOST_BASELINE_WEEKS)
    baseline_until = baseline_from + timedelta(days=7 * baseline_weeks - 1)
    if baseline_until >= starts:
        raise InvalidInput("baseline_late", field="baseline")
    if ends <= starts:
        raise InvalidInput("target_ends_early", field="ends")
    return baseline_until


def softens(old: Promise, new: Promise) -> bool:
    """Whether a revision asks for less or later, or measures from elsewhere: each needs a reason, as raising a quota does."""
    same_baseline = (old.baseline_from, old.baseline_until) == (new.baseline_from, new.baseline_until)
    return new.reduction < old.reduction or new.starts > old.starts or new.ends > old.ends or not same_baseline
