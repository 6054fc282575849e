"""Queues: the origin's servers and an object's thread against F8 of docs/theory.md."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from simcoalesce.model.layer import Layer
from simcoalesce.request import Requests
from simcoalesce.sampler import Sampler
from tests.builders import (
    MS,
    a_burst,
    a_latency,
    a_path,
    an_origin,
    poisson,
    simulated,
    standard_errors,
)

RATE_PER_S = 60.0
WARM_UP = 300


def one_server(service: Any) -> list[Layer]:
    """Return an origin with one server."""
    return a_path(an_origin(service, concurrency=1))


def one_thread(service: Any) -> list[Layer]:
    """Return an object that does all the work, before an origin that does none.

    What the origin answers waits for the object's gate; who calls it is done.
    """
    layer = {"id_from": "global", "service_time": service}
    return a_path({"durable_object": layer}, an_origin("0ms"))


def lindley_ns(requests: Requests, service: Sampler) -> NDArray[np.int64]:
    """Return when each request is done, one after the other in order of arrival."""
    done_ns, done = 0, list[int]()
    for number, arrived_at_ns in enumerate(requests.arrived_at_ns.tolist()):
        done_ns = max(done_ns, arrived_at_ns) + service.draw(number)
        done.append(done_ns)
    return np.array(done)


def done_ns(path: list[Layer], requests: Requests, seed: int = 1) -> NDArray[np.int64]:
    """Return when the origin is done with each request, all for keys of their own."""
    each = replace(requests, key=np.arange(len(requests)))
    calls = simulated(path, each, seed=seed).origin_rows
    return np.asarray(calls.completed_at_ns[np.argsort(calls.request)])


def sojourns_ms(path: list[Layer]) -> list[float]:
    """Return the mean sojourn in 40 runs of 2,000 Poisson arrivals, warmed up."""
    means = []
    for seed in range(40):
        requests = poisson(2_000, RATE_PER_S, seed=seed)
        took_ns = done_ns(path, requests, seed) - requests.arrived_at_ns
        means.append(float(np.mean(took_ns[WARM_UP:] / MS)))
    return means


@pytest.mark.parametrize(
    ("path", "stream"),
    [
        (one_server({"exponential": "10ms"}), "origin.latency"),
        (one_thread({"exponential": "10ms"}), "durable_object.service_time"),
    ],
    ids=["server", "thread"],
)
@pytest.mark.parametrize("rate_per_s", [50, 99, 150])
def test_a_queue_follows_lindley_to_the_nanosecond(
    path: list[Layer], stream: str, rate_per_s: float
) -> None:
    """done_i = max(t_i, done_(i-1)) + s_i, with the same draws, overloaded or not."""
    requests = poisson(2_000, rate_per_s)
    service = a_latency({"exponential": "10ms"}, stream=stream)

    assert np.array_equal(done_ns(path, requests), lindley_ns(requests, service))


@pytest.mark.parametrize("queue", [one_server, one_thread])
def test_m_m_1(queue: Any) -> None:
    """E = 1 / (mu - rate): 100/s less 60/s give 25 ms."""
    # 4 standard errors of the mean of 40 runs.
    assert standard_errors(sojourns_ms(queue({"exponential": "10ms"})), 25) < 4


@pytest.mark.parametrize("queue", [one_server, one_thread])
def test_m_d_1(queue: Any) -> None:
    """E = s + rho s / (2 (1 - rho)): 10 ms and 7.5 ms."""
    # 4 standard errors of the mean of 40 runs.
    assert standard_errors(sojourns_ms(queue("10ms")), 17.5) < 4


def test_m_g_1() -> None:
    """Pollaczek-Khinchine: E = s + rate E[s^2] / (2 (1 - rho)), with cv 1.5."""
    second_moment = 0.01**2 * (1 + 1.5**2)
    expected_ms = 10 + 1_000 * RATE_PER_S * second_moment / (2 * (1 - 0.6))
    path = one_server({"mean": "10ms", "cv": 1.5})

    # 4 standard errors of the mean of 40 runs.
    assert standard_errors(sojourns_ms(path), expected_ms) < 4


def test_m_m_2() -> None:
    """Erlang C with 2 servers: E = s / (1 - rho^2), rho = 0.6 of both."""
    path = a_path(an_origin({"exponential": "20ms"}, concurrency=2))

    # 4 standard errors of the mean of 40 runs.
    assert standard_errors(sojourns_ms(path), 20 / (1 - 0.6**2)) < 4


@pytest.mark.parametrize("servers", [1, 2, 5])
@pytest.mark.parametrize("rate_per_s", [60, 150])
def test_a_bulkhead_with_a_queue_is_so_many_servers(
    servers: int, rate_per_s: float
) -> None:
    """M/M/c, to the nanosecond: as the origin's own servers, overloaded or not."""
    service, requests = {"exponential": "20ms"}, poisson(2_000, rate_per_s)
    bulkhead = {"bulkhead": {"limit": servers, "queue_timeout": "unlimited"}}
    before = a_path(bulkhead, an_origin(service))
    inside = a_path(an_origin(service, concurrency=servers))

    assert np.array_equal(done_ns(before, requests), done_ns(inside, requests))


def test_a_mutex_over_a_cold_key_serves_the_burst_one_by_one() -> None:
    """F8: a fetch, and a service for each; all wait, so all leave behind the last."""
    layer = {"gate": "block_concurrency", "service_time": "2ms"}
    path = a_path({"durable_object": layer}, "memory", an_origin("120ms"))
    requests = a_burst(50, within_ns=100 * MS)
    done_ms = simulated(path, requests).request_rows.completed_at_ns / MS
    first_ms = requests.arrived_at_ns[0] / MS

    assert done_ms == pytest.approx(np.full(50, first_ms + 120 + 2 * 50))


@pytest.mark.parametrize("load", [0.5, 0.9, 1.5])
@pytest.mark.parametrize("timeout_ms", [0, 20])
def test_a_share_of_the_calls_waits_too_long(load: float, timeout_ms: int) -> None:
    """M/M/1 whose customers wait at most a constant time, overloaded or not."""
    queue = {"concurrency": 1, "queue_timeout": f"{timeout_ms}ms"}
    path = a_path(an_origin({"exponential": "10ms"}, **queue))
    shares = []
    for seed in range(40):
        calls = simulated(path, poisson(2_000, 100 * load, seed=seed), seed=seed)
        late = calls.origin_rows.status[WARM_UP:] == 503
        shares.append(float(late.mean()))

    # Barrer (1957); 4 standard errors of the mean of 40 runs.
    stays = np.exp(-(1 - load) * 100 * timeout_ms / 1_000)
    expected = (1 - load) * load * stays / (1 - load**2 * stays)
    assert standard_errors(shares, expected) < 4
