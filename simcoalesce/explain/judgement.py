"""Judgements: what the runs say of the claims of a post-mortem."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any, Final, Literal

from simcoalesce.cost.price_list import PriceList
from simcoalesce.experiment.estimate import Estimate, estimate
from simcoalesce.explain.bench import Bench
from simcoalesce.explain.draft import DoesNotApply
from simcoalesce.explain.fix import fixed, fixes
from simcoalesce.explain.witness import Witness, witnesses
from simcoalesce.metrics.claim import Claim, Truth
from simcoalesce.scenario.condition import Condition, Number, Part, Reference, Side
from simcoalesce.scenario.incident import PostMortemClaim
from simcoalesce.scenario.scenario import Scenario

Word = Literal["HOLDS", "FAILS", "PARTLY", "DEPENDS"]

_DAYS: Final = 30
_INCLUDED: Final = "included."
_STATES: Final[Mapping[Truth, str]] = {
    "holds": "true",
    "fails": "false",
    "open": "undecided",
}


@dataclass(frozen=True)
class Comparison:
    """One comparison of a condition, on the runs.

    Attributes:
        part: As the claim says it.
        left: Mean of the left side; None if no run has it.
        right: Mean of the right side.
        difference: Left minus right, seed by seed.
        truth: Whether the 95 % interval of the difference makes it true.
    """

    part: Part
    left: float | None
    right: float | None
    difference: Estimate
    truth: Truth

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "that": str(self.part),
            "left": self.left,
            "right": self.right,
            "difference": self.difference.document(),
            "is": _STATES[self.truth],
        }


@dataclass(frozen=True)
class Case:
    """A condition under one circumstance; without one, its name is empty."""

    name: str
    comparisons: tuple[Comparison, ...]

    @property
    def truth(self) -> Truth:
        """Whether all comparisons are true, or one is false."""
        truths = [one.truth for one in self.comparisons]
        if "fails" in truths:
            return "fails"
        return "open" if "open" in truths else "holds"

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "case": self.name,
            "is": _STATES[self.truth],
            "comparisons": [one.document() for one in self.comparisons],
        }


@dataclass(frozen=True)
class Run:
    """A scenario that was simulated for a claim: as it happened if it has no name."""

    of: str | None
    scenario_sha256: str
    seed: int
    replications: int


@dataclass(frozen=True)
class Judgement:
    """The verdict on a claim, and what it rests on.

    Attributes:
        claim: The claim.
        cases: Its conditions, judged.
        runs: What was simulated for it.
        witnesses: What the real runtime did in cases like these.
    """

    claim: PostMortemClaim
    cases: tuple[Case, ...]
    runs: tuple[Run, ...] = ()
    witnesses: tuple[Witness, ...] = ()

    @property
    def word(self) -> Word:
        """The verdict.

        HOLDS and FAILS speak for themselves. PARTLY: some of the comparisons that make
        the claim are true, and some are not. DEPENDS: it holds under some of the
        circumstances that it names, or the seeds do not agree.
        """
        truths = {case.truth for case in self.cases}
        if truths == {"holds"}:
            return "HOLDS"
        if truths != {"fails"}:
            return "DEPENDS"
        parts = {one.truth for case in self.cases for one in case.comparisons}
        return "PARTLY" if "holds" in parts else "FAILS"

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "text": self.claim.text,
            "verdict": self.word.lower(),
            "cases": [case.document() for case in self.cases],
            "note": self.claim.note,
            "runs": [asdict(run) for run in self.runs],
            "runtime": [witness.document() for witness in self.witnesses],
        }


def judgements(scenario: Scenario, bench: Bench) -> tuple[Judgement, ...]:
    """Judge every claim of a scenario.

    Args:
        scenario: The incident, with its claims.
        bench: Where to measure what they compare.

    Raises:
        ValueError: If a claim names a counterfactual that there is not.
    """
    court = _Court(scenario, bench)
    return tuple(court.judgement(claim) for claim in scenario.claims)


class _Court:
    """Knows what a condition may ask for: variants, fixes, and the price list."""

    def __init__(self, scenario: Scenario, bench: Bench) -> None:
        self._scenario = scenario
        self._bench = bench
        self._prices = PriceList.load(scenario.price_list, folder=scenario.folder)
        self._scenarios: dict[str | None, Scenario] = {None: scenario}

    def judgement(self, claim: PostMortemClaim) -> Judgement:
        """Return the verdict on a claim."""
        cases = tuple(self._cases(claim))
        names = dict.fromkeys(
            reference.of
            for case in cases
            for one in case.comparisons
            for side in one.part.sides
            for reference in side.names.values()
            if not reference.name.startswith(_INCLUDED)
        )
        bench = self._bench
        runs = tuple(
            Run(name, self._named(name).sha256, bench.seed, bench.replications)
            for name in names
        )
        return Judgement(claim, cases, runs, witnesses(claim, self._scenarios))

    def _cases(self, claim: PostMortemClaim) -> Iterator[Case]:
        """Yield the cases that a claim makes."""
        said = claim.holds_if
        named = {"": said} if isinstance(said, Condition) else said
        for name, condition in named.items():
            yield Case(name, tuple(map(self._comparison, condition.parts)))

    def _comparison(self, part: Part) -> Comparison:
        seeds = range(self._bench.replications)
        left, right = ([self._at(side, seed) for seed in seeds] for side in part.sides)
        differences = [
            None if a is None or b is None else a - b
            for a, b in zip(left, right, strict=True)
        ]
        known = estimate(differences, unit="1", missing="a side does not exist")
        return Comparison(
            part=part,
            left=estimate(left, unit="1").mean,
            right=estimate(right, unit="1").mean,
            difference=known,
            truth=_truth(part.comparison, known),
        )

    def _at(self, side: Side, seed: int) -> Number:
        return side.value(lambda reference: self._value(reference, seed))

    def _value(self, reference: Reference, seed: int) -> Number:
        if reference.name.startswith(_INCLUDED):
            return self._included(reference.name.removeprefix(_INCLUDED))
        measured = self._bench.measured(self._named(reference.of))
        return measured.values[reference.name][seed]

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
        known = fixes()
        if name in self._scenario.variants:
            return self._scenario.with_variant(name)
        if name not in known:
            names = [*self._scenario.variants, *known]
            close = get_close_matches(name, names, n=1)
            meant = f'; did you mean "{close[0]}"?' if close else ""
            raise ValueError(f'no variant and no fix "{name}"{meant}')
        try:
            return fixed(self._scenario, known[name])[0]
        except DoesNotApply as reason:
            raise ValueError(f"{name} cannot be tried here: {reason}") from reason


def _truth(comparison: str, difference: Estimate) -> Truth:
    if difference.mean is None:
        return "fails"
    low = difference.mean if difference.low is None else difference.low
    high = difference.mean if difference.high is None else difference.high
    return Claim("", comparison, 0.0, "").truth(low, high)
