"""Rival hypotheses: the nearest ones, and the best of each other mechanism."""

from collections.abc import Iterator, Sequence
from typing import Final

from simcoalesce.explain.calibration.beam_search import MOST_HYPOTHESES, BeamSearch
from simcoalesce.explain.calibration.candidate import Candidate, Candidates
from simcoalesce.explain.calibration.fitting_range import rounded
from simcoalesce.explain.calibration.hypothesis import Hypothesis
from simcoalesce.explain.calibration.line_search import line_search
from simcoalesce.explain.calibration.parameter import Factor
from simcoalesce.explain.calibration.told_apart import told_apart

_MOST_RIVALS: Final = 6
_MOST_MISSES: Final = 1
"""How many observations another mechanism may leave unexplained."""
_MOST_BESIDE: Final = 3
"""How many parameters are set beside a mechanism that gives up an observation."""
_COARSE: Final = 10
"""How many values of another parameter are tried together with a mechanism."""


def rival_hypotheses(candidates: Candidates) -> tuple[Hypothesis, ...]:
    """Return what may have happened, the smallest deviation first.

    Beside the nearest hypotheses stand those with another parameter than theirs, and
    the best one of each mechanism that none of them has: what looks alike so far.
    """
    search = BeamSearch(candidates)
    found = search.best()
    mechanisms = {
        number
        for number, parameter in enumerate(candidates.parameters)
        if parameter.is_mechanism
    }
    if candidates.fits(found[0]):
        found += _swapped(candidates, search, found[0], mechanisms)
        found += _rivals(candidates, search, found, mechanisms)
    chosen = _diverse(sorted(found, key=lambda one: _misses(candidates, one)))
    told = [rounded(candidates, one) for one in chosen[:_MOST_RIVALS]]
    differences = told_apart(candidates, [candidate for candidate, _ in told])
    return tuple(
        Hypothesis(
            adjustments,
            round(candidate.deviation, 2),
            candidates.unexplained_texts(candidate),
            different,
        )
        for (candidate, adjustments), different in zip(told, differences, strict=True)
    )


def _diverse(fitting: Sequence[Candidate]) -> list[Candidate]:
    """Return the first few, then those that have a parameter which none before has."""
    chosen: list[Candidate] = []
    known: frozenset[int] = frozenset()
    for number, one in enumerate(fitting):
        if number < MOST_HYPOTHESES or not one.parameters <= known:
            chosen.append(one)
            known |= one.parameters
    return chosen


def _swapped(
    candidates: Candidates, search: BeamSearch, best: Candidate, mechanisms: set[int]
) -> Iterator[Candidate]:
    """Yield what fits with another parameter instead of one of the best candidate's."""
    numbers = set(range(len(candidates.parameters))) - mechanisms
    for left_out in sorted(best.parameters & numbers):
        kept = tuple(one for one in best.settings if one[0] != left_out)
        base = candidates.with_settings(kept)
        if base is None:
            continue
        for number in sorted(numbers - best.parameters):
            tried = search.with_parameter(base, number)
            yield from (one for one in tried if candidates.fits(one))


def _rivals(
    candidates: Candidates,
    search: BeamSearch,
    found: Sequence[Candidate],
    mechanisms: set[int],
) -> Iterator[Candidate]:
    """Yield the best candidate of each mechanism that none has so far.

    It may leave an observation unexplained, which is then said.
    """
    known = frozenset[int]().union(*(one.parameters for one in found))
    bases = _bases(candidates, found, mechanisms)
    for number in sorted(mechanisms - known):
        if candidates.parameters[number].gives_up:
            tried = _needed_beside(candidates, search, number, known)
        else:
            tried = [
                each for one in bases for each in search.with_parameter(one, number)
            ]
            if not any(map(candidates.fits, tried)):
                tried = [
                    each
                    for one in bases
                    for each in _jointly(candidates, search, one, number)
                ]
        nearest = min(tried, key=lambda one: _misses(candidates, one), default=None)
        if nearest and candidates.unexplained(nearest) <= _MOST_MISSES:
            yield nearest


def _misses(candidates: Candidates, one: Candidate) -> tuple[int, float]:
    return candidates.unexplained(one), one.deviation


def _needed_beside(
    candidates: Candidates, search: BeamSearch, number: int, known: frozenset[int]
) -> list[Candidate]:
    """Return a mechanism with what else is needed, one parameter after the other."""
    settings = ((number, candidates.parameters[number].grid[0]),)
    best = candidates.with_settings(settings)
    if best is None:
        return []
    for _ in range(_MOST_BESIDE):
        if candidates.fits(best):
            return [best]
        tried = [
            each
            for other in sorted(known - best.parameters)
            for each in search.with_parameter(best, other)
        ]
        best = min([best, *tried], key=lambda one: one.rank)
    return [best]


def _jointly(
    candidates: Candidates, search: BeamSearch, base: Candidate, number: int
) -> Iterator[Candidate]:
    """Yield a mechanism's best value for other values of each parameter of a base."""
    for other, _ in base.settings:
        grid = candidates.parameters[other].grid
        if not isinstance(candidates.parameters[other], Factor):
            continue
        points = range(len(grid) // _COARSE // 2, len(grid), len(grid) // _COARSE)
        starts = candidates.with_grid_points(base.settings, other, points).values()
        made = [line_search(candidates, start, number) for start in starts]
        best = min(filter(None, made), key=lambda one: one.rank, default=None)
        if best is not None:
            yield search.tuned(best)


def _bases(
    candidates: Candidates, found: Sequence[Candidate], mechanisms: set[int]
) -> list[Candidate]:
    """Return what was found without its mechanisms, each set of parameters once."""
    bases: dict[frozenset[int], Candidate] = {}
    for one in found:
        kept = tuple(each for each in one.settings if each[0] not in mechanisms)
        base = candidates.with_settings(kept)
        if base is not None:
            bases.setdefault(base.parameters, base)
    return list(bases.values())
