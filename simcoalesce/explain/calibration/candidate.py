"""Nodes: readings under way, each of them simulated once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from simcoalesce.explain.calibration.discrepancy import (
    discrepancy,
    is_missed,
    is_within_prediction,
)
from simcoalesce.explain.calibration.hypothesis import Adjustment, Hypothesis
from simcoalesce.explain.calibration.parameter import Parameter, parameters
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.incident import Observation
from simcoalesce.scenario.scenario import Scenario

SEEDS: Final = 5
"""Replications by which it is decided whether a reading fits."""
_MOST_REQUESTS: Final = 3_000_000
"""What is simulated in search of readings, roughly; then it ends with what it has. It
bounds the time, and not by a clock: the same file gives the same readings."""
_NEAR: Final = 0.15
"""What misses no more than this, per observation, is worth more than one seed."""
_UNTOLD: Final = 0.25
"""What an adjustment costs, of its distance, where nobody reported the value."""
_CONTRADICTED: Final = 1.0
"""What it costs besides to say that a report is wrong."""

Adjusted: TypeAlias = tuple[tuple[int, float], ...]
"""Dials by their number, in their order, and what they are set to."""


@dataclass(frozen=True)
class Candidate:
    """A reading under way: the settings of some parameters.

    Attributes:
        turned: The parameters.
        turns: The same in words.
        cost: How much it bends the report.
        misfits: Of each observation, by one seed.
        scenario: What happened, by this reading.
    """

    adjusted: Adjusted
    adjustments: tuple[Adjustment, ...]
    cost: float
    discrepancies: tuple[float, ...]
    scenario: Scenario = field(repr=False)

    @property
    def parameters(self) -> frozenset[int]:
        """Which parameters are turned."""
        return frozenset(parameter for parameter, _ in self.adjusted)

    @property
    def discrepancy(self) -> float:
        """The sum over the observations."""
        return sum(self.discrepancies)

    @property
    def rank(self) -> tuple[float, float]:
        """What is better comes first: what misses less, and then what bends less."""
        return round(self.discrepancy, 6), self.cost


class Candidates:
    """The nodes of a search: made of the plain reading, by turning parameters."""

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
        self.parameters = parameters()
        self.observed = tuple(one for one in observations if one.that)
        self._runner = runner
        self._reported = frozenset(
            change.partition("=")[0].strip()
            for one in observations
            for change in one.sets
        )
        # How much runs differ is known of the plain reading alone before a search.
        known = runner.measured(plain, SEEDS)
        self._reaches = [is_within_prediction(one, known) for one in self.observed]
        self._edit = ScenarioEdit(plain)
        self.start = Candidate((), (), 0.0, self._discrepancies(plain), plain)
        self._made_of: dict[Adjusted, Candidate | None] = {(): self.start}
        self._judged: set[Adjusted] = set()
        self._requests = 0.0

    def made(self, adjusted: Adjusted, number: int, setting: float) -> Candidate | None:
        """Return a candidate with one parameter set; None if it cannot be."""
        wanted = with_parameter(adjusted, number, setting)
        if wanted not in self._made_of:
            made = self._simulated(wanted) if self._is_affordable else None
            self._made_of[wanted] = made
        return self._made_of[wanted]

    def fits(self, candidate: Candidate) -> bool:
        """Whether all that was observed could be of a run of this reading."""
        return self.missed(candidate) == 0

    def missed(self, candidate: Candidate) -> int:
        """Return how many observations could not be of a run of this reading.

        All of them, it is said of what misses by far by one seed, or if no more is to
        be simulated: other seeds are not tried.
        """
        return (
            len(self._missed(candidate))
            if self._is_judged(candidate)
            else len(self.observed)
        )

    def seeds_rank(self, candidate: Candidate) -> tuple[int, float]:
        """What is better comes first, by several seeds where they are worth a try."""
        if not self._is_judged(candidate):
            return len(self.observed), candidate.discrepancy
        return self.missed(candidate), sum(
            self._discrepancies(candidate.scenario, SEEDS)
        )

    def hypothesis(self, candidate: Candidate) -> Hypothesis:
        """Return a node as it is told."""
        missed = tuple(one.text for one in self._missed(candidate))
        return Hypothesis(candidate.adjustments, round(candidate.cost, 2), missed)

    def _is_judged(self, candidate: Candidate) -> bool:
        is_near = candidate.discrepancy <= _NEAR * len(self.observed)
        if is_near and candidate.adjusted not in self._judged and self._is_affordable:
            self._judged.add(candidate.adjusted)
            self._count(candidate.scenario, SEEDS - 1)
        return candidate.adjusted in self._judged

    @property
    def _is_affordable(self) -> bool:
        return self._requests < _MOST_REQUESTS

    def _count(self, scenario: Scenario, runs: int) -> None:
        (requests,) = self._runner.measured(scenario, 1).values["requests"]
        self._requests += runs * (requests or 0.0)

    def _missed(self, candidate: Candidate) -> list[Observation]:
        measured = self._runner.measured(candidate.scenario, SEEDS)
        return [one for one in self.observed if is_missed(one, measured)]

    def _simulated(self, adjusted: Adjusted) -> Candidate | None:
        edit, adjustments, cost = self._edit.copy(), [], 0.0
        try:
            for number, setting in adjusted:
                parameter = self.parameters[number]
                adjustments.append(
                    Adjustment(parameter.kind, setting, parameter.adjust(edit, setting))
                )
                cost += self._cost(parameter, setting)
            scenario = edit.scenario()
        except ValueError:  # it does not apply, or is beyond what a scenario can say
            return None
        self._count(scenario, 1)
        return Candidate(
            adjusted, tuple(adjustments), cost, self._discrepancies(scenario), scenario
        )

    def _cost(self, parameter: Parameter, setting: float) -> float:
        distance = parameter.distance(setting)
        if any(_concerns(key, parameter.key) for key in self._reported):
            return distance + _CONTRADICTED
        return _UNTOLD * (1 + distance)

    def _discrepancies(self, scenario: Scenario, seeds: int = 1) -> tuple[float, ...]:
        measured = self._runner.measured(scenario, seeds)
        pairs = zip(self.observed, self._reaches, strict=True)
        return tuple(discrepancy(one, measured, reach) for one, reach in pairs)


def with_parameter(adjusted: Adjusted, number: int, setting: float) -> Adjusted:
    """Return some parameters and one more, or one set otherwise."""
    others = (one for one in adjusted if one[0] != number)
    return tuple(sorted((*others, (number, setting))))


def _concerns(reported: str, key: str) -> bool:
    """Return whether a reported key is a parameter's, or holds it."""
    return key == reported or key.startswith((f"{reported}.", f"{reported}["))
