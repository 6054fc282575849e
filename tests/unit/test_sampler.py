"""Samplers: one look-up for each draw, alone or in bulk."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from typing_extensions import override

from simcoalesce.randomness import Stream
from simcoalesce.sampler import Quantiles, Recorded, looked_up
from tests.builders import a_latency

WRITTEN: list[object] = [
    "80ms",
    {"exponential": "80ms"},
    {"uniform": ["60ms", "90ms"]},
    {"median": "80ms", "p99": "400ms"},
    {"median": "1ms", "p99": "10d"},
    {"mean": "80ms", "cv": 5},
]


class _Fixed(Stream):
    """Draws the same 64 bits for everybody."""

    def __init__(self, word: int) -> None:
        super().__init__(1, "fixed")
        self.word = word

    @override
    def bits(self, request: int, attempt: int = 0) -> int:
        return self.word


@pytest.mark.parametrize("written", WRITTEN)
def test_many_draws_are_the_same_as_one_by_one(written: object) -> None:
    """So that an engine in bulk agrees with one that is not."""
    sampler = a_latency(written, seed=7)
    assert isinstance(sampler, Quantiles)
    one_by_one = [sampler.draw(request) for request in range(2_000)]

    assert sampler.draw_many(np.arange(2_000)).tolist() == one_by_one


@example(word=0)
@example(word=1 << 29)
@example(word=1 << 30)
@example(word=2**64 - 1)
@given(word=st.integers(0, 2**64 - 1))
def test_every_word_has_an_index_in_the_table(word: int) -> None:
    """Also the first and the last, alone and in bulk."""
    drawing = a_latency({"exponential": "80ms"})
    assert isinstance(drawing, Quantiles)
    sampler = Quantiles(drawing.table, _Fixed(word))

    assert (
        sampler.draw(0)
        == looked_up(drawing.table, np.array([word], dtype=np.uint64))[0]
    )


def test_recorded_durations_come_in_order_and_begin_again() -> None:
    """Whoever draws."""
    sampler = Recorded([10, 20])

    assert [sampler.draw(request) for request in (9, 9, 0)] == [10, 20, 10]
