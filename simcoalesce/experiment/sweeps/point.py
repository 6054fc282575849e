"""Points: one point of a sweep, and what its replications measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from typing_extensions import override

from simcoalesce.experiment.estimate import Estimate
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

    def estimate(self, metric: str) -> Estimate | None:
        """Return mean and 95 % interval of a metric; None if the point failed."""
        return self.measured.estimate(metric) if self.measured else None


@dataclass(frozen=True)
class PointTask:
    """What a worker does for one point; it travels to another process or machine.

    Attributes:
        index: The index of the point.
        overrides: What makes it this point.
        seed: Seed of the first replication, the same at every point.
        replications: How many.
        repeats: How many runs one worker will see in all: what is worth compiling.
    """

    index: int
    overrides: tuple[str, ...]
    seed: int
    replications: int
    repeats: int


@dataclass(frozen=True)
class PointDone:
    """What comes back: numbers, or why there are none."""

    index: int
    values: Mapping[str, tuple[float | None, ...]] | None = None
    failure: str | None = None


class PointWorker:
    """Simulates points: it has the scenario, and keeps the traffic of each seed."""

    def __init__(self, base: Scenario) -> None:
        """Take the scenario before any change."""
        self._base = base
        self._traffic_cache = TrafficCache()

    @override
    def __reduce__(self) -> tuple[type["PointWorker"], tuple[Scenario]]:
        # A cluster moves it when a worker dies; the traffic is generated anew there.
        return PointWorker, (self._base,)

    def done(self, task: PointTask) -> PointDone:
        """Simulate a point; whatever goes wrong is its failure, and no other's."""
        try:
            measured = metric_values(
                self._base.with_overrides(*task.overrides),
                seed=task.seed,
                replications=task.replications,
                repeats=task.repeats,
                traffic_cache=self._traffic_cache,
            )
        except Exception as error:  # noqa: BLE001 - one point must not stop the others
            return PointDone(task.index, failure=failure_text(error))
        return PointDone(task.index, measured.values)


def failure_text(error: Exception) -> str:
    """Return in one line why a point cannot be simulated."""
    if isinstance(error, InvalidScenario):
        return "; ".join(f"{c.where} {c.message}" for c in error.errors)
    words = " ".join(str(error).split())
    name = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
    return f"{name}{words}"
