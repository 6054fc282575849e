"""The block of a back-test."""

from dataclasses import replace

import numpy as np

from simcoalesce.fit.back_test import BackTest, ComparedPart
from simcoalesce.fit.observed_part import ObservedPart
from simcoalesce.report.blocks.back_test import back_test_block

RECORDED = ObservedPart(
    requests=1_000,
    origin_calls=200,
    hits=800,
    refusals=40,
    latency_s=(0.0, 0.1, 0.2),
    calls_per_s=np.array([40, 30, 60, 40, 30]),
)
MORE = replace(RECORDED, refusals=60)


def a_back_test(*, has_rival: bool = False) -> BackTest:
    """Return a back-test of 5 s that predicts 60 refusals for 40."""
    rivals = (ComparedPart("sliding window", RECORDED, (RECORDED,)),)
    return BackTest(
        15.0,
        20.0,
        (0.0, 15.0),
        ComparedPart("fitted", RECORDED, (MORE,)),
        rivals if has_rival else (),
        (3, 900),
    )


def test_each_number_stands_with_the_recorded_one() -> None:
    """What is apart, and how far it may be."""
    rows = [tuple(map(str, row)) for row in back_test_block(a_back_test()).rows]

    assert rows[0] == ("✓", "origin calls", "200", "200", "+0.0%", "± 6")
    assert rows[2] == ("✗", "429s", "40", "60", "+50.0%", "± 1.2")


def test_the_verdict_comes_first() -> None:
    """With what speaks against it."""
    first, part = back_test_block(a_back_test()).lines

    assert "refusals is 60 where the log has 40" in first
    assert "which was not fitted" in part


def test_a_rival_that_would_do_as_well_is_named() -> None:
    """Its calls and 429s."""
    notes = back_test_block(a_back_test(has_rival=True)).notes

    assert any("sliding window" in note and "as well" in note for note in notes)
