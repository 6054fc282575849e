"""Tiles: the few numbers of a result or an explanation that are seen first."""

from collections.abc import Iterator, Mapping
from typing import Final

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.report.blocks.estimate_text import known_text
from simcoalesce.report.blocks.report import Tile

_NAMES: Final = {
    "origin_hits": "origin hits",
    "origin_rejected": "refused (429)",
    "errors": "errors",
    "hit_ratio": "hit ratio",
    "latency_p99_s": "p99 of answered requests",
    "cost_month_usd": "a month",
}


def tiles_of(known: Mapping[str, Estimate]) -> tuple[Tile, ...]:
    """Return a tile for each of these metrics that is known."""
    return tuple(_tiles(known))


def _tiles(known: Mapping[str, Estimate]) -> Iterator[Tile]:
    for name, what in _NAMES.items():
        one = known.get(name)
        if one is None or one.mean is None:
            continue
        value, _, interval = known_text(one, one.unit).partition(" [")
        yield Tile(what, value, interval.removesuffix("]"))
