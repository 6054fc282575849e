"""Model time: a slower wall clock."""

import asyncio
from time import perf_counter

from simcoalesce.validation.model_time import ModelTime

MS = 1_000_000


def test_time_before_the_beginning_is_negative() -> None:
    """A run has a head start, to open connections."""
    time = ModelTime(10)

    time.begin(1.0)

    assert -100 * MS <= time.now_ns() < 0


def test_a_sleeper_wakes_never_before_its_instant() -> None:
    """An answer that comes early would be one that the origin never gave."""
    time = ModelTime(2)
    time.begin(0)

    asyncio.run(time.until(5 * MS))

    assert time.now_ns() >= 5 * MS


def test_a_chunk_of_model_time_takes_scale_times_as_long() -> None:
    """Ten milliseconds at scale 3 are thirty real ones."""
    time = ModelTime(3)
    time.begin(0)
    began_s = perf_counter()

    asyncio.run(time.until(10 * MS))

    assert perf_counter() - began_s >= 0.0299


def test_a_real_duration_is_shorter_in_model_time() -> None:
    """What the machine adds is a tenth of it at scale 10."""
    time = ModelTime(10)

    assert time.model_ns(5 * MS) == MS // 2


def test_a_run_can_begin_where_it_must_in_a_second_of_the_wall_clock() -> None:
    """A cache that counts whole seconds sees the same run each time."""
    time = ModelTime(1)

    time.begin(0.1, 250 * MS)

    assert abs(time.clock_offset_ns - 250 * MS) < 5 * MS
    assert -1101 * MS <= time.now_ns() <= -100 * MS
