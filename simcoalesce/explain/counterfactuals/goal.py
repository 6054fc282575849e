"""The goal: what a remedy has to achieve to be called one."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.metrics.expectation import Expectation
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario

_ROOM_RATIO: Final = 1.05
"""How far above the calls of one run that were needed the usual goal lies."""


@dataclass(frozen=True)
class Goal:
    """Expectations that a remedy has to meet.

    Attributes:
        expectations: What a remedy must meet, all of it.
        is_own: Whether the scenario says so; else it is the usual goal.
        is_met_already: Whether the incident meets it as it happened.
    """

    expectations: tuple[Expectation, ...]
    is_own: bool
    is_met_already: bool = False

    def is_met(self, measured: MetricValues) -> bool:
        """Return whether 95 % intervals lie within all expectations."""
        verdicts = (one.verdict(measured.subject) for one in self.expectations)
        return all(verdict.truth == "holds" for verdict in verdicts)

    def is_met_on_average(self, measured: MetricValues) -> bool:
        """Return whether the means meet all expectations."""
        for expected in self.expectations:
            for statement in expected.that.statements:
                mean = measured.subject(statement).mean
                if mean is None or statement.truth(mean, mean) != "holds":
                    return False
        return True


def goal_of(scenario: Scenario, measured: MetricValues, *, needed: int = 0) -> Goal:
    """Return the expectations that a scenario misses, or the usual goal.

    The usual goal is that nobody gets an error, and that the origin gets at most a
    tenth of its calls, or as many as were needed if these are more. Where it gets no
    more than these, and there are errors, it is that nobody gets one.

    Args:
        scenario: The incident.
        measured: What it measures.
        needed: Calls of one run that no sharing can spare; see `needed_calls`.
    """
    missed = tuple(
        one for one in scenario.expect if one.verdict(measured.subject).truth == "fails"
    )
    if missed:
        return Goal(missed, is_own=True)
    hits = measured.estimate("origin_hits").mean or 0
    fewest = max(round(hits / 10), round(needed * _ROOM_RATIO), 1)
    usual = [f"origin_hits <= {fewest}", "errors == 0"]
    if measured.estimate("errors").mean and hits <= fewest:
        # A map that hands out the same error for ever makes few calls, too few.
        usual = usual[1:]
    goal = Goal(tuple(map(Expectation.model_validate, usual)), is_own=False)
    return Goal(goal.expectations, is_own=False, is_met_already=goal.is_met(measured))


def needed_calls(outcomes: Outcomes) -> int:
    """Return how many calls of a run nothing that shares fetches could have spared.

    When who made them arrived, no fetch of the key was under way. Only calls that
    brought an answer count, and only these can be shared.
    """
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    brought = np.flatnonzero(calls.status < 400)
    order = brought[np.lexsort((calls.called_at_ns[brought], calls.key[brought]))]
    arrived_at_ns = rows.arrived_at_ns[np.searchsorted(rows.request, calls.request)]
    starts = np.flatnonzero(np.diff(calls.key[order], prepend=-1))
    needed = len(starts)
    for one in np.split(order, starts[1:]):
        until_ns = np.maximum.accumulate(calls.completed_at_ns[one])
        needed += int(np.count_nonzero(arrived_at_ns[one][1:] >= until_ns[:-1]))
    return needed
