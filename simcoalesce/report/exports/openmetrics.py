"""OpenMetrics: a run over time, for Prometheus and for dashboards that read it."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.experiment.result import Result
from simcoalesce.outcomes import Lookup, Outcomes
from simcoalesce.report.export import Export
from simcoalesce.units import NS_PER_S

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

_INTERVALS_S: Final = (1, 5, 15, 60, 300, 900, 3_600)
_MOST_SAMPLES: Final = 1_000
"""A longer run is sampled less often."""
_BUCKETS_S: Final = (
    *(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5),
    *(0.75, 1.0, 2.5, 5.0, 7.5, 10.0),
)
"""Those of the Prometheus client for Python (0.26, 2026-11-30)."""

Instants = NDArray[np.int64]
Group = tuple[list[str], Instants]
"""Values of labels, and the instants of what they stand for, in ns, ascending."""


class OpenMetrics(Export):
    """The first run as counters and a histogram, a sample a second or less often.

    Requests and calls count when they are answered, as a server counts them. The wall
    clock is that of ``starts_at``; without it the run begins in 1970.

    Source:
        OpenMetrics 1.0 (prometheus.io/docs/specs/om/open_metrics_spec, 2026-11-30).
    """

    suffixes: ClassVar[tuple[str, ...]] = (".om",)

    @override
    def lacks(self, name: str) -> str:
        extra = "OpenMetrics needs an extra: pip install 'simcoalesce[openmetrics]'"
        return "" if find_spec("prometheus_client") else extra

    @override
    def needs_rows(self, name: str) -> bool:
        return True

    @override
    def text(self, result: Result) -> str:
        library: Any = import_module("prometheus_client.openmetrics.exposition")
        text: str = library.generate_latest(_Families(result)).decode()
        return text


class _Families:
    """What a run counts, as the library asks for it."""

    def __init__(self, result: Result) -> None:
        self._outcomes = result.outcomes
        self._scenario = result.scenario.label
        self._at_ns = _sampled_at(result.outcomes)
        starts_at = result.scenario.starts_at
        self._starts_at_s = round(starts_at.timestamp()) if starts_at else 0

    def collect(self) -> "Iterator[Metric]":
        """Yield each family of metrics with its samples."""
        yield self._counter(
            "simcoalesce_requests",
            "Requests that were answered.",
            ["location", "cache", "status"],
            _requests(self._outcomes),
        )
        yield self._durations()
        yield self._counter(
            "simcoalesce_origin_requests",
            "Calls that the origin answered.",
            ["status"],
            _calls(self._outcomes),
        )

    def _counter(
        self, name: str, said: str, labels: list[str], groups: Sequence[Group]
    ) -> "Metric":
        from prometheus_client.core import CounterMetricFamily  # noqa: PLC0415 - extra

        family = CounterMetricFamily(name, said, labels=["scenario", *labels])
        for values, instants in groups:
            counts = np.searchsorted(instants, self._at_ns, side="right")
            for when, count in zip(self._timestamps(), counts.tolist(), strict=True):
                family.add_metric([self._scenario, *values], count, timestamp=when)
        return family

    def _durations(self) -> "Metric":
        from prometheus_client.core import HistogramMetricFamily  # noqa: PLC0415 - extra

        name = "simcoalesce_request_duration_seconds"
        said = "How long clients waited for their answers."
        labels = ["scenario", "location"]
        family = HistogramMetricFamily(name, said, labels=labels, unit="seconds")
        for location, ends, latencies_ns in _waits(self._outcomes):
            by_bucket, sums = _cumulated(ends, latencies_ns, self._at_ns)
            for row, when in enumerate(self._timestamps()):
                buckets = [
                    (str(bound), int(count))
                    for bound, count in zip(
                        (*_BUCKETS_S, "+Inf"), by_bucket[row], strict=True
                    )
                ]
                values = [self._scenario, location]
                family.add_metric(values, buckets, sums[row], timestamp=when)
        return family

    def _timestamps(self) -> list[int]:
        seconds: list[int] = (self._starts_at_s + self._at_ns // NS_PER_S).tolist()
        return seconds


def _sampled_at(outcomes: Outcomes) -> Instants:
    """Return when a run is sampled, from its start until all is answered, in ns."""
    ends = (outcomes.request_rows.completed_at_ns, outcomes.origin_rows.completed_at_ns)
    last_s = -(-max(int(one.max(initial=0)) for one in ends) // NS_PER_S)
    fitting = (one for one in _INTERVALS_S if last_s < one * _MOST_SAMPLES)
    every_s = next(fitting, -(-last_s // _MOST_SAMPLES))
    samples = -(-last_s // every_s) + 1
    return np.arange(samples, dtype=np.int64) * every_s * NS_PER_S


def _requests(outcomes: Outcomes) -> Sequence[Group]:
    rows = outcomes.request_rows
    names = [one.name.lower() for one in Lookup]
    kinds = np.stack([rows.location, rows.lookup, rows.status], axis=1)
    return [
        ([outcomes.locations[kind[0]], names[kind[1]], str(kind[2])], instants)
        for kind, instants in _grouped(kinds, rows.completed_at_ns)
    ]


def _calls(outcomes: Outcomes) -> Sequence[Group]:
    rows = outcomes.origin_rows
    groups = _grouped(rows.status[:, np.newaxis], rows.completed_at_ns)
    return [([str(kind[0])], instants) for kind, instants in groups]


def _grouped(
    kinds: NDArray[np.int64], instants: Instants
) -> Iterator[tuple[list[int], Instants]]:
    """Yield the instants of each kind, ascending; kinds of shape (rows, labels)."""
    for kind in np.unique(kinds, axis=0):
        yield kind.tolist(), np.sort(instants[(kinds == kind).all(axis=1)])


def _waits(outcomes: Outcomes) -> Iterator[tuple[str, Instants, NDArray[np.int64]]]:
    """Yield each location, when its requests were answered, and after how long."""
    rows = outcomes.request_rows
    order = np.argsort(rows.completed_at_ns, kind="stable")
    for index, location in enumerate(outcomes.locations):
        own = order[rows.location[order] == index]
        if len(own):
            yield location, rows.completed_at_ns[own], rows.latency_ns[own]


def _cumulated(
    ends: Instants, latencies_ns: NDArray[np.int64], at_ns: Instants
) -> tuple[NDArray[np.int64], list[float]]:
    """Return how many waits each bucket holds, and their sum in s, at some instants.

    Returns:
        Counts of shape (instants, buckets), of which the last holds all; and sums.
    """
    held = [ends[latencies_ns <= round(one * NS_PER_S)] for one in _BUCKETS_S]
    counts = [np.searchsorted(one, at_ns, side="right") for one in (*held, ends)]
    sums_ns = np.concatenate([[0], np.cumsum(latencies_ns)])
    return np.stack(counts, axis=1), (sums_ns[counts[-1]] / NS_PER_S).tolist()
