"""Candidates: sets of parameter values that are tried, each simulated once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.explain.calibration.discrepancy import (
    discrepancy,
    is_unexplained,
    prediction_half_widths,
)
from simcoalesce.explain.calibration.hypothesis import Adjustment
from simcoalesce.explain.calibration.parameter import (
    Clause,
    Parameter,
    parameters,
)
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
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
    statement of the report; a quarter of both for a value that nobody reported. It is
    1 more for each statement of an observation that a parameter gives up.
    """

    def __init__(
        self,
        reported: Scenario,
        observations: Sequence[Observation],
        runner: ScenarioRunner,
    ) -> None:
        """Begin with the scenario as all observations say it."""
        self.observed = tuple(one for one in observations if one.that)
        self.parameters = tuple(
            one
            for one in parameters()
            if not one.is_of_bills or any(map(_names_a_bill, self.observed))
        )
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

    def with_settings(self, settings: Settings) -> Candidate | None:
        """Return a candidate with these parameters set; None if it cannot be made."""
        if not settings:
            return self.start
        return self.with_setting(settings, *settings[-1])

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

    def measured(self, candidate: Candidate) -> MetricValues:
        """Return the metrics of a candidate under several seeds."""
        return self._runner.measured(candidate.scenario, SEEDS)

    def unexplained_texts(self, candidate: Candidate) -> tuple[str, ...]:
        """Return the observations that a candidate does not explain."""
        return tuple(one.text for one in self._unexplained(candidate))

    def unit(self, number: int) -> float:
        """Return what a setting of 1 of a parameter is, in its natural unit."""
        try:
            return self.parameters[number].unit(self._edit.copy())
        except DoesNotApply:
            return 1.0

    def clause(self, settings: Settings, number: int, setting: float) -> Clause | None:
        """Return the words for one parameter; None if it cannot be set."""
        edit, clause = self._edit.copy(), None
        try:
            for other, value in with_parameter(settings, number, setting):
                made = self.parameters[other].adjust(edit, value)
                clause = made if other == number else clause
        except ValueError:
            return None
        return clause

    def may_help(self, candidate: Candidate, number: int) -> bool:
        """Whether a search may set a parameter: it explains, and gives up nothing."""
        if not self.parameters[number].is_of_bills:
            return not self.parameters[number].gives_up
        pairs = zip(self.observed, candidate.discrepancies, strict=True)
        return any(distance and _names_a_bill(one) for one, distance in pairs)

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
        measured = self.measured(candidate)
        pairs = zip(self.observed, self._given_up(candidate.settings), strict=True)
        return [
            one
            for one, statements in pairs
            if not statements and is_unexplained(one, measured)
        ]

    def _given_up(self, settings: Settings) -> list[int]:
        """Return how many statements of each observation some parameters give up."""
        given_up: dict[str, int] = {}
        for number, _ in settings:
            given_up |= self.parameters[number].gives_up
        return [
            sum(given_up[name] for name in names) if given_up.keys() >= names else 0
            for names in ({*_names(one)} for one in self.observed)
        ]

    def _simulated(self, settings: Settings) -> Candidate | None:
        edit, adjustments, deviation = self._edit.copy(), [], 0.0
        try:
            for number, setting in settings:
                parameter = self.parameters[number]
                text = parameter.adjust(edit, setting).text
                adjustments.append(Adjustment(parameter.kind, setting, text))
                deviation += self._deviation(parameter, setting)
            scenario = edit.scenario()
        except ValueError:  # it does not apply, or is beyond what a scenario can say
            return None
        self._count(scenario, 1)
        given_up = self._given_up(settings)
        pairs = zip(self._discrepancies(scenario), given_up, strict=True)
        return Candidate(
            settings,
            tuple(adjustments),
            deviation + _CONTRADICTED * sum(given_up),
            tuple(0.0 if statements else one for one, statements in pairs),
            scenario,
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


def _names(observation: Observation) -> tuple[str, ...]:
    return tuple(observation.that.names) if observation.that else ()


def _names_a_bill(observation: Observation) -> bool:
    return any(name.startswith("cost_") for name in _names(observation))


def _concerns(reported: str, key: str) -> bool:
    """Return whether a reported key is a parameter's, or contains it."""
    return key == reported or key.startswith((f"{reported}.", f"{reported}["))
