"""Those who wait at a cache: closed forms F10 and F11 of docs/theory.md."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.builders import MS, a_burst, a_path, an_origin, simulated, standard_errors

POLL_NS = 500 * MS
FETCH_NS = 800 * MS
TRAFFIC = 300


def remaining_and_waited_ns(
    layer: str | dict[str, Any], seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how long each follower had to wait at least, and how long it did."""
    burst = a_burst(TRAFFIC, within_ns=POLL_NS, seed=seed)
    rows = simulated(a_path(layer, an_origin("800ms")), burst).request_rows
    ready_at_ns = rows.arrived_at_ns[0] + FETCH_NS
    return ready_at_ns - rows.arrived_at_ns[1:], rows.latency_ns[1:]


def test_who_is_told_waits_for_what_remains_of_the_fetch() -> None:
    """Whoever comes when."""
    for kind in ("cdn", "waiting_list"):
        remaining_ns, waited_ns = remaining_and_waited_ns(kind, seed=1)

        assert np.array_equal(waited_ns, remaining_ns)


def test_who_polls_waits_for_the_next_multiple_of_its_period() -> None:
    """The period times the ceiling of remaining / period, to the nanosecond."""
    remaining_ns, waited_ns = remaining_and_waited_ns("lock", seed=1)

    assert np.array_equal(waited_ns, -(-remaining_ns // POLL_NS) * POLL_NS)


def test_polling_costs_half_a_period_on_average_and_a_period_at_most() -> None:
    """What remains is uniform modulo the period."""
    extras_s = []
    for seed in range(30):
        remaining_ns, waited_ns = remaining_and_waited_ns("lock", seed)
        extra_ns = waited_ns - remaining_ns
        assert extra_ns.max() < POLL_NS
        extras_s.append(float(extra_ns.mean()) / 1e9)

    # 4 standard errors of the mean of 30 runs.
    assert standard_errors(extras_s, 0.25) < 4


def test_a_reader_of_bounded_retries_waits_for_one_of_its_ten_looks() -> None:
    """At 50, 100, 200, ... 900 ms after it came, if timers are exact."""
    layer = {"bounded_retries": {"timer_lag": "0ms"}}
    remaining_ns, waited_ns = remaining_and_waited_ns(layer, seed=1)
    looks_ns = np.array([0, 50, *range(100, 1_000, 100)]) * MS

    next_look = np.searchsorted(looks_ns, remaining_ns)
    assert np.array_equal(waited_ns, looks_ns[next_look])


def elected_ns(arrived_at_ns: NDArray[np.int64], failures: int) -> list[int]:
    """Return when each fetch begins, if the first of them fail.

    After each, the first who looks of those who wait: they look every period, from
    their own arrival on.
    """
    waiting = sorted(arrived_at_ns.tolist())
    calls_ns = [waiting.pop(0)]
    for _ in range(failures):
        ends_ns = calls_ns[-1] + FETCH_NS
        looks_ns = [ends_ns + (came - ends_ns) % POLL_NS for came in waiting]
        elected = int(np.argmin(looks_ns))
        calls_ns.append(looks_ns[elected])
        waiting.pop(elected)
    return calls_ns


def test_a_failing_origin_is_asked_by_one_after_the_other() -> None:
    """Each takes a fetch and a gap, so k failures delay everybody by k of them."""
    burst = a_burst(TRAFFIC, within_ns=POLL_NS)
    fault = {"kind": "first", "calls": 4}
    path = a_path("lock", an_origin("800ms", faults=[fault]))
    outcomes = simulated(path, burst)
    calls_ns = outcomes.origin_rows.called_at_ns

    assert calls_ns.tolist() == elected_ns(burst.arrived_at_ns, failures=4)
    rows = outcomes.request_rows
    served_ns = calls_ns[-1] + FETCH_NS
    assert (rows.completed_at_ns[rows.role == 2] >= served_ns).all()
    assert (rows.completed_at_ns[rows.role == 2] < served_ns + POLL_NS).all()


def test_a_time_out_shifts_the_arrivals_and_removes_none() -> None:
    """A dead origin gets all of them, a time-out after they came."""
    burst = a_burst(TRAFFIC, within_ns=POLL_NS)
    fault = {"kind": "random", "probability": 1}
    path = a_path({"lock": {"timeout": "2s"}}, an_origin("800ms", faults=[fault]))
    calls = simulated(path, burst).origin_rows

    early = calls.called_at_ns < burst.arrived_at_ns[calls.request] + 4 * POLL_NS
    late = ~early
    assert len(calls.request) == TRAFFIC
    assert calls.called_at_ns[early].tolist() == elected_ns(burst.arrived_at_ns, 2)
    assert np.array_equal(
        calls.called_at_ns[late],
        burst.arrived_at_ns[calls.request[late]] + 4 * POLL_NS,
    )
