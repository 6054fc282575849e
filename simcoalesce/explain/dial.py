"""Dials: what a report may have left out, or got wrong, that a reading can turn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2
from typing import Protocol

from simcoalesce.explain.draft import DoesNotApply, Draft, scaled
from simcoalesce.explain.fixes.higher_limit import HigherLimit
from simcoalesce.units import NS_PER_S, format_duration, parse_duration


class Dial(Protocol):
    """A parameter that can be turned.

    Attributes:
        key: The key of the scenario that it changes, as an override writes it.
        settings: What it can be set to, in order.
    """

    @property
    def key(self) -> str:
        """The key that it changes."""

    @property
    def settings(self) -> Sequence[float]:
        """What it can be set to, in order."""

    def turn(self, draft: Draft, setting: float) -> str:
        """Change a draft, and return what was changed.

        Raises:
            DoesNotApply: If there is nothing to change.
        """

    def distance(self, setting: float) -> float:
        """Return how far a setting is from what the scenario says; a doubling is 1."""


@dataclass(frozen=True)
class _Factor:
    """A dial that multiplies."""

    key: str
    settings: tuple[float, ...]

    def distance(self, setting: float) -> float:
        """Return the distance in doublings."""
        return abs(log2(setting))


class _Spread(_Factor):
    def turn(self, draft: Draft, setting: float) -> str:
        bursts = draft.bursts()
        before = bursts[0]["within"]
        for burst in bursts:
            burst["within"] = scaled(burst["within"], setting)
        return f"the requests came within {bursts[0]['within']}, not {before}"


class _Quota(_Factor):
    def turn(self, draft: Draft, setting: float) -> str:
        HigherLimit(factor=setting).apply(draft)
        limit = draft.layer("origin")["rate_limit"][0]
        said = (f"{name} {limit[name]}" for name in limit if name != "kind")
        return f"the origin's limit was {', '.join(said)}"


class _Events(_Factor):
    def turn(self, draft: Draft, setting: float) -> str:
        month = draft.document.get("month")
        if not month or "events" not in month:
            raise DoesNotApply("the scenario does not say how often it happens")
        month["events"] = max(round(month["events"] * setting), 1)
        return f"it happened {month['events']:,} times that month"


@dataclass(frozen=True)
class _Repeat:
    """The burst comes again, a second after the entry has expired, or later."""

    key: str = "traffic.arrivals[0].every"
    settings: tuple[float, ...] = (1, 2, 3, 4, 5)

    def turn(self, draft: Draft, setting: float) -> str:
        ttl_ns = parse_duration(draft.layer("kv.write")["ttl"])
        every = format_duration(int(setting) * ttl_ns + NS_PER_S)
        for burst in draft.bursts():
            burst["every"] = every
        return f"it came again every {every}, when the entry had expired"

    def distance(self, setting: float) -> float:
        """Return one: it happened again, which nobody told."""
        return 1.0 + (setting - 1) / 10


@dataclass(frozen=True)
class _Sharing:
    """The misses of an isolate share a fetch, and there are so many isolates."""

    key: str
    settings: tuple[float, ...]

    def turn(self, draft: Draft, setting: float) -> str:
        draft.refuse("single_flight")
        draft.insert_behind_reads({"single_flight": {}})
        draft.document["traffic"]["isolates"] = int(setting)
        return f"misses shared flights within each of {int(setting):,} isolates"

    def distance(self, setting: float) -> float:  # noqa: ARG002 - any number is as far
        """Return two: a mechanism that nobody told, and a number."""
        return 2.0


def dials() -> tuple[Dial, ...]:
    """Return what a reading can turn."""
    eighths = tuple(2 ** (step / 8) for step in range(-40, 41) if step)
    isolates = tuple(sorted({float(round(1.2**step)) for step in range(46)}))
    return (
        _Spread("traffic.arrivals[0].within", eighths),
        _Repeat(),
        _Sharing("path", isolates),
        _Quota("origin.rate_limit", eighths),
        _Events("month.events", eighths),
    )


def coarse(settings: Sequence[float]) -> Iterator[int]:
    """Yield the places of a handful of settings, spread over all."""
    step = max(len(settings) // 6, 1)
    yield from range(step // 2, len(settings), step)
