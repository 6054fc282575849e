"""The time in which most of something happens."""

import numpy as np

from simcoalesce.report.rows.busiest import busiest_span_ns
from tests.unit.report.builders import MS, S


def test_a_surge_is_found_among_what_is_usual() -> None:
    """Two a second for 400 s, and 90 within the two seconds from 100 s on."""
    usual = np.arange(800) * 500 * MS
    surge = 100 * S + np.arange(90) * (2 * S) // 90

    found = busiest_span_ns(np.sort(np.concatenate([usual, surge])), 0, 400 * S)

    assert found == (100 * S, 102 * S)


def test_where_nothing_stands_out_there_is_no_busiest_time() -> None:
    """Neither in even calls, nor in nine of them, nor in none."""
    even = np.arange(8_000) * 50 * MS

    assert busiest_span_ns(even, 0, 400 * S) is None
    assert busiest_span_ns(np.zeros(9, dtype=np.int64), 0, 400 * S) is None
    assert busiest_span_ns(even[:0], 0, 400 * S) is None


def test_one_of_many_alike_is_not_the_busiest_time() -> None:
    """Fifty bursts, each in a second of its own: none of them is the event."""
    at_ns = np.repeat(np.arange(50) * 8 * S, 12)

    assert busiest_span_ns(at_ns, 0, 400 * S) is None
