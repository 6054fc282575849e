"""The miss window that a picture is about."""

import numpy as np

from simcoalesce.outcomes import Lookup
from simcoalesce.report.rows.stampede_window import largest_window
from tests.unit.report.builders import MS, S, a_flash_sale, outcomes_of

MISS, HIT = int(Lookup.MISS), int(Lookup.HIT)


def test_the_window_of_a_flash_sale() -> None:
    """The put of the first fetch is visible 205 ms after the first miss."""
    window = largest_window(a_flash_sale())

    assert window is not None
    assert (window.of, window.open_s) == (1, 0.205)


def test_one_miss_alone_is_no_stampede() -> None:
    """It fetches for itself."""
    outcomes = outcomes_of([0, 300 * MS], lookup=np.array([MISS, HIT]))

    assert largest_window(outcomes) is None


def test_a_silence_divides_a_window() -> None:
    """Two bursts that all missed are one window, but two pictures."""
    bursts = [*range(0, 20 * MS, MS), *range(60 * S, 60 * S + 30 * MS, MS)]
    window = largest_window(outcomes_of(bursts, lookup=MISS, latency_ns=100 * MS))

    assert window is not None
    assert window.opened_at_ns == 60 * S


def test_a_hit_long_after_the_misses_does_not_say_when_the_window_closed() -> None:
    """A minute later the next client comes; the window was closed long before."""
    outcomes = outcomes_of(
        [0, MS, 60 * S], lookup=np.array([MISS, MISS, HIT]), latency_ns=200 * MS
    )

    window = largest_window(outcomes)

    assert window is not None
    assert window.open_s is None


def test_no_window_stands_out_of_many_at_once() -> None:
    """Where ten keys are missed together, none of them is the story."""
    arrived = np.arange(40) * MS
    outcomes = outcomes_of(
        arrived,
        lookup=MISS,
        key=np.arange(40) % 10,
        keys=tuple("abcdefghij"),
        latency_ns=200 * MS,
    )

    assert largest_window(outcomes) is None
