"""Closed loops: throughput of users who wait for answers, against F14 of theory.md."""

from math import perm
from typing import Any

import numpy as np
import pytest

from simcoalesce import Scenario, run
from simcoalesce.model.edge import simulate
from simcoalesce.outcomes import RequestRows
from simcoalesce.traffic import Traffic
from tests.builders import S, a_path, an_origin, standard_errors

WARM_UP_S, LASTS_S = 10, 60


def rows_of(users: int, think: Any, origin: dict[str, Any], seed: int) -> RequestRows:
    """Return the requests of users who wait for an origin."""
    phase = {"kind": "users", "users": users, "think": think, "ramp": "1s"}
    traffic = Traffic.model_validate({"arrivals": [phase]})
    made = traffic.generate(seed=seed, duration_ns=LASTS_S * S)
    assert made.closed_loop is not None
    return simulate(
        a_path(an_origin(**origin)),
        made.closed_loop,
        seed=seed,
        keys=made.keys,
        locations=made.locations,
    ).request_rows


def after_warm_up(rows: RequestRows) -> tuple[float, float]:
    """Return requests a second, and their mean latency in seconds."""
    late = rows.arrived_at_ns >= WARM_UP_S * S
    rate = np.count_nonzero(late) / (LASTS_S - WARM_UP_S)
    return rate, float(np.mean(rows.latency_ns[late])) / S


@pytest.mark.parametrize("latency", ["100ms", {"exponential": "100ms"}])
def test_the_interactive_response_time_law(latency: Any) -> None:
    """X (R + Z) is the number of users, here 30, however long the answers take."""
    users = []
    for seed in range(10):
        origin = {"latency": latency, "concurrency": 4}
        rate, latency_s = after_warm_up(
            rows_of(30, {"exponential": "500ms"}, origin, seed)
        )
        users.append(rate * (latency_s + 0.5))

    # 4 standard errors of the mean of 10 runs.
    assert standard_errors(users, 30) < 4


@pytest.mark.parametrize("users", [2, 5, 10])
def test_the_machine_repairman(users: int) -> None:
    """One server of 100 ms, thoughts of 500 ms: X = (1 - p0) / s."""
    origin = {"latency": {"exponential": "100ms"}, "concurrency": 1}
    idle = 1 / sum(perm(users, k) * 0.2**k for k in range(users + 1))
    rates = [
        after_warm_up(rows_of(users, {"exponential": "500ms"}, origin, seed))[0]
        for seed in range(20)
    ]

    # 4 standard errors of the mean of 20 runs.
    assert standard_errors(rates, (1 - idle) / 0.1) < 4


def test_a_closed_loop_sends_no_more_than_is_answered() -> None:
    """With 100 users one server of 100 ms is always busy: ten a second."""
    origin = {"latency": "100ms", "concurrency": 1}
    rate, _ = after_warm_up(rows_of(100, "500ms", origin, seed=1))

    assert rate == pytest.approx(10, abs=0.02)


IN_STEP = """
duration: 60s
traffic: {arrivals: [{kind: users, users: 40, think: THINK}]}
kv: {read_latency: 5ms, write_latency: 80ms, ttl: 1m, writes_per_key: unlimited}
origin: {latency: 120ms}
path: [kv.read, kv.write, origin]
"""


def calls(think: str, ttl: str) -> int:
    """Return how often 40 users who begin together make the origin called."""
    text = IN_STEP.replace("THINK", think)
    outcomes = run(Scenario.parse(text, overrides=[f"kv.ttl={ttl}"]), seed=1)
    return len(outcomes.origin_rows.request)


def test_a_constant_think_time_has_branches() -> None:
    """All miss at 0 s, put at 125 ms, and look again at 1,200 ms and each second on.

    A ttl that ends at 5,200 ms makes them miss every 5.2 s, 12 times in a minute; one
    millisecond more every 6.2 s, 10 times.
    """
    assert calls("995ms", "5075ms") == 12 * 40
    assert calls("995ms", "5076ms") == 10 * 40


def test_a_random_think_time_has_no_branches() -> None:
    """A millisecond of ttl is a millisecond."""
    one, other = (calls("{exponential: 995ms}", ttl) for ttl in ("5075ms", "5076ms"))

    assert abs(one - other) <= 10
