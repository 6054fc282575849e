"""An origin that admits more."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final, Literal, Self

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import format_rate, parse_count, parse_rate

_COUNTS: Final = ("limit", "burst", "bucket")
_RATES: Final = ("rate", "leak")


class HigherLimit(Remedy):
    """Every rate limit of the origin, times a factor."""

    label: ClassVar[str] = "origin limit times four"

    kind: Literal["higher_limit"] = "higher_limit"
    factor: float = 4.0
    """Times what the origin admits."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        for limit in edit.limits():
            limit.update(self._raised(limit))
        return f"origin limit times {float(f'{self.factor:.2g}'):,.10g}"

    def _raised(self, limit: dict[str, Any]) -> dict[str, Any]:
        raised: dict[str, Any] = {
            name: max(round(parse_count(limit[name]) * self.factor), 1)
            for name in _COUNTS
            if name in limit
        }
        for name in _RATES:
            if name in limit:
                rate = parse_rate(limit[name]) * self.factor
                raised[name] = format_rate(float(f"{rate:.4g}"))
        return raised

    @override
    def gentlest_first(self, scenario: Scenario) -> Sequence[Self]:
        return [type(self)(factor=2 ** (step / 4)) for step in range(1, 41)]
