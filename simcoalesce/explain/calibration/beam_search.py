"""Beam search over several parameters for hypotheses that explain a report."""

from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import Final

from simcoalesce.explain.calibration.candidate import (
    Candidate,
    Candidates,
    Settings,
    with_parameter,
)
from simcoalesce.explain.calibration.line_search import (
    is_small,
    line_search,
    neighbours,
)

MOST_HYPOTHESES: Final = 3
_DEPTH: Final = 4
_DEEP: Final = 3
"""From so many parameters on the search ends with what fits."""
_BEAM_WIDTH: Final = 5
_FEW_VALUES: Final = 6
"""A parameter with at most so many values is a choice: each value is a hypothesis."""
_FEW_UNEXPLAINED: Final = 1
"""A candidate that leaves at most so many unexplained is tuned by several seeds."""


class BeamSearch:
    """A beam search over sets of parameters; each set with its best values.

    Simplification: values are searched parameter by parameter and under one seed;
        several seeds decide whether a candidate fits. The search can miss a narrow
        optimum between two points of a grid, and a pair of parameters neither of which
        reduces the discrepancy alone.
    """

    def __init__(self, candidates: Candidates) -> None:
        """Begin with the report as it stands."""
        self._candidates = candidates

    def best(self) -> list[Candidate]:
        """Return all that fit, the smallest deviation first; else the nearest one."""
        found = self._searched()
        fitting = sorted(self._minimal(found), key=lambda one: one.deviation)
        return fitting or [min(found, key=lambda one: one.rank)]

    def with_parameter(self, start: Candidate, number: int) -> list[Candidate]:
        """Return a candidate with one parameter more: its best values, all tuned."""
        return [self.tuned(one) for one in self._with_best(start, number, set())]

    def _searched(self) -> list[Candidate]:
        """Return the candidates of the search, from the report on."""
        found = beam = [self._candidates.start]
        for depth in range(_DEPTH):
            fitting = {candidate.parameters for candidate in self._minimal(found)}
            if len(fitting) >= (1 if depth >= _DEEP else MOST_HYPOTHESES):
                break
            others = [one for one in beam if not self._candidates.fits(one)]
            beam = self._best(self._expanded(others, fitting))
            found = found + beam
        return found

    def _expanded(
        self, beam: Sequence[Candidate], fitting: set[frozenset[int]]
    ) -> Iterator[Candidate]:
        """Yield each candidate with one parameter more, all of them tuned.

        Left out are supersets of parameters that fit, and sets that a better candidate
        has led to. Among sets of many parameters, those of the first candidate that
        leads to a fit are enough.
        """
        known: set[Settings] = set()
        deep: list[Candidate] = []
        for candidate in sorted(beam, key=_explains_most):
            if any(map(self._candidates.fits, deep)):
                break
            for number in range(len(self._candidates.parameters)):
                wanted = candidate.parameters | {number}
                is_known = number in candidate.parameters
                is_known = is_known or not self._candidates.may_help(candidate, number)
                if is_known or any(one <= wanted for one in fitting):
                    continue
                for best in self._with_best(candidate, number, known):
                    known.add(self._choices(best.settings))
                    tuned = self.tuned(best)
                    deep += [tuned] if len(wanted) >= _DEEP else []
                    yield tuned

    def _choices(self, settings: Settings) -> Settings:
        """Return which parameters are set, and the values of those that are choices."""
        return tuple(
            (number, setting if self._is_choice(number) else 0.0)
            for number, setting in settings
        )

    def _is_choice(self, number: int) -> bool:
        return len(self._candidates.parameters[number].grid) <= _FEW_VALUES

    def _with_best(
        self, start: Candidate, number: int, known: set[Settings]
    ) -> Iterator[Candidate]:
        """Yield one parameter more: each value of a choice, or else its best value."""
        if not self._is_choice(number):
            if not self._is_among(known, start, number, 0.0):
                best = line_search(self._candidates, start, number)
                yield from () if best is None else (best,)
            return
        for setting in self._candidates.parameters[number].grid:
            if not self._is_among(known, start, number, setting):
                made = self._candidates.with_setting(start.settings, number, setting)
                if made is not None and made.discrepancy < start.discrepancy:
                    yield made

    def _is_among(
        self, known: set[Settings], start: Candidate, number: int, setting: float
    ) -> bool:
        wanted = with_parameter(start.settings, number, setting)
        return self._choices(wanted) in known

    def tuned(self, candidate: Candidate) -> Candidate:
        """Tune the parameters in turn, until the candidate fits or is no better."""
        best, before = candidate, inf
        while len(candidate.settings) > 1 and is_small(self._candidates, best):
            if best.discrepancy >= before or self._candidates.fits(best):
                break
            before = best.discrepancy
            for number, _ in candidate.settings:
                around = (best, *self._neighbours(best, number))
                best = min(around, key=lambda one: one.rank)
        if not 1 <= self._candidates.unexplained(best) <= _FEW_UNEXPLAINED:
            return best
        by_seeds = self._tuned_by_seeds(best)
        return by_seeds if self._candidates.fits(by_seeds) else best

    def _tuned_by_seeds(self, candidate: Candidate) -> Candidate:
        """Tune the parameters in turn by the ranks under several seeds."""
        rank = self._candidates.rank_by_seeds
        for number, _ in candidate.settings:
            if not any(rank(candidate)):
                break
            candidate = min((candidate, *self._neighbours(candidate, number)), key=rank)
        return candidate

    def _neighbours(self, candidate: Candidate, number: int) -> list[Candidate]:
        if self._is_choice(number):
            return []
        return neighbours(self._candidates, candidate, number)

    def _best(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Return the next beam: the best of each set, all that fit and a few others."""
        chosen: dict[Settings, Candidate] = {}
        for candidate in sorted(candidates, key=lambda one: one.rank):
            chosen.setdefault(self._choices(candidate.settings), candidate)
        fitting = [one for one in chosen.values() if self._candidates.fits(one)]
        others = [one for one in chosen.values() if not self._candidates.fits(one)]
        return fitting + _diverse(others)[:_BEAM_WIDTH]

    def _minimal(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return those that fit, without supersets of parameters that fit as well."""
        fitting = [one for one in candidates if self._candidates.fits(one)]
        return [
            one
            for one in fitting
            if not any(other.parameters < one.parameters for other in fitting)
        ]


def _explains_most(one: Candidate) -> tuple[int, tuple[float, float]]:
    return sum(map(bool, one.discrepancies)), one.rank


def _diverse(ranked: Sequence[Candidate]) -> list[Candidate]:
    """Return first the best of those that explain the same observations, in order.

    What explains one observation by a value that makes another one impossible has the
    smallest discrepancy for a while; so others stay in the beam.
    """
    best: dict[tuple[bool, ...], Candidate] = {}
    for one in ranked:
        best.setdefault(tuple(map(bool, one.discrepancies)), one)
    first = list(best.values())
    return first + [one for one in ranked if one not in first]
