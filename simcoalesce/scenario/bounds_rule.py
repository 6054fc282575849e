"""Bounds rules: times that pass the horizon, and values that make too much happen."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from simcoalesce.distribution import (
    Constant,
    Distribution,
    Empirical,
    Mixture,
    ReplayedLatency,
)
from simcoalesce.logs.moments import WallClockInstant
from simcoalesce.model.layer import Layer
from simcoalesce.model.rate_limit import RateLimit
from simcoalesce.model.scope import Scope
from simcoalesce.run_bounds import (
    HORIZON_NS,
    LONGEST_DRAW_NS,
    MOST_CALLS,
    MOST_TURNS,
    past_horizon,
    too_many,
)
from simcoalesce.scenario.path_rule import PathFault
from simcoalesce.scenario.scenario_spec import ScenarioSpec
from simcoalesce.scenario.selection_rule import SelectionFault
from simcoalesce.spec import written_name
from simcoalesce.units import NS_PER_S

_NS_PER_YEAR: Final = 365 * 86_400 * NS_PER_S
_REQUESTS_OF_A_LOG: Final = 10_000_000
_SLACK: Final = 2
"""No sum of many draws is this many times its mean."""


class _Times(NamedTuple):
    """The times of a part: the longest sum, and the key of the longest."""

    longest_ns: int = 0
    key: str = ""


def path_bound_faults(spec: ScenarioSpec) -> Iterator[PathFault]:
    """Yield the layers whose values make too much happen, or take too long."""
    calls, last = 1, 0
    for index, layer in enumerate(spec.path):
        calls, last = calls * layer.most_calls, index if layer.most_calls > 1 else last
        every_ns = layer.starts_every_ns
        if every_ns and (rounds := spec.duration_ns // every_ns) > MOST_TURNS:
            message = too_many("every", rounds, MOST_TURNS, "a longer one")
            yield PathFault(index, message, "every")
    if calls > MOST_CALLS:
        message = (
            f"one request may make {calls:,} calls here, at most {MOST_CALLS:,}; write"
            " fewer attempts"
        )
        yield PathFault(last, message, _key_of_calls(spec.path[last]))
        return
    yield from _late_layers(spec)


def _key_of_calls(layer: Layer) -> str:
    names = ("attempts", "most", "calls")
    return next((name for name in names if name in type(layer).model_fields), "")


def _late_layers(spec: ScenarioSpec) -> Iterator[PathFault]:
    times = [_times(layer) for layer in spec.path]
    longest_ns = spec.duration_ns + _longest_way_ns(spec.path, times)
    if longest_ns < HORIZON_NS:
        return
    at = max(range(len(times)), key=lambda index: times[index].longest_ns)
    years = f"{longest_ns // _NS_PER_YEAR:,} years in all"
    said = past_horizon(
        f"what the duration and the times of the path add up to, {years},"
    )
    yield PathFault(
        at, f"{said}; write less here, or a shorter duration", times[at].key
    )


def _longest_way_ns(path: Sequence[Layer], times: Sequence[_Times]) -> int:
    """Return how long a request may be under way if it never queues."""
    rest_ns = 0
    for layer, own in zip(reversed(path), reversed(times), strict=True):
        rest_ns = layer.most_calls * (own.longest_ns + rest_ns)
    return rest_ns


def traffic_bound_faults(spec: ScenarioSpec) -> Iterator[SelectionFault]:
    """Yield the phases that begin too late, or have too many bursts or turns."""
    for number, phase in enumerate(spec.traffic.arrivals):
        loc = ("traffic", "arrivals", number)
        own, lasts_ns = _times(phase), phase.lasts_ns(spec.duration_ns)
        turns, key = phase.turns(lasts_ns)
        if own.longest_ns >= HORIZON_NS:
            said = past_horizon("what the times of the phase add up to")
            yield SelectionFault((*loc, own.key), f"{said}; write less")
        elif turns > MOST_TURNS:
            message = too_many(key, turns, MOST_TURNS, f"a longer {key}")
            yield SelectionFault((*loc, key), message)


def may_pass_horizon(spec: ScenarioSpec) -> bool:
    """Whether times of a run could pass the horizon, or what counts in 64 bits.

    As those of requests that queue one behind the other, or of a bucket that fills.
    """
    requests = spec.traffic.expected_requests(spec.duration_ns)
    has_log = any(phase.kind == "replay" for phase in spec.traffic.arrivals)
    requests = max(requests, _REQUESTS_OF_A_LOG) if has_log else requests
    calls = requests * prod(layer.most_calls for layer in spec.path)
    way_ns = _longest_way_ns(spec.path, [_times(layer) for layer in spec.path])
    queue_ns = _SLACK * calls * _keeps_waiting_ns(spec.path)
    limits = (limit for layer in spec.path for limit in _rate_limits(layer))
    bucket_ns = sum(limit.fills_in_ns for limit in limits)
    return spec.duration_ns + way_ns + queue_ns + bucket_ns >= HORIZON_NS


def _keeps_waiting_ns(path: Sequence[Layer]) -> float:
    """Return how long one request keeps those behind it waiting, on average."""
    longest_ns = 0.0
    for index, layer in enumerate(path):
        capacity = getattr(layer, "capacity_per_s", None)
        longest_ns += NS_PER_S / capacity if capacity else 0.0
        if layer.scope is Scope.OBJECT or _has_servers(layer):
            behind = path[index:] if layer.serializes else [layer]
            longest_ns += sum(map(_served_ns, behind))
    return longest_ns


def _origins(layer: Layer) -> Sequence[Layer]:
    """Return a layer and, if it is several origins, each of them."""
    return (layer, *getattr(layer, "of", {}).values())


def _has_servers(layer: Layer) -> bool:
    """Whether an origin, or one of several, serves only so many calls at once."""
    concurrency = (getattr(one, "concurrency", None) for one in _origins(layer))
    return any(calls is not None for calls in concurrency)


def _rate_limits(layer: Layer) -> Iterator[RateLimit]:
    for one in _origins(layer):
        yield from one.rate_limits


def _served_ns(part: Any) -> float:
    """Return the mean of all that is drawn for a request."""
    if isinstance(part, Distribution):
        return part.expected_ns
    if isinstance(part, BaseModel):
        fields = type(part).model_fields
        return sum(_served_ns(getattr(part, field)) for field in fields)
    if isinstance(part, (tuple, list, Mapping)):
        parts = part.values() if isinstance(part, Mapping) else part
        return max(map(_served_ns, parts), default=0.0)
    return 0.0


def _times(part: BaseModel) -> _Times:
    found = [
        _Times(_longest_ns(name, getattr(part, name)), written_name(name))
        for name in type(part).model_fields
    ]
    return _Times(sum(one.longest_ns for one in found), max(found).key)


def _longest_ns(name: str, value: Any) -> int:
    """Return the longest time that a value says; of several, that of the longest."""
    if isinstance(value, (bool, WallClockInstant)):
        return 0
    if isinstance(value, int):
        return value if name.endswith("_ns") else 0
    if isinstance(value, Distribution):
        return _longest_draw_ns(value)
    if isinstance(value, BaseModel):
        return _times(value).longest_ns
    if isinstance(value, (tuple, list, Mapping)):
        parts = value.values() if isinstance(value, Mapping) else value
        return max((_longest_ns(name, part) for part in parts), default=0)
    return 0


@lru_cache(maxsize=256)
def _longest_draw_ns(distribution: Distribution) -> int:
    if isinstance(distribution, Constant):
        return distribution.value_ns
    if isinstance(distribution, Mixture):
        return max(_longest_draw_ns(part.takes) for part in distribution.mixture)
    if isinstance(distribution, (Empirical, ReplayedLatency)):
        return LONGEST_DRAW_NS  # Its file is read when it is run.
    return int(distribution.quantiles_ns()[0])
