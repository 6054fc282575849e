"""Comparisons: the same arrivals, and what a change does to them."""

import pytest

from simcoalesce.experiment.compare import (
    Conflict,
    comparisons,
    named_scenarios,
)
from tests.unit.experiment.builders import a_sale


def test_variants_are_paired_and_the_cure_is_better_in_every_pair() -> None:
    """One object per key: fewer origin hits for every single traffic."""
    (found,) = comparisons([a_sale(), a_sale("per-key")], metrics=["origin_hits"])
    (difference,) = found.differences

    assert found.is_paired
    assert (difference.verdict, difference.better_in) == ("better", 4)


def test_other_traffic_is_not_paired() -> None:
    """Different traffic are no pairs, whatever their seeds."""
    (found,) = comparisons([a_sale(), a_sale("larger")])

    assert not found.is_paired
    assert all(one.better_in is None for one in found.differences)


def test_what_differs_is_said() -> None:
    """The reader sees what was compared with what."""
    (found,) = comparisons(
        [a_sale(), a_sale(None, "kv.write_latency=20ms")], replications=2
    )

    assert [*map(tuple, found.changes)] == [
        ("kv.write.write_latency", "80ms", "20ms"),
    ]


def test_a_scenario_compared_with_itself_is_the_same() -> None:
    """A pull request that changes nothing changes nothing."""
    (found,) = comparisons([a_sale(), a_sale()], replications=2)

    assert {one.verdict for one in found.differences} == {"same"}


def test_one_scenario_is_no_comparison() -> None:
    """There must be a base and another."""
    with pytest.raises(Conflict, match="needs two"):
        named_scenarios([a_sale()])
