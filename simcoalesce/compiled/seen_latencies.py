"""Delays that are fixed, or a quantile of what was seen, as `model.seen_latencies`."""

from math import ceil

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters, own_fields
from simcoalesce.compiled.record import Record
from simcoalesce.compiled.state import State
from simcoalesce.distribution import Constant
from simcoalesce.model.seen_latencies import SeenQuantile


class SeenRecord(Record):
    """What was seen last, in order of time and of size."""

    at_first_ns: int
    enough: int
    of_last: int
    """How many latencies are kept; 0 if the delay is fixed."""
    count: int
    next: int
    """Which of them is the next to be forgotten."""
    last: int
    """Where they are, in order of time."""
    sorted: int
    """Where they are, in order of size."""
    ranks: int
    """Where it says which of so many is the quantile."""


@inner
def see(m: State, seen: SeenRecord, latency: int) -> None:
    """Note a latency."""
    if not seen.of_last:
        return
    if seen.count == seen.of_last:
        _forget(m, seen, m[seen.last + seen.next])
    m[seen.last + seen.next] = latency
    seen.next = (seen.next + 1) % seen.of_last
    index = seen.sorted + seen.count
    while index > seen.sorted and m[index - 1] > latency:
        m[index] = m[index - 1]
        index -= 1
    m[index] = latency
    seen.count += 1


@inner
def _forget(m: State, seen: SeenRecord, latency: int) -> None:
    index = seen.sorted
    while m[index] != latency:
        index += 1
    seen.count -= 1
    while index < seen.sorted + seen.count:
        m[index] = m[index + 1]
        index += 1


@inner
def delay_ns(m: State, seen: SeenRecord) -> int:
    """Return the delay now: the least latency seen that is not below the quantile."""
    if seen.count < seen.enough:
        return seen.at_first_ns
    return m[seen.sorted + m[seen.ranks + seen.count]]


def fill_seen(
    seen: SeenRecord, delay: Constant | SeenQuantile, parameters: Parameters
) -> None:
    """Write a delay, of which nothing is seen so far."""
    if isinstance(delay, Constant):
        seen.at_first_ns, seen.enough = delay.value_ns, 1
        return
    parameters.fill(seen, delay, own_fields(SeenRecord, Record))
    most = delay.of_last
    seen.last, seen.sorted = parameters.reserve(most), parameters.reserve(most)
    # Rounded, since 0.07 * 100 is a bit more than 7.
    ranks = [ceil(round(delay.quantile * count, 9)) - 1 for count in range(most + 1)]
    seen.ranks = parameters.write(ranks)
