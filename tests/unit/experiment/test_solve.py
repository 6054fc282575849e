"""Solving: the value where a condition begins to hold, or that there is none."""

import pytest

from simcoalesce.conditions.truth import Truth
from simcoalesce.experiment.solve import Solution, evaluation_of, solve
from simcoalesce.metrics.expectation import EXPECTED
from simcoalesce.scenario.axis import Axis
from tests.unit.experiment.builders import a_sale, measured


def solved(wanted: str, vary: str, variant: str | None = None) -> Solution:
    """Return what is found for a small sale."""
    return solve(a_sale(variant), wanted, Axis.parse(vary))


def test_the_answer_lies_between_two_neighbours() -> None:
    """One meets the condition, the other does not, and they are near each other."""
    found = solved("origin_hits <= 20", "traffic.arrivals[0].within=100ms..5s")

    assert found.outcome == "found"
    assert found.meets is not None
    assert found.fails is not None
    assert (found.meets.truth, found.fails.truth != "holds") == ("holds", True)
    assert 0 < _seconds(found.meets.value) - _seconds(found.fails.value) < 0.05


def _seconds(value: str) -> float:
    number = float(value.rstrip("ms"))
    return number / 1_000 if value.endswith("ms") else number


def test_the_answer_is_round_and_simulated() -> None:
    """All that is tried between the ends are whole hundredths of a second."""
    found = solved("origin_hits <= 20", "traffic.arrivals[0].within=100ms..5s")
    tried = [round(_seconds(trial.value) * 1_000) for trial in found.trials]

    assert found.meets in found.trials
    assert [value_ms for value_ms in tried if value_ms % 10] == []


def test_neighbours_of_a_count_are_whole_and_next_to_each_other() -> None:
    """The number of requests is no matter of chance: 20 are met, 21 are not."""
    found = solve(
        a_sale(None, "traffic.arrivals[0].within=0ms"),
        "requests <= 20",
        "traffic.arrivals[0].requests=1..60",
    )

    assert found.meets is not None
    assert found.fails is not None
    assert (found.meets.value, found.fails.value) == ("20", "21")
    assert (found.fails, found.undecided) == (found.refuted, ())


def test_what_is_undecided_lies_between_what_holds_and_what_fails() -> None:
    """Both of its ends are as near to those as the tolerance allows."""
    found = solved("origin_hits <= 20", "traffic.arrivals[0].within=100ms..5s")

    assert found.refuted is not None
    assert found.meets is not None
    edges = [found.refuted, found.undecided[0], found.undecided[-1], found.meets]
    below, low, high, above = (_seconds(trial.value) for trial in edges)
    assert below < low <= below + 0.049
    assert above - 0.049 <= high < above
    assert {trial.truth for trial in found.undecided} == {"undecided"}


def test_no_value_of_the_write_latency_does_it() -> None:
    """Who waits for the origin at the same time, calls it at the same time."""
    found = solved("origin_hits <= 2", "kv.write_latency=0ms..1s")

    assert (found.outcome, found.meets, len(found.trials)) == ("never", None, 5)


def test_any_value_will_do_where_nothing_is_refused() -> None:
    """No error, however slow the write."""
    found = solved("errors == 0", "kv.write_latency=0ms..1s")

    assert (found.outcome, found.meets) == ("always", None)


def test_a_list_is_no_range() -> None:
    """There must be something between the ends."""
    with pytest.raises(ValueError, match="write the range"):
        solved("origin_hits <= 2", "kv.write_latency=0ms,1s")


@pytest.mark.parametrize(
    ("hits", "truth"),
    [
        ([5.0], "holds"),
        ([15.0], "fails"),
        ([5.0, 15.0], "undecided"),
        ([15.0, 15.0, None], "undecided"),
        ([None], "undecided"),
    ],
    ids=["one run", "one run too many", "two sides", "partly missing", "missing"],
)
def test_a_search_decides_by_what_its_runs_have(
    hits: list[float | None], truth: Truth
) -> None:
    """A single run is its own interval; what is missing in some is undecided."""
    condition = EXPECTED.condition("origin_hits <= 10")

    assert evaluation_of(condition, measured(origin_hits=hits)).truth == truth
