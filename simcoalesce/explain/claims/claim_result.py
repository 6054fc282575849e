"""Results of claims: what the runs say of the sentences of a post-mortem."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.modes import Mode
from simcoalesce.conditions.statement import Bounds, Statement
from simcoalesce.conditions.truth import Truth, conjunction
from simcoalesce.explain.claims.runtime_evidence import RuntimeEvidence
from simcoalesce.plain import plain, plain_fields
from simcoalesce.scenario.incident import PostMortemClaim


@dataclass(frozen=True)
class EvaluatedStatement:
    """One statement of a claim, on the runs.

    Attributes:
        statement: As the claim says it.
        left: Mean of the left side; None if no run has it.
        right: Mean of the right side.
        difference: Left minus right, seed by seed.
        truth: Whether the 95 % interval of the difference makes it true.
        seeds: How many replications decided it.
        reason: Why it is undecided by any number of them; empty if not.
        modes: Of the left and the right side, where runs are far from each other.
    """

    statement: Statement = field(repr=False)
    left: float | None
    right: float | None
    difference: Estimate
    truth: Truth
    seeds: int
    reason: str = ""
    modes: tuple[tuple[Mode, ...], tuple[Mode, ...]] = field(
        default=((), ()), repr=False
    )

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        document = {"that": str(self.statement), **plain_fields(self)}
        for side, modes in zip(("left", "right"), self.modes, strict=True):
            if modes:
                document[f"{side}_modes"] = plain(modes)
        return document


@dataclass(frozen=True)
class Circumstance:
    """A condition under one circumstance; without one, its name is empty."""

    name: str
    statements: tuple[EvaluatedStatement, ...]

    @property
    def truth(self) -> Truth:
        """Whether all statements hold, or one fails."""
        return _truth(self.statements)

    @property
    def parts(self) -> list[list[EvaluatedStatement]]:
        """The statements, those together that are one: bounds of one range.

        Of two opposite bounds of one quantity one holds wherever it is.
        """
        parts: list[list[EvaluatedStatement]] = []
        for one in self.statements:
            bounds = one.statement.bounds
            same = [part for part in parts if _is_range(bounds, part)]
            parts = [part for part in parts if part not in same]
            parts.append([*(each for part in same for each in part), one])
        return parts

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "circumstance": self.name,
            "truth": self.truth,
            "statements": plain(self.statements),
        }


def _truth(statements: Sequence[EvaluatedStatement]) -> Truth:
    return conjunction(one.truth for one in statements)


def _is_range(bounds: Bounds, part: Sequence[EvaluatedStatement]) -> bool:
    """Say whether a statement bounds a quantity where one of a part does not."""
    theirs = {bound for one in part for bound in one.statement.bounds}
    return any((quantity, not is_upper) in theirs for quantity, is_upper in bounds)


class EvidenceRun(NamedTuple):
    """A scenario that was simulated for a claim.

    Attributes:
        of: The variant or remedy; as it happened if absent.
        scenario_sha256: What was simulated.
        inapplicable: Why the remedy changes nothing here: then it is as it happened.
            Empty if it applies.
    """

    of: str | None
    scenario_sha256: str
    inapplicable: str = ""


@dataclass(frozen=True)
class ClaimResult:
    """What the runs say of a claim, and what that rests on.

    Attributes:
        claim: The claim.
        circumstances: Its conditions, evaluated.
        runs: What was simulated for it.
        runtime_evidence: What the real runtime did in runs like these.
    """

    claim: PostMortemClaim
    circumstances: tuple[Circumstance, ...]
    runs: tuple[EvidenceRun, ...] = ()
    runtime_evidence: tuple[RuntimeEvidence, ...] = ()

    @property
    def truth(self) -> Truth | Literal["partly"]:
        """Whether the claim holds.

        It is partly true if it fails, but some of its parts hold; or if it holds under
        some of the circumstances that it names, and fails under others.
        """
        truths = {one.truth for one in self.circumstances}
        if truths == {"fails"}:
            parts = (part for one in self.circumstances for part in one.parts)
            truths |= {truth for truth in map(_truth, parts) if truth == "holds"}
        if {"holds", "fails"} <= truths:
            return "partly"
        return truths.pop() if len(truths) == 1 else "undecided"

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "text": self.claim.text,
            "truth": self.truth,
            "circumstances": plain(self.circumstances),
            "note": self.claim.note,
            "runs": plain(self.runs),
            "runtime_evidence": plain(self.runtime_evidence),
        }
