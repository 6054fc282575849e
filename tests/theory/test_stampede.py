"""The size of a stampede: closed forms F1, F2 and F3 of docs/theory.md."""

from math import exp, log

import numpy as np
import pytest
from scipy import integrate, stats  # type: ignore[import-untyped]

from simcoalesce.model.layer import Layer
from tests.builders import (
    MS,
    S,
    a_burst,
    a_path,
    an_origin,
    hits,
    poisson,
    simulated,
    some_isolates,
    standard_errors,
)


def naive(latency: object, *, write: str = "0ms", read: str = "0ms") -> list[Layer]:
    """Return the naive path; a read sees what is there at its end."""
    return a_path(
        {"kv.read": {"read_latency": read, "read_at": "end"}},
        {"kv.write": {"write_latency": write, "writes_per_key": "unlimited"}},
        an_origin(latency),
    )


@pytest.mark.parametrize("seed", range(5))
def test_misses_are_the_arrivals_before_the_first_answer(seed: int) -> None:
    """F1, exact for a given list: all t with t < t_1 + L."""
    requests = a_burst(800, within_ns=400 * MS, seed=seed)
    instants = requests.arrived_at_ns
    expected = (instants < instants[0] + 120 * MS).sum()

    assert hits(simulated(naive("120ms"), requests)) == expected


def test_poisson_arrivals_miss_one_plus_rate_times_window() -> None:
    """F1: E = 1 + 1,000/s x 50 ms."""
    sizes = [
        hits(simulated(naive("50ms"), poisson(200, 1_000, seed=seed)))
        for seed in range(200)
    ]

    # The count is 1 + Poisson(50): 4 standard errors of 200 runs are 2.0.
    assert abs(np.mean(sizes) - 51) <= 4 * np.sqrt(50 / 200)


def test_a_burst_misses_its_share_of_the_window() -> None:
    """F1: E = 1 + (N - 1) E[min(1, L / (S - t_1))], t_1 the least of N uniforms."""
    number, window = 100, 0.3
    expected = (
        1
        + (number - 1)
        * integrate.quad(
            lambda t: min(1, window / (1 - t)) * number * (1 - t) ** (number - 1), 0, 1
        )[0]
    )
    sizes = [
        hits(simulated(naive("300ms"), a_burst(number, within_ns=S, seed=seed)))
        for seed in range(300)
    ]

    # 4 standard errors of the mean of 300 runs.
    assert standard_errors(sizes, expected) < 4


@pytest.mark.parametrize(("write_s", "read"), [(0.0, "0ms"), (0.08, "20ms")])
def test_random_latencies_end_the_window_with_the_first_write(
    write_s: float, read: str
) -> None:
    """F2: P(W > t) = (1 - G(t)) exp(-rate x the integral of G), E = 1 + rate E[W].

    With rate 267/s and a median of 0.8 s: 90.6, not 1 + rate E[L] = 243.
    """
    rate, fetch = 267.0, stats.lognorm(0.5, loc=write_s, scale=0.8)
    grid = np.linspace(0, 4, 40_001)
    finished = integrate.cumulative_trapezoid(fetch.cdf(grid), grid, initial=0)
    window_s = integrate.trapezoid(fetch.sf(grid) * np.exp(-rate * finished), grid)
    p99_ms = 800 * exp(0.5 * stats.norm.ppf(0.99))
    latency = {"median": "800ms", "p99": f"{p99_ms:.6f}ms"}
    path = naive(latency, write=f"{write_s}s", read=read)
    sizes = [
        hits(simulated(path, poisson(350, rate, seed=seed), seed=seed))
        for seed in range(100)
    ]

    assert write_s or 1 + rate * window_s == pytest.approx(90.6, abs=0.3)
    # 4 standard errors of the mean of 100 runs.
    assert standard_errors(sizes, 1 + rate * window_s) < 4


def test_each_isolate_that_sees_the_window_fetches_once() -> None:
    """F3: E = n (1 - (1 - 1/n)^m): 800 arrivals in 400 isolates fetch 346 times."""
    path = a_path("single_flight", an_origin("120ms"))
    bursts = [
        a_burst(800, within_ns=120 * MS, isolates=400, seed=seed) for seed in range(40)
    ]
    sizes = [hits(simulated(path, burst)) for burst in bursts]

    assert sizes == [len(np.unique(burst.isolate)) for burst in bursts]
    # 4 standard errors of the mean of 40 runs.
    assert standard_errors(sizes, 400 * (1 - (1 - 1 / 400) ** 800)) < 4


def test_a_home_isolate_spares_the_calls_of_those_it_takes() -> None:
    """F3: E = 1 + (n - 1) (1 - (1 - 1/n)^(m - N)): 1 for N >= m, 296 for N = 261."""
    path = a_path("single_flight", an_origin("120ms"))
    bursts = [
        a_burst(800, within_ns=120 * MS, isolates=400, seed=seed) for seed in range(40)
    ]

    def sizes(spill_above: int) -> list[int]:
        rules = some_isolates(400, spill_above=spill_above)
        return [hits(simulated(path, burst, isolates=rules)) for burst in bursts]

    assert set(sizes(800)) == {1}
    # 4 standard errors of the mean of 40 runs.
    expected = 1 + 399 * (1 - (1 - 1 / 400) ** (800 - 261))
    assert standard_errors(sizes(261), expected) < 4


def test_enough_arrivals_reach_every_isolate() -> None:
    """F3: with m far above n ln n every isolate fetches once."""
    isolates = 50
    number = 4 * round(isolates * log(isolates))
    path = a_path("single_flight", an_origin("120ms"))
    burst = a_burst(number, within_ns=120 * MS, isolates=isolates)

    assert hits(simulated(path, burst)) == isolates
