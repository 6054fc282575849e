"""The court: where the claims of a post-mortem are judged by runs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from simcoalesce.cost.price_list import PriceList
from simcoalesce.experiment.estimate import Estimate, estimate
from simcoalesce.explain.claims.claim_result import (
    ClaimCase,
    ClaimResult,
    EvaluatedComparison,
    EvidenceRun,
)
from simcoalesce.explain.claims.runtime_evidence import runtime_evidence
from simcoalesce.explain.counterfactuals.remedy import remedied, remedies
from simcoalesce.explain.scenario_edit import DoesNotApply
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.metrics.claim import Claim, Truth
from simcoalesce.scenario.condition import Condition, Number, Reference, Side, Statement
from simcoalesce.scenario.incident import PostMortemClaim
from simcoalesce.scenario.scenario import Scenario

_DAYS: Final = 30
_INCLUDED: Final = "included."
_FIRST_SEEDS: Final = 10
"""How many seeds a claim is tried by; all of them only if these do not decide."""


def claim_results(
    scenario: Scenario, runner: ScenarioRunner
) -> tuple[ClaimResult, ...]:
    """Judge every claim of a scenario.

    Args:
        scenario: The incident, with its claims.
        runner: Where to measure what they compare.

    Raises:
        ValueError: If a claim names a counterfactual that there is not.
    """
    court = _Court(scenario, runner)
    runner.prepare(court.asked_for(scenario.claims), _FIRST_SEEDS)
    return tuple(court.claim_result(claim) for claim in scenario.claims)


class _Court:
    """Knows what a condition may ask for: variants, fixes, and the price list."""

    def __init__(self, scenario: Scenario, runner: ScenarioRunner) -> None:
        self._scenario = scenario
        self._runner = runner
        self._prices = PriceList.load(scenario.price_list, folder=scenario.folder)
        self._scenarios: dict[str | None, Scenario] = {None: scenario}

    def asked_for(self, claims: Iterable[PostMortemClaim]) -> Iterator[Scenario]:
        """Yield the scenarios that claims compare, some of them more than once."""
        for claim in claims:
            for condition in _conditions(claim).values():
                for reference in _references(condition.parts):
                    yield self._named(reference.of)

    def claim_result(self, claim: PostMortemClaim) -> ClaimResult:
        """Return the verdict on a claim."""
        cases = tuple(self._cases(claim))
        parts = (one.part for case in cases for one in case.comparisons)
        names = dict.fromkeys(reference.of for reference in _references(parts))
        runs = tuple(EvidenceRun(name, self._named(name).sha256) for name in names)
        return ClaimResult(claim, cases, runs, runtime_evidence(claim, self._scenarios))

    def _cases(self, claim: PostMortemClaim) -> Iterator[ClaimCase]:
        """Yield the cases that a claim makes."""
        for name, condition in _conditions(claim).items():
            yield ClaimCase(name, tuple(map(self._comparison, condition.parts)))

    def _comparison(self, part: Statement) -> EvaluatedComparison:
        """Return a comparison by as many seeds as decide it."""
        names = {one.of for side in part.sides for one in side.names.values()}
        is_known = all(self._runner.is_measured(self._named(name)) for name in names)
        if not is_known and self._runner.replications > _FIRST_SEEDS:
            first = self._compared(part, _FIRST_SEEDS)
            if first.truth != "open":
                return first
        return self._compared(part, self._runner.replications)

    def _compared(self, part: Statement, seeds: int) -> EvaluatedComparison:
        left, right = (self._values(side, seeds) for side in part.sides)
        differences = [
            None if a is None or b is None else a - b
            for a, b in zip(left, right, strict=True)
        ]
        known = estimate(differences, unit="1", missing="a side does not exist")
        return EvaluatedComparison(
            part=part,
            left=estimate(left, unit="1").mean,
            right=estimate(right, unit="1").mean,
            difference=known,
            truth=_truth(part.comparison, known),
            seeds=seeds,
        )

    def _values(self, side: Side, seeds: int) -> list[Number]:
        """Return a side's value under each seed."""
        known = {
            reference: self._reference(reference, seeds)
            for reference in side.names.values()
        }
        return [side.value(lambda one: known[one][seed]) for seed in range(seeds)]  # noqa: B023

    def _reference(self, reference: Reference, seeds: int) -> Sequence[Number]:
        if reference.name.startswith(_INCLUDED):
            return [self._included(reference.name.removeprefix(_INCLUDED))] * seeds
        measured = self._runner.measured(self._named(reference.of), seeds)
        return measured.values[reference.name]

    def _included(self, unit: str) -> float:
        """Return how much of a unit a month includes."""
        for line in self._prices.lines:
            if line.unit == unit:
                return float(line.included * (_DAYS if line.period == "day" else 1))
        return 0.0

    def _named(self, name: str | None) -> Scenario:
        if name not in self._scenarios:
            self._scenarios[name] = self._found(str(name))
        return self._scenarios[name]

    def _found(self, name: str) -> Scenario:
        known = remedies()
        if name in self._scenario.variants:
            return self._scenario.with_variant(name)
        if name not in known:
            names = [*self._scenario.variants, *known]
            close = get_close_matches(name, names, n=1)
            meant = f'; did you mean "{close[0]}"?' if close else ""
            raise ValueError(f'no variant and no fix "{name}"{meant}')
        try:
            return remedied(self._scenario, known[name])[0]
        except DoesNotApply as reason:
            raise ValueError(f"{name} cannot be tried here: {reason}") from reason


def _conditions(claim: PostMortemClaim) -> Mapping[str, Condition]:
    """Return the conditions of a claim by circumstance."""
    said = claim.holds_if
    return {"": said} if isinstance(said, Condition) else said


def _references(parts: Iterable[Statement]) -> Iterator[Reference]:
    """Yield what comparisons ask of runs."""
    for part in parts:
        for side in part.sides:
            for reference in side.names.values():
                if not reference.name.startswith(_INCLUDED):
                    yield reference


def _truth(comparison: str, difference: Estimate) -> Truth:
    if difference.mean is None:
        return "fails"
    low = difference.mean if difference.low is None else difference.low
    high = difference.mean if difference.high is None else difference.high
    return Claim("", comparison, 0.0, "").truth(low, high)
