"""Delays that follow the latencies seen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from simcoalesce.model.seen_latencies import Delay, SeenLatencies

DELAYS: TypeAdapter[Any] = TypeAdapter(Delay)
AT_FIRST_NS = 7_000_000


def seen(latencies_ns: list[int], **fields: Any) -> int:
    """Return the delay after some latencies, in nanoseconds."""
    fields = {"quantile": "p95", "at_first": "7ms", **fields}
    running = SeenLatencies(DELAYS.validate_python(fields))
    for latency_ns in latencies_ns:
        running.see(latency_ns)
    return running.delay_ns


def test_a_fixed_delay_sees_nothing() -> None:
    """Whatever the latencies."""
    running = SeenLatencies(DELAYS.validate_python("80ms"))
    running.see(1)

    assert running.delay_ns == 80_000_000


def test_until_enough_are_seen_the_delay_is_fixed() -> None:
    """Three of four are not enough."""
    assert seen([1, 2, 3], enough=4) == AT_FIRST_NS
    assert seen([1, 2, 3, 4], enough=4) == 4


@pytest.mark.parametrize(
    ("quantile", "delay_ns"),
    [("p50", 50), ("p95", 95), ("95%", 95), (0.95, 95), ("p99.9", 100), ("p7", 7)],
)
def test_the_quantile_is_the_least_latency_that_is_not_below_it(
    quantile: object, delay_ns: int
) -> None:
    """Of 1 to 100 ns, in any order."""
    latencies_ns = [*range(2, 101, 2), *range(99, 0, -2)]

    assert seen(latencies_ns, quantile=quantile) == delay_ns


@given(latencies_ns=st.lists(st.integers(0, 9), min_size=5, max_size=40))
def test_the_oldest_latencies_are_forgotten(latencies_ns: list[int]) -> None:
    """As if only the last five had been seen."""
    fields = {"quantile": "p50", "enough": 5, "of_last": 5}

    assert seen(latencies_ns, **fields) == sorted(latencies_ns[-5:])[2]


@pytest.mark.parametrize("quantile", ["95", "p100", "p0", "high", 95])
def test_what_is_no_quantile_is_refused(quantile: object) -> None:
    """The message holds one."""
    with pytest.raises(ValueError, match=r"write e\.g\. p95"):
        seen([], quantile=quantile)


def test_a_quantile_that_would_never_be_used_is_refused() -> None:
    """It keeps fewer latencies than are enough."""
    with pytest.raises(ValueError, match="write of_last: 100 or more"):
        seen([], of_last=50)


def test_a_delay_is_one_or_the_other() -> None:
    """The message holds both forms."""
    with pytest.raises(ValueError, match="not a delay; write 80ms, or"):
        DELAYS.validate_python({"median": "80ms"})
