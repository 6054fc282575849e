"""How many of the locations hold the key when the burst comes."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import (
    Clause,
    Parameter,
    spread_out,
)
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit, Written
from simcoalesce.units import NS_PER_S, format_duration, parse_duration

_FEW: Final = 8
"""Up to so many locations every set of them is tried, else the first of the file."""
_NAMED: Final = 3
"""Up to so many warm locations are named."""
_LEAD_NS: Final = NS_PER_S
"""How long before each burst a client asks at a warm location."""
_WARM_KEY: Final = "{}, where warm"


class WarmLocations(Parameter):
    """Clients at some of the locations find the key there; its value is their share.

    The share is that of whole locations: with one location there is none.

    Simplification: a scenario begins with an empty KV. So clients at warm locations ask
    for a key of their own, and one of each burst asks for it a second earlier. The
    number of requests stays as reported. Each burst has one more call to the origin,
    which counts for the quota and can be refused. A burst within the first second makes
    everything up to a second later.
    """

    key = "traffic.locations"
    grid = tuple(step / 64 for step in range(1, 64))
    sides = spread_out(grid)

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> Clause:
        bursts = edit.bursts()
        held, share = _nearest(edit.document["traffic"]["locations"], setting)
        keys = {_only_key(burst, edit.document["traffic"]) for burst in bursts}
        if len(keys) > 1:
            raise DoesNotApply("the bursts ask for several keys")
        (key,) = keys
        warm = _WARM_KEY.format(key)
        early = [_early_request(burst, warm) for burst in bursts]
        _shift(edit.document, bursts, early)
        for burst in bursts:
            weights = {key: 1 - share, warm: share}
            burst["keys"] = {"kind": "weighted", "weights": weights}
            burst["requests"] -= 1
        # At the end: the random streams of the others go by their index.
        edit.document["traffic"]["arrivals"] += early
        return Clause("{} held the key already", held)

    @override
    def distance(self, setting: float) -> float:
        # A state that nobody reported, and a number: all numbers cost the same.
        return 2.0


def _nearest(locations: Mapping[str, float], share: float) -> tuple[str, float]:
    """Return those locations whose share of the clients is nearest, and that share.

    >>> _nearest({"icn": 3, "nrt": 1, "sin": 1}, 0.35)
    ('nrt and sin', 0.4)

    Raises:
        DoesNotApply: If there is one location only.
    """
    names = [name for name, weight in locations.items() if weight]
    if len(names) < 2:
        raise DoesNotApply("there is one location only, which is cold")
    sizes = range(1, len(names))
    if len(names) <= _FEW:
        sets = [each for size in sizes for each in combinations(names, size)]
    else:
        sets = [tuple(names[:size]) for size in sizes]
    total = sum(locations.values())
    shares = {each: sum(locations[name] for name in each) / total for each in sets}
    best = min(sets, key=lambda each: abs(shares[each] - share))
    is_named = len(best) <= _NAMED
    said = " and ".join(best) if is_named else f"{len(best)} of {len(names)} locations"
    return said, shares[best]


def _only_key(burst: Written, traffic: Written) -> str:
    keys = burst.get("keys") or traffic.get("keys") or {"kind": "one"}
    if keys["kind"] != "one":
        raise DoesNotApply("the burst asks for several keys")
    return str(keys.get("key", "key"))


def _early_request(burst: Written, key: str) -> Written:
    if burst["requests"] < 2:
        raise DoesNotApply("a burst of one request leaves none to come early")
    times: Written = {name: burst[name] for name in ("at", "every") if name in burst}
    keys = {"kind": "one", "key": key}
    return {"kind": "burst", "requests": 1, "within": "0ms", **times, "keys": keys}


def _shift(
    document: Written, bursts: Sequence[Written], early: Sequence[Written]
) -> None:
    """Move early requests before their bursts; all later if one would be before 0."""
    late_ns = max(
        _LEAD_NS - min(parse_duration(one.get("at", "0ms")) for one in bursts), 0
    )
    document["duration"] = _later(document["duration"], late_ns)
    for phase in document["traffic"]["arrivals"]:
        phase["at"] = _later(phase.get("at", "0ms"), late_ns)
    for one in early:
        one["at"] = _later(one.get("at", "0ms"), late_ns - _LEAD_NS)


def _later(duration: str, by_ns: int) -> str:
    return format_duration(parse_duration(duration) + by_ns)
