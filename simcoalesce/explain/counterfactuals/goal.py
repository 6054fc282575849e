"""The goal: what a remedy has to achieve."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor
from typing import Final

import numpy as np

from simcoalesce.conditions.statement import Statement
from simcoalesce.conditions.truth import Truth, conjunction
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.explain.origin_facts import origins
from simcoalesce.metrics.expectation import Expectation
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario

ROOM_RATIO: Final = 1.05
"""The usual goal allows so many times the calls that one run needs."""

_FAR: Final = 1e9
"""What never happens misses a statement by so many times its limit."""


@dataclass(frozen=True)
class Goal:
    """Expectations that a remedy has to meet.

    Attributes:
        expectations: What a remedy must meet, all of it.
        is_met_already: Whether the incident meets it without a remedy.
        needed: Calls of one run that no sharing of fetches could spare.
    """

    expectations: tuple[Expectation, ...]
    is_met_already: bool = False
    needed: int = 0

    @property
    def statements(self) -> Iterator[Statement]:
        """Every statement of the expectations."""
        for one in self.expectations:
            yield from one.that.statements

    def truth(self, measured: MetricValues) -> Truth:
        """Return whether 95 % intervals lie within all expectations.

        Undecided if one of them straddles its limit, or nothing follows from the runs.
        """
        if measured.no_verdict:
            return "undecided"
        return conjunction(
            one.verdict(measured.subject).truth for one in self.expectations
        )

    def is_met(self, measured: MetricValues) -> bool:
        """Return whether 95 % intervals lie within all expectations."""
        return self.truth(measured) == "holds"

    def is_met_on_average(self, measured: MetricValues) -> bool:
        """Return whether the means meet all expectations."""
        for statement in self.statements:
            mean = measured.subject(statement).point
            if mean is None or statement.truth(mean, mean) != "holds":
                return False
        return True

    def missed_by(self, measured: MetricValues) -> tuple[float, ...]:
        """Return by how much the means miss each statement; 0 if they do not.

        As a share of its limit, if that is not 0; what is not known misses all of it.
        """
        missed = []
        for statement in self.statements:
            mean = measured.subject(statement).point
            if mean is None:
                missed.append(1.0)
            elif statement.truth(mean, mean) == "holds":
                missed.append(0.0)
            else:
                far = abs(mean - statement.limit) / (abs(statement.limit) or 1.0)
                missed.append(min(far, _FAR))
        return tuple(missed)


def goal_of(scenario: Scenario, measured: MetricValues, *, needed: int = 0) -> Goal:
    """Return the expectations that a scenario misses, or the usual goal.

    What it misses for certain is the goal, warnings too; or else what its runs do not
    decide. An expectation that the parameters reproduce a report is none, and neither
    is an observation.

    The usual goal is that no request gets an error, and that the origin gets at most a
    tenth of its calls, or as many as are needed if these are more. If there are errors
    that no call too many makes, the goal is that there are none: the origin gets no
    more than these calls already, or it has faults and refuses nothing.

    Args:
        scenario: The incident.
        measured: What it measures.
        needed: Calls of one run that no sharing can spare; see `needed_calls`.
    """
    missed = _missed(scenario, measured, "fails")
    missed = missed or _missed(scenario, measured, "undecided")
    if missed:
        return Goal(missed, needed=needed)
    hits = measured.estimate("origin_hits").mean or 0
    fewest = max(round(hits / 10), allowed_calls(needed), 1)
    usual = [f"origin_hits <= {fewest}", "errors == 0"]
    # A map that keeps an error for ever makes too few calls.
    is_by_few = hits <= fewest or _is_faulty(scenario, measured)
    if measured.estimate("errors").mean and is_by_few:
        usual = usual[1:]
    goal = Goal(tuple(map(Expectation.model_validate, usual)))
    return Goal(goal.expectations, goal.is_met(measured), needed)


def _is_faulty(scenario: Scenario, measured: MetricValues) -> bool:
    """Say whether calls of the origin fail, and by its faults and no limit of it."""
    has_faults = any(getattr(one, "faults", ()) for one in origins(scenario))
    failed, refused = (
        measured.estimate(name).mean for name in ("origin_failed", "origin_rejected")
    )
    return has_faults and bool(failed) and not refused


def allowed_calls(needed: int) -> int:
    """Return how many calls the usual goal allows where so many are needed.

    >>> allowed_calls(1), allowed_calls(10)
    (1, 11)
    """
    return floor(needed * ROOM_RATIO + 0.5)


def _missed(
    scenario: Scenario, measured: MetricValues, truth: Truth
) -> tuple[Expectation, ...]:
    """Return the expectations of which a truth is known; no number may be missing."""
    if truth == "undecided" and measured.no_verdict:
        return ()
    verdicts = (
        one.verdict(measured.subject) for one in scenario.expect if not one.reproduces
    )
    return tuple(
        one.expectation
        for one in verdicts
        if one.truth == truth and (truth == "fails" or not one.evaluation.known.reason)
    )


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
