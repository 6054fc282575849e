"""Requests that bypass every cache."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.scenario.scenario import Scenario


class BypassingRequests(Cause):
    """POSTs and the like; with it taken out, stores may answer them as they do GETs."""

    label: ClassVar[str] = "no store may answer some requests, as POSTs"
    precedence: ClassVar[float] = 2.4

    @override
    def remove(self, edit: ScenarioEdit, scenario: Scenario) -> str:
        texts = []
        phases = edit.document["traffic"]["arrivals"]
        for phase, written in zip(scenario.traffic.arrivals, phases, strict=True):
            for name, value in phase.all_storable().items():
                was, words = written.get(name), f"{phase.kind} {name.replace('_', ' ')}"
                was = ", ".join(was) if isinstance(was, list) else was
                texts.append(f"{words} {was} → {value}")
                written[name] = value
        if not texts:
            raise DoesNotApply("every request may be answered from a store")
        return "; ".join(texts)
