"""Comparisons: the same arrivals, and what a change does to them."""

import pytest

from simcoalesce.experiment.compare import (
    Conflict,
    comparisons,
    named_scenarios,
)
from simcoalesce.experiment.regression_gate import RegressionGate
from tests.unit.experiment.builders import a_sale


def test_variants_are_paired_and_the_cure_is_better_in_every_pair() -> None:
    """One object per key: fewer origin hits for every single traffic."""
    (found,) = comparisons([a_sale(), a_sale("per-key")], metrics=["origin_hits"])
    (difference,) = found.differences

    assert found.is_paired
    assert (difference.verdict, difference.better_in) == ("better", 4)


def test_other_traffic_is_not_paired() -> None:
    """Different traffic are no pairs, whatever their seeds."""
    (found,) = comparisons([a_sale(), a_sale("crowd")])

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


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("origin_hits worse by 5%", "open"),
        ("origin_hits lower", "shut"),
        ("latency_p50_s worse by 10s", "open"),
        ("hit_ratio worse by 1%", "open"),
        ("leaders lower by 3", "shut"),
    ],
)
def test_a_gate_is_shut_by_a_whole_interval(text: str, state: str) -> None:
    """Of the cure: fewer origin hits and writes, and no later answers by 10 s."""
    gate = RegressionGate.parse(text)
    pair = [a_sale(), a_sale("per-key")]
    (found,) = comparisons(pair, metrics=[gate.metric])

    assert gate.state(found) == state


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("latency worse by 5%", "did you mean"),
        ("kv_reads worse by 5%", "write higher or lower"),
        ("origin_hits > 5", "is no gate"),
        ("cost_usd worse by 5ms", "write e.g. 5%"),
    ],
)
def test_what_is_no_gate_is_refused(text: str, hint: str) -> None:
    """The message says what to write instead."""
    with pytest.raises(ValueError, match=hint):
        RegressionGate.parse(text)
