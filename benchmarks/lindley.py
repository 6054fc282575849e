"""One server with a queue: the customers of M/M/1, and the recursion that solves it.

Lindley's recursion is the limit of what any simulator of it can reach: each departure
is max(arrival, the departure before) + service.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simcoalesce import Scenario
from simcoalesce.model.layers.origin import Origin
from simcoalesce.request import Requests
from simcoalesce.sampler import Quantiles
from simcoalesce.units import NS_PER_S


class Customers(NamedTuple):
    """When customers arrive and how long each is served, in nanoseconds, shape (n,)."""

    arrived_at_ns: NDArray[np.int64]
    service_ns: NDArray[np.int64]

    def longest_s(self, left_at_ns: NDArray[np.int64]) -> float:
        """Return the longest time from an arrival to a departure."""
        return float((left_at_ns - self.arrived_at_ns).max()) / NS_PER_S


def customers(scenario: Scenario) -> Customers:
    """Return those that the simulator's own origin serves."""
    traffic = scenario.traffic.generate(
        seed=scenario.seed, duration_ns=scenario.duration_ns
    )
    requests = Requests.joined(list(traffic.chunks))
    (origin,) = (layer for layer in scenario.path if isinstance(layer, Origin))
    service = origin.latency.sampler(scenario.seed, "origin.latency")
    assert isinstance(service, Quantiles)
    ids = np.arange(len(requests))
    return Customers(requests.arrived_at_ns, service.draw_many(ids))


def with_numpy(queue: Customers) -> float:
    """Return the longest latency: the recursion as sums and maxima."""
    served_ns = np.cumsum(queue.service_ns)
    idle_until_ns = queue.arrived_at_ns - served_ns + queue.service_ns
    return queue.longest_s(served_ns + np.maximum.accumulate(idle_until_ns))


def with_numba(queue: Customers) -> float:
    """Return the longest latency: the recursion as a compiled loop."""
    return queue.longest_s(_compiled()(queue.arrived_at_ns, queue.service_ns))


@cache
def _compiled() -> Any:
    """Return the loop, which is compiled once."""
    from numba import njit  # noqa: PLC0415 - an extra

    return njit(_left_at_ns)


def _left_at_ns(
    arrived_at_ns: NDArray[np.int64], service_ns: NDArray[np.int64]
) -> NDArray[np.int64]:
    left_at_ns = np.empty_like(arrived_at_ns)
    free_at_ns = 0
    for i in range(len(arrived_at_ns)):
        free_at_ns = max(free_at_ns, arrived_at_ns[i]) + service_ns[i]
        left_at_ns[i] = free_at_ns
    return left_at_ns
