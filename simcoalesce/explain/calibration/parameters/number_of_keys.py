"""For how many keys the requests are."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Clause, Parameter, spread_out
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit


class NumberOfKeys(Parameter):
    """The requests are for many keys, asked for alike, and not for one."""

    key = "traffic.keys"
    grid = tuple(sorted({float(round(2 * 1.1**step)) for step in range(73)}))
    sides = spread_out(grid)
    is_mechanism = True

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> Clause:
        traffic = edit.document["traffic"]
        phases = [one for one in traffic["arrivals"] if one.get("keys")]
        if phases or (traffic.get("keys") or {"kind": "one"})["kind"] != "one":
            raise DoesNotApply("the requests are for several keys already")
        traffic["keys"] = {"kind": "zipf", "s": 0.0, "n": int(setting)}
        says = "the requests were for {}, not for one"
        return Clause(says, f"{int(setting):,}", " keys")

    @override
    def distance(self, setting: float) -> float:
        # One statement, and a number: all numbers cost the same.
        return 2.0
