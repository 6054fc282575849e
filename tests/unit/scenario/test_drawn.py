"""A scenario under one seed: uncertain values are drawn, what is set by hand is not."""

import pytest

from simcoalesce import sweep
from simcoalesce.experiment.metric_values import metric_values
from simcoalesce.scenario.drawn import drawn
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.yaml.validation_error import InvalidScenario

TEXT = """
traffic: {arrivals: [{kind: burst, requests: 20, within: 1s}]}
origin: {latency: {median: 100ms, p99: 200ms}}
path: [origin]
uncertain:
  - {origin.latency.median: 90ms..120ms}
  - {"traffic.arrivals[0].requests": [10, 30]}
variants:
  slow: {origin: {latency: 1s}}
"""
DRAWING = "draw_uncertain=true"


def sale(*overrides: str, variant: str | None = None) -> Scenario:
    """Return the scenario, which draws its uncertain values unless it says not."""
    return Scenario.parse(TEXT, variant=variant, overrides=overrides)


def requests(*overrides: str) -> set[float | None]:
    """Return how many requests runs have."""
    measured = metric_values(sale(*overrides), replications=8)
    return set(measured.values["requests"])


def test_a_plain_run_draws_nothing() -> None:
    """The written values hold, and the block changes no number."""
    scenario = sale()

    assert drawn(scenario, 5) is scenario
    assert requests() == {20}


def test_each_seed_draws_its_own_values() -> None:
    """The same seed always the same; two seeds different ones."""
    scenario = sale(DRAWING)

    texts = [str(drawn(scenario, seed).document()["path"]) for seed in (1, 1, 2)]

    assert texts[0] == texts[1] != texts[2]
    assert requests(DRAWING) == {10, 30}


def test_what_is_set_by_hand_is_not_drawn() -> None:
    """Neither what -s sets, nor what a variant puts in its stead."""
    by_hand = sale(DRAWING, "traffic.arrivals[0].requests=7")
    slow = sale(DRAWING, variant="slow")

    made = [drawn(one, seed) for one in (by_hand, slow) for seed in range(4)]

    assert {one.traffic.expected_requests(10**9) for one in made[:4]} == {7}
    assert {str(one.path[0].document()["latency"]) for one in made[4:]} == {"1s"}


def test_a_scenario_without_a_file_draws_too() -> None:
    """Made in Python, it is what its document says."""
    scenario = Scenario.model_validate(sale(DRAWING).model_dump(by_alias=True))

    assert drawn(scenario, 1).traffic == drawn(sale(DRAWING), 1).traffic


def test_drawing_nothing_is_an_error() -> None:
    """It would look like a prediction that carries what the log left open."""
    text = TEXT.partition("uncertain:")[0]

    with pytest.raises(InvalidScenario, match="nothing is uncertain"):
        Scenario.parse(text, overrides=[DRAWING])


def test_points_of_a_sweep_share_what_is_drawn() -> None:
    """The same seeds draw the same; the parameter that is swept is not drawn."""
    vary = {"traffic.arrivals[0].requests": [5, 6]}
    table = sweep(sale(DRAWING), vary, replications=3)

    means = table[table["metric"] == "requests"]["mean"]
    assert means.tolist() == [5, 6]
    assert table[table["metric"] == "latency_p50_s"]["sd"].min() > 0.001
