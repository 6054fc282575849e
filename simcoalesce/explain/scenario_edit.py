"""Scenario edits: a scenario as plain values, to be changed and validated again."""

import json
from collections.abc import Iterator
from copy import copy
from decimal import Decimal
from typing import Any, Final, TypeAlias

from simcoalesce.discovery import extra_members
from simcoalesce.model.layer import Layer
from simcoalesce.model.scope import Scope
from simcoalesce.scenario.input_file import input_files, is_own_price_list
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import (
    NS_PER_S,
    format_duration,
    format_rate,
    parse_count,
    parse_duration,
    parse_rate,
)

Written: TypeAlias = dict[str, Any]
"""A part of a scenario as a file states it."""

_UNITS: Final = ((NS_PER_S, "s", ("ms", "us", "ns")), (10**6, "ms", ("us", "ns")))
"""Units, and those that are too fine for a duration of at least one of them."""
_NOT_SCALABLE: Final = frozenset(("empirical", "replay"))
_LIMIT_COUNTS: Final = ("limit", "burst", "bucket")
"""Keys of rate limits that hold a number of requests."""
_LIMIT_RATES: Final = ("rate", "leak")
_LIMIT_RULES: Final = ("kind", "for_each")


class DoesNotApply(ValueError):  # noqa: N818 - it is an answer, and no error
    """A change that a scenario has nothing for; the message says why."""


class NoSuchLayer(DoesNotApply):
    """A change to a layer that a path does not have."""


class ScenarioEdit:
    """An editable copy of a scenario, which becomes a scenario again.

    A method that finds nothing to change raises DoesNotApply.

    Attributes:
        document: The scenario as plain values, without its expectations, observations,
            claims and shipped changes.
    """

    def __init__(self, scenario: Scenario) -> None:
        """Copy a scenario."""
        self._base = scenario
        own_prices = is_own_price_list(scenario.price_list)
        self._has_files = own_prices or any(True for _ in input_files(scenario))
        self.document: Written = scenario.document()
        for name in ("expect", "observations", "claims", "shipped"):
            self.document.pop(name, None)

    def copy(self) -> "ScenarioEdit":
        """Return an independent copy."""
        twin = copy(self)
        # The document is plain JSON: to write and read it is the fastest copy.
        twin.document = json.loads(json.dumps(self.document))
        return twin

    def scenario(self) -> Scenario:
        """Return the edited scenario, validated, and asked for the same metrics.

        Raises:
            ValueError: If a change made it invalid.
        """
        return self._made().with_metrics(*self._base.selected_metrics)

    def _made(self) -> Scenario:
        if not self._has_files:
            # No file is to be found in a folder: faster, without positions.
            with extra_members(self._base.extra):
                return Scenario.model_validate(self.document)
        return Scenario.parse(
            json.dumps(self.document),
            name=self._base.name,
            folder=self._base.folder,
            extra=self._base.extra,
        )

    @property
    def path(self) -> list[Written]:
        """The path: entries of one name with its parameters."""
        path: list[Written] = self.document["path"]
        return path

    def kinds(self) -> list[str]:
        """Return the names of the layers, in their order."""
        return [next(iter(entry)) for entry in self.path]

    def layers(self, kind: str) -> Iterator[Written]:
        """Yield the parameters of every layer of a kind."""
        for entry in self.path:
            if kind in entry:
                yield entry[kind]
            # Each of several origins is one.
            for several in (entry.get("origins"),) if kind == "origin" else ():
                yield from several["of"].values() if several else ()

    def layer(self, kind: str) -> Written:
        """Return the parameters of the first layer of a kind."""
        for layer in self.layers(kind):
            return layer
        raise NoSuchLayer(f"the path has no {kind}")

    def refuse(self, kind: str) -> None:
        """Require a path without layers of a kind."""
        if kind in self.kinds():
            raise DoesNotApply(f"the path has a {kind.replace('_', ' ')} already")

    def insert_behind_caches(self, *layers: Written) -> None:
        """Insert layers of a worker, the first of a new kind, where a miss comes first.

        That is behind the first lookup that all of a location share, or else behind
        another one, or else behind the layers of the clients. A path of an HTTP cache
        has no worker to run them.
        """
        self.refuse(next(iter(layers[0])))
        with extra_members(self._base.extra):
            path = [Layer.members()[kind] for kind in self.kinds()]
        scopes = {layer.scope for layer in path}
        if Scope.CACHE in scopes and not any(scope.is_worker for scope in scopes):
            raise DoesNotApply("the path has no worker to run it")
        is_client = [layer.scope is Scope.ANYWHERE for layer in path]
        lookups = [
            index
            for index, layer in enumerate(path)
            if layer.looks_up and layer.scope.is_worker
        ]
        lookups.sort(key=lambda index: not path[index].scope.is_shared)
        at = lookups[0] + 1 if lookups else is_client.index(False)
        self.path[at:at] = list(layers)

    def bursts(self) -> list[Written]:
        """Return the bursts of the traffic, unless all of them are instantaneous."""
        phases = self.document["traffic"]["arrivals"]
        bursts = [one for one in phases if one["kind"] == "burst"]
        if not any(parse_duration(one["within"]) for one in bursts):
            raise DoesNotApply(
                "no phase of the traffic is a burst that could be spread"
            )
        return bursts

    def scale_bursts(self, factor: float) -> tuple[str, str]:
        """Multiply the length of every burst; return that of the first, old and new."""
        bursts = self.bursts()
        before = bursts[0]["within"]
        for burst in bursts:
            burst["within"] = scaled(burst["within"], factor)
        return before, bursts[0]["within"]

    def scale_latency(self, kind: str, name: str, factor: float) -> tuple[str, str]:
        """Multiply a latency of layers; return the first in words, old and new."""
        first = self.layer(kind)
        before = first[name]
        for layer in self.layers(kind):
            layer[name] = scaled(layer[name], factor)
        return latency_text(before), latency_text(first[name])

    def limits(self) -> list[Written]:
        """Return the rate limits of the origin."""
        self.layer("origin")
        limits = [one for layer in self.layers("origin") for one in _limits_of(layer)]
        if not limits:
            raise DoesNotApply("the origin has no rate limit")
        return limits

    def limit_text(self) -> str:
        """Return the rate limits of the origin in few words."""
        return " and ".join(map(_limit_text, self.limits()))

    def scale_limits(self, factor: float) -> None:
        """Multiply what every rate limit of the origin admits."""
        for limit in self.limits():
            limit.update(scaled_counts(limit, factor))
            for name in _LIMIT_RATES:
                if name in limit:
                    rate = parse_rate(limit[name]) * factor
                    limit[name] = format_rate(float(f"{rate:.4g}"))


def _limits_of(origin: Written) -> list[Written]:
    limits = origin.get("rate_limit")
    return limits if isinstance(limits, list) else []


def scaled_counts(limit: Written, factor: float) -> Written:
    """Return the numbers of requests in a rate limit, times a factor, at least 1."""
    return {
        name: max(round(parse_count(limit[name]) * factor), 1)
        for name in _LIMIT_COUNTS
        if name in limit
    }


def _limit_text(limit: Written) -> str:
    """Return a rate limit in few words.

    >>> _limit_text({"kind": "fixed_window", "limit": 1500, "per": "5m"})
    'limit 1500, per 5m'
    """
    named = [f"{name} {limit[name]}" for name in limit if name not in _LIMIT_RULES]
    whose = limit.get("for_each", "origin")
    return ", ".join(named if whose == "origin" else [*named, f"for each {whose}"])


def scaled(latency: Any, factor: float) -> Any:
    """Return a latency, as a scenario states it, times a factor.

    >>> scaled("80ms", 0.25), scaled({"median": "80ms", "p99": "400ms"}, 0.5)
    ('20ms', {'median': '40ms', 'p99': '200ms'})
    >>> scaled({"mixture": [{"share": "100%", "takes": "80ms"}]}, 0.5)
    {'mixture': [{'share': '100%', 'takes': '40ms'}]}

    Raises:
        DoesNotApply: If it comes from a file.
    """
    if isinstance(latency, dict):
        if _NOT_SCALABLE & latency.keys():
            raise DoesNotApply("the latency comes from a file")
        if not factor:
            return "0ms"
        return {
            name: value if name == "share" else scaled(value, factor)
            for name, value in latency.items()
        }
    if isinstance(latency, list):
        return [scaled(value, factor) for value in latency]
    if not isinstance(latency, str):
        return latency
    return _duration_text(_rounded(parse_duration(latency) * factor))


def _rounded(number: float) -> int:
    """Round a number of nanoseconds as people do.

    >>> _rounded(18_101_933_598.4), _rounded(62_500_000.0), _rounded(0.0)
    (18000000000, 62500000, 0)
    """
    digits = 2 if number >= 10 * NS_PER_S else 3
    return int(float(f"{number:.{digits}g}"))


def _duration_text(duration_ns: int) -> str:
    """Write nanoseconds as people do.

    >>> [_duration_text(ns) for ns in (7_610_000_000, 15_600_000, 300_000_000_000)]
    ['7.61s', '15.6ms', '5m']
    """
    text = format_duration(duration_ns)
    for size, unit, finer in _UNITS:
        if duration_ns >= size and text.endswith(finer):
            return f"{Decimal(duration_ns) / size:f}{unit}"
    return text


def latency_text(latency: Any) -> str:
    """Return a latency in few words.

    >>> latency_text("80ms"), latency_text({"median": "80ms", "p99": "400ms"})
    ('80ms', 'median 80ms, p99 400ms')
    >>> latency_text({"mixture": [{"share": "30%", "takes": "1s"}]})
    '30% 1s'
    """
    if isinstance(latency, dict) and "mixture" in latency:
        parts = (
            (one["share"], latency_text(one["takes"])) for one in latency["mixture"]
        )
        return ", ".join(f"{share} {takes}" for share, takes in parts)
    if isinstance(latency, dict):
        return ", ".join(f"{name} {value}" for name, value in latency.items())
    return str(latency)
