"""A search ends, whatever it finds, and the same search finds the same."""

import pytest

from simcoalesce.explain import node
from simcoalesce.explain.bench import Bench
from simcoalesce.explain.reading import Reading
from simcoalesce.explain.search import Search
from tests.unit.explain.builders import a_scenario
from tests.unit.explain.synthetic import synthetic


def readings(report: str) -> list[Reading]:
    """Return the readings of a report of calls."""
    scenario = a_scenario(more=f"observations: [{{text: calls, that: {report}}}]")
    bench = Bench(seed=1, replications=3)
    return list(Search(scenario, scenario.observations, bench).readings())


def test_what_cannot_be_is_read_as_nearly_as_can_be() -> None:
    """And what is still untrue is said."""
    (reading,) = readings("origin_failed >= 5")

    assert reading.misses == ("calls",)


def test_a_search_ends_with_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once it has simulated so many requests."""
    monkeypatch.setattr(node, "_MOST_REQUESTS", 0)
    (reading,) = readings("origin_hits <= 50")

    assert (reading.turns, reading.misses) == ((), ("calls",))


def test_a_reading_turns_no_dial_without_need() -> None:
    """If one does it alone, no pair with it is shown."""
    kinds = [{turn.kind for turn in one.turns} for one in readings("origin_hits <= 60")]

    assert all(not a < b for a in kinds for b in kinds)


def test_the_same_report_has_the_same_readings() -> None:
    """To the last digit."""
    report = synthetic(2).report
    found = [
        list(
            Search(
                report, report.observations, Bench(seed=1, replications=3)
            ).readings()
        )
        for _ in range(2)
    ]

    assert found[0] == found[1]
