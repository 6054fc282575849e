"""Tables by key and by location."""

import numpy as np

from simcoalesce.outcomes import Lookup
from simcoalesce.report.blocks.parts_table import parts_blocks
from tests.unit.report.builders import MS, calls_of, outcomes_of


def test_the_key_with_most_refused_calls_comes_first() -> None:
    """Key b is asked for less often, and it is the one that is refused."""
    outcomes = outcomes_of(
        np.arange(5) * MS,
        key=np.array([0, 0, 0, 1, 1]),
        keys=("a", "b", "c"),
        lookup=np.array([Lookup.MISS, Lookup.HIT, Lookup.HIT, *[Lookup.MISS] * 2]),
        calls=calls_of([0, 3, 4], [0] * 3, [0] * 3, [200, 429, 200], [0, 1, 1]),
    )

    (block,) = parts_blocks(outcomes, "one run, seed 1")

    assert block.title == "By key"
    assert block.rows == (
        ("b", "2", "0", "2", "2", "1", "-"),
        ("a", "3", "2", "1", "1", "0", "-"),
    )


def test_one_key_at_one_location_needs_no_table() -> None:
    """All of it is said elsewhere."""
    assert list(parts_blocks(outcomes_of([0, 1]), "one run")) == []
