"""What a sweep is asked for besides its points, as tables."""

import pytest

from simcoalesce import pareto, sensitivity
from tests.unit.experiment.builders import a_sale

VARY = {"kv.write_latency": ["0ms", "80ms"]}


def test_a_front_has_a_row_for_each_point_with_its_means() -> None:
    """Faster writes make fewer calls, and no errors either way."""
    table = pareto(a_sale(), VARY, metrics=["origin_hits", "errors"], replications=3)

    columns = ["point", *VARY, "origin_hits", "errors", "verdict"]
    assert list(table) == [*columns, "dominated_by", "not_comparable"]
    assert table["verdict"].tolist() == ["front", "dominated"]
    assert table["dominated_by"].isna().tolist() == [True, False]
    assert table["dominated_by"][1] == 0
    assert set(table["not_comparable"]) == {""}


def test_a_front_of_latencies_says_where_others_are_answered() -> None:
    """A limit refuses all but eight of 60 requests."""
    limits: dict[str, list[object]] = {
        "origin.rate_limit": [None, {"kind": "fixed_window", "limit": 8, "per": "1m"}]
    }
    names = ["origin_hits", "latency_p50_s"]

    table = pareto(a_sale(), limits, metrics=names, replications=2)

    assert set(table["not_comparable"]) == {"latency_p50_s"}


@pytest.mark.parametrize("metrics", [["origin_hits"], ["origin_hits", "requests"]])
def test_a_front_needs_two_metrics_with_a_direction(metrics: list[str]) -> None:
    """Nothing is simulated."""
    with pytest.raises(ValueError, match="origin_hits,cost_month_usd"):
        pareto(a_sale(), VARY, metrics=metrics)


def test_what_moves_a_metric_has_its_total_effect() -> None:
    """The time to live of a minute matters nothing within two seconds."""
    pytest.importorskip("scipy")
    vary = {"kv.write_latency": "0ms..160ms", "kv.ttl": "60s..90s"}

    table = sensitivity(a_sale(), vary, size=4, replications=2)

    assert table["parameter"].tolist() == ["kv.write_latency", "kv.ttl"]
    assert table["total_effect"][1] == 0
    assert (table["ci95_low"] <= table["ci95_high"]).all()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"metric": "orgin_hits"}, "did you mean"), ({"size": 3}, "power of two")],
)
def test_a_wrong_sensitivity_is_refused(wrong: dict[str, object], said: str) -> None:
    """With what to write instead."""
    pytest.importorskip("scipy")
    with pytest.raises(ValueError, match=said):
        sensitivity(a_sale(), {"kv.ttl": "60s..90s"}, **wrong)  # type: ignore[arg-type]
