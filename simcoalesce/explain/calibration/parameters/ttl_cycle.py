"""Whether the burst comes again after the entry expires."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import (
    Clause,
    Parameter,
    spread_out,
)
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.units import NS_PER_S, format_duration, parse_duration


class TtlCycle(Parameter):
    """The burst comes again, a second after so many TTLs of the entry."""

    key = "traffic.arrivals[0].every"
    grid = (1, 2, 3, 4, 5)
    sides = spread_out(grid)

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> Clause:
        ttl_ns = parse_duration(edit.layer("kv.write")["ttl"])
        every = format_duration(int(setting) * ttl_ns + NS_PER_S)
        for burst in edit.bursts():
            burst["every"] = every
        says = "the burst came again every {}, after the entry had expired"
        return Clause(says, every)

    @override
    def distance(self, setting: float) -> float:
        # One statement that nobody made: it happened again; how often costs little.
        return 1.0 + (setting - 1) / 10
