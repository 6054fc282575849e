"""A cached key under steady traffic: closed form F5 of docs/theory.md."""

from math import exp
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.builders import (
    a_path,
    an_origin,
    calls_ms,
    hits,
    poisson,
    simulated,
    standard_errors,
)

READ = {"kv.read": {"read_latency": "0ms"}}
RATE_PER_S = 200.0
TTL_S = 0.2
WRITE = {
    "kv.write": {"write_latency": "0ms", "ttl": "200ms", "writes_per_key": "unlimited"}
}


@pytest.mark.parametrize("rate_per_s", [2.0, 20.0, 200.0])
def test_the_miss_ratio_is_that_of_a_renewal_process(rate_per_s: float) -> None:
    """Instant fetch: a miss per cycle of T + 1/rate, a share of 1 / (1 + rate T)."""
    number, load = 20_000, rate_per_s * TTL_S
    requests = poisson(number, rate_per_s)
    ratio = hits(simulated(a_path(READ, WRITE, an_origin("0ms")), requests)) / number

    # A cycle holds 1 + Poisson(rate T) requests: the number of cycles in n requests
    # has the variance n rate T / (1 + rate T)^3.
    standard_error = np.sqrt(load / (1 + load) ** 3 / number)
    assert abs(ratio - 1 / (1 + load)) <= 4 * standard_error


@pytest.mark.parametrize(
    ("layer", "cycle_s"),
    [
        ({"lock": {"stale": "updating"}}, 3.0),
        ({"bounded_retries": {}}, 3.0),
        ({"cdn": {"whole_seconds": True}}, 2.0),
        ({"cdn": {}}, 2.0 + 0.3 + 1 / 40),
        ({"waiting_list": {"grace": "0s"}}, 2.0 + 0.3 + 1 / 40),
    ],
)
def test_a_clock_of_whole_seconds_locks_the_cycle_to_it(
    layer: dict[str, dict[str, Any]], cycle_s: float
) -> None:
    """T + 1 or T, where a real-valued clock gives T + L + 1/rate.

    For T = 2 s, L = 0.3 s and 40/s; observed: nginx and Traffic Server 2.99 to 3.01 s,
    Squid and HAProxy 1.99 to 2.01 s, Varnish 2.33 s.
    """
    ((kind, fields),) = layer.items()
    path = a_path({kind: fields | {"ttl": "2s"}}, an_origin("300ms"))
    cycles_s = []
    for seed in range(30):
        calls_s = np.array(calls_ms(simulated(path, poisson(1_600, 40, seed=seed))))
        cycles_s.append(float(calls_s[11] - calls_s[1]) / 10_000)

    # 4 standard errors of the mean of 30 runs, where it is not the clock that decides.
    error_s = np.std(cycles_s, ddof=1) / np.sqrt(30)
    assert abs(np.mean(cycles_s) - cycle_s) <= max(4 * error_s, 0.01)


def first_cycles(*layers: str, latency: str) -> NDArray[np.float64]:
    """Return seconds and hits per cycle, the mean of 50 cycles in 30 runs, (30, 2).

    A cycle begins with a call after 0.15 s without one.
    """
    path = a_path(READ, *layers, WRITE, an_origin(latency))
    means = []
    for seed in range(30):
        outcomes = simulated(path, poisson(6_000, RATE_PER_S, seed=seed))
        calls_s = np.array(calls_ms(outcomes)) / 1_000
        begins = np.flatnonzero(np.diff(calls_s, prepend=-1.0) > 0.15)
        means.append(((calls_s[begins[50]] - calls_s[0]) / 50, begins[50] / 50))
    return np.array(means)


def test_a_coalesced_key_is_fetched_once_per_cycle() -> None:
    """One hit in T + L + 1/rate."""
    seconds, calls = first_cycles("durable_object", latency="100ms").T

    # 4 standard errors of the mean of 30 runs.
    assert standard_errors(seconds.tolist(), TTL_S + 0.1 + 1 / RATE_PER_S) < 4
    assert set(calls) == {1.0}


def test_an_uncoordinated_key_is_fetched_by_all_who_come_in_the_window() -> None:
    """1 + rate L hits in 2 L + T + e^(-rate L) / rate: stragglers renew the lifetime.

    The last of them starts (1 - e^(-rate L)) / rate before the first answer.
    """
    load = RATE_PER_S * 0.1
    seconds, calls = first_cycles(latency="100ms").T

    # 4 standard errors of the mean of 30 runs.
    cycle_s = 2 * 0.1 + TTL_S + exp(-load) / RATE_PER_S
    assert standard_errors(seconds.tolist(), cycle_s) < 4
    assert standard_errors(calls.tolist(), 1 + load) < 4
