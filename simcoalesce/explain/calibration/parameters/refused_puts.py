"""Whether the errors came from puts that a store refused."""

from types import MappingProxyType

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Clause, Parameter, spread_out
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit, Written


class RefusedPuts(Parameter):
    """The code does not catch a refused put, and the origin refuses nothing.

    What was taken for refusals of the origin were those of the store.
    """

    key = "kv.on_refused"
    grid = (1.0,)
    sides = spread_out(grid)
    is_mechanism = True
    # Who refused; and for an instant also when.
    gives_up = MappingProxyType({"first_rejected_at_s": 2, "origin_rejected": 1})

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> Clause:
        caught = [
            layer for entry in edit.path for layer in entry.values() if _catches(layer)
        ]
        if not caught:
            raise DoesNotApply("the path catches no refused put")
        for layer in caught:
            layer["on_refused"] = "fail"
        for origin in edit.layers("origin"):
            origin["rate_limit"] = []
        return Clause("{} was not caught, and the origin refused nothing", _WHAT)

    @override
    def distance(self, setting: float) -> float:
        # Another source of the errors, which nobody reported.
        return 2.0


_WHAT = "the 429s were the store's own: a put that it refused"


def _catches(layer: Written) -> bool:
    """Return whether a refused put of a layer is awaited and harms nobody."""
    is_limited = layer.get("writes_per_key", "unlimited") != "unlimited"
    waits = layer.get("acknowledge") == "await"
    return is_limited and waits and layer.get("on_refused") == "ignore"
