"""The search for readings: few parameters, turned as little as makes a report true."""

from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import Final

from simcoalesce.explain.calibration.candidate import (
    Adjusted,
    Candidate,
    Candidates,
    with_parameter,
)
from simcoalesce.explain.calibration.hypothesis import Hypothesis
from simcoalesce.explain.calibration.line_search import best_setting, is_nearly, near
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.incident import Observation
from simcoalesce.scenario.scenario import Scenario

MOST_HYPOTHESES: Final = 3
_DEPTH: Final = 4
_BEAM: Final = 5
_FEW: Final = 6
"""With no more settings a parameter is a choice: each is a hypothesis of its own."""
_FEW_MISSED: Final = 1
"""What misses no more observations, by several seeds, may fit if set anew."""


class BeamSearch:
    """A beam search over sets of parameters; each set with its best settings.

    Simplification: settings are searched parameter by parameter and by one seed;
        several decide
    what fits. A narrow optimum between settings can be missed, and so can a pair of
    parameters neither of which brings the runs nearer by itself.
    """

    def __init__(
        self,
        plain: Scenario,
        observations: Sequence[Observation],
        runner: ScenarioRunner,
    ) -> None:
        """Begin with the plain reading.

        Args:
            plain: The scenario as all observations say it.
            observations: What was reported.
            runner: Where to measure.
        """
        self._candidates = Candidates(plain, observations, runner)

    def hypotheses(self) -> Iterator[Hypothesis]:
        """Yield the readings that make all true, least bent first; else the nearest."""
        seen = self._seen()
        least = sorted(self._least(seen), key=lambda one: one.cost)[:MOST_HYPOTHESES]
        fitting = [self._settled(candidate) for candidate in least]
        if not fitting:
            fitting = [min(seen, key=lambda one: one.rank)]
        for candidate in sorted(fitting, key=lambda one: one.cost):
            yield self._candidates.hypothesis(candidate)

    def _seen(self) -> list[Candidate]:
        """Return the nodes of the search, from the plain reading on."""
        seen = beam = [self._candidates.start]
        for _ in range(_DEPTH):
            done = {candidate.parameters for candidate in self._least(seen)}
            if len(done) >= MOST_HYPOTHESES:
                break
            missing = [one for one in beam if not self._candidates.fits(one)]
            beam = self._best(self._further(missing, done))
            seen = seen + beam
        return seen

    def _further(
        self, beam: Sequence[Candidate], done: set[frozenset[int]]
    ) -> Iterator[Candidate]:
        """Yield each candidate with one parameter more, and the others set after it.

        Sets of parameters that need not all be turned are left out, and so are those
        that a better node has led to.
        """
        known: set[Adjusted] = set()
        for candidate in sorted(beam, key=lambda one: one.rank):
            for number in range(len(self._candidates.parameters)):
                wanted = candidate.parameters | {number}
                if number in candidate.parameters or any(one <= wanted for one in done):
                    continue
                for best in self._best_settings(candidate, number, known):
                    known.add(self._hypothesis(best.adjusted))
                    yield self._tuned(best)

    def _hypothesis(self, adjusted: Adjusted) -> Adjusted:
        """Return some parameters, with the settings of those that are choices."""
        return tuple(
            (number, setting if self._is_choice(number) else 0.0)
            for number, setting in adjusted
        )

    def _is_choice(self, number: int) -> bool:
        return len(self._candidates.parameters[number].settings) <= _FEW

    def _best_settings(
        self, candidate: Candidate, number: int, known: set[Adjusted]
    ) -> Iterator[Candidate]:
        """Yield each setting of a choice, or the best one of another parameter."""
        if not self._is_choice(number):
            if (
                self._hypothesis(with_parameter(candidate.adjusted, number, 0.0))
                not in known
            ):
                best = best_setting(self._candidates, candidate, number)
                yield from () if best is None else (best,)
            return
        for setting in self._candidates.parameters[number].settings:
            if (
                self._hypothesis(with_parameter(candidate.adjusted, number, setting))
                not in known
            ):
                made = self._candidates.made(candidate.adjusted, number, setting)
                if made is not None and made.discrepancy < candidate.discrepancy:
                    yield made

    def _tuned(self, candidate: Candidate) -> Candidate:
        """Set the parameters in turn, until the candidate fits or is no better."""
        better, before = candidate, inf
        while len(candidate.adjusted) > 1 and is_nearly(self._candidates, better):
            if better.discrepancy >= before or self._candidates.fits(better):
                break
            before = better.discrepancy
            for number, _ in candidate.adjusted:
                around = (better, *self._others(better, number))
                better = min(around, key=lambda one: one.rank)
        if not 1 <= self._candidates.missed(better) <= _FEW_MISSED:
            return better
        settled = self._settled(better)
        return settled if self._candidates.fits(settled) else better

    def _others(self, candidate: Candidate, number: int) -> list[Candidate]:
        return (
            [] if self._is_choice(number) else near(self._candidates, candidate, number)
        )

    def _best(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Return the best node of each hypothesis, the best few of those that miss."""
        chosen: dict[Adjusted, Candidate] = {}
        for candidate in sorted(candidates, key=lambda one: one.rank):
            chosen.setdefault(self._hypothesis(candidate.adjusted), candidate)
        fitting = [
            candidate
            for candidate in chosen.values()
            if self._candidates.fits(candidate)
        ]
        others = [
            candidate
            for candidate in chosen.values()
            if not self._candidates.fits(candidate)
        ]
        return fitting + others[:_BEAM]

    def _settled(self, candidate: Candidate) -> Candidate:
        """Return a node with its parameters set as several seeds have it best."""
        for number, _ in candidate.adjusted:
            if not any(self._candidates.seeds_rank(candidate)):
                break
            around = (candidate, *self._others(candidate, number))
            candidate = min(around, key=self._candidates.seeds_rank)
        return candidate

    def _least(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return what fits, without what turns more parameters than it must."""
        fitting = [
            candidate for candidate in candidates if self._candidates.fits(candidate)
        ]
        return [
            candidate
            for candidate in fitting
            if not any(other.parameters < candidate.parameters for other in fitting)
        ]
