"""A ladder finds the setting of a dial, and climbs no rung that leads nowhere."""

import pytest

from simcoalesce.explain.bench import Bench
from simcoalesce.explain.ladder import best_setting, near
from simcoalesce.explain.node import Node, Nodes
from tests.unit.explain.builders import a_scenario


def nodes_of(report: str) -> tuple[Nodes, Bench]:
    """Return the nodes of a report of calls, and where they are measured."""
    scenario = a_scenario(more=f"observations: [{{text: calls, that: {report}}}]")
    bench = Bench(seed=1, replications=3)
    return Nodes(scenario, scenario.observations, bench), bench


def best(nodes: Nodes, kind: str) -> Node | None:
    """Return the plain reading with one dial, set best."""
    number = [dial.kind for dial in nodes.dials].index(kind)
    return best_setting(nodes, nodes.start, number)


def test_a_setting_that_fits_is_found() -> None:
    """Half as many call if they come within twice as long."""
    nodes, _ = nodes_of("origin_hits >= 50 and origin_hits <= 52")
    found = best(nodes, "arrival_spread")

    assert found is not None
    assert found.misfit == 0
    assert found.turns[0].setting == pytest.approx(2, rel=0.15)


def test_a_dial_that_changes_nothing_seen_is_tried_once_on_each_side() -> None:
    """What the origin admits makes no call more or less."""
    nodes, bench = nodes_of("origin_hits <= 50")
    runs = bench.runs

    assert best(nodes, "quota") is None
    assert bench.runs == runs + 2


def test_a_dial_that_cannot_be_turned_is_left() -> None:
    """There is no month of which the events could be counted."""
    nodes, bench = nodes_of("origin_hits <= 50")
    runs = bench.runs

    assert best(nodes, "events_per_month") is None
    assert bench.runs == runs


def test_settings_near_by_lie_on_both_sides() -> None:
    """And differ by a fifth at most."""
    nodes, _ = nodes_of("origin_hits >= 50 and origin_hits <= 52")
    found = best(nodes, "arrival_spread")
    assert found is not None
    ((number, setting),) = found.turned

    ratios = [one.turned[0][1] / setting for one in near(nodes, found, number)]
    assert min(ratios) < 1 < max(ratios)
    assert all(0.8 < ratio < 1.25 for ratio in ratios)
