"""Judgements: what the runs say of the claims of a post-mortem."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from simcoalesce.experiment.estimate import Estimate
from simcoalesce.explain.claims.runtime_evidence import RuntimeEvidence
from simcoalesce.metrics.claim import Truth
from simcoalesce.scenario.condition import Statement
from simcoalesce.scenario.incident import PostMortemClaim

Word = Literal["HOLDS", "FAILS", "PARTLY", "DEPENDS"]

_STATES: Final[Mapping[Truth, str]] = {
    "holds": "true",
    "fails": "false",
    "open": "undecided",
}


@dataclass(frozen=True)
class EvaluatedComparison:
    """One comparison of a condition, on the runs.

    Attributes:
        part: As the claim says it.
        left: Mean of the left side; None if no run has it.
        right: Mean of the right side.
        difference: Left minus right, seed by seed.
        truth: Whether the 95 % interval of the difference makes it true.
        seeds: How many replications decided it.
    """

    part: Statement
    left: float | None
    right: float | None
    difference: Estimate
    truth: Truth
    seeds: int

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "that": str(self.part),
            "left": self.left,
            "right": self.right,
            "difference": self.difference.document(),
            "is": _STATES[self.truth],
            "seeds": self.seeds,
        }


@dataclass(frozen=True)
class ClaimCase:
    """A condition under one circumstance; without one, its name is empty."""

    name: str
    comparisons: tuple[EvaluatedComparison, ...]

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
class EvidenceRun:
    """A scenario that was simulated for a claim: as it happened if it has no name."""

    of: str | None
    scenario_sha256: str


@dataclass(frozen=True)
class ClaimResult:
    """The verdict on a claim, and what it rests on.

    Attributes:
        claim: The claim.
        cases: Its conditions, judged.
        runs: What was simulated for it.
        witnesses: What the real runtime did in cases like these.
    """

    claim: PostMortemClaim
    cases: tuple[ClaimCase, ...]
    runs: tuple[EvidenceRun, ...] = ()
    runtime_evidence: tuple[RuntimeEvidence, ...] = ()

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
            "runtime": [evidence.document() for evidence in self.runtime_evidence],
        }
