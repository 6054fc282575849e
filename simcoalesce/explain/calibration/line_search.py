"""Line search: the best value of one parameter, from a coarse grid to a fine one."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Final

from simcoalesce.explain.calibration.candidate import Candidate, Candidates

_CLOSE: Final = 2
"""Where a value fits, points of the grid no further from it than this are not tried."""
_PARTS: Final = 80
"""Into how many parts a grid is divided at most while the discrepancy is large."""
_HOPEFUL: Final = 0.97
"""The grid is refined while a step reduces the discrepancy to this share, or less."""
_SMALL: Final = 0.1
"""Up to this discrepancy per observation the whole grid is worth trying."""
_STEPS: Final = (1, 2, 4, 8)
"""How far from a value others are tried when a parameter is tuned again."""


def line_search(
    candidates: Candidates, start: Candidate, number: int
) -> Candidate | None:
    """Return a candidate with one parameter more, at its best value.

    Simplification: of several optima one is found, and a side of the grid is left out
        if its outermost value changes nothing that was observed.

    Returns:
        The best candidate; None if no value is better than the start.
    """
    tried = _coarse(candidates, start, number)
    best: Candidate | None = None
    before = inf
    while tried:
        point = min(tried, key=lambda one: tried[one].rank)
        best = tried[point]
        if best.discrepancy >= start.discrepancy:
            return None
        if best.discrepancy > _HOPEFUL * before and not is_small(candidates, best):
            break
        before = best.discrepancy
        finer = _finer(candidates, number, point, tried)
        made = candidates.with_grid_points(start.settings, number, finer)
        if not made:
            break
        tried |= made
    return best


def neighbours(
    candidates: Candidates, candidate: Candidate, number: int
) -> list[Candidate]:
    """Return candidates with a slightly different value of one parameter."""
    grid = candidates.parameters[number].grid
    point = grid.index(dict(candidate.settings)[number])
    around = (point + side * step for step in _STEPS for side in (-1, 1))
    inside = [one for one in around if 0 <= one < len(grid)]
    made = candidates.with_grid_points(candidate.settings, number, inside)
    return list(made.values())


def is_small(candidates: Candidates, candidate: Candidate) -> bool:
    """Whether the discrepancy is small, and not zero."""
    return 0 < candidate.discrepancy < _SMALL * len(candidates.observed)


def _coarse(
    candidates: Candidates, start: Candidate, number: int
) -> dict[int, Candidate]:
    tried: dict[int, Candidate] = {}
    for side in candidates.parameters[number].sides:
        for point in side:
            made = candidates.with_grid_points(start.settings, number, (point,))
            if any(one.discrepancies == start.discrepancies for one in made.values()):
                break
            tried |= made
    return tried


def _finer(
    candidates: Candidates, number: int, point: int, tried: Mapping[int, Candidate]
) -> list[int]:
    """Return the points to try beside the best one, as close as that is worth."""
    best, grid = tried[point], candidates.parameters[number].grid
    if not best.discrepancy:
        closest = _CLOSE
    else:
        closest = 1 if is_small(candidates, best) else max(len(grid) // _PARTS, 1)
    return [
        one for one in _midpoints(point, sorted(tried), closest) if one not in tried
    ]


def _midpoints(point: int, tried: Sequence[int], closest: int = 1) -> list[int]:
    """Return the points half way from one point to its neighbours.

    >>> _midpoints(8, [0, 8, 9])
    [4]
    """
    at = tried.index(point)
    neighbours = tried[max(at - 1, 0) : at + 2]
    return [(point + one) // 2 for one in neighbours if abs(one - point) > closest]
