"""Concentrated arrivals."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.scenario.scenario import Scenario


class ConcentratedArrivals(Cause):
    """The same requests spread evenly over the rest of the run remove it."""

    label: ClassVar[str] = "requests come in a burst"
    precedence: ClassVar[float] = 6

    @override
    def remove(self, edit: ScenarioEdit, scenario: Scenario) -> str:
        phases, texts = edit.document["traffic"]["arrivals"], []
        for number, phase in enumerate(scenario.traffic.arrivals):
            evenly = phase.evenly(phase.lasts_ns(scenario.duration_ns))
            if evenly is not None:
                phases[number] = dict(evenly)
                texts.append(f"{phase.kind} at {phases[number]['at']} spread evenly")
        if not texts:
            raise DoesNotApply("requests come at an even rate")
        return "; ".join(texts)
