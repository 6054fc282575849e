"""Limits: a token bucket under a burst (F9), its queue, and Erlang's loss formula."""

from functools import reduce

import numpy as np
import pytest

from tests.builders import (
    MS,
    S,
    a_burst,
    a_path,
    an_origin,
    even,
    hits,
    poisson,
    simulated,
    standard_errors,
    statuses,
)

BUCKET = {"kind": "token_bucket", "rate": "100/s", "burst": 50}


def test_a_token_bucket_admits_its_burst_and_its_rate() -> None:
    """F9, exact: 50 + 100/s x 0.799 s of 800 even arrivals."""
    path = a_path(an_origin(rate_limit=BUCKET))
    outcomes = simulated(path, even(800, 1 * MS))

    assert statuses(outcomes).count(200) == 50 + 79


@pytest.mark.parametrize("seed", range(5))
def test_a_random_burst_makes_no_difference_to_a_token_bucket(seed: int) -> None:
    """F9, exact: refused are m - B - R t, t from the first arrival to the last."""
    requests = a_burst(800, within_ns=400 * MS, seed=seed)
    lasts_ns = int(requests.arrived_at_ns[-1] - requests.arrived_at_ns[0])
    outcomes = simulated(a_path(an_origin(rate_limit=BUCKET)), requests)

    assert statuses(outcomes).count(429) == 800 - 50 - lasts_ns * 100 // S


@pytest.mark.parametrize("seed", range(5))
def test_a_limiter_refuses_what_a_token_bucket_does(seed: int) -> None:
    """F9, exact, of the layer: m - B - R t never get to the origin."""
    requests = a_burst(800, within_ns=400 * MS, seed=seed)
    lasts_ns = int(requests.arrived_at_ns[-1] - requests.arrived_at_ns[0])
    path = a_path({"limiter": {"rate_limit": BUCKET}}, an_origin())
    outcomes = simulated(path, requests)

    refused = 800 - 50 - lasts_ns * 100 // S
    assert (statuses(outcomes).count(429), hits(outcomes)) == (refused, 800 - refused)


@pytest.mark.parametrize("rate_per_s", [50, 99, 150])
def test_a_limiter_with_a_queue_follows_lindley_to_the_nanosecond(
    rate_per_s: float,
) -> None:
    """G/D/1: go_i = max(t_i, go_(i-1) + 1/R), overloaded or not."""
    requests, go_ns, goes_at_ns = poisson(2_000, rate_per_s), -S, list[int]()
    for arrived_at_ns in requests.arrived_at_ns.tolist():
        go_ns = max(arrived_at_ns, go_ns + S // 100)
        goes_at_ns.append(go_ns)
    limit = {"kind": "token_bucket", "rate": "100/s", "burst": 1}
    path = a_path(
        {"limiter": {"rate_limit": limit, "wait": "unlimited"}}, an_origin("1ms")
    )

    assert simulated(path, requests).origin_rows.called_at_ns.tolist() == goes_at_ns


@pytest.mark.parametrize("counts", ["returned", "sent"])
def test_an_adaptive_throttle_lets_k_times_what_is_accepted_pass(counts: str) -> None:
    """K A: of 400/s, 50/s are accepted and 100/s pass, once the window is full."""
    limit = {"kind": "token_bucket", "rate": "50/s", "burst": 20}
    throttle = {"window": "5s", "counts": counts}
    path = a_path(
        {"adaptive_throttle": throttle},
        an_origin("0ms", rate_limit=limit, rejects_in="0ms"),
    )
    passed_per_s = [
        np.count_nonzero(calls > 10 * S) / 10
        for calls in (
            simulated(
                path, poisson(8_000, 400, seed=s), seed=s
            ).origin_rows.called_at_ns.clip(0, 20 * S - 1)
            for s in range(20)
        )
    ]

    # 4 standard errors of the mean of 20 runs.
    assert standard_errors(passed_per_s, 100) < 4


def test_a_burst_within_the_bucket_is_admitted() -> None:
    """F9: max(0, ...)."""
    outcomes = simulated(a_path(an_origin(rate_limit=BUCKET)), even(50, 0))

    assert set(statuses(outcomes)) == {200}


def test_a_bulkhead_without_a_queue_loses_what_a_cap_loses() -> None:
    """Erlang B: the same requests as at an origin that allows so many at once."""
    requests, latency = poisson(2_000, 100), {"exponential": "40ms"}
    limit = {"kind": "concurrency", "limit": 5}
    cap = a_path(an_origin(latency, rate_limit=limit, rejects_in="0ms"))
    bulkhead = a_path({"bulkhead": {"limit": 5}}, an_origin(latency))
    lost = [
        np.array(statuses(simulated(path, requests))) >= 400 for path in (cap, bulkhead)
    ]

    assert 0 < lost[0].sum() < 2_000
    assert np.array_equal(lost[0], lost[1])


@pytest.mark.parametrize("latency", [{"exponential": "40ms"}, "40ms"])
def test_a_concurrency_cap_loses_what_erlang_says(latency: object) -> None:
    """Erlang B of 5 slots and 4 erlang: 0.199, whatever the distribution."""
    lost = reduce(lambda b, n: 4 * b / (n + 4 * b), range(1, 6), 1.0)
    limit = {"kind": "concurrency", "limit": 5}
    path = a_path(an_origin(latency, rate_limit=limit, rejects_in="0ms"))
    shares = [
        np.mean(
            np.array(statuses(simulated(path, poisson(2_000, 100, seed=s), seed=s)))[
                100:
            ]
            == 429
        )
        for s in range(30)
    ]

    assert lost == pytest.approx(0.199, abs=0.001)
    # 4 standard errors of the mean of 30 runs.
    assert standard_errors(shares, lost) < 4
