"""Ladders: the settings of one dial that are tried, coarse ones first."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Final

from simcoalesce.explain.node import Node, Nodes

_CLOSE: Final = 2
"""Where a setting fits, others that lie no further from it are not tried."""
_RUNGS: Final = 80
"""Into how many parts a ladder is divided at most, as long as much is missed."""
_HOPEFUL: Final = 0.97
"""Finer settings are tried as long as the last ones took this much off, or more."""
_NEARLY: Final = 0.1
"""What misses no more than this, per observation, is worth all settings."""
_NEAR: Final = (1, 2, 4, 8)
"""How far from a setting others are tried when a dial is set anew."""


def best_setting(nodes: Nodes, node: Node, number: int) -> Node | None:
    """Return a node with one dial more, set best; None if no setting is better.

    Simplification: of several optima one is found, and a side of the dial is left out
    if its outermost setting changes nothing that was observed.

    Args:
        nodes: Where nodes are made.
        node: The dials that are turned already.
        number: The dial to turn.
    """
    tried = _first(nodes, node, number)
    best: Node | None = None
    before = inf
    while tried:
        found = min(tried, key=lambda place: tried[place].rank)
        best = tried[found]
        if best.misfit >= node.misfit:
            return None
        if best.misfit > _HOPEFUL * before and not is_nearly(nodes, best):
            break
        before = best.misfit
        more = _made(nodes, node, number, _finer(nodes, number, found, tried))
        if not more:
            break
        tried |= more
    return best


def near(nodes: Nodes, node: Node, number: int) -> list[Node]:
    """Return nodes with one dial set a little differently."""
    settings = nodes.dials[number].settings
    place = settings.index(dict(node.turned)[number])
    places = (place + side * step for step in _NEAR for side in (-1, 1))
    near_by = [one for one in places if 0 <= one < len(settings)]
    return list(_made(nodes, node, number, near_by).values())


def is_nearly(nodes: Nodes, node: Node) -> bool:
    """Whether a node misses little, and something."""
    return 0 < node.misfit < _NEARLY * len(nodes.observed)


def _first(nodes: Nodes, node: Node, number: int) -> dict[int, Node]:
    tried: dict[int, Node] = {}
    for side in nodes.dials[number].sides:
        for place in side:
            made = _made(nodes, node, number, (place,))
            if any(one.misfits == node.misfits for one in made.values()):
                break
            tried |= made
    return tried


def _finer(
    nodes: Nodes, number: int, found: int, tried: Mapping[int, Node]
) -> list[int]:
    """Return the places to try beside the best, as close as that is worth."""
    best, settings = tried[found], nodes.dials[number].settings
    if not best.misfit:
        closest = _CLOSE
    else:
        closest = 1 if is_nearly(nodes, best) else max(len(settings) // _RUNGS, 1)
    return [one for one in _between(found, sorted(tried), closest) if one not in tried]


def _made(
    nodes: Nodes, node: Node, number: int, places: Sequence[int]
) -> dict[int, Node]:
    """Return a node for each setting that can be made, by its place."""
    settings = nodes.dials[number].settings
    made = {one: nodes.made(node.turned, number, settings[one]) for one in places}
    return {place: one for place, one in made.items() if one is not None}


def _between(place: int, tried: Sequence[int], closest: int = 1) -> list[int]:
    """Return the places half way from one place to its neighbours.

    >>> _between(8, [0, 8, 9])
    [4]
    """
    at = tried.index(place)
    beside = tried[max(at - 1, 0) : at + 2]
    return [(place + one) // 2 for one in beside if abs(one - place) > closest]
