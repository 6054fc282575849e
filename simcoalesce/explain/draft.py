"""Drafts: a scenario in writing, to be changed by a fix and read again."""

import json
from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from simcoalesce.scenario.input_file import input_files, is_own_price_list
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S, format_duration, parse_duration

Written: TypeAlias = dict[str, Any]
"""A part of a scenario as a file would say it."""

_NOT_SCALABLE: Final = frozenset(("empirical", "replay"))


class DoesNotApply(ValueError):  # noqa: N818 - it is no error to be told
    """A fix that has nothing to change in a scenario; the message says why."""


class Draft:
    """What a scenario says, free to be changed; it becomes a scenario again."""

    def __init__(self, scenario: Scenario) -> None:
        """Take down all of a scenario, without what is said about it."""
        self._base = scenario
        self.document: Written = scenario.document()
        for name in ("expect", "observations", "claims"):
            self.document.pop(name, None)

    def scenario(self) -> Scenario:
        """Return what the draft now says, checked.

        Raises:
            ValueError: If a change made it wrong.
        """
        if not _names_files(self._base):
            # Nothing is looked for in a folder: the short way, without places.
            return Scenario.model_validate(self.document)
        text = json.dumps(self.document)
        return Scenario.parse(text, name=self._base.name, folder=self._base.folder)

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

    def layer(self, kind: str) -> Written:
        """Return the parameters of the first layer of a kind.

        Raises:
            DoesNotApply: If the path has none.
        """
        for layer in self.layers(kind):
            return layer
        raise DoesNotApply(f"the path has no {kind}")

    def refuse(self, *kinds: str) -> None:
        """Insist on a path without layers of these kinds.

        Raises:
            DoesNotApply: If it has one.
        """
        for kind in kinds:
            if kind in self.kinds():
                raise DoesNotApply(f"the path has a {kind.replace('_', ' ')} already")

    def insert_behind_reads(self, *layers: Written) -> None:
        """Put layers where a miss meets them first: behind the first read of KV."""
        kinds = self.kinds()
        place = kinds.index("kv.read") + 1 if "kv.read" in kinds else 0
        while "kv.read" not in kinds and kinds[place] in {"retry", "timeout"}:
            place += 1
        self.path[place:place] = list(layers)

    def bursts(self) -> list[Written]:
        """Return the phases of traffic that are bursts, but for instantaneous ones.

        Raises:
            DoesNotApply: If there is none.
        """
        phases = self.document["traffic"]["arrivals"]
        bursts = [one for one in phases if one["kind"] == "burst"]
        if not any(parse_duration(one["within"]) for one in bursts):
            raise DoesNotApply(
                "no phase of the traffic is a burst that could be spread"
            )
        return bursts


def _names_files(scenario: Scenario) -> bool:
    own_prices = is_own_price_list(scenario.price_list)
    return own_prices or next(iter(input_files(scenario)), None) is not None


def scaled(latency: Any, factor: float) -> Any:
    """Return a latency, as a scenario writes it, times a factor.

    >>> scaled("80ms", 0.25), scaled({"median": "80ms", "p99": "400ms"}, 0.5)
    ('20ms', {'median': '40ms', 'p99': '200ms'})

    Raises:
        DoesNotApply: If it comes from a file.
    """
    if isinstance(latency, dict):
        if _NOT_SCALABLE & latency.keys():
            raise DoesNotApply("the latency comes from a file")
        if not factor:
            return "0ms"
        return {name: scaled(value, factor) for name, value in latency.items()}
    if isinstance(latency, list):
        return [scaled(value, factor) for value in latency]
    if not isinstance(latency, str):
        return latency
    return format_duration(_rounded(parse_duration(latency) * factor))


def _rounded(number: float) -> int:
    """Return a number of nanoseconds as exact as people say it.

    >>> _rounded(18_101_933_598.4), _rounded(62_500_000.0), _rounded(0.0)
    (18000000000, 62500000, 0)
    """
    digits = 2 if number >= 10 * NS_PER_S else 3
    return int(float(f"{number:.{digits}g}"))


def latency_text(latency: Any) -> str:
    """Return a latency in few words.

    >>> latency_text("80ms"), latency_text({"median": "80ms", "p99": "400ms"})
    ('80ms', 'median 80ms, p99 400ms')
    """
    if isinstance(latency, dict):
        return ", ".join(f"{name} {value}" for name, value in latency.items())
    return str(latency)
