"""Queue or service."""

from heapq import heapreplace

import numpy as np
import pytest
from numpy.typing import NDArray

from simcoalesce.fit.queue_service import in_flight_counts, queue_fit
from simcoalesce.randomness import Stream


def answers_of(
    servers: int, at_s: NDArray[np.float64], service_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return when calls are answered by servers of one queue."""
    free_s, until_s = [0.0] * servers, np.empty(len(at_s))
    for index, (at, service) in enumerate(zip(at_s, service_s, strict=True)):
        until_s[index] = max(at, free_s[0]) + service
        heapreplace(free_s, float(until_s[index]))
    return until_s


def calls(
    servers: int, count: int = 3_000
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return instants in bursts of 1.5 s every 3 s, and exponential services.

    In a burst 1.6 times as much work comes as the servers can do.
    """
    uniforms = Stream(3, "queue").uniforms(np.arange(3 * count))
    burst, within, service = uniforms.reshape(3, count)
    at_s = np.sort(np.floor(burst * 20) * 3 + within * 1.5)
    return at_s, -np.log(service) * 1.6 * servers / 100


@pytest.mark.parametrize("servers", [1, 2, 6, 20])
def test_the_number_of_servers_is_found(servers: int) -> None:
    """Those who wait are then served as long as the others."""
    at_s, service_s = calls(servers)
    found = queue_fit(at_s, answers_of(servers, at_s, service_s))

    assert found is not None
    assert found.servers == servers
    assert np.isclose(found.service_s.mean(), service_s.mean(), rtol=0.1)


def test_latency_that_does_not_grow_with_load_is_no_queue() -> None:
    """All calls are served at once."""
    at_s, service_s = calls(6)

    assert queue_fit(at_s, at_s + service_s) is None


def test_calls_in_flight_are_counted_at_each_call() -> None:
    """The second comes during the first, the third when both have ended."""
    at_s, until_s = np.array([0.0, 1.0, 3.0]), np.array([2.0, 2.5, 4.0])

    assert in_flight_counts(at_s, until_s).tolist() == [0, 1, 0]
