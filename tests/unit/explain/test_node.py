"""A node is a reading under way: simulated once, and judged by several seeds."""

import pytest

from simcoalesce.explain import node
from simcoalesce.explain.bench import Bench
from simcoalesce.explain.node import Node, Nodes
from tests.unit.explain.builders import a_scenario


def nodes_of(report: str, *overrides: str) -> tuple[Nodes, Bench]:
    """Return the nodes of a report of calls, and where they are measured."""
    scenario = a_scenario(
        *overrides, more=f"observations: [{{text: calls, that: {report}}}]"
    )
    bench = Bench(seed=1, replications=5)
    return Nodes(scenario, scenario.observations, bench), bench


def turned(nodes: Nodes, kind: str, setting: float) -> Node:
    """Return the plain reading with one dial turned."""
    number = [dial.kind for dial in nodes.dials].index(kind)
    made = nodes.made((), number, setting)
    assert made is not None
    return made


def test_a_node_is_simulated_once() -> None:
    """However often it is asked for."""
    nodes, bench = nodes_of("origin_hits <= 50")
    first = turned(nodes, "origin_latency", 0.5)
    runs = bench.runs

    assert turned(nodes, "origin_latency", 0.5) is first
    assert bench.runs == runs


def test_what_cannot_be_said_is_no_node() -> None:
    """A scenario without a limit has none that could be changed."""
    nodes, _ = nodes_of("origin_hits <= 50", "origin.rate_limit=unlimited")
    number = [dial.kind for dial in nodes.dials].index("quota")

    assert nodes.made((), number, 2.0) is None


def test_what_is_far_from_true_is_not_tried_under_other_seeds() -> None:
    """One seed says enough of it."""
    nodes, bench = nodes_of("origin_hits <= 5")
    found = turned(nodes, "origin_latency", 0.5)
    runs = bench.runs

    assert not nodes.fits(found)
    assert bench.runs == runs


def test_what_fits_only_one_seed_is_within_its_luck() -> None:
    """About a hundred call, give or take twenty; it happened once."""
    nodes, _ = nodes_of("origin_hits >= 108 and origin_hits <= 109")

    assert nodes.start.misfit > 0
    assert nodes.fits(nodes.start)


def test_what_was_not_reported_costs_a_quarter() -> None:
    """A doubling of what nobody told; of what was told it costs one, and one more."""
    untold, _ = nodes_of("origin_hits <= 5")
    told, _ = nodes_of("origin_hits <= 5, sets: [origin.latency=60ms]")

    assert turned(untold, "origin_latency", 2.0).cost == 0.5
    assert turned(told, "origin_latency", 2.0).cost == 2


def test_other_seeds_count_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times 200 requests, and no more is simulated."""
    nodes, _ = nodes_of("origin_hits >= 108 and origin_hits <= 109")
    monkeypatch.setattr(node, "_MOST_REQUESTS", 800)
    nodes.fits(nodes.start)

    assert nodes.made((), 0, nodes.dials[0].settings[0]) is None
