"""From observation points to the county: what all villages carry, estimated from those that report, and how sure that is.

Stratified by township type (Cochrane, Sampling Techniques, §5.3–5.4):

    Ŷ = Σ N_h·ȳ_h        V(Ŷ) = Σ N_h²·(1 − n_h ÷ N_h)·s_h² ÷ n_h        t with n − H degrees of freedom        CV = SE ÷ Ŷ

A stratum with a single point says nothing about its own spread. It is joined to the smallest other stratum, by villages, until
none is left alone; that makes the standard error too large rather than too small. Points picked by hand are no sample: they speak
for themselves only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

CONFIDENCE = 0.95


class Selection(StrEnum):
    """How the points were chosen."""

    RANDOM = "random"
    PURPOSIVE = "purposive"


class Limit(StrEnum):
    """Why there is no estimate for the county."""

    PURPOSIVE = "purposive"  # picked by hand: these points only
    NO_POINTS = "no_points"
    UNSEEN_STRATUM = "unseen_stratum"  # villages of a kind that no point stands for
    ONE_POINT = "one_point"  # no spread can be known
    BAD_FRAME = "bad_frame"  # more points than villages in a stratum
    IMPRECISE = "imprecise"  # the CV is above the county's limit


@dataclass(frozen=True)
class Stratum:
    """`villages` in the county of one kind, and the value of each of those that are points (e.g. entries per week)."""

    villages: int
    values: Sequence[float]


@dataclass(frozen=True)
class Estimate:
    """Per village and in total, with standard errors, the 95 % interval of the mean, and CV (0.1 is 10 %).

    With a `limit` other than IMPRECISE only `points_mean`, the plain mean of the points, can be said. IMPRECISE keeps the numbers
    for the explanation; they are not to be shown as the county's.
    """

    limit: Limit | None
    points_mean: float | None
    joined: int = 0  # how many strata were joined to another
    mean: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    total: float | None = None
    total_se: float | None = None
    degrees: int | None = None
    cv: float | None = None


def county(strata: Mapping[str, Stratum], *, selection: Selection, most_cv: float) -> Estimate:
    """The county's mean per village, or why it cannot be said. `most_cv`: the largest CV with which a figure is shown."""
    used = [one for one in strata.values() if one.villages > 0 or one.values]
    values = [value for one in used for value in one.values]
    points_mean = math.fsum(values) / len(values) if values else None
    limit = _refused(used, len(values), selection)
    if limit:
        return Estimate(limit, points_mean)
    kept = collapsed(used)
    if any(_alone(one) for one in kept):
        return Estimate(Limit.ONE_POINT, points_mean, len(used) - len(kept))
    return _estimated(kept, len(used) - len(kept), points_mean, most_cv)


def collapsed(strata: Sequence[Stratum]) -> list[Stratum]:
    """Strata with a single point of several villages joined, smallest first, to the smallest other one."""
    kept = sorted(strata, key=lambda one: one.villages)
    while len(kept) > 1 and (alone := next((one for one in kept if _alone(one)), None)):
        kept.remove(alone)
        other = kept.pop(0)
        kept.append(Stratum(alone.villages + other.villages, [*alone.values, *other.values]))
        kept.sort(key=lambda one: one.villages)
    return kept


def _alone(stratum: Stratum) -> bool:
    return len(stratum.values) == 1 and stratum.villages > 1


def _refused(strata: Sequence[Stratum], points: int, selection: Selection) -> Limit | None:
    if not points:
        return Limit.NO_POINTS
    if selection is Selection.PURPOSIVE:
        return Limit.PURPOSIVE
    if any(len(one.values) > one.villages for one in strata):
        return Limit.BAD_FRAME
    return Limit.UNSEEN_STRATUM if any(not one.values for one in strata) else None


def _estimated(strata: Sequence[Stratum], joined: int, points_mean: float | None, most_cv: float) -> Estimate:
    villages, degrees = sum(one.villages for one in strata), sum(len(one.values) - 1 for one in strata)
    total = math.fsum(one.villages * math.fsum(one.values) / len(one.values) for one in strata)
    total_se = math.sqrt(math.fsum(_variance(one) for one in strata))
    mean, se = total / villages, total_se / villages
    half = _t(degrees) * se if se > 0 else 0.0
    low = mean - half
    if all(value >= 0 for one in strata for value in one.values):
        low = max(0.0, low)
    cv = se / abs(mean) if mean else (math.inf if se else 0.0)
    limit = Limit.IMPRECISE if cv > most_cv else None
    shown_cv = cv if math.isfinite(cv) else None
    return Estimate(limit, points_mean, joined, mean, se, low, mean + half, total, total_se, degrees, shown_cv)


def _variance(stratum: Stratum) -> float:
    """N²·(1 − n ÷ N)·s² ÷ n; 0 where every village is a point."""
    n = len(stratum.values)
    if n == stratum.villages:
        return 0.0
    mean = math.fsum(stratum.values) / n
    spread = math.fsum((value - mean) ** 2 for value in stratum.values) / (n - 1)
    return stratum.villages**2 * (1 - n / stratum.villages) * spread / n


def _t(degrees: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees, (1 + CONFIDENCE) / 2))
