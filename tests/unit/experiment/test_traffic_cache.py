"""Traffic is made once, and is the same as ever."""

import json
from pathlib import Path

import pytest

from simcoalesce.experiment.metric_values import metric_values
from simcoalesce.experiment.traffic_cache import TrafficCache, have_same_traffic
from simcoalesce.scenario.scenario import Scenario
from tests.unit.experiment.builders import a_sale


def _instants(
    traffic_cache: TrafficCache, scenario: Scenario, seed: int
) -> list[list[int]]:
    return [s.arrived_at_ns.tolist() for s in traffic_cache.of(scenario, seed).chunks]


@pytest.mark.parametrize("most_requests", [0, 100, 1_000])
def test_kept_traffic_changes_no_number(most_requests: int) -> None:
    """Whether all, one or none of them is kept."""
    traffic_cache = TrafficCache(most_requests)

    found = [metric_values(a_sale(), traffic_cache=traffic_cache) for _ in range(2)]

    assert found == [metric_values(a_sale())] * 2


def test_kept_traffic_can_be_had_again_and_again() -> None:
    """What one point has seen is there for the next."""
    traffic_cache = TrafficCache()
    first = _instants(traffic_cache, a_sale(), 5)

    assert _instants(traffic_cache, a_sale("per-key"), 5) == first


def test_other_traffic_brings_other_requests() -> None:
    """Under the same seed, ninety come and not sixty."""
    traffic_cache = TrafficCache()
    _instants(traffic_cache, a_sale(), 5)

    (instants,) = _instants(traffic_cache, a_sale("larger"), 5)

    assert len(instants) == 90


def test_a_shorter_scenario_has_traffic_of_its_own() -> None:
    """Nobody comes after its end."""
    traffic_cache = TrafficCache()
    _instants(traffic_cache, a_sale(), 5)

    (instants,) = _instants(traffic_cache, a_sale(None, "duration=200ms"), 5)

    assert max(instants) < 200_000_000


def test_the_order_of_locations_decides_who_is_where() -> None:
    """Equal weights, another order: another traffic."""
    one = a_sale(None, "traffic.locations={icn: 1, nrt: 2}")
    other = a_sale(None, "traffic.locations={nrt: 2, icn: 1}")
    traffic_cache = TrafficCache()
    traffic_cache.of(one, 5)

    assert traffic_cache.of(other, 5).locations == ("nrt", "icn")
    assert not have_same_traffic(one, other)


def test_logs_of_the_same_name_are_not_the_same_log(tmp_path: Path) -> None:
    """Each stands beside its own scenario."""
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "log.csv").write_text("t_s\n1\n")
        text = a_sale(None, "traffic.arrivals=[{kind: rate, rate: 1/s}]").document()
        text["traffic"]["arrivals"] = [{"kind": "replay", "file": "log.csv"}]
        (folder / "sale.yaml").write_text(json.dumps(text))
    one, other = (Scenario.load(tmp_path / name / "sale.yaml") for name in "ab")

    assert one.traffic.document() == other.traffic.document()
    assert not have_same_traffic(one, other)
