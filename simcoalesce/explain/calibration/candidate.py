"""Candidates: sets of parameter values that are tried, each simulated once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from simcoalesce.explain.calibration.discrepancy import (
    discrepancy,
    is_unexplained,
    prediction_half_widths,
)
from simcoalesce.explain.calibration.hypothesis import Adjustment, Hypothesis
from simcoalesce.explain.calibration.parameter import Parameter, parameters
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.incident import Observation
from simcoalesce.scenario.scenario import Scenario

SEEDS: Final = 5
"""Replications by which it is decided whether a hypothesis fits."""
_MOST_REQUESTS: Final = 3_000_000
"""About how many requests a search simulates before it ends with what it has found.
The bound is no time, so the same file gives the same hypotheses on every machine."""
_NEAR: Final = 0.15
"""Up to this discrepancy per observation a candidate is run under several seeds."""
_UNREPORTED: Final = 0.25
"""The weight of a parameter's distance where nobody reported its value."""
_CONTRADICTED: Final = 1.0
"""What is added where somebody did report its value."""

Settings: TypeAlias = tuple[tuple[int, float], ...]
"""Parameters by their number, in order, each with its value."""


@dataclass(frozen=True)
class Candidate:
    """A set of parameter values, and what one run with them gives.

    Attributes:
        settings: The parameters that differ from the report, and their values.
        adjustments: The same in words.
        deviation: How far the values are from the report.
        discrepancies: Of each observation, under one seed.
        scenario: The incident with these values.
    """

    settings: Settings
    adjustments: tuple[Adjustment, ...]
    deviation: float
    discrepancies: tuple[float, ...]
    scenario: Scenario = field(repr=False)

    @property
    def parameters(self) -> frozenset[int]:
        """The numbers of the parameters that differ from the report."""
        return frozenset(number for number, _ in self.settings)

    @property
    def discrepancy(self) -> float:
        """The sum over the observations."""
        return sum(self.discrepancies)

    @property
    def rank(self) -> tuple[float, float]:
        """The smallest discrepancy comes first, then the smallest deviation."""
        return round(self.discrepancy, 6), self.deviation


class Candidates:
    """Makes the candidates of a search, and measures each of them once.

    The deviation of a candidate is the sum over its parameters: the distance from the
    reported value (1 for each doubling or halving) and 1 more, as it gives up a
    statement of the report; a quarter of both for a value that nobody reported.
    """

    def __init__(
        self,
        reported: Scenario,
        observations: Sequence[Observation],
        runner: ScenarioRunner,
    ) -> None:
        """Begin with the scenario as all observations say it."""
        self.parameters = parameters()
        self.observed = tuple(one for one in observations if one.that)
        self._runner = runner
        self._reported_keys = frozenset(
            change.partition("=")[0].strip()
            for one in observations
            for change in one.sets
        )
        # How much runs differ is known of the report alone before a search.
        known = runner.measured(reported, SEEDS)
        self._half_widths = [
            prediction_half_widths(one, known) for one in self.observed
        ]
        self._edit = ScenarioEdit(reported)
        self.start = Candidate((), (), 0.0, self._discrepancies(reported), reported)
        self._made: dict[Settings, Candidate | None] = {(): self.start}
        self._replicated: set[Settings] = set()
        self._requests = 0.0

    def with_setting(
        self, settings: Settings, number: int, setting: float
    ) -> Candidate | None:
        """Return a candidate with one parameter set; None if it cannot be made."""
        wanted = with_parameter(settings, number, setting)
        if wanted not in self._made:
            made = self._simulated(wanted) if self._is_affordable else None
            self._made[wanted] = made
        return self._made[wanted]

    def with_grid_points(
        self, settings: Settings, number: int, points: Iterable[int]
    ) -> dict[int, Candidate]:
        """Return a candidate for each point of a parameter's grid that can be made."""
        grid = self.parameters[number].grid
        made = {
            point: self.with_setting(settings, number, grid[point]) for point in points
        }
        return {point: one for point, one in made.items() if one is not None}

    def fits(self, candidate: Candidate) -> bool:
        """Whether chance explains what every observation differs from the runs."""
        return self.unexplained(candidate) == 0

    def unexplained(self, candidate: Candidate) -> int:
        """Return how many observations a candidate does not explain.

        It is all of them for a candidate whose discrepancy is large under one seed, and
        when nothing more is to be simulated: then no other seeds are tried.
        """
        if not self._is_replicated(candidate):
            return len(self.observed)
        return len(self._unexplained(candidate))

    def rank_by_seeds(self, candidate: Candidate) -> tuple[int, float]:
        """Return a rank under several seeds, if the candidate is worth them."""
        if not self._is_replicated(candidate):
            return len(self.observed), candidate.discrepancy
        of_seeds = self._discrepancies(candidate.scenario, SEEDS)
        return self.unexplained(candidate), sum(of_seeds)

    def hypothesis(self, candidate: Candidate) -> Hypothesis:
        """Return a candidate as it is reported."""
        unexplained = tuple(one.text for one in self._unexplained(candidate))
        deviation = round(candidate.deviation, 2)
        return Hypothesis(candidate.adjustments, deviation, unexplained)

    def _is_replicated(self, candidate: Candidate) -> bool:
        is_near = candidate.discrepancy <= _NEAR * len(self.observed)
        is_new = candidate.settings not in self._replicated
        if is_near and is_new and self._is_affordable:
            self._replicated.add(candidate.settings)
            self._count(candidate.scenario, SEEDS - 1)
        return candidate.settings in self._replicated

    @property
    def _is_affordable(self) -> bool:
        return self._requests < _MOST_REQUESTS

    def _count(self, scenario: Scenario, runs: int) -> None:
        (requests,) = self._runner.measured(scenario, 1).values["requests"]
        self._requests += runs * (requests or 0.0)

    def _unexplained(self, candidate: Candidate) -> list[Observation]:
        measured = self._runner.measured(candidate.scenario, SEEDS)
        return [one for one in self.observed if is_unexplained(one, measured)]

    def _simulated(self, settings: Settings) -> Candidate | None:
        edit, adjustments, deviation = self._edit.copy(), [], 0.0
        try:
            for number, setting in settings:
                parameter = self.parameters[number]
                text = parameter.adjust(edit, setting)
                adjustments.append(Adjustment(parameter.kind, setting, text))
                deviation += self._deviation(parameter, setting)
            scenario = edit.scenario()
        except ValueError:  # it does not apply, or is beyond what a scenario can say
            return None
        self._count(scenario, 1)
        discrepancies = self._discrepancies(scenario)
        return Candidate(
            settings, tuple(adjustments), deviation, discrepancies, scenario
        )

    def _deviation(self, parameter: Parameter, setting: float) -> float:
        distance = parameter.distance(setting)
        if any(_concerns(key, parameter.key) for key in self._reported_keys):
            return distance + _CONTRADICTED
        return _UNREPORTED * (1 + distance)

    def _discrepancies(self, scenario: Scenario, seeds: int = 1) -> tuple[float, ...]:
        measured = self._runner.measured(scenario, seeds)
        pairs = zip(self.observed, self._half_widths, strict=True)
        return tuple(discrepancy(one, measured, widths) for one, widths in pairs)


def with_parameter(settings: Settings, number: int, setting: float) -> Settings:
    """Return settings with one parameter more, or with another value of it."""
    others = (one for one in settings if one[0] != number)
    return tuple(sorted((*others, (number, setting))))


def _concerns(reported: str, key: str) -> bool:
    """Return whether a reported key is a parameter's, or contains it."""
    return key == reported or key.startswith((f"{reported}.", f"{reported}["))
