"""Back-test: a scenario predicts a part of a log, beside what the log recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.back_test_line import BackTestLine
from simcoalesce.fit.observed_part import PERCENTS, ObservedPart

COUNT_TOLERANCE_RATIO: Final = 0.03
LATENCY_TOLERANCE_RATIO: Final = 0.10
LEAST_CORRELATION: Final = 0.95
STANDARD_DEVIATIONS: Final = 3.0
_LEAST_LATENCY_S: Final = 0.002
"""A log rounds to milliseconds."""
_FEWEST_SECONDS: Final = 5
_FEWEST_RUNS: Final = 4
_WITHIN_CHANCE: Final = 0.5
_CORRELATION_MARGIN: Final = 0.1
"""What a log has besides: the jitter of a real system, within its milliseconds."""


@dataclass(frozen=True)
class ComparedPart:
    """A scenario's prediction beside a part of a log.

    Attributes:
        text: What was predicted with: "fitted", or a rival's value.
        recorded: What the log says.
        predicted: What each simulated run says; at least one.
    """

    text: str
    recorded: ObservedPart
    predicted: tuple[ObservedPart, ...]

    @cached_property
    def lines(self) -> tuple[BackTestLine, ...]:
        """The numbers, one beside the other."""
        counts = [
            self._count(name, field)
            for name, field in (
                ("origin_calls", "origin_calls"),
                ("hits", "hits"),
                ("refusals", "refusals"),
            )
        ]
        return (*counts, *self._latencies())

    def _count(self, name: str, field: str) -> BackTestLine:
        recorded = float(getattr(self.recorded, field))
        every = [float(getattr(one, field)) for one in self.predicted]
        mean, deviation = _mean(every)
        widest = max(
            COUNT_TOLERANCE_RATIO * recorded, STANDARD_DEVIATIONS * deviation, 1.0
        )
        return BackTestLine(name, "1", recorded, mean, deviation, widest)

    def _latencies(self) -> list[BackTestLine]:
        found = []
        for number, recorded in enumerate(self.recorded.latency_s):
            every = [one.latency_s[number] for one in self.predicted if one.latency_s]
            mean, deviation = _mean(every)
            allowed = LATENCY_TOLERANCE_RATIO * recorded
            allowed = max(allowed, STANDARD_DEVIATIONS * deviation, _LEAST_LATENCY_S)
            name, decides = f"latency_p{PERCENTS[number]}_s", PERCENTS[number] == 99
            found.append(
                BackTestLine(name, "s", recorded, mean, deviation, allowed, decides)
            )
        return found

    @cached_property
    def predicted_per_s(self) -> NDArray[np.float64]:
        """Calls in each second, the mean of the simulated runs."""
        every = [self._in_seconds(one) for one in self.predicted]
        mean: NDArray[np.float64] = np.mean(every, axis=0)
        return mean

    @property
    def correlation(self) -> float | None:
        """Of calls in each second; None of few seconds, or where nothing changes."""
        return _correlation(self.recorded.calls_per_s, self.predicted_per_s)

    @cached_property
    def least_correlation(self) -> float:
        """How well calls must correlate: no better than runs do with one another.

        Where calls come evenly chance alone decides in which second one more is made.
        """
        runs = np.array([self._in_seconds(one) for one in self.predicted], dtype=float)
        others = (len(runs) * self.predicted_per_s - runs) / max(len(runs) - 1, 1)
        found = [_correlation(*pair) for pair in zip(runs, others, strict=True)]
        known = [one for one in found if one is not None]
        if len(runs) < _FEWEST_RUNS or not known:
            return LEAST_CORRELATION
        return min(LEAST_CORRELATION, min(known) - _CORRELATION_MARGIN)

    def _in_seconds(self, part: ObservedPart) -> NDArray[np.int64]:
        return part.calls_per_s[: len(self.recorded.calls_per_s)]

    @property
    def is_even(self) -> bool:
        """Whether seconds differ from the prediction by less than by chance.

        Calls that come by chance, n in a second, vary by the root of n (Poisson).
        """
        apart = self.predicted_per_s - self.recorded.calls_per_s
        mean = float(self.recorded.calls_per_s.mean())
        return bool((apart**2).mean() <= _WITHIN_CHANCE * mean)

    @cached_property
    def cumulated(self) -> NDArray[np.float64]:
        """Calls that were predicted too many up to the end of each second."""
        apart: NDArray[np.float64] = np.cumsum(
            self.predicted_per_s - self.recorded.calls_per_s
        )
        return apart

    @property
    def largest_residual(self) -> tuple[int, float]:
        """The second that is predicted worst, and how many calls too many."""
        apart = self.predicted_per_s - self.recorded.calls_per_s
        worst = int(np.argmax(np.abs(apart)))
        return worst, float(apart[worst])

    @property
    def is_step(self) -> bool:
        """Whether the difference comes all at once: an event that was missed.

        Otherwise it is a drift: a wrong ttl, or a wrong start.
        """
        total = abs(float(self.cumulated[-1]))
        return abs(self.largest_residual[1]) > total / 2

    @property
    def unlike(self) -> tuple[str, ...]:
        """What does not agree, as sentences without an end."""
        found = [one.sentence for one in self.lines if one.decides and not one.agrees]
        correlation, least = self.correlation, self.least_correlation
        if correlation is not None and correlation <= least and not self.is_even:
            found.append(
                f"calls in each second correlate by {correlation:.2f} only"
                f" (more than {least:.2f} is asked)"
            )
        return tuple(found)


def _correlation(
    first: NDArray[np.float64] | NDArray[np.int64],
    second: NDArray[np.float64] | NDArray[np.int64],
) -> float | None:
    if len(first) < _FEWEST_SECONDS or not first.std() or not second.std():
        return None
    return float(np.corrcoef(first.astype(float), second.astype(float))[0, 1])


def _mean(values: Sequence[float]) -> tuple[float, float]:
    if not values:
        return 0.0, 0.0
    deviation = float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
    return float(np.mean(values)), deviation


@dataclass(frozen=True)
class BackTest:
    """A fitted scenario, or one that is there, against a part of a log.

    Attributes:
        from_s: Where the part begins, in seconds since the first request.
        until_s: Where it ends.
        fitted_s: The part that the scenario was fitted to; None if it was not fitted
            to this log.
        main: The scenario's prediction.
        rivals: The predictions with values that the log cannot exclude.
        contradictions: How many ages contradict the ttl, and of how many.
        notes: What a reader must know, as sentences.
    """

    from_s: float
    until_s: float
    fitted_s: tuple[float, float] | None
    main: ComparedPart
    rivals: tuple[ComparedPart, ...] = ()
    contradictions: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()

    @property
    def unlike(self) -> tuple[str, ...]:
        """Why the scenario does not tell this log's story; empty if it does."""
        found = list(self.main.unlike)
        if self.contradictions is not None:
            bad, ages = self.contradictions
            if bad > ages / 100:
                found.append(f"{bad:,} of {ages:,} ages contradict the ttl")
        return tuple(found)

    @property
    def is_believed(self) -> bool:
        """Whether the scenario tells the log's story."""
        return not self.unlike

    @property
    def sentence(self) -> str:
        """The verdict, with the largest residual where it is not believed."""
        calls = self.main.lines[0]
        said = f"{calls.predicted:,.0f} calls are predicted, {calls.recorded:,.0f} came"
        if self.is_believed:
            return f"This scenario tells this log's story: {said}."
        second, apart = self.main.largest_residual
        more = "too many" if apart > 0 else "too few"
        kind = "a step, so an event was missed" if self.main.is_step else "a drift"
        return (
            f"This scenario does not tell this log's story: {'; '.join(self.unlike)}."
            f" The largest residual is {abs(apart):,.0f} calls {more} in the second"
            f" from {self.from_s + second:,.0f} s on ({kind})."
        )

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "from_s": self.from_s,
            "until_s": self.until_s,
            "fitted_s": None if self.fitted_s is None else list(self.fitted_s),
            "verdict": "believed" if self.is_believed else "not believed",
            "sentence": self.sentence,
            "unlike": list(self.unlike),
            **_document(self.main),
            "rivals": [{"value": one.text, **_document(one)} for one in self.rivals],
            "ttl_contradictions": self.contradictions and list(self.contradictions),
            "notes": list(self.notes),
        }


def _document(comparison: ComparedPart) -> dict[str, Any]:
    second, apart = comparison.largest_residual
    return {
        "replications": len(comparison.predicted),
        "lines": [
            {
                "metric": line.name,
                "unit": line.unit,
                "recorded": line.recorded,
                "predicted": line.predicted,
                "deviation": line.deviation,
                "tolerance": line.tolerance,
                "agrees": line.agrees,
                "decides": line.decides,
            }
            for line in comparison.lines
        ],
        "calls_per_second": {
            "recorded": comparison.recorded.calls_per_s.tolist(),
            "predicted": comparison.predicted_per_s.tolist(),
            "correlation": comparison.correlation,
            "largest_residual": {"second": second, "calls": apart},
        },
    }
