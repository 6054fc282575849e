"""Scenario edits: a scenario as plain values, to be changed and validated again."""

import json
from collections.abc import Iterator
from copy import copy
from typing import Final

from simcoalesce.confinement import confined
from simcoalesce.discovery import extra_members
from simcoalesce.explain.does_not_apply import DoesNotApply, NoSuchLayer
from simcoalesce.explain.layer_entry import LayerEntry, entries_of
from simcoalesce.explain.traffic_edit import bursts, busiest, spread_bursts
from simcoalesce.explain.written_values import (
    Written,
    latency_text,
    scaled,
    scaled_counts,
)
from simcoalesce.model.layer import Layer
from simcoalesce.model.scope import Scope
from simcoalesce.scenario.input_file import input_files, is_own_price_list
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import format_rate, parse_duration, parse_rate

__all__ = [
    "DoesNotApply",
    "NoSuchLayer",
    "ScenarioEdit",
    "Written",
    "latency_text",
    "scaled",
    "scaled_counts",
]

_LIMIT_RATES: Final = ("rate", "leak")
_LIMIT_RULES: Final = ("kind", "for_each", "offset")


class ScenarioEdit:
    """An editable copy of a scenario, which becomes a scenario again.

    A method that finds nothing to change raises DoesNotApply.

    Attributes:
        incident: The scenario that it is a copy of.
        document: The scenario as plain values, without its expectations, observations,
            claims and shipped changes.
    """

    def __init__(self, scenario: Scenario) -> None:
        """Copy a scenario."""
        self.incident = scenario
        own_prices = is_own_price_list(scenario.price_list)
        self._asked = scenario.selected_metrics
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
        return self._made().with_metrics(*self._asked)

    def _made(self) -> Scenario:
        if not self._has_files:
            # No file is to be found in a folder: faster, without positions.
            with extra_members(self.incident.extra):
                return Scenario.model_validate(self.document)
        with confined(self.incident.confined_to):
            return Scenario.parse(
                json.dumps(self.document),
                name=self.incident.name,
                folder=self.incident.folder,
                extra=self.incident.extra,
            )

    @property
    def path(self) -> list[Written]:
        """The path: entries of one name with its parameters."""
        path: list[Written] = self.document["path"]
        return path

    def kinds(self) -> list[str]:
        """Return the names of the layers, in their order."""
        return [next(iter(entry)) for entry in self.path]

    def types(self) -> list[type[Layer]]:
        """Return what the layers are, in their order: what they say of themselves."""
        with extra_members(self.incident.extra):
            known = Layer.members()
        return [known[kind] for kind in self.kinds()]

    def entries(self, *names: str, called: str = "") -> list[LayerEntry]:
        """Return the layers that have all parameters of some names, origins too.

        Args:
            names: The parameters; all layers if there are none.
            called: What a path without such a layer has not, e.g. "retry".

        Raises:
            NoSuchLayer: If there is none.
        """
        every = entries_of(self.path, self.types())
        found = [one for one in every if one.has(*names)]
        if not found:
            raise NoSuchLayer(f"the path has no {called or f'layer with {names[0]}'}")
        return found

    def entries_of_kind(self, kind: str) -> list[LayerEntry]:
        """Return the layers of a kind, origins too.

        Raises:
            NoSuchLayer: If there is none.
        """
        every = entries_of(self.path, self.types())
        found = [one for one in every if one.kind == kind]
        if not found:
            raise NoSuchLayer(f"the path has no {kind}")
        return found

    def usual_ttl(self) -> str:
        """Return the shortest ttl of the path; a minute if it has none."""
        ttls = [
            one["ttl"] for entry in self.path for one in entry.values() if "ttl" in one
        ]
        return min(ttls, key=parse_duration, default="60s")

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

    def insert_behind_caches(self, *layers: Written) -> str:
        """Insert layers of a worker, the first of a new kind, where a miss comes first.

        That is behind the first lookup that all of a location share, or else behind
        another one, or else behind the layers of the clients. A path of an HTTP cache
        has no worker to run them.

        Returns:
            The platform's limit, in words, if the first layer gets it (`limited`).
        """
        self.refuse(next(iter(layers[0])))
        path = self.types()
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
        said = self.limited(layers[0])
        self.path[at:at] = list(layers)
        return said

    def limited(self, entry: Written) -> str:
        """Set the platform's limit for a new layer where the traffic exceeds it.

        Requests that arrive are counted: no more than these can reach the layer.

        Returns:
            That, in words; empty if the traffic stays below, or there is no limit.
        """
        ((kind, parameters),) = entry.items()
        with extra_members(self.incident.extra):
            layer = Layer.members()[kind].model_validate(parameters)
        limit = layer.platform_limit
        if limit is None:
            return ""
        of_all, of_a_key = busiest(
            self.document, self.incident.folder, self.incident.extra
        )
        most = of_a_key if limit.is_of_a_key else of_all
        if most <= limit.per_s:
            return ""
        parameters[limit.parameter.rpartition(".")[2]] = f"{limit.per_s}/s"
        return (
            f"; up to {most:,} requests come within a second, and it takes the"
            f" {limit.per_s:,} requests/s that the platform speaks of"
        )

    def bursts(self) -> list[Written]:
        """Return the bursts of the traffic, unless all of them are instantaneous."""
        return bursts(self.document)

    def spread_bursts(self, factor: float) -> str:
        """Multiply the length of every burst; return all that changed, in words."""
        return spread_bursts(self.document, factor)

    def scale_bursts(self, factor: float) -> tuple[str, str]:
        """Do the same; return the length of the first burst, old and new."""
        first = self.bursts()[0]
        before = first["within"]
        self.spread_bursts(factor)
        return before, first["within"]

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

    def scale_limits(self, factor: float) -> str:
        """Multiply what every rate limit of the origin admits; return that in words."""
        texts = []
        for limit in self.limits():
            before = _limit_text(limit)
            limit.update(scaled_counts(limit, factor))
            for name in _LIMIT_RATES:
                if name in limit:
                    rate = parse_rate(limit[name]) * factor
                    limit[name] = format_rate(float(f"{rate:.4g}"))
            texts.append(f"{before} → {_limit_text(limit)}")
        return " and ".join(texts)


def _limits_of(origin: Written) -> list[Written]:
    limits = origin.get("rate_limit")
    return limits if isinstance(limits, list) else []


def _limit_text(limit: Written) -> str:
    """Return a rate limit in few words.

    >>> _limit_text({"kind": "fixed_window", "limit": 1500, "per": "5m"})
    'limit 1500, per 5m'
    """
    named = [f"{name} {limit[name]}" for name in limit if name not in _LIMIT_RULES]
    whose = limit.get("for_each", "origin")
    return ", ".join(named if whose == "origin" else [*named, f"for each {whose}"])
