"""Incidents of a kind, and what the story must say of each."""

from functools import cache
from pathlib import Path

from simcoalesce import Scenario
from simcoalesce.explain.timeline.event import Event
from simcoalesce.explain.timeline.story_run import story_run
from simcoalesce.explain.timeline.timeline import timeline
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.timeline import event_text
from simcoalesce.units import NS_PER_S

_ASSETS = Path(__file__).parents[1] / "assets" / "explain"


@cache
def a_case(name: str) -> tuple[Scenario, Outcomes, tuple[Event, ...]]:
    """Return an incident, its run, and its story."""
    scenario = Scenario.load(str(_ASSETS / f"{name}.yaml"))
    outcomes = story_run(scenario, seed=scenario.seed)
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


def test_who_gets_the_error_of_a_dead_entry_is_told() -> None:
    """Of 20 requests one is timed out; its flight dies, and 19 get the 500 of that."""
    errors = told("leader-leaves", "first_error")
    errors += told("leader-leaves", "another_error")
    ((left_s, left),) = told("leader-leaves", "leader_left")
    ((dead_s, dead),) = told("leader-leaves", "dead_flight")
    text = " ".join(one for _, one in errors)

    assert "a 504 from the timeout. In total, 1 request gets one." in text
    assert "a 500 from the single flight. In total, 19 requests get one." in text
    assert (left_s, dead_s) == (1, 1)
    assert left.endswith("and its fetch with it: once.")
    assert dead.endswith("answers those who come: 18 requests. The last at 9,500 ms.")


def test_of_one_instant_causes_come_before_the_errors_that_they_make() -> None:
    """The leader leaves, its entry is dead, and two kinds of errors follow."""
    _, _, events = a_case("leader-leaves")

    assert [one.kind for one in events if one.at_ns == NS_PER_S] == [
        *("leader_left", "dead_flight", "first_error", "another_error"),
    ]


def test_absence_that_is_cached_is_told() -> None:
    """It hides what has been written for a minute, from who reads it."""
    ((at_s, hidden),) = told("hidden-writes", "absence_served")

    assert at_s < 2
    assert hidden.startswith("Absence that was read before hides what has been written")
    assert hidden.endswith(" reads. The last at 60.7 s.")


def test_an_outage_is_told_with_the_calls_that_it_strikes() -> None:
    """The entry expires at 60 s; the origin fails from 55 s until two minutes."""
    ((at_s, fault),) = told("outage", "origin_fault[0]")
    ((_, errors),) = told("outage", "another_error")

    assert at_s > 60
    assert "503, after 1 s, for calls from 55 s until 2 min. It strikes 3,0" in fault
    assert errors.startswith("The first error of another kind: a 503 from the origin.")


def test_each_of_several_bursts_tells_its_refusals() -> None:
    """The first 429 in the first burst, and the last in the last one."""
    stampedes = told("two-modes", "stampede")
    ((first_s, first),) = told("two-modes", "first_429")

    assert [round(at_s) for at_s, _ in stampedes] == [301, 602, 903, 1204]
    assert all("of which the origin refuses" in text for _, text in stampedes)
    assert first_s < 1
    assert first.endswith("The last at 20.1 min.")
