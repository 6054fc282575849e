"""Overhead: what the machine adds, put into the model."""

import numpy as np

from simcoalesce.distribution import Constant, Lognormal
from simcoalesce.validation.overhead import Overhead, Slowed, slowed
from tests.builders import a_path, an_origin, at_ms, latencies_ms, simulated

MS = 1_000_000


def test_a_constant_is_spread_by_up_to_twice_the_overhead() -> None:
    """Its median is what was measured."""
    constant = Constant.model_validate({"value": "10ms"})
    sampler = Slowed.model_construct(latency=constant, added_ns=MS).sampler(1, "test")

    drawn = np.array([sampler.draw(number) for number in range(2_000)])

    assert drawn.min() >= 10 * MS
    assert drawn.max() <= 12 * MS
    assert abs(np.median(drawn) - 11 * MS) < 0.1 * MS


def test_what_is_spread_already_is_shifted() -> None:
    """Each quantile by the median of the overhead."""
    latency = Lognormal.model_validate({"median": "10ms", "p99": "20ms"})
    shifted = Slowed.model_construct(latency=latency, added_ns=MS)

    assert (shifted.quantiles_ns() - latency.quantiles_ns() == MS).all()


def test_a_machine_without_overhead_changes_next_to_nothing() -> None:
    """It only looks one nanosecond around before it answers."""
    path = tuple(a_path("kv.read", "kv.write", an_origin()))

    slow = simulated(slowed(path, Overhead(0, 0, 0)), at_ms(0, 50))

    assert latencies_ms(slow) == [205.000001, 205.000001]


def test_answers_of_one_instant_leave_when_the_work_for_all_is_done() -> None:
    """Ten followers of one flight wait for one another."""
    path = tuple(a_path("durable_object", an_origin()))

    slow = simulated(slowed(path, Overhead(0, 0, MS)), at_ms(*[0] * 10))

    assert np.allclose(latencies_ms(slow), 130)
