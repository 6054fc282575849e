"""How many of the locations held the key when the burst came."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final, Literal

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Parameter, spread_out
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.units import NS_PER_S, format_duration, parse_duration

_LEAD_NS: Final = NS_PER_S
"""How long before each burst somebody has asked at a warm location."""
_NAME: Final = "{}, where warm"


class WarmLocations(Parameter):
    """Clients at a share of the locations found the key there.

    Simplification: a scenario begins with an empty KV. So the warm locations ask for a
    key of their own, for which one client of each burst comes a second early: as many
    requests as reported, of which each burst has one call of the origin more; that call
    takes of the quota and is refused as any other; and if a burst would start within
    the first second, all that happens is told up to a second late.
    """

    key: ClassVar[str] = "traffic.locations"
    settings: ClassVar[Sequence[float]] = tuple(step / 64 for step in range(1, 64))
    sides: ClassVar[Sequence[Sequence[int]]] = spread_out(settings)

    kind: Literal["warm_locations"] = "warm_locations"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        bursts = edit.bursts()
        keys = {_only_key(burst, edit.document["traffic"]) for burst in bursts}
        if len(keys) > 1:
            raise DoesNotApply("the bursts ask for several keys")
        (key,) = keys
        warm = _NAME.format(key)
        first = [_first_visit(burst, warm) for burst in bursts]
        _make_room(edit.document, bursts, first)
        for burst in bursts:
            weights = {key: 1 - setting, warm: setting}
            burst["keys"] = {"kind": "weighted", "weights": weights}
            burst["requests"] -= 1
        # Behind the others, whose luck goes by their places.
        edit.document["traffic"]["arrivals"] += first
        return f"{setting:.0%} of the locations held the key already"

    @override
    def distance(self, setting: float) -> float:
        # A state that nobody told, and a number; any number is as far.
        return 2.0


def _only_key(burst: dict[str, Any], traffic: dict[str, Any]) -> str:
    keys = burst.get("keys") or traffic.get("keys") or {"kind": "one"}
    if keys["kind"] != "one":
        raise DoesNotApply("the burst asks for several keys")
    return str(keys.get("key", "key"))


def _first_visit(burst: dict[str, Any], key: str) -> dict[str, Any]:
    if burst["requests"] < 2:
        raise DoesNotApply("a burst of one visitor has nobody to come early")
    said: dict[str, Any] = {
        name: burst[name] for name in ("at", "every") if name in burst
    }
    keys = {"kind": "one", "key": key}
    return {"kind": "burst", "requests": 1, "within": "0ms", **said, "keys": keys}


def _make_room(
    document: dict[str, Any],
    bursts: Sequence[dict[str, Any]],
    first: Sequence[dict[str, Any]],
) -> None:
    """Let first clients come early, and all later if it were before the beginning."""
    late_ns = max(_LEAD_NS - min(map(_at_ns, bursts)), 0)
    document["duration"] = _later(document["duration"], late_ns)
    for phase in document["traffic"]["arrivals"]:
        phase["at"] = _later(phase.get("at", "0ms"), late_ns)
    for visit in first:
        visit["at"] = _later(visit.get("at", "0ms"), late_ns - _LEAD_NS)


def _at_ns(phase: dict[str, Any]) -> int:
    return parse_duration(phase.get("at", "0ms"))


def _later(duration: str, by_ns: int) -> str:
    return format_duration(parse_duration(duration) + by_ns)
