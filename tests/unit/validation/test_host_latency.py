"""Overhead: what the machine adds, put into the model."""

import numpy as np

from simcoalesce.validation.host_latency import HostLatency, slowed
from simcoalesce.validation.host_layers import Series
from tests.builders import a_path, an_origin, at_ms, latencies_ms, simulated

MS = 1_000_000
NOTHING: Series = ((0, 0),)


def test_host_latency_is_told_by_its_medians() -> None:
    """Of all that was measured."""
    host_latency = HostLatency(((0, 3), (5, 1), (9, 2)), ((0, 7),), 0)

    assert (host_latency.round_trip_ns, host_latency.timer_lag_ns) == (2, 7)


def test_a_machine_without_host_latency_changes_next_to_nothing() -> None:
    """It only looks one nanosecond context before it answers, and before it puts."""
    path = tuple(a_path("kv.read", "kv.write", an_origin()))

    slow = simulated(slowed(path, HostLatency(NOTHING, NOTHING, 0)), at_ms(0, 50))

    assert latencies_ms(slow) == [205.000002, 205.000002]


def test_each_step_takes_a_round_trip_and_its_timer_is_late() -> None:
    """The client's way, KV, the origin and the put."""
    path = tuple(a_path("kv.read", "kv.write", an_origin()))
    host_latency = HostLatency(((0, 2 * MS),), ((0, MS),), 0)

    slow = simulated(slowed(path, host_latency), at_ms(0))

    assert np.allclose(latencies_ms(slow), 205 + 2 + 3 * (2 + 1))


def test_answers_of_one_instant_leave_when_the_work_for_all_is_done() -> None:
    """Ten followers of one flight wait for one another."""
    path = tuple(a_path("durable_object", an_origin()))

    slow = simulated(slowed(path, HostLatency(NOTHING, NOTHING, MS)), at_ms(*[0] * 10))

    assert np.allclose(latencies_ms(slow), 130)


def test_a_background_put_leaves_after_the_answers() -> None:
    """Ten followers are run before anything leaves: who looks at 209 ms is too early.

    Without that work the value would be there from 205 ms on, and with it from 215.
    """
    write = {"kv.write": {"acknowledge": "background", "write_latency": "80ms"}}
    path = tuple(a_path("kv.read", "durable_object", write, an_origin()))

    slow = simulated(
        slowed(path, HostLatency(NOTHING, NOTHING, MS)), at_ms(*[0] * 10, 209, 216)
    )

    assert slow.origin_rows.request.tolist() == [0, 10]
