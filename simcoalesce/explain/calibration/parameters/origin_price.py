"""What the origin charges for a call."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Clause, Parameter, spread_out
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit

_UNIT = "origin_calls"


class OriginPrice(Parameter):
    """The origin's own bill is part of what was paid; its value is USD a million."""

    key = f"prices.{_UNIT}"
    grid = tuple(float(f"{10 ** (step / 32):.3g}") for step in range(-64, 129))
    sides = spread_out(grid)
    is_mechanism = True
    is_of_bills = True

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> Clause:
        edit.layer("origin")
        prices = edit.document.get("prices") or {}
        if _UNIT in prices:
            raise DoesNotApply("the scenario says what a call of the origin costs")
        price = f"{setting:.3g}" if setting < 1_000 else f"{setting:.0f}"
        edit.document["prices"] = {**prices, _UNIT: f"{price} per 1M"}
        says = "the bill was also the origin's: {}"
        return Clause(says, price, " USD for a million calls")

    @override
    def distance(self, setting: float) -> float:
        # A price that nobody reported: all prices cost the same.
        return 2.0
