"""Over how long the origin counted what it admitted."""

from typing import Any, ClassVar, Final, Literal

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Factor
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit, scaled
from simcoalesce.units import parse_count

_DEPTHS: Final = ("limit", "burst", "bucket")


class QuotaShape(Factor):
    """The same rate in the long run, counted over a longer or a shorter time."""

    key: ClassVar[str] = "origin.rate_limit"

    kind: Literal["quota_shape"] = "quota_shape"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        limits = [one for one in edit.limits() if one["kind"] != "concurrency"]
        if not limits:
            raise DoesNotApply("the origin's limit is no rate")
        for limit in limits:
            limit.update(_stretched(limit, setting))
        return f"the origin's limit was {edit.limit_text()}"


def _stretched(limit: dict[str, Any], factor: float) -> dict[str, Any]:
    depths: dict[str, Any] = {
        name: max(round(parse_count(limit[name]) * factor), 1)
        for name in _DEPTHS
        if name in limit
    }
    return {**depths, "per": scaled(limit["per"], factor)} if "per" in limit else depths
