"""Results: what replications of one scenario say together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.truth import Truth, conjunction
from simcoalesce.cost.bill import Bill
from simcoalesce.display import html_of
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.metrics.expectation import Verdict
from simcoalesce.outcomes import Outcomes
from simcoalesce.plain import plain
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.version import __version__

SCHEMA_VERSION: Final = "2"
"""Changes whenever a document has other names."""
MODEL_VERSION: Final = "2"
"""Changes whenever the same scenario and seed would give other numbers."""


def tool() -> dict[str, str]:
    """Return what made a document: part of each that is written."""
    return {
        "name": "simcoalesce",
        "version": __version__,
        "model_version": MODEL_VERSION,
    }


@dataclass(frozen=True)
class Result:
    """Estimates of every metric, the bill, and what was expected.

    Attributes:
        scenario: What was simulated.
        seed: Seed of the first replication; the i-th had seed + i.
        replications: How many runs are in it.
        estimates: Every metric by name.
        outcomes: The tables of the first replication, for charts and stories.
        bill: Prices of the mean usage.
        expectations: The verdict on each line of ``expect``.
        warnings: What the reader should know.
        complete: Whether all replications that were asked for are in it.
        no_verdict: Why nothing follows from the runs, e.g. since most of the input is
            left out; empty if something does.
        measured: Every metric of every replication; None if only estimates are known.
    """

    scenario: Scenario
    seed: int
    replications: int
    estimates: Mapping[str, Estimate]
    outcomes: Outcomes
    bill: Bill
    expectations: tuple[Verdict, ...] = ()
    warnings: tuple[str, ...] = ()
    complete: bool = True
    no_verdict: str = ""
    measured: MetricValues | None = field(default=None, repr=False)

    @property
    def truth(self) -> Truth:
        """Whether what was expected holds; what only warns does not count."""
        if self.no_verdict:
            return "undecided"
        required = (v for v in self.expectations if v.expectation.level == "fail")
        return conjunction(verdict.truth for verdict in required)

    def document(self) -> dict[str, Any]:
        """Return the result document: plain values, the contract of ``--json``."""
        # What changes no number is left out: the same result has the same bytes.
        written = self.scenario.document()
        written.pop("engine", None)
        return {
            "schema_version": SCHEMA_VERSION,
            "tool": tool(),
            "run": {
                "scenario": self.scenario.label,
                "scenario_sha256": self.scenario.sha256,
                "seed": self.seed,
                "replications": self.replications,
            },
            "scenario": written,
            "metrics": plain(self.estimates),
            "cost": plain(self.bill),
            "expectations": plain(self.expectations),
            "warnings": plain(self.warnings),
            "complete": self.complete,
            "no_verdict": self.no_verdict or None,
        }

    def _repr_html_(self) -> str:
        return html_of(self)
