"""Points: one point of a sweep, and what its replications measured."""

from dataclasses import dataclass
from typing import TypeAlias

from typing_extensions import override

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.confinement import confined
from simcoalesce.experiment.metric_values import MetricValues, metric_values
from simcoalesce.experiment.traffic_cache import TrafficCache
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.yaml.validation_error import InvalidScenario


@dataclass(frozen=True)
class SweepPoint:
    """One point.

    Attributes:
        overrides: What makes it this point, as KEY=VALUE.
        measured: What its replications measured; None if it failed.
        failure: Why it failed; None if it did not.
        is_cached: Whether the numbers were there before.
    """

    overrides: tuple[str, ...]
    measured: MetricValues | None = None
    failure: str | None = None
    is_cached: bool = False

    @property
    def no_verdict(self) -> str:
        """Why nothing follows from its runs; empty if something does, or it failed."""
        return self.measured.no_verdict if self.measured else ""

    def estimate(self, metric: str) -> Estimate | None:
        """Return mean and 95 % interval of a metric; None if the point failed."""
        return self.measured.estimate(metric) if self.measured else None


PointTask: TypeAlias = tuple[int, tuple[str, ...]]
"""The index of a point, and what makes it this point."""

PointDone: TypeAlias = tuple[int, SweepPoint]
"""The index of a point, and what came of it."""


class PointWorker:
    """Simulates points under the same seeds, and keeps the traffic of each seed."""

    def __init__(
        self, base: Scenario, seed: int, replications: int, repeats: int
    ) -> None:
        """Begin with nothing simulated.

        Args:
            base: The scenario before any change.
            seed: Seed of the first replication.
            replications: How many, of each point.
            repeats: How many runs one worker will see in all: what is worth compiling.
        """
        self._settings = (base, seed, replications, repeats)
        self._traffic_cache = TrafficCache()

    @override
    def __reduce__(self) -> tuple[object, ...]:
        # A cluster moves it when a worker dies; the traffic is generated anew there.
        return PointWorker, self._settings

    def done(self, task: PointTask) -> PointDone:
        """Simulate a point; whatever goes wrong is its failure, and no other's."""
        index, overrides = task
        base, seed, replications, repeats = self._settings
        try:
            with confined(base.confined_to):
                measured = metric_values(
                    base.with_overrides(*overrides),
                    seed=seed,
                    replications=replications,
                    repeats=repeats,
                    traffic_cache=self._traffic_cache,
                )
        except Exception as error:  # noqa: BLE001 - one point must not stop the others
            return index, SweepPoint(overrides, failure=failure_text(error))
        return index, SweepPoint(overrides, measured)


def failure_text(error: Exception) -> str:
    """Return in one line why a point cannot be simulated."""
    if isinstance(error, InvalidScenario):
        return "; ".join(f"{c.where} {c.message}" for c in error.errors)
    words = " ".join(str(error).split())
    name = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
    return f"{name}{words}"
