"""Miss window of a path: how long requests miss, and where misses share a fetch."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import exp, prod
from typing import Final

from simcoalesce.model.layer import Layer, Wait
from simcoalesce.model.scope import Scope
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.traffic import Traffic
from simcoalesce.units import NS_PER_S

_ROUNDING_S: Final = 1e-9


@dataclass(frozen=True)
class Coalescing:
    """Where misses share a fetch.

    Attributes:
        kind: The layer.
        scope: Where it runs.
        domains: How many domains of one location it has.
        flight_s: How long one of these fetches can be joined.
        span_s: For how long those who come there, and find nothing, fetch.
        vain_s: Who comes in this first part of a fetch loses patience, and fetches too.
        is_for_cold_keys: Whether they do not share the fetch of what has expired.
        at_home: How many misses at a time one of the domains takes before the others
            are used.
    """

    kind: str
    scope: Scope
    domains: int
    flight_s: float
    span_s: float
    vain_s: float = 0.0
    is_for_cold_keys: bool = False
    at_home: int = 0

    def calls(self, rate_per_s: float, most_s: float) -> float:
        """Return how many calls those make who share fetches here.

        m misses that fall in n domains at random leave n (1 - (1 - 1/n)^m) of them with
        a call; when it is over, who then comes makes the next (docs/theory.md F3). If
        one of them takes the first N, that is true of the others and of m - N.

        Args:
            rate_per_s: Of those who come.
            most_s: How long they come.
        """
        span_s = min(self.span_s, most_s)
        if not self.flight_s:
            return 1 + rate_per_s * span_s
        calls = self._first_calls(1 + rate_per_s * min(self.flight_s, span_s))
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

    def _first_calls(self, misses: float) -> float:
        """Return how many calls so many misses make, the first of which calls."""
        domains, rest = self.domains, max(misses - self.at_home, 0)
        if not self.at_home:
            return float(domains * (1 - (1 - 1 / domains) ** misses))
        return float(1 + (domains - 1) * (1 - (1 - 1 / domains) ** rest))

    def _further_calls(self, misses: float) -> float:
        """Return how many calls about so many misses make, perhaps none."""
        domains, at_home = self.domains, self.at_home
        if not at_home:
            return domains * (1 - exp(-misses / domains))
        rest = max(misses - at_home, 0)
        others = (domains - 1) * (1 - exp(-rest / domains))
        return 1 - exp(-min(misses, at_home)) + others


@dataclass(frozen=True)
class MissWindow:
    """The time in which requests miss, from the first miss to the first cache hit.

    Attributes:
        parts: What it consists of, by the settings.
        origin_s: How much of it the last layer takes.
        coalescing: Where misses share fetches; None if each makes its own.
        calls_each: How many calls a miss makes, or a fetch that is shared.
    """

    parts: tuple[Wait, ...]
    origin_s: float
    coalescing: Coalescing | None
    calls_each: int = 1

    @property
    def window_s(self) -> float:
        """How long it is by the settings."""
        return total_s(self.parts)


def miss_window_of(scenario: Scenario) -> MissWindow | None:
    """Return the miss window of a scenario's path; None if no cache ever ends it."""
    path = scenario.path
    cache = _first_shared_cache(path)
    if cache is None or not path[-1].is_cacheable:
        return None
    parts = merged(_parts(path, cache))
    if not parts:
        return None
    found = _coalescing(path, scenario.traffic, total_s(parts))
    at, coalescing = found or (-1, None)
    rounds = prod(one.rounds for one in path[_last_writer(path, cache) + 1 :])
    origin_s = rounds * total_s(path[-1].waits_before())
    return MissWindow(parts, origin_s, coalescing, _calls_each(path, cache, at))


def _calls_each(path: Sequence[Layer], cache: int, shared_at: int) -> int:
    """Return how many calls a miss of a cache makes, or a fetch shared at an index.

    What asks several times in front of the cache finds its answer there from the
    second round on.
    """
    calls = 1
    for index, layer in enumerate(path):
        if index > shared_at:
            first = -(-layer.calls_of_a_miss // layer.rounds)
            calls *= first if index < cache else layer.calls_of_a_miss
    return calls


def _first_shared_cache(path: Sequence[Layer]) -> int | None:
    """Return the index of the first cache that all of a location share."""
    for index, layer in enumerate(path):
        if layer.looks_up and layer.scope.is_shared and _writers(path, index):
            return index
    return None


def _writers(path: Sequence[Layer], index: int) -> list[Layer]:
    """Return the layers that store what a layer finds: itself, or some behind it."""
    layer = path[index]
    if layer.stores:
        return [layer]
    return [one for one in path[index + 1 :] if one.stores and one.store == layer.store]


def _parts(path: Sequence[Layer], index: int) -> Iterator[Wait]:
    """Yield what passes between a miss of a cache and the first lookup that hits."""
    writers = _writers(path, index)
    yield from (wait for wait in path[index].waits_before() if not wait.is_lookup)
    last, rounds = _last_writer(path, index), 1
    for at, layer in enumerate(path[index + 1 :], index + 1):
        yield from _times(rounds, _waits_before(layer, path, index))
        rounds *= layer.rounds if at > last else 1
    # What follows each round is over before the next begins.
    for at in range(len(path) - 1, index, -1):
        layer = path[at]
        rounds //= layer.rounds if at > last else 1
        if any(layer is writer for writer in writers):
            yield from layer.waits_until_visible()
            return
        yield from _times(rounds, layer.waits_after())
    yield from path[index].waits_until_visible()


def _last_writer(path: Sequence[Layer], index: int) -> int:
    """Return the index of the last layer that stores what a cache finds."""
    writers = _writers(path, index)
    return max(at for at, one in enumerate(path) if any(one is w for w in writers))


def _times(rounds: int, waits: Iterable[Wait]) -> Iterator[Wait]:
    """Yield waits that come so often, one after the other."""
    return (wait._replace(length_ns=wait.length_ns * rounds) for wait in waits)


def _waits_before(layer: Layer, path: Sequence[Layer], index: int) -> Iterator[Wait]:
    """Yield what passes before an answer of a layer is shared at an index of a path."""
    streams = path[index].serves_incomplete
    streams &= all(one.streams for one in path[index + 1 :])
    return (wait for wait in layer.waits_before() if not (wait.is_body and streams))


def _coalescing(
    path: Sequence[Layer], traffic: Traffic, window_s: float
) -> tuple[int, Coalescing] | None:
    """Return where most misses share a fetch, and its index; None if they do not."""
    found: list[tuple[int, Coalescing]] = []
    for index, layer in enumerate(path):
        if not layer.shares:
            continue
        is_in_object = any(one.scope is Scope.OBJECT for one in path[:index])
        is_divided = layer.scope is Scope.ISOLATE and not is_in_object
        fetch_s, patience_ns = _fetch_s(path, index), layer.patience_ns
        patience_s = fetch_s if patience_ns is None else patience_ns / NS_PER_S
        shared_ns = layer.shared_for_ns
        one = Coalescing(
            layer.kind,
            layer.scope,
            traffic.isolates_of_a_key if is_divided else 1,
            fetch_s if shared_ns is None else min(fetch_s, shared_ns / NS_PER_S),
            _span_s(path, index, window_s),
            max(fetch_s - patience_s, 0.0),
            layer.is_for_cold_keys,
            traffic.spill_above or 0 if is_divided else 0,
        )
        found.append((index, one))
    return min(found, key=lambda each: each[1].domains, default=None)


def _fetch_s(path: Sequence[Layer], index: int) -> float:
    """Return how long a layer waits for what is behind it."""
    behind, fetch_s = path[index + 1 :], 0.0
    for at, one in enumerate(behind):
        rounds = prod(each.rounds for each in behind[:at])
        fetch_s += rounds * total_s(_waits_before(one, path, index))
        fetch_s += rounds * total_s(one.waits_after())
    return fetch_s


def _span_s(path: Sequence[Layer], index: int, window_s: float) -> float:
    """Return for how long those who come to a layer, and find nothing, fetch."""
    # Who comes after a fetch finds its answer, if there is another lookup from here on.
    finds = any(_finds_at_once(path, at) for at in range(index, len(path)))
    return _fetch_s(path, index) if finds else window_s


def _finds_at_once(path: Sequence[Layer], index: int) -> bool:
    """Say whether a layer finds the answer to a fetch when the fetch is over."""
    return path[index].looks_up and all(
        total_s(one.waits_until_visible()) <= total_s(one.waits_after())
        for one in _writers(path, index)
    )


def merged(waits: Iterable[Wait]) -> tuple[Wait, ...]:
    """Return waits, those of one name together, without those that take no time."""
    length_ns: Counter[str] = Counter()
    for wait in waits:
        length_ns[wait.name] += round(wait.length_ns)
    return tuple(Wait(name, length) for name, length in length_ns.items() if length)


def total_s(waits: Iterable[Wait]) -> float:
    """Return how long waits are together."""
    return sum(round(wait.length_ns) for wait in waits) / NS_PER_S
