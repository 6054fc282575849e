"""Runtime evidence: what the real runtime did where a claim predicts something."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simcoalesce.conditions.expression import Reference
from simcoalesce.plain import plain_fields
from simcoalesce.scenario.incident import PostMortemClaim
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.validation.recorded_evidence import recorded_evidence


@dataclass(frozen=True)
class RuntimeEvidence:
    """A metric as predicted, and as observed on the real runtime.

    Attributes:
        reference: What the claim asks for.
        run: Its scenario: the same rules of sharing; other numbers may differ.
        predicted: By the simulator, for that run.
        observed: On the runtime.
    """

    reference: Reference = field(repr=False)
    run: str
    predicted: float
    observed: float

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"of": str(self.reference), **plain_fields(self)}


def runtime_evidence(
    claim: PostMortemClaim, scenarios: Mapping[str | None, Scenario]
) -> tuple[RuntimeEvidence, ...]:
    """Return what was observed of the metrics that a claim names.

    Args:
        claim: The claim.
        scenarios: The scenarios that it compares, by their names.
    """
    found = []
    for reference in claim.references:
        scenario = scenarios.get(reference.of)
        run = recorded_evidence().on(scenario) if scenario else None
        known = run.metrics.get(reference.name) if run else None
        if run and known:
            found.append(RuntimeEvidence(reference, run.scenario, known[0], known[-1]))
    return tuple(found)
