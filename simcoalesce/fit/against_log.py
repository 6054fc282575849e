"""A scenario that is there, held against a log."""

from dataclasses import dataclass
from typing import Any

from simcoalesce.fit.against import against
from simcoalesce.fit.estimator import fitted_values
from simcoalesce.fit.fit_document import TestedLog
from simcoalesce.fit.held_out import REPLICATIONS, OnRun
from simcoalesce.fit.log_check import (
    check_log,
    given_values,
    warnings_of,
    why_no_verdict,
)
from simcoalesce.logs.key_rule import KeyRule
from simcoalesce.logs.log import Log
from simcoalesce.scenario.scenario import Scenario


@dataclass(frozen=True)
class AgainstLog(TestedLog):
    """A scenario that is there, held against all of a log.

    Attributes:
        label: Which scenario.
    """

    label: str

    def document(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            **self.head_document(),
            "against": self.label,
            "back_test": self.back_test_document(),
            "warnings": [*self.warnings],
        }


def hold_against(
    scenario: Scenario,
    log: Log,
    *,
    key: KeyRule | None = None,
    replications: int = REPLICATIONS,
    on_run: OnRun | None = None,
) -> AgainstLog:
    """Hold a scenario against a log: the log's traffic on the scenario's path.

    Args:
        scenario: Any.
        log: The log.
        key: Of what a key is made; found in the log if absent.
        replications: How many runs.
        on_run: Called after each run: how many are done, and of how many.

    Raises:
        ValueError: If the log cannot be used: it says why.
    """
    check_log(log)
    values = fitted_values(log, given_values(log, "replay", key))
    why = why_no_verdict(values)
    tested = None
    if not why:
        count = replications
        tested = against(scenario, log, values, replications=count, on_run=on_run)
    label = scenario.label
    return AgainstLog(log, tested, why, tuple(warnings_of(log, values)), label)
