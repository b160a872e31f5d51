"""Did a policy change a series that already had a trend? Interrupted time series (Bernal et al., Int J Epidemiol 2017;46:348).

    log E(total) = log(exposure) + β₀ + β₁·t + β₂·after + β₃·(t − policy)·after + Fourier pairs + Spring Festival

t in years, `after` from the policy's week on. Quasi-Poisson: the scatter is Pearson's χ² ÷ degrees of freedom, intervals are t.
Where residuals of following weeks are alike (Ljung–Box over 4 lags), standard errors are Newey and West's with 4 lags, and it is
said. Two Fourier pairs enter where two full years are seen: with less, a season cannot be told from a trend.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from models.rules.holiday import is_spring_festival
from models.rules.week import Week

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

LEAST_BEFORE, LEAST_AFTER, LEAST_EVENTS, LEAST_DEGREES = 12, 8, 10, 8
SEASONAL_WEEKS, PAIRS, LAGS = 104, 2, 4
FARTHEST = 12.0  # |log ratio|: a factor of 160,000 is no effect but a model that ran away
YEAR = 365.25 / 7  # weeks
CONFIDENCE, ALIKE = 0.95, 0.05


class Why(StrEnum):
    """Why nothing is told."""

    FEW_WEEKS_BEFORE = "few_weeks_before"  # fewer than 12 weeks reported before the policy
    FEW_WEEKS_AFTER = "few_weeks_after"  # fewer than 8 since
    FEW_EVENTS = "few_events"  # fewer than 10 events before, or since
    NOT_SEPARABLE = "not_separable"  # the weeks reported cannot tell level, slope and season apart


@dataclass(frozen=True)
class Observed:
    """One week's total and the village-weeks it was reported from; weeks without a report are left out."""

    week: Week
    total: float
    exposure: float


@dataclass(frozen=True)
class Effect:
    """A ratio of rates (0.8 is 20 % less), its 95 % interval, and p."""

    ratio: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Interruption:
    """What the policy changed, or why that cannot be said.

    `level`: at once, in the policy's week. `slope`: what the trend per year is multiplied by since. `latest`: both together in
    the last week, against the old trend carried on. `trend`: per year, before the policy. Each but `level` is
    None where the weeks hardly tell anything of it.
    """

    why: Why | None
    weeks: int
    level: Effect | None = None
    slope: Effect | None = None
    latest: Effect | None = None
    trend: Effect | None = None
    scatter: float | None = None  # Pearson's φ
    autocorrelation: float | None = None  # of residuals a week apart
    alike: bool = False  # residuals are autocorrelated; standard errors allow for it
    seasonal: bool = False  # Fourier terms are in the model
    holiday: bool = False  # so is Spring Festival
    without: tuple[Week, ...] = ()  # of the festival, left out because nothing happened in them


def interruption(series: Sequence[Observed], policy: Week) -> Interruption:
    """The effect of a policy in force from that week on."""
    reported = sorted((one for one in series if one.exposure > 0), key=lambda one: one.week)
    before = [one for one in reported if one.week < policy]
    after = [one for one in reported if one.week >= policy]
    why = _too_thin(before, after)
    if why:
        return Interruption(why, len(reported))
    seasonal = reported[-1].week >= reported[0].week + SEASONAL_WEEKS - 1
    festival = [is_spring_festival(one.week) for one in reported]
    quiet = [one for one, is_festival in zip(reported, festival, strict=True) if is_festival]
    without: tuple[Week, ...] = ()
    if not any(one.total for one in quiet):  # its effect would be −∞, which is to leave these weeks out
        without = tuple(one.week for one in quiet)
        reported, festival = [one for one in reported if one.week not in without], [False] * (len(reported) - len(quiet))
    design = _design(reported, policy, seasonal=seasonal, festival=festival)
    return replace(_fitted(reported, design, seasonal=seasonal, holiday=bool(quiet)), without=without)


def _too_thin(before: Sequence[Observed], after: Sequence[Observed]) -> Why | None:
    if len(before) < LEAST_BEFORE:
        return Why.FEW_WEEKS_BEFORE
    if len(after) < LEAST_AFTER:
        return Why.FEW_WEEKS_AFTER
    events = (math.fsum(one.total for one in part) for part in (before, after))
    return Why.FEW_EVENTS if min(events) < LEAST_EVENTS else None


def _design(reported: Sequence[Observed], policy: Week, *, seasonal: bool, festival: Sequence[bool]) -> Array:
    """Columns: 1, t, after, t·after, and what the calendar does; t is 0 in the policy's week."""
    import numpy as np

    t = np.array([(one.week.monday - policy.monday).days / 7 / YEAR for one in reported])
    after = (t >= 0).astype(float)
    columns = [np.ones_like(t), t, after, t * after]
    if seasonal:
        angles = [2 * math.pi * pair * t for pair in range(1, PAIRS + 1)]
        columns += [wave for angle in angles for wave in (np.sin(angle), np.cos(angle))]
    if any(festival):
        columns.append(np.array(festival, float))
    return np.column_stack(columns)


def _fitted(reported: Sequence[Observed], design: Array, *, seasonal: bool, holiday: bool) -> Interruption:
    import numpy as np

    weeks, degrees = len(reported), len(reported) - design.shape[1]
    total, exposure = (np.array([getattr(one, name) for one in reported], float) for name in ("total", "exposure"))
    if degrees < LEAST_DEGREES or np.linalg.cond(design) > 1e6:
        return Interruption(Why.NOT_SEPARABLE, weeks)
    fit = _quasi_poisson(total, exposure, design)
    if fit is None:
        return Interruption(Why.NOT_SEPARABLE, weeks)
    first, alike = _autocorrelated(fit.resid_pearson)
    if alike:
        fit = _quasi_poisson(total, exposure, design, cov_type="HAC", cov_kwds={"maxlags": LAGS})
    contrasts = ({2: 1.0}, {3: 1.0}, {2: 1.0, 3: design[-1, 1]}, {1: 1.0})
    level, slope, latest, trend = (fit and _effect(fit, weights, degrees) for weights in contrasts)
    if level is None:
        return Interruption(Why.NOT_SEPARABLE, weeks)
    return Interruption(None, weeks, level, slope, latest, trend, float(fit.scale), first, alike, seasonal, holiday)


def _quasi_poisson(total: Array, exposure: Array, design: Array, **covariance: Any) -> Any:
    """The fitted model; None where it does not settle: some pattern of empty weeks would drive a coefficient to infinity."""
    import numpy as np
    import statsmodels.api as sm
    from statsmodels.tools.sm_exceptions import ModelWarning

    model = sm.GLM(total, design, family=sm.families.Poisson(), offset=np.log(exposure))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error", ModelWarning)
        try:
            fit = model.fit(scale="X2", **covariance)
        except (ModelWarning, np.linalg.LinAlgError, ValueError):
            return None
    settled = fit.converged and np.isfinite(fit.params).all() and np.isfinite(fit.cov_params()).all() and np.isfinite(fit.scale)
    return fit if settled else None


def _autocorrelated(residuals: Array) -> tuple[float, bool]:
    """(correlation of residuals a week apart, whether the first lags are more alike than chance)."""
    from scipy.special import chdtrc

    n, whole = len(residuals), float(residuals @ residuals)
    if whole <= 1e-9:
        return 0.0, False
    lagged = [float(residuals[lag:] @ residuals[:-lag]) / whole for lag in range(1, LAGS + 1)]
    statistic = n * (n + 2) * sum(r**2 / (n - lag) for lag, r in enumerate(lagged, 1))
    return lagged[0], bool(chdtrc(LAGS, statistic) < ALIKE)


def _effect(fit: Any, weights: dict[int, float], degrees: int) -> Effect | None:
    """exp of a weighted sum of coefficients; None where the interval spans more than any effect could."""
    import numpy as np
    from scipy.special import stdtr, stdtrit

    contrast = np.zeros(len(fit.params))
    contrast[list(weights)] = list(weights.values())
    log, se = float(contrast @ fit.params), math.sqrt(max(0.0, float(contrast @ fit.cov_params() @ contrast)))
    half = float(stdtrit(degrees, (1 + CONFIDENCE) / 2)) * se
    if abs(log) + half > FARTHEST:
        return None
    p = 2 * float(stdtr(degrees, -abs(log) / se)) if se > 0 else float(log == 0)
    return Effect(math.exp(log), math.exp(log - half), math.exp(log + half), p)
