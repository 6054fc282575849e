"""Parameters that explain arrivals: a sample of their posterior distribution."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.arrivals.arrival_model import ArrivalModel
from simcoalesce.fit.arrivals.observed_arrivals import Floats, ObservedArrivals
from simcoalesce.randomness import Stream

_TUNED_AFTER: Final = 25
_FIRST_RATIO_STEP: Final = 0.1
_FIRST_INSTANT_STEP: Final = 0.01
_MOST_STEPS: Final = 20.0
"""How far steps grow: what a log leaves open has no end."""
_LONG_STEP: Final = 5.0
_LONG_STEPS_RATIO: Final = 0.1
_HALF_DEVIANCE: Final = 1.92
"""Half of the 95 % quantile of chi squared with one degree of freedom."""


@dataclass(frozen=True)
class Posterior:
    """A sample of the parameters that explain the arrivals.

    Attributes:
        model: Whose parameters.
        rows: A row for each element, shape (n, parameters).
        log_likelihoods: Of each row, shape (n,).
        best: The parameters with the largest likelihood.
        most: The largest log-likelihood.
        steps: How far the sampler steps, for one that goes on.
    """

    model: ArrivalModel
    rows: Floats
    log_likelihoods: Floats
    best: Floats
    most: float
    steps: Floats

    def bic(self, events: int) -> float:
        """Return the Bayesian information criterion: the least is the best model."""
        return -2.0 * self.most + len(self.best) * float(np.log(max(events, 2)))

    @property
    def is_likely(self) -> NDArray[np.bool_]:
        """Which rows a likelihood-ratio test of one parameter would not reject."""
        return self.log_likelihoods >= self.most - _HALF_DEVIANCE


def sampled(
    model: ArrivalModel,
    observed: ObservedArrivals,
    sweeps: int,
    before: Posterior | None = None,
) -> Posterior:
    """Return a sample by Metropolis steps, one parameter after the other.

    Priors are flat: edges of bursts are no regular parameters, and the posterior of a
    location is right where Fisher's information does not exist. Steps are tuned to be
    accepted in a third of cases; now and then one is five times as long.

    Args:
        model: Whose parameters.
        observed: The arrivals.
        sweeps: How often each parameter steps.
        before: A sample to go on from, which is not returned.

    Source:
        Metropolis et al., J. Chem. Phys. 21 (1953); Gelman, Roberts and Gilks (1996)
        for the share that is accepted.
    """
    now = np.array(model.first_guess) if before is None else before.best.copy()
    steps = _first_steps(model) if before is None else before.steps.copy()
    walk = _Walk(model, observed, now, steps, sweeps)
    rows, values = np.empty((sweeps, len(now))), np.empty(sweeps)
    for sweep in range(sweeps):
        for number in range(len(now)):
            walk.step(number)
        rows[sweep], values[sweep] = walk.now, walk.likely
        if sweep % _TUNED_AFTER == _TUNED_AFTER - 1:
            walk.tune()
    return Posterior(model, rows, values, walk.best, walk.most, walk.steps)


class _Walk:
    """Where the sampler is, and the best that it has seen."""

    def __init__(
        self,
        model: ArrivalModel,
        observed: ObservedArrivals,
        now: Floats,
        steps: Floats,
        sweeps: int,
    ) -> None:
        self._model, self._observed = model, observed
        self._quantities = model.quantities
        self._low, self._high = _bounds(model, observed)
        self._most_steps = _first_steps(model) * _MOST_STEPS
        self._draws = _Draws(f"fit.{model.name}.{sweeps}", sweeps * len(now))
        self._accepted = np.zeros(len(now))
        self.steps = steps
        self.now, self.likely = now, model.log_likelihood(observed, now)
        self.best, self.most = now.copy(), self.likely

    def step(self, number: int) -> None:
        """Try another value of a parameter."""
        new, z, chance = self.now.copy(), *self._draws.next()
        size, quantity = self.steps[number] * z, self._quantities[number]
        new[number] = _stepped(quantity == "instant", self.now[number], size)
        is_within = self._low[number] <= new[number] <= self._high[number]
        if not (is_within and self._model.is_possible(new)):
            return
        likely = self._model.log_likelihood(self._observed, new)
        # A step in the logarithm of a value: flat in the value itself.
        log_ratio = size if quantity == "span" else 0.0
        if chance >= likely - self.likely + log_ratio:
            return
        self.now, self.likely = new, likely
        self._accepted[number] += 1
        if likely > self.most:
            self.best, self.most = new.copy(), likely

    def tune(self) -> None:
        """Make steps shorter that are seldom accepted, and longer that often are."""
        share = self._accepted / _TUNED_AFTER
        factor = np.where(share < 0.25, 0.6, np.where(share > 0.5, 1.5, 1.0))
        self.steps = np.minimum(self.steps * factor, self._most_steps)
        self._accepted[:] = 0


def _first_steps(model: ArrivalModel) -> Floats:
    instants = _FIRST_INSTANT_STEP * model.ends_s
    return np.array(
        [instants if q == "instant" else _FIRST_RATIO_STEP for q in model.quantities]
    )


def _bounds(model: ArrivalModel, observed: ObservedArrivals) -> tuple[Floats, Floats]:
    """Return between what parameters lie, however little a log says of them."""
    ends_s, events = model.ends_s, max(observed.events, 1)
    low = {"rate": 1e-2 / ends_s, "span": 1e-6 * ends_s, "instant": 0.0}
    high = {"rate": 1e3 * events, "span": ends_s, "instant": ends_s}
    bounds = [(low[one], high[one]) for one in model.quantities]
    return np.array([one[0] for one in bounds]), np.array([one[1] for one in bounds])


def _stepped(is_instant: bool, value: float, size: float) -> float:  # noqa: FBT001
    return float(value + size if is_instant else value * np.exp(size))


class _Draws:
    """Normal steps and logarithms of uniform numbers."""

    def __init__(self, name: str, count: int) -> None:
        stream, numbers = Stream(1, name), np.arange(count)
        first, angle, accept, long = (
            stream.uniforms(numbers * 4 + part) for part in range(4)
        )
        radius = np.sqrt(-2 * np.log(np.maximum(first, 1e-300)))
        length = np.where(long < _LONG_STEPS_RATIO, _LONG_STEP, 1.0)
        normal = radius * np.cos(2 * np.pi * angle) * length
        chances = np.log(np.maximum(accept, 1e-300))
        self._pairs = iter(zip(normal.tolist(), chances.tolist(), strict=True))

    def next(self) -> tuple[float, float]:
        """Return the next step, and the logarithm of the next chance."""
        return next(self._pairs)
