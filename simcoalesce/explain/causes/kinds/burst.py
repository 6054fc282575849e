"""Concentrated arrivals."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause, Incident
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.scenario.scenario import Scenario


class ConcentratedArrivals(Cause):
    """The same requests spread evenly over the rest of the run remove it."""

    label: ClassVar[str] = "requests come in a burst"
    precedence: ClassVar[float] = 6

    @override
    def rank(self, incident: Incident) -> float:
        """Return it; what comes on top of steady traffic is unusual."""
        is_on_top = not all(one for _, one in _spread(incident.scenario))
        return 3.8 if is_on_top else self.precedence

    @override
    def remove(self, edit: ScenarioEdit, scenario: Scenario) -> str:
        phases, texts = edit.document["traffic"]["arrivals"], []
        for number, evenly in _spread(scenario):
            if evenly is not None:
                kind = phases[number]["kind"]
                phases[number] = dict(evenly)
                texts.append(f"{kind} at {phases[number]['at']} spread evenly")
        if not texts:
            raise DoesNotApply("requests come at an even rate")
        return "; ".join(texts)


def _spread(scenario: Scenario) -> Iterator[tuple[int, Mapping[str, Any] | None]]:
    """Yield the phases that bring requests, each as if these came at an even rate.

    None if they do.
    """
    for number, phase in enumerate(scenario.traffic.arrivals):
        rest_ns = scenario.duration_ns - phase.at_ns
        lasts_ns = phase.lasts_ns(scenario.duration_ns)
        if lasts_ns:
            yield number, phase.evenly(rest_ns, lasts_ns)
