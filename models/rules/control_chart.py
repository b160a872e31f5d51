"""A control chart over weeks: limits from a baseline that stays frozen, rebased only with a reason, and the points that signal.

Each segment has limits of its own. A segment's baseline is its first points, all of them unless a number is given; what is marked
as excluded (a flood week) and weeks without a report are no part of it. Rules run within a segment over the weeks reported.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.rules.control_limits import Basis, Limits, basis_of, laney_sigma, u_limits, xmr_limits
from models.rules.control_rules import Assurance, Direction, Meaning, Signal, assurance, meaning, signals

LEAST_POINTS = 13  # below it limits are on trial


class Kind(StrEnum):
    """What is counted decides the chart."""

    COUNT = "count"  # events: u-chart
    VALUE = "value"  # hours, stocks: XmR on total ÷ exposure


class Note(StrEnum):
    """What a reader of a segment must know before trusting it; the first two come without limits."""

    FEW_POINTS = "few_points"  # fewer than two weeks in the baseline
    NO_EVENTS = "no_events"  # nothing at all happened in the baseline
    TRIAL = "trial"  # fewer than 13 weeks in the baseline


@dataclass(frozen=True)
class Point:
    """One week: its total and exposure (village-weeks; 0 is a gap). `excluded`: drawn and tested, never estimated from."""

    total: float
    exposure: float
    excluded: bool = False


@dataclass(frozen=True)
class Rebase:
    """From point `first` on, limits are made anew from the next `baseline` points (None: all), for a reason that is told."""

    first: int
    reason: str
    baseline: int | None = None


@dataclass(frozen=True)
class Segment:
    """Points `first` to `last` share a baseline of `weeks` reported weeks. No `basis`: no limits, and `note` says why."""

    first: int
    last: int
    reason: str
    weeks: int
    centre: float | None
    basis: Basis | None
    sigma: float  # Laney's σ_z; 1 where weeks scatter as counts do
    note: Note | None


@dataclass(frozen=True)
class Plotted:
    """A point as drawn: its rate (None: gap), its limits, and the signal it gives with what that means."""

    value: float | None
    limits: Limits | None
    signal: Signal | None = None
    meaning: Meaning | None = None


@dataclass(frozen=True)
class Chart:
    """All points in order, the segments they fall into, and which way is better."""

    points: list[Plotted]
    segments: list[Segment]
    better: Direction

    def assurance(self, target: float) -> Assurance | None:
        """Whether the process as it is meets the target, by the last limits there are."""
        limits = next((point.limits for point in reversed(self.points) if point.limits), None)
        return assurance(target, limits, self.better) if limits else None


def control_chart(
    points: Sequence[Point],
    kind: Kind,
    *,
    baseline: int | None = None,
    rebases: Sequence[Rebase] = (),
    better: Direction = Direction.LOWER,
) -> Chart:
    """The chart of weeks in order. `baseline`: how many points the first segment's limits are frozen on (None: all of them)."""
    starts = {0: Rebase(0, "", baseline)} | {rebase.first: rebase for rebase in rebases if 0 < rebase.first < len(points)}
    begun = sorted(starts) if points else []
    plotted: list[Plotted] = []
    segments = []
    for first, end in zip(begun, [*begun[1:], len(points)], strict=False):
        part = points[first:end]
        segment, limits = _segment(part, kind, starts[first], end - 1)
        segments.append(segment)
        plotted += _plotted(part, limits, better)
    return Chart(plotted, segments, better)


def _segment(part: Sequence[Point], kind: Kind, start: Rebase, last: int) -> tuple[Segment, list[Limits | None]]:
    """The segment, and the limits at each of its points."""
    counted = [one for one in part[: start.baseline] if one.exposure > 0 and not one.excluded]
    weeks = len(counted)
    note = _note(counted)
    if note in (Note.FEW_POINTS, Note.NO_EVENTS):
        return Segment(start.first, last, start.reason, weeks, None, None, 1.0, note), [None] * len(part)
    if kind is Kind.VALUE:
        values = [one.total / one.exposure for one in counted]
        same = xmr_limits(values)
        limits = [same if one.exposure > 0 else None for one in part]
        return Segment(start.first, last, start.reason, weeks, math.fsum(values) / weeks, Basis.XMR, 1.0, note), limits
    totals, exposures = [one.total for one in counted], [one.exposure for one in counted]
    centre, sigma = math.fsum(totals) / math.fsum(exposures), laney_sigma(totals, exposures)
    basis = basis_of(centre, exposures, sigma)
    limits = [u_limits(centre, one.exposure, basis, sigma) if one.exposure > 0 else None for one in part]
    return Segment(start.first, last, start.reason, weeks, centre, basis, sigma, note), limits


def _note(counted: Sequence[Point]) -> Note | None:
    if len(counted) < 2:
        return Note.FEW_POINTS
    if all(one.total == 0 for one in counted):
        return Note.NO_EVENTS
    return Note.TRIAL if len(counted) < LEAST_POINTS else None


def _plotted(part: Sequence[Point], limits: Sequence[Limits | None], better: Direction) -> list[Plotted]:
    values = [one.total / one.exposure if one.exposure > 0 else None for one in part]
    tested = [(v, one) for v, one in zip(values, limits, strict=True) if v is not None and one is not None]
    found = iter(signals([v for v, _ in tested], [one for _, one in tested]))
    return [
        _point(v, one, next(found) if v is not None and one is not None else None, better)
        for v, one in zip(values, limits, strict=True)
    ]


def _point(value: float | None, limits: Limits | None, found: tuple[Signal, int] | None, better: Direction) -> Plotted:
    return Plotted(value, limits, found[0], meaning(found[1], better)) if found else Plotted(value, limits)
