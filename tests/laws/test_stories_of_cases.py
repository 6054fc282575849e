"""Incidents of a kind, and what the story must say of each."""

from functools import cache
from pathlib import Path

from simcoalesce import Scenario, run
from simcoalesce.explain.timeline.event import Event
from simcoalesce.explain.timeline.timeline import timeline
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.timeline import event_text
from simcoalesce.units import NS_PER_S

_ASSETS = Path(__file__).parents[1] / "assets" / "explain"


@cache
def a_case(name: str) -> tuple[Scenario, Outcomes, tuple[Event, ...]]:
    """Return an incident, its run, and its story."""
    scenario = Scenario.load(str(_ASSETS / f"{name}.yaml"))
    outcomes = run(scenario, seed=scenario.seed)
    return scenario, outcomes, timeline(outcomes, scenario.path, scenario.changes)


def told(name: str, kind: str) -> list[tuple[float, str]]:
    """Return when events of a kind happened, in seconds, and what is said of them."""
    scenario, outcomes, events = a_case(name)
    return [
        (one.at_ns / NS_PER_S, event_text(one, scenario, outcomes))
        for one in events
        if one.kind == kind
    ]


def test_keys_that_expire_together_are_a_surge_each_time() -> None:
    """Stored within some seconds, they are gone 300 s later, and after 600 s."""
    surges = told("crawl", "surge")

    assert [round(at_s, -1) for at_s, _ in surges] == [0, 300, 600]
    assert all("All of them had expired" in text for _, text in surges[1:])
    assert not told("crawl", "stampede")
