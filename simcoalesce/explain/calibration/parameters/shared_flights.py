"""How many isolates there were, within each of which misses shared a fetch."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Parameter, spread_out
from simcoalesce.explain.scenario_edit import ScenarioEdit


class SharedFlights(Parameter):
    """Misses of an isolate shared a fetch, and there were so many isolates."""

    key: ClassVar[str] = "path"
    settings: ClassVar[Sequence[float]] = tuple(
        sorted({float(round(1.1**step)) for step in range(90)})
    )
    sides: ClassVar[Sequence[Sequence[int]]] = spread_out(settings)

    kind: Literal["shared_flights"] = "shared_flights"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        edit.refuse("single_flight")
        edit.insert_behind_caches({"single_flight": {}})
        edit.document["traffic"]["isolates"] = int(setting)
        return f"misses shared flights within each of {int(setting):,} isolates"

    @override
    def distance(self, setting: float) -> float:
        # A mechanism that nobody told, and a number; any number is as far.
        return 2.0
