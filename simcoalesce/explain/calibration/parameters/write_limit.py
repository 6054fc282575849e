"""Whether a store enforces its limit of puts of one key."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Clause, Parameter, spread_out
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit

_UNLIMITED = "unlimited"


class WriteLimit(Parameter):
    """A store takes every put, also beyond its documented limit for each key."""

    key = "kv.writes_per_key"
    grid = (1.0,)
    sides = spread_out(grid)
    is_mechanism = True

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> Clause:
        limited = [
            layer
            for entry in edit.path
            for layer in entry.values()
            if layer.get("writes_per_key", _UNLIMITED) != _UNLIMITED
        ]
        if not limited:
            raise DoesNotApply("no store limits its writes")
        before = limited[0]["writes_per_key"]
        for layer in limited:
            layer["writes_per_key"] = _UNLIMITED
        says = "the limit of {} for the puts of a key was not enforced"
        return Clause(says, before)

    @override
    def distance(self, setting: float) -> float:
        # Something documented that was not so.
        return 2.0
