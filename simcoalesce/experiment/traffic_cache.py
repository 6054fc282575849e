"""Traffic cache: requests under each seed, made once for all that share them."""

from dataclasses import replace
from typing import Final

from simcoalesce.experiment.size import expected_requests
from simcoalesce.request import Requests
from simcoalesce.scenario.drawn import drawn
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.traffic import GeneratedTraffic

_MOST_REQUESTS: Final = 1_000_000
"""So many are kept in all; 32 bytes each."""


class TrafficCache:
    """The traffic of scenarios with the same traffic, one for each seed.

    Points of a sweep have the same arrivals, and to generate them takes about as long
    as to send them through a path. They are kept while the traffic stays the same; too
    many are generated anew each time, and so are clients who wait for answers.
    """

    def __init__(self, most_requests: int = _MOST_REQUESTS) -> None:
        """Begin empty; keep so many requests in all, none if it is 0."""
        self._most = most_requests
        self._last: Scenario | None = None
        self._kept: dict[int, tuple[GeneratedTraffic, list[Requests]]] = {}
        self._spare = most_requests

    def of(self, scenario: Scenario, seed: int) -> GeneratedTraffic:
        """Return the traffic of a scenario under a seed, as it would be generated.

        Raises:
            ValueError: If a log that the traffic names cannot be used.
        """
        scenario = drawn(scenario, seed)
        if self._last is None or not have_same_traffic(self._last, scenario):
            self._kept, self._spare = {}, self._most
        self._last = scenario
        if seed not in self._kept:
            traffic = scenario.traffic.generate(
                seed=seed, duration_ns=scenario.duration_ns
            )
            is_large = expected_requests(scenario) > self._spare
            if is_large or traffic.closed_loop is not None:
                return traffic
            chunks = [*traffic.chunks]
            self._spare -= sum(map(len, chunks))
            self._kept[seed] = traffic, chunks
        traffic, chunks = self._kept[seed]
        return replace(traffic, chunks=iter(chunks), drawn=None)


def have_same_traffic(one: Scenario, other: Scenario) -> bool:
    """Whether two scenarios have the same arrivals under the same seed.

    In a closed loop they have the same clients, think times and keys, and how often
    the clients come depends on the answers.
    """
    if one is other:
        return True
    a, b = one.traffic, other.traffic
    is_equal = a == b and one.duration_ns == other.duration_ns
    # As texts too, since the order of keys and locations decides who is which.
    return is_equal and a.model_dump_json() == b.model_dump_json()
