"""Ladders: the settings of one parameter that are tried, coarse ones first."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Final

from simcoalesce.explain.calibration.candidate import Candidate, Candidates

_CLOSE: Final = 2
"""Where a setting fits, others that lie no further from it are not tried."""
_RUNGS: Final = 80
"""Into how many parts a ladder is divided at most, as long as much is missed."""
_HOPEFUL: Final = 0.97
"""Finer settings are tried as long as the last ones took this much off, or more."""
_NEARLY: Final = 0.1
"""What misses no more than this, per observation, is worth all settings."""
_NEAR: Final = (1, 2, 4, 8)
"""How far from a setting others are tried when a parameter is set anew."""


def best_setting(
    candidates: Candidates, candidate: Candidate, number: int
) -> Candidate | None:
    """Return a node with one parameter more, set best; None if no setting is better.

    Simplification: of several optima one is found, and a side of the parameter is left
        out if its outermost setting changes nothing that was observed.

    Args:
        candidates: Where nodes are made.
        candidate: The parameters that are turned already.
        number: The parameter to turn.
    """
    tried = _first(candidates, candidate, number)
    best: Candidate | None = None
    before = inf
    while tried:
        found = min(tried, key=lambda place: tried[place].rank)
        best = tried[found]
        if best.discrepancy >= candidate.discrepancy:
            return None
        if best.discrepancy > _HOPEFUL * before and not is_nearly(candidates, best):
            break
        before = best.discrepancy
        more = _made(
            candidates, candidate, number, _finer(candidates, number, found, tried)
        )
        if not more:
            break
        tried |= more
    return best


def near(candidates: Candidates, candidate: Candidate, number: int) -> list[Candidate]:
    """Return nodes with one parameter set a little differently."""
    settings = candidates.parameters[number].settings
    place = settings.index(dict(candidate.adjusted)[number])
    places = (place + side * step for step in _NEAR for side in (-1, 1))
    near_by = [one for one in places if 0 <= one < len(settings)]
    return list(_made(candidates, candidate, number, near_by).values())


def is_nearly(candidates: Candidates, candidate: Candidate) -> bool:
    """Whether a node misses little, and something."""
    return 0 < candidate.discrepancy < _NEARLY * len(candidates.observed)


def _first(
    candidates: Candidates, candidate: Candidate, number: int
) -> dict[int, Candidate]:
    tried: dict[int, Candidate] = {}
    for side in candidates.parameters[number].sides:
        for place in side:
            made = _made(candidates, candidate, number, (place,))
            if any(
                one.discrepancies == candidate.discrepancies for one in made.values()
            ):
                break
            tried |= made
    return tried


def _finer(
    candidates: Candidates, number: int, found: int, tried: Mapping[int, Candidate]
) -> list[int]:
    """Return the places to try beside the best, as close as that is worth."""
    best, settings = tried[found], candidates.parameters[number].settings
    if not best.discrepancy:
        closest = _CLOSE
    else:
        closest = 1 if is_nearly(candidates, best) else max(len(settings) // _RUNGS, 1)
    return [one for one in _between(found, sorted(tried), closest) if one not in tried]


def _made(
    candidates: Candidates, candidate: Candidate, number: int, places: Sequence[int]
) -> dict[int, Candidate]:
    """Return a node for each setting that can be made, by its place."""
    settings = candidates.parameters[number].settings
    made = {
        one: candidates.made(candidate.adjusted, number, settings[one])
        for one in places
    }
    return {place: one for place, one in made.items() if one is not None}


def _between(place: int, tried: Sequence[int], closest: int = 1) -> list[int]:
    """Return the places half way from one place to its neighbours.

    >>> _between(8, [0, 8, 9])
    [4]
    """
    at = tried.index(place)
    beside = tried[max(at - 1, 0) : at + 2]
    return [(place + one) // 2 for one in beside if abs(one - place) > closest]
