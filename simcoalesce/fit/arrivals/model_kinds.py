"""The laws that are tried: a steady rate, steps, bursts, a ramp, a flash crowd."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

import numpy as np
from typing_extensions import override

from simcoalesce.fit.arrivals.arrival_model import (
    ArrivalModel,
    ArrivalSurge,
    Quantity,
    Segment,
)
from simcoalesce.fit.arrivals.burst_shape import density, share_come
from simcoalesce.fit.arrivals.observed_arrivals import Floats

_TIME_CONSTANTS: Final = 10
"""How long a flash crowd decays, as the arrival of that name does."""
_NEARLY: Final = 1e-9


class SteadyModel(ArrivalModel):
    """One rate."""

    name: ClassVar[str] = "steady rate"

    @property
    @override
    def quantities(self) -> Sequence[Quantity]:
        return ("rate",)

    @override
    def is_possible(self, values: Floats) -> bool:
        return bool(values[0] > 0)

    @override
    def rate(self, values: Floats, at_s: Floats) -> Floats:
        return np.full(len(at_s), values[0])

    @override
    def expected(self, values: Floats, at_s: Floats) -> Floats:
        return float(values[0]) * at_s

    @override
    def phases(self, values: Floats) -> list[dict[str, Any]]:
        return [{"kind": "rate", "rate": values[0]}]


class SteppedModel(ArrivalModel):
    """Rates that hold from one instant to the next: rates, then the instants between.

    Parameters: n rates and n - 1 instants.
    """

    name: ClassVar[str] = "steps"

    @classmethod
    def of(cls, segments: Sequence[Segment], ends_s: float) -> "SteppedModel":
        """Return the law whose first guess is that of segments."""
        rates = [max(one.rate_per_s, 1e-3 / ends_s) for one in segments]
        return cls([*rates, *(one.from_s for one in segments[1:])], ends_s)

    @property
    def _steps(self) -> int:
        return (len(self.first_guess) + 1) // 2

    @property
    @override
    def quantities(self) -> Sequence[Quantity]:
        rates: list[Quantity] = ["rate"] * self._steps
        instants: list[Quantity] = ["instant"] * (self._steps - 1)
        return (*rates, *instants)

    @override
    def is_possible(self, values: Floats) -> bool:
        edges = np.array([0.0, *values[self._steps :], self.ends_s])
        return bool((values[: self._steps] > 0).all() and (np.diff(edges) > 0).all())

    @override
    def rate(self, values: Floats, at_s: Floats) -> Floats:
        steps = np.searchsorted(values[self._steps :], at_s, side="right")
        found: Floats = values[: self._steps][steps]
        return found

    @override
    def expected(self, values: Floats, at_s: Floats) -> Floats:
        edges = np.array([0.0, *values[self._steps :], self.ends_s])
        total = np.concatenate([[0], np.cumsum(np.diff(edges) * values[: self._steps])])
        return np.asarray(np.interp(at_s, edges, total), dtype=np.float64)

    @override
    def phases(self, values: Floats) -> list[dict[str, Any]]:
        edges = [0.0, *values[self._steps :].tolist(), self.ends_s]
        rates = values[: self._steps].tolist()
        phases = []
        for number, rate in enumerate(rates):
            phase: dict[str, Any] = {"kind": "rate"}
            if number:
                phase["at"] = edges[number]
            phase["rate"] = rate
            if number < len(rates) - 1:
                phase["for"] = edges[number + 1] - edges[number]
            phases.append(phase)
        return phases


class BurstModel(ArrivalModel):
    """A steady rate and bursts: the rate, then start, length and size of each."""

    name: ClassVar[str] = "rate and bursts"

    def __init__(
        self, start: Sequence[float], ends_s: float, shapes: Sequence[str]
    ) -> None:
        """Begin with a first guess, and a shape for each burst."""
        super().__init__(start, ends_s)
        self.shapes = tuple(shapes)

    @classmethod
    def of(
        cls,
        base_per_s: float,
        surges: Sequence[ArrivalSurge],
        shape: str,
        ends_s: float,
    ) -> "BurstModel":
        """Return the law whose first guess is that of surges."""
        start = [base_per_s]
        for one in surges:
            start += [one.from_s, one.until_s - one.from_s, one.excess]
        return cls(start, ends_s, [shape] * len(surges))

    @property
    @override
    def quantities(self) -> Sequence[Quantity]:
        return ("rate", *("instant", "span", "rate") * len(self.shapes))

    @override
    def is_possible(self, values: Floats) -> bool:
        at_s, lasts_s, size = values[1::3], values[2::3], values[3::3]
        is_apart = (at_s[1:] >= at_s[:-1] + lasts_s[:-1]).all()
        is_inside = (at_s >= 0).all() and (
            at_s + lasts_s <= self.ends_s + _NEARLY
        ).all()
        is_some = values[0] > 0 and (lasts_s > 0).all() and (size > 0).all()
        return bool(is_apart and is_inside and is_some)

    @override
    def rate(self, values: Floats, at_s: Floats) -> Floats:
        total = np.full(len(at_s), values[0])
        for number, shape in enumerate(self.shapes):
            begins, lasts, size = values[1 + 3 * number : 4 + 3 * number]
            total += size / lasts * density(shape, (at_s - begins) / lasts)
        return total

    @override
    def expected(self, values: Floats, at_s: Floats) -> Floats:
        total: Floats = float(values[0]) * at_s
        for number, shape in enumerate(self.shapes):
            begins, lasts, size = values[1 + 3 * number : 4 + 3 * number]
            total = total + size * share_come(shape, (at_s - begins) / lasts)
        return total

    @override
    def phases(self, values: Floats) -> list[dict[str, Any]]:
        phases: list[dict[str, Any]] = [{"kind": "rate", "rate": values[0]}]
        for number, shape in enumerate(self.shapes):
            begins, lasts, size = values[1 + 3 * number : 4 + 3 * number]
            burst = {"kind": "burst", "at": begins, "requests": size, "within": lasts}
            phases.append(burst | ({} if shape == "uniform" else {"shape": shape}))
        return phases


class RampModel(ArrivalModel):
    """A rate that goes in a straight line to another one.

    Parameters: the two rates; then, if it does not fill the whole time, start and
    length of the ramp.
    """

    name: ClassVar[str] = "ramp"

    def _parts(self, values: Floats) -> tuple[float, float, float, float]:
        if len(values) == 2:
            return float(values[0]), float(values[1]), 0.0, self.ends_s
        low, high, begins, lasts = values.tolist()
        return low, high, begins, lasts

    @property
    @override
    def quantities(self) -> Sequence[Quantity]:
        every: Sequence[Quantity] = ("rate", "rate", "instant", "span")
        return every[: len(self.first_guess)]

    @override
    def is_possible(self, values: Floats) -> bool:
        low, high, begins, lasts = self._parts(values)
        is_inside = begins >= 0 and begins + lasts <= self.ends_s + _NEARLY
        return bool(min(low, high, lasts) > 0 and is_inside)

    @override
    def rate(self, values: Floats, at_s: Floats) -> Floats:
        low, high, begins, lasts = self._parts(values)
        found: Floats = low + (high - low) * np.clip((at_s - begins) / lasts, 0.0, 1.0)
        return found

    @override
    def expected(self, values: Floats, at_s: Floats) -> Floats:
        low, high, begins, lasts = self._parts(values)
        risen = np.clip(at_s - begins, 0.0, lasts)
        after = np.maximum(at_s - begins - lasts, 0.0)
        found: Floats = low * at_s + (high - low) * (
            risen * risen / (2 * lasts) + after
        )
        return found

    @override
    def phases(self, values: Floats) -> list[dict[str, Any]]:
        low, high, begins, lasts = self._parts(values)
        ramp = {"kind": "ramp", "from": low, "to": high, "for": lasts}
        if len(values) == 2:
            return [ramp]
        return [
            {"kind": "rate", "rate": low, "for": begins},
            {
                "kind": "ramp",
                "at": begins,
                **{k: ramp[k] for k in ("from", "to", "for")},
            },
            {"kind": "rate", "at": begins + lasts, "rate": high},
        ]


class FlashCrowdModel(ArrivalModel):
    """A steady rate, and a flash crowd: rise, peak, decay.

    Parameters: the base rate; start, rate at the peak above the base, rise, hold, and
    the time constant of the decay.
    """

    name: ClassVar[str] = "rate and flash crowd"

    @classmethod
    def of(
        cls, base_per_s: float, surge: ArrivalSurge, ends_s: float
    ) -> "FlashCrowdModel":
        """Return the law whose first guess is that of a surge."""
        peak, lasts = surge.peak, surge.until_s - surge.from_s
        rise = max(peak.from_s - surge.from_s, 0.02 * lasts)
        decay = max((surge.until_s - peak.until_s) / 2.5, 0.05 * lasts)
        over = max(peak.rate_per_s - base_per_s, base_per_s * 0.01)
        hold = max(0.5 * peak.length_s, 1e-3)
        return cls([base_per_s, surge.from_s, over, rise, hold, decay], ends_s)

    @property
    @override
    def quantities(self) -> Sequence[Quantity]:
        return ("rate", "instant", "rate", "span", "span", "span")

    @override
    def is_possible(self, values: Floats) -> bool:
        base, begins, peak, rise, hold, decay = values.tolist()
        is_some = min(base, peak, rise, hold, decay) > 0 and begins >= 0
        is_inside = begins + rise + hold < self.ends_s and decay < self.ends_s
        return bool(is_some and is_inside)

    @override
    def rate(self, values: Floats, at_s: Floats) -> Floats:
        base, begins, peak, rise, hold, decay = values.tolist()
        x = at_s - begins
        fallen = np.clip((x - rise - hold) / decay, 0.0, _TIME_CONSTANTS)
        lives = (x >= 0) & (x < rise + hold + _TIME_CONSTANTS * decay)
        shape = np.clip(x / rise, 0.0, 1.0) * np.exp(-fallen)
        found: Floats = base + np.where(lives, peak * shape, 0.0)
        return found

    @override
    def expected(self, values: Floats, at_s: Floats) -> Floats:
        base, begins, peak, rise, hold, decay = values.tolist()
        x = at_s - begins
        risen, held = np.clip(x, 0.0, rise), np.clip(x - rise, 0.0, hold)
        fallen = np.clip((x - rise - hold) / decay, 0.0, _TIME_CONSTANTS)
        shape = risen * risen / (2 * rise) + held + decay * -np.expm1(-fallen)
        found: Floats = base * at_s + peak * shape
        return found

    @override
    def phases(self, values: Floats) -> list[dict[str, Any]]:
        base, begins, peak, rise, hold, decay = values.tolist()
        flash_crowd = {"kind": "flash_crowd", "at": begins, "peak": peak}
        flash_crowd |= {"rise": rise, "hold": hold, "decay": decay}
        return [{"kind": "rate", "rate": base}, flash_crowd]
