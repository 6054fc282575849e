"""Tables for notebooks: the numbers of the command line, as pandas has them."""

import pytest

from simcoalesce import compare, sweep
from tests.unit.experiment.builders import a_sale


def test_a_comparison_has_a_row_for_each_scenario_and_metric() -> None:
    """In the order of the arguments, then of the metrics."""
    table = compare(
        a_sale(),
        a_sale("per-key"),
        a_sale("larger"),
        metrics=["origin_hits", "errors"],
    )

    assert table[["scenario", "metric"]].to_numpy().tolist() == [
        ["sale@per-key", "origin_hits"],
        ["sale@per-key", "errors"],
        ["sale@larger", "origin_hits"],
        ["sale@larger", "errors"],
    ]


def test_a_change_is_after_minus_before() -> None:
    """With its interval around it."""
    row = compare(a_sale(), a_sale("per-key"), metrics=["origin_hits"]).iloc[0]

    assert row["change"] == row["after"] - row["before"]
    assert row["ci95_low"] <= row["change"] <= row["ci95_high"]


def test_scenarios_with_other_traffic_are_no_pairs() -> None:
    """So nobody is better in some of them."""
    table = compare(a_sale(), a_sale("larger"), metrics=["origin_hits"])

    assert table["better_in"].isna().all()


def test_a_comparison_needs_another() -> None:
    """One alone is compared with nothing."""
    with pytest.raises(ValueError, match="needs two scenarios"):
        compare(a_sale())


def test_a_metric_that_is_misspelt_is_refused() -> None:
    """With the one that was meant."""
    with pytest.raises(ValueError, match='did you mean "origin_hits"'):
        compare(a_sale(), a_sale("per-key"), metrics=["orgin_hits"])


def test_a_sweep_has_a_row_for_each_point_and_metric() -> None:
    """Its parameters are columns."""
    table = sweep(a_sale(), {"kv.write_latency": ["0ms", "80ms"]}, replications=2)
    hits = table[table["metric"] == "origin_hits"]

    assert hits["kv.write_latency"].tolist() == ["0ms", "80ms"]
    assert hits["n"].tolist() == [2, 2]
    assert hits["mean"].is_monotonic_increasing


def test_what_varies_may_stand_in_the_scenario() -> None:
    """sweep: in YAML is as good."""
    more = "sweep: {kv.write_latency: 0ms..80ms/2}\n"

    table = sweep(a_sale(more=more), replications=1)

    assert set(table["kv.write_latency"]) == {"0ms", "80ms"}


def test_jobs_change_nothing() -> None:
    """Two processes, the same table."""
    vary = {"kv.write_latency": "0ms..80ms/4"}

    here = sweep(a_sale(), vary, replications=2)

    assert here.equals(sweep(a_sale(), vary, replications=2, jobs=2))
