"""The door of a path: how long a miss leaves it open, and who shares a fetch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any, Final, NamedTuple

from simcoalesce.explain.kinds import HTTP_CACHES
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S

_ROUNDING_S: Final = 1e-9


class WindowPart(NamedTuple):
    """A part of the time for which the door is open."""

    name: str
    length_s: float


@dataclass(frozen=True)
class SharedFetch:
    """Where misses share a fetch.

    Attributes:
        kind: The layer.
        domains: In how many places of one location they meet there.
        flight_s: How long one of these fetches can be joined.
        span_s: For how long those who come there, and find nothing, fetch.
        vain_s: Who comes in this first part of a fetch loses patience, and fetches too.
        is_for_cold_keys: Whether they do not share the fetch of what has expired.
    """

    kind: str
    domains: int
    flight_s: float
    span_s: float
    vain_s: float = 0.0
    is_for_cold_keys: bool = False

    def calls(self, rate_per_s: float, most_s: float) -> float:
        """Return how many calls those make who meet here.

        m misses that meet in n places at random leave n (1 - (1 - 1/n)^m) of them with
        a call; when it is over, who then comes makes the next (docs/theory.md F3).

        Args:
            rate_per_s: Of those who come.
            most_s: How long they come.
        """
        span_s = min(self.span_s, most_s)
        if not self.flight_s:
            return 1 + rate_per_s * span_s
        first = 1 + rate_per_s * min(self.flight_s, span_s)
        calls = float(self.domains * (1 - (1 - 1 / self.domains) ** first))
        calls += rate_per_s * min(self.vain_s, most_s)
        later_s = span_s - self.flight_s
        if later_s < _ROUNDING_S:
            return calls
        flights, rest_s = divmod(later_s, self.flight_s)
        return (
            calls
            + flights * self._further_calls(rate_per_s * self.flight_s)
            + self._further_calls(rate_per_s * rest_s)
        )

    def _further_calls(self, misses: float) -> float:
        """Return how many calls about so many misses make, perhaps none."""
        return self.domains * (1 - exp(-misses / self.domains))


@dataclass(frozen=True)
class MissWindow:
    """The time in which requests miss, from the first miss to the first cache hit.

    Attributes:
        parts: What it waits for, by the settings.
        meeting: Where misses share fetches; None if each makes its own.
    """

    parts: tuple[WindowPart, ...]
    shared_fetch: SharedFetch | None

    @property
    def window_s(self) -> float:
        """How long it is open by the settings."""
        return sum(part.length_s for part in self.parts)


def miss_window_of(scenario: Scenario) -> MissWindow | None:
    """Return the door of a scenario's path; None if no cache ever closes it."""
    path = scenario.path
    at = _cache(path)
    if at is None or not path[-1].cacheable:
        return None
    parts: dict[str, float] = {}
    for part in _parts(path, at):
        parts[part.name] = parts.get(part.name, 0.0) + part.length_s
    known = tuple(WindowPart(name, parts[name]) for name in parts if parts[name])
    window_s = sum(part.length_s for part in known)
    if not window_s:
        return None
    return MissWindow(known, _shared_fetch(path, scenario.traffic.isolates, window_s))


def _cache(path: Sequence[Any]) -> int | None:
    """Return the place of the first cache that all of a location share."""
    kinds = [layer.kind for layer in path]
    for place, kind in enumerate(kinds):
        if kind in HTTP_CACHES or (kind == "kv.read" and "kv.write" in kinds[place:]):
            return place
    return None


def _parts(path: Sequence[Any], at: int) -> Iterator[WindowPart]:
    """Yield what passes between a miss and the first look that would hit."""
    cache, behind = path[at], path[at + 1 : -1]
    if cache.kind == "kv.read" and cache.read_at == "start":
        yield WindowPart("kv.read", _expected_s(cache.read_latency))
    for layer in behind:
        if layer.kind == "kv.read":
            yield WindowPart("kv.read", _expected_s(layer.read_latency))
        if layer.kind == "durable_object":
            yield WindowPart("way to the object", _there_s(layer))
    yield WindowPart("origin", _expected_s(path[-1].latency))
    yield from _parts_of_the_way_back(behind, is_kv=cache.kind == "kv.read")


def _parts_of_the_way_back(
    behind: Sequence[Any], *, is_kv: bool
) -> Iterator[WindowPart]:
    for layer in reversed(behind):
        if layer.kind == "durable_object":
            yield WindowPart("way back", _expected_s(layer.hop))
        # KV shows a value when it is written, whoever waits for that.
        if layer.kind == "kv.write" and (is_kv or layer.acknowledge == "await"):
            yield WindowPart("kv.write", _expected_s(layer.write_latency))
            if is_kv:
                return


def _shared_fetch(
    path: Sequence[Any], isolates: int, window_s: float
) -> SharedFetch | None:
    """Return where most misses meet; None if they do not."""
    found: list[SharedFetch] = []
    has_object = False
    for place, layer in enumerate(path[:-1]):
        if not layer.makes_wait or _lets_each_fetch(layer):
            continue
        has_object |= layer.kind == "durable_object"
        is_spread = layer.kind == "single_flight" and not has_object
        flight_s = _fetch_s(path, place)
        found.append(
            SharedFetch(
                layer.kind,
                isolates if is_spread else 1,
                flight_s,
                _span_s(path, place, window_s),
                max(flight_s - _patience_s(layer), 0.0),
                layer.kind == "lock" and layer.stale == "none",
            )
        )
    return min(found, key=lambda one: one.domains, default=None)


def _lets_each_fetch(layer: Any) -> bool:
    is_mutex = layer.kind == "durable_object" and layer.gate == "block_concurrency"
    return bool(is_mutex or (layer.kind == "cdn" and not layer.lock))


def _fetch_s(path: Sequence[Any], place: int) -> float:
    """Return how long a layer waits for what is behind it."""
    fetch_s = _expected_s(path[-1].latency)
    for layer in path[place + 1 : -1]:
        if layer.kind == "kv.read":
            fetch_s += _expected_s(layer.read_latency)
        if layer.kind == "durable_object":
            fetch_s += _there_s(layer) + _expected_s(layer.hop)
        if layer.kind == "kv.write" and layer.acknowledge == "await":
            fetch_s += _expected_s(layer.write_latency)
    return fetch_s


def _span_s(path: Sequence[Any], place: int, window_s: float) -> float:
    """Return for how long those who come to a layer, and find nothing, fetch."""
    behind = path[place + 1 : -1]
    kinds = {layer.kind for layer in behind}
    awaits = all(one.acknowledge == "await" for one in behind if one.kind == "kv.write")
    # Who comes after a fetch finds its answer, if there is another look behind.
    finds = "memory" in kinds or ("kv.read" in kinds and awaits)
    if path[place].kind in HTTP_CACHES or finds:
        return _fetch_s(path, place)
    return window_s


def _patience_s(layer: Any) -> float:
    """Return how long who waits for another's fetch does so."""
    if layer.kind == "lock":
        return float(layer.timeout_ns / NS_PER_S)
    if layer.kind == "bounded_retries":
        return float(sum(layer.waits_ns) / NS_PER_S)
    return float("inf")


def _there_s(layer: Any) -> float:
    return _expected_s(layer.first_use) + _expected_s(layer.hop)


def _expected_s(latency: Any) -> float:
    return float(round(latency.expected_ns) / NS_PER_S)
