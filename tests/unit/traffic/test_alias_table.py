"""The alias table keeps the weights that it is given."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simcoalesce.traffic.alias_table import AliasTable


def _shares(table: AliasTable) -> list[float]:
    """Return the probability of each index, read off the cells."""
    cells = len(table.alias)
    shares = table.threshold / cells
    np.add.at(shares, table.alias, (1 - table.threshold) / cells)
    return [float(share) for share in shares]


@given(
    arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 1e6)).filter(
        lambda weights: weights.sum() > 1e-3
    )
)
def test_the_cells_hold_the_weights(weights: np.ndarray) -> None:
    """Whatever the weights, the cells of an index add up to its share."""
    table = AliasTable(weights)

    assert _shares(table) == pytest.approx(
        (weights / weights.sum()).tolist(), abs=1e-12
    )


def test_a_weight_of_zero_is_never_drawn() -> None:
    """An index without weight has no cell of its own and is nobody's alias."""
    table = AliasTable(np.array([1.0, 0.0, 2.0, 0.0]))

    drawn = table.choose(np.linspace(0, 1, 10_001)[:-1])

    assert sorted(set(drawn.tolist())) == [0, 2]


def test_three_to_one_by_hand() -> None:
    """Weights 3 : 1 fill two cells: the second is half the first index's."""
    table = AliasTable(np.array([3.0, 1.0]))

    assert table.choose(np.array([0.0, 0.49, 0.5, 0.74, 0.75, 0.99])).tolist() == [
        *(0, 0, 1, 1, 0, 0)
    ]


def test_the_last_number_below_one_has_a_cell() -> None:
    """The largest number that a stream gives stays inside the table."""
    table = AliasTable(np.ones(10_000_000))

    assert table.choose(np.array([1 - 2.0**-53])).tolist() == [9_999_999]
