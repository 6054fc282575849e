"""Which law the arrivals of a log follow, and whether they follow any."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.arrivals.arrival_model import ArrivalModel, ArrivalSurge, Segment
from simcoalesce.fit.arrivals.burst_shape import SHAPES
from simcoalesce.fit.arrivals.change_points import change_points
from simcoalesce.fit.arrivals.metropolis import Posterior, sampled
from simcoalesce.fit.arrivals.model_kinds import (
    BurstModel,
    FlashCrowdModel,
    RampModel,
    SteadyModel,
    SteppedModel,
)
from simcoalesce.fit.arrivals.observed_arrivals import Floats, ObservedArrivals

_BIN_S: Final = 0.05
_MOST_BINS: Final = 3_000
_MOST_SURGES: Final = 5
_MOST_STEPS: Final = 6
_FIRST_SWEEPS: Final = 150
_TUNING_SWEEPS: Final = 250
_LAST_SWEEPS: Final = 800
_CLEARLY: Final = 6.0
"""A difference of the criterion that is strong evidence (Kass and Raftery, 1995)."""
_MOST_DISPERSION: Final = 3.0
"""Ends of requests in place of their starts make it about 2 around a burst."""
_MANY_SIGMAS: Final = 4.0
_FEW_REQUESTS: Final = 5.0
_FEWEST_BINS: Final = 15
_EVEN_VARIATION: Final = 0.3
_SCALES_S: Final = (0.1, 1.0, 10.0, 60.0)


@dataclass(frozen=True)
class ArrivalFit:
    """The law that fits best, and how well.

    Attributes:
        posterior: Its parameters.
        rival: The next best of another form; None if nothing else was tried.
        lead: By how much its criterion is below that of the rival.
        dispersion: The variance of counts over what the law says, at the worst scale: 1
            for Poisson arrivals.
        dispersion_at_s: That scale.
        is_told: Whether what is left is chance: if not, no law of these is told.
        is_even: Whether arrivals come like a metronome's.
    """

    posterior: Posterior
    rival: Posterior | None
    lead: float
    dispersion: float
    dispersion_at_s: float
    is_told: bool
    is_even: bool


def fitted_model(observed: ObservedArrivals) -> ArrivalFit:
    """Return the law that fits arrivals best, by the Bayesian information criterion.

    Change points make the first guesses; edges are then parameters of the likelihood.
    """
    tried = [sampled(model, observed, _FIRST_SWEEPS) for model in _candidates(observed)]
    tried.sort(key=lambda one: one.bic(observed.events))
    best = _simplest(tried, observed)
    rival = next(
        (one for one in tried if type(one.model) is not type(best.model)), None
    )
    tuned = sampled(best.model, observed, _TUNING_SWEEPS, best)
    posterior = sampled(best.model, observed, _LAST_SWEEPS, tuned)
    lead = 0.0
    if rival is not None:
        lead = rival.bic(observed.events) - posterior.bic(observed.events)
    dispersion, at_s, sigmas = _dispersion(observed, posterior)
    is_told = sigmas <= _MANY_SIGMAS or dispersion <= _MOST_DISPERSION
    is_even = isinstance(best.model, SteadyModel) and _is_even(observed)
    return ArrivalFit(posterior, rival, lead, dispersion, at_s, is_told, is_even)


def segments(observed: ObservedArrivals) -> list[Segment]:
    """Return the times in which the rate seems to be the same, in order."""
    width_s = max(_BIN_S, observed.stamp_s, observed.ends_s / _MOST_BINS)
    counts, edges = observed.in_bins(width_s)
    ends = [0, *change_points(counts), len(counts)]
    return [
        Segment(
            float(edges[first]),
            float(edges[last]),
            float(counts[first:last].sum() / (edges[last] - edges[first])),
        )
        for first, last in itertools.pairwise(ends)
    ]


def _candidates(observed: ObservedArrivals) -> Iterator[ArrivalModel]:
    parts, ends_s = segments(observed), observed.ends_s
    mean = observed.events / ends_s
    yield SteadyModel([mean], ends_s)
    if len(parts) == 1:
        return
    base = max(_base(parts), 1e-3 * mean)
    surges = _surges(parts, base)
    possible: list[ArrivalModel] = [*_ramps(parts, base, ends_s)]
    if len(parts) <= _MOST_STEPS:
        possible.append(SteppedModel.of(parts, ends_s))
    if 1 <= len(surges) <= _MOST_SURGES:
        possible += [BurstModel.of(base, surges, one, ends_s) for one in SHAPES]
    if len(surges) == 1:
        possible.append(FlashCrowdModel.of(base, surges[0], ends_s))
    yield from (one for one in possible if one.is_possible(np.array(one.first_guess)))


def _ramps(parts: Sequence[Segment], base: float, ends_s: float) -> Iterator[RampModel]:
    first, last = (max(parts[n].rate_per_s, 0.05 * base) for n in (0, -1))
    yield RampModel([first, last], ends_s)
    begins = 0.8 * parts[0].until_s
    lasts = max(parts[-1].from_s - parts[0].until_s, 0.1 * ends_s) * 1.1
    yield RampModel([first, last, begins, min(lasts, ends_s - begins)], ends_s)


def _base(parts: Sequence[Segment]) -> float:
    """Return the rate below which the log is half of its time."""
    half = sum(one.length_s for one in parts) / 2
    for one in sorted(parts, key=lambda one: one.rate_per_s):
        half -= one.length_s
        if half <= 0:
            return one.rate_per_s
    return parts[-1].rate_per_s


def _surges(parts: Sequence[Segment], base: float) -> list[ArrivalSurge]:
    surges: list[ArrivalSurge] = []
    open_parts: list[Segment] = []
    for one in [*parts, None]:
        if one is not None and _is_surge(one, base):
            open_parts.append(one)
        elif open_parts:
            surges.append(ArrivalSurge(tuple(open_parts), _excess(open_parts, base)))
            open_parts = []
    return surges


def _is_surge(one: Segment, base: float) -> bool:
    return _excess([one], base) > _MANY_SIGMAS * sqrt(base * one.length_s) + 3


def _excess(parts: Sequence[Segment], base: float) -> float:
    return sum((one.rate_per_s - base) * one.length_s for one in parts)


def _simplest(tried: Sequence[Posterior], observed: ObservedArrivals) -> Posterior:
    """Return the best law; a burst is uniform unless something else is clearly better.

    Steps up and down are a burst, too.
    """
    best = tried[0]
    if not isinstance(best.model, (BurstModel, SteppedModel)):
        return best
    for one in tried:
        if isinstance(one.model, BurstModel) and set(one.model.shapes) == {"uniform"}:
            is_near = one.bic(observed.events) - best.bic(observed.events) < _CLEARLY
            return one if is_near else best
    return best


def _dispersion(
    observed: ObservedArrivals, posterior: Posterior
) -> tuple[float, float, float]:
    """Return the variance of counts over the law's mean, its scale, and its sigmas.

    Of all scales the one that is furthest from Poisson.
    """
    worst = (1.0, 1.0, 0.0)
    for scale_s in (*_SCALES_S, observed.ends_s / 20):
        if not max(observed.stamp_s, 1e-9) <= scale_s <= observed.ends_s / 10:
            continue
        counts, edges = observed.in_bins(scale_s)
        means = np.diff(posterior.model.expected(posterior.best, edges))
        known = means >= _FEW_REQUESTS
        freedom = int(known.sum()) - len(posterior.best)
        if freedom < _FEWEST_BINS:
            continue
        squares = _squares(counts[known], means[known])
        sigmas = (squares - freedom) / sqrt(2 * freedom)
        if sigmas > worst[2]:
            worst = (squares / freedom, float(edges[1] - edges[0]), sigmas)
    return worst


def _squares(counts: NDArray[np.int64], means: Floats) -> float:
    return float(((counts - means) ** 2 / means).sum())


def _is_even(observed: ObservedArrivals) -> bool:
    """Whether the gaps between arrivals, or the counts of seconds, hardly vary."""
    if len(observed.counts):
        counts, _ = observed.in_bins(max(observed.stamp_s, observed.ends_s / 200))
        mean = float(counts.mean())
        return mean >= _FEW_REQUESTS and float(counts.var()) < _EVEN_VARIATION**2 * mean
    gaps = np.diff(observed.instants_s)
    return len(gaps) > 1 and float(gaps.std()) < _EVEN_VARIATION * float(gaps.mean())


def interval(posterior: Posterior, values: Floats) -> tuple[float, float]:
    """Return the 95 % interval of a function of the parameters.

    It holds 95 % of the sample, and each value that a likelihood-ratio test would not
    reject: where stamps are coarse, these are more.

    Args:
        posterior: The sample.
        values: The function of each row, shape (n,).
    """
    low, high = np.quantile(values, [0.025, 0.975])
    likely = values[posterior.is_likely]
    if len(likely):
        low, high = min(low, likely.min()), max(high, likely.max())
    return float(low), float(high)


def thinned(posterior: Posterior, count: int) -> Posterior:
    """Return a sample with fewer rows, taken in equal distances."""
    chosen = np.linspace(0, len(posterior.rows) - 1, count).round().astype(np.int64)
    return replace(
        posterior,
        rows=posterior.rows[chosen],
        log_likelihoods=posterior.log_likelihoods[chosen],
    )
