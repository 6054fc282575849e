"""The goal: what a remedy has to achieve."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.metrics.expectation import Expectation
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario

_ROOM_RATIO: Final = 1.05
"""The usual goal allows so many times the calls that one run needs."""


@dataclass(frozen=True)
class Goal:
    """Expectations that a remedy has to meet.

    Attributes:
        expectations: What a remedy must meet, all of it.
        is_met_already: Whether the incident meets it without a remedy.
    """

    expectations: tuple[Expectation, ...]
    is_met_already: bool = False

    def is_met(self, measured: MetricValues) -> bool:
        """Return whether 95 % intervals lie within all expectations.

        Runs from which nothing follows meet nothing.
        """
        if measured.no_verdict:
            return False
        verdicts = (one.verdict(measured.subject) for one in self.expectations)
        return all(verdict.truth == "holds" for verdict in verdicts)

    def is_met_on_average(self, measured: MetricValues) -> bool:
        """Return whether the means meet all expectations."""
        for expected in self.expectations:
            for statement in expected.that.statements:
                mean = measured.subject(statement).point
                if mean is None or statement.truth(mean, mean) != "holds":
                    return False
        return True


def goal_of(scenario: Scenario, measured: MetricValues, *, needed: int = 0) -> Goal:
    """Return the expectations that a scenario misses, or the usual goal.

    The usual goal is that no request gets an error, and that the origin gets at most a
    tenth of its calls, or as many as are needed if these are more. If it gets no more
    than these already, and there are errors, the goal is that there are none.

    Args:
        scenario: The incident.
        measured: What it measures.
        needed: Calls of one run that no sharing can spare; see `needed_calls`.
    """
    missed = tuple(
        one for one in scenario.expect if one.verdict(measured.subject).truth == "fails"
    )
    if missed:
        return Goal(missed)
    hits = measured.estimate("origin_hits").mean or 0
    fewest = max(round(hits / 10), round(needed * _ROOM_RATIO), 1)
    usual = [f"origin_hits <= {fewest}", "errors == 0"]
    if measured.estimate("errors").mean and hits <= fewest:
        # A map that keeps an error for ever makes too few calls.
        usual = usual[1:]
    goal = Goal(tuple(map(Expectation.model_validate, usual)))
    return Goal(goal.expectations, is_met_already=goal.is_met(measured))


def needed_calls(outcomes: Outcomes) -> int:
    """Return how many calls of a run no sharing of fetches could avoid.

    They are calls of requests that arrive while no fetch of their key is in flight. As
    only answers can be shared, calls that fail do not count.
    """
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    brought = np.flatnonzero(calls.status < 400)
    order = brought[np.lexsort((calls.called_at_ns[brought], calls.key[brought]))]
    arrived_at_ns = rows.arrived_at_ns[np.searchsorted(rows.request, calls.request)]
    arrived_at_ns = np.where(calls.request < 0, calls.called_at_ns, arrived_at_ns)
    starts = np.flatnonzero(np.diff(calls.key[order], prepend=-1))
    needed = len(starts)
    for one in np.split(order, starts[1:]):
        until_ns = np.maximum.accumulate(calls.completed_at_ns[one])
        needed += int(np.count_nonzero(arrived_at_ns[one][1:] >= until_ns[:-1]))
    return needed
