"""Results of claims: what the runs say of the sentences of a post-mortem."""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.statement import Statement
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
    """

    statement: Statement = field(repr=False)
    left: float | None
    right: float | None
    difference: Estimate
    truth: Truth
    seeds: int
    reason: str = ""

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"that": str(self.statement), **plain_fields(self)}


@dataclass(frozen=True)
class Circumstance:
    """A condition under one circumstance; without one, its name is empty."""

    name: str
    statements: tuple[EvaluatedStatement, ...]

    @property
    def truth(self) -> Truth:
        """Whether all statements hold, or one fails."""
        return conjunction(one.truth for one in self.statements)

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "circumstance": self.name,
            "truth": self.truth,
            "statements": plain(self.statements),
        }


class EvidenceRun(NamedTuple):
    """A scenario that was simulated for a claim: as it happened if it has no name."""

    of: str | None
    scenario_sha256: str


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

        It is partly true if it fails, but some of the statements that make it hold; or
        if it holds under some of the circumstances that it names, and fails under
        others.
        """
        truths = {one.truth for one in self.circumstances}
        if truths == {"fails"}:
            of_all = (one for each in self.circumstances for one in each.statements)
            truths |= {one.truth for one in of_all if one.truth == "holds"}
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
