"""Evaluation of claims: the sentences of a post-mortem, compared with paired runs."""

from collections.abc import Sequence
from typing import Final

from simcoalesce.conditions.estimate import Estimate, estimate_over_runs
from simcoalesce.conditions.expression import Expression, Number, Reference
from simcoalesce.conditions.over_runs import MEAN
from simcoalesce.conditions.selection import selector_of
from simcoalesce.conditions.statement import Evaluation, Statement
from simcoalesce.experiment.answered import (
    ErrorShares,
    compared_by,
    is_of_answered,
)
from simcoalesce.experiment.metric_values import (
    MetricValues,
    no_verdict_of,
    subject_estimate,
)
from simcoalesce.experiment.sweeps.point import failure_text
from simcoalesce.explain.claims.claim_result import (
    Circumstance,
    ClaimResult,
    EvaluatedStatement,
    EvidenceRun,
)
from simcoalesce.explain.claims.runtime_evidence import runtime_evidence
from simcoalesce.explain.counterfactuals.remedy import remedied, remedies
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.incident import INCLUDED, PostMortemClaim
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.suggestion import did_you_mean

_DAYS: Final = 30
_FIRST_SEEDS: Final = 10
"""By how many seeds a claim is tried first; by all only if these do not decide."""


def claim_results(
    scenario: Scenario, runner: ScenarioRunner
) -> tuple[ClaimResult, ...]:
    """Evaluate every claim of a scenario.

    Raises:
        ValueError: If a claim names an unknown variant or remedy.
    """
    known = _Evidence(scenario, runner)
    names = (name for claim in scenario.claims for name in _compared(claim))
    runner.prepare(map(known.scenario, names), _FIRST_SEEDS)
    return tuple(known.claim_result(claim) for claim in scenario.claims)


class _Evidence:
    """Knows what a claim may ask for: variants, remedies, and the price list."""

    def __init__(self, scenario: Scenario, runner: ScenarioRunner) -> None:
        self._scenario = scenario
        self._runner = runner
        self._prices = scenario.load_bill_terms().price_list
        self._scenarios: dict[str | None, Scenario] = {}
        self._inapplicable: dict[str | None, str] = {}

    def claim_result(self, claim: PostMortemClaim) -> ClaimResult:
        """Return what the runs say of a claim."""
        circumstances = tuple(
            Circumstance(name, tuple(map(self._evaluated, condition.statements)))
            for name, condition in claim.circumstances.items()
        )
        runs = tuple(
            EvidenceRun(
                name, self.scenario(name).sha256, self._inapplicable.get(name, "")
            )
            for name in _compared(claim)
        )
        evidence = runtime_evidence(claim, self._scenarios)
        return ClaimResult(claim, circumstances, runs, evidence)

    def _evaluated(self, statement: Statement) -> EvaluatedStatement:
        """Return a statement by as many seeds as decide it."""
        names = {one.of for one in statement.difference.references}
        is_known = all(self._runner.is_measured(self.scenario(name)) for name in names)
        if not is_known and self._runner.replications > _FIRST_SEEDS:
            first = self._evaluated_by(statement, _FIRST_SEEDS)
            if first.truth != "undecided" or first.reason:
                return first
        return self._evaluated_by(statement, self._runner.replications)

    def _evaluated_by(self, statement: Statement, seeds: int) -> EvaluatedStatement:
        def of(one: Reference) -> MetricValues:
            return self._measured(one, seeds)

        found = statement.evaluation(subject_estimate(statement, of, seeds))
        left = self._estimate(statement.left, seeds)
        right = self._estimate(statement.right, seeds)
        difference = self._estimate(statement.difference, seeds)
        reason = self._why_undecided(statement, seeds) or _missing(found)
        return EvaluatedStatement(
            statement=statement,
            left=left.mean,
            right=right.mean,
            difference=difference,
            truth="undecided" if reason else found.truth,
            seeds=seeds,
            reason=reason,
            modes=(left.modes, right.modes),
        )

    def _estimate(self, side: Expression, seeds: int) -> Estimate:
        def column(one: Reference) -> Sequence[Number]:
            return self._measured(one, seeds).column(one.name)

        numbers = side.values(column, seeds)
        missing = "a part of it does not exist"
        known = estimate_over_runs(numbers, side.summary, unit="1", missing=missing)
        is_time = side.unit == "s" and side.summary == MEAN
        return known.with_modes(numbers) if is_time else known

    def _why_undecided(self, statement: Statement, seeds: int) -> str:
        """Return why the runs cannot decide a statement; empty if they may.

        Nothing follows from them, or it compares numbers of answered requests of runs
        that answer others.
        """
        measured, parts = (
            dict[str | None, MetricValues](),
            dict[str, list[str | None]](),
        )
        for one in (*statement.right.references, *statement.left.references):
            if one.name.startswith(INCLUDED):
                continue
            measured[one.of] = self._runner.measured(self.scenario(one.of), seeds)
            if is_of_answered(one.name):
                parts.setdefault(selector_of(one.name), []).append(one.of)
        if no_verdict := no_verdict_of(measured.values()):
            return f"no verdict: {no_verdict}"
        for selector, names in parts.items():
            # What is said of it as it happened is said of before.
            base, *others = sorted(dict.fromkeys(names), key=bool)
            for other in others:
                scenarios = self.scenario(base), self.scenario(other)
                pair = scenarios, (measured[base], measured[other])
                shares = ErrorShares.of(*pair, is_paired=True, selector=selector)
                if shares.reason:
                    return f"not comparable: {shares.reason}"
        return ""

    def _measured(self, reference: Reference, seeds: int) -> MetricValues:
        name = reference.name
        if not name.startswith(INCLUDED):
            return self._runner.measured(self.scenario(reference.of), seeds)
        included = self._included(name.removeprefix(INCLUDED))
        return MetricValues(self._runner.seed, {name: (included,) * seeds})

    def _included(self, unit: str) -> float:
        """Return how much of a unit a month includes."""
        for line in self._prices.lines:
            if line.unit == unit:
                return float(line.included * (_DAYS if line.period == "day" else 1))
        return 0.0

    def scenario(self, name: str | None) -> Scenario:
        """Return the scenario, a variant of it, or it with a remedy.

        With a remedy that does not apply it is as it happened.
        """
        if name not in self._scenarios:
            every = (one for claim in self._scenario.claims for one in claim.references)
            asked = [one.name for one in every if one.of == name]
            more = (each for one in asked for each in compared_by(one))
            self._scenarios[name] = self._found(name).with_metrics(*asked, *more)
        return self._scenarios[name]

    def _found(self, name: str | None) -> Scenario:
        if name is None:
            return self._scenario
        known = remedies()
        if name in self._scenario.variants:
            return self._scenario.with_variant(name)
        if name not in known:
            meant = did_you_mean(name, [*self._scenario.variants, *known])
            raise ValueError(f'no variant and no remedy "{name}"{meant}')
        try:
            return remedied(self._scenario, known[name])[0]
        except ValueError as reason:
            self._inapplicable[name] = failure_text(reason)
            return self._scenario


def _compared(claim: PostMortemClaim) -> list[str | None]:
    """Return the names of the scenarios that a claim asks metrics of, each once."""
    names = (one.of for one in claim.references if not one.name.startswith(INCLUDED))
    return [*dict.fromkeys(names)]


def _missing(found: Evaluation) -> str:
    """Return what runs lack that a statement needs; empty if they have it."""
    return found.known.reason or "" if found.truth == "undecided" else ""
