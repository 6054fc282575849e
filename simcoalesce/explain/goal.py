"""The goal: what a fix has to achieve to be called one."""

from dataclasses import dataclass

from simcoalesce.experiment.measurements import Measurements
from simcoalesce.metrics.expectation import Expectation
from simcoalesce.scenario.scenario import Scenario


@dataclass(frozen=True)
class Goal:
    """Expectations that the incident misses.

    Attributes:
        expectations: What a fix must meet, all of it.
        is_own: Whether the scenario says so; else it is the usual goal.
    """

    expectations: tuple[Expectation, ...]
    is_own: bool

    def is_met(self, measured: Measurements) -> bool:
        """Return whether 95 % intervals lie within all expectations."""
        return all(
            expected.judge(measured.estimate(expected.that.metric)).state == "pass"
            for expected in self.expectations
        )

    def is_met_on_average(self, measured: Measurements) -> bool:
        """Return whether the means meet all expectations."""
        for expected in self.expectations:
            mean = measured.estimate(expected.that.metric).mean
            if mean is None or expected.that.truth(mean, mean) != "holds":
                return False
        return True


def goal_of(scenario: Scenario, measured: Measurements) -> Goal:
    """Return the expectations that a scenario misses, or the usual goal.

    The usual goal is that nobody gets an error, and that the origin gets at most a
    tenth of its calls.

    Args:
        scenario: The incident.
        measured: What it measures.
    """
    missed = tuple(
        expected
        for expected in scenario.expect
        if expected.judge(measured.estimate(expected.that.metric)).state == "fail"
    )
    if missed:
        return Goal(missed, is_own=True)
    tenth = max(round((measured.estimate("origin_hits").mean or 0) / 10), 1)
    usual = (f"origin_hits <= {tenth}", "errors == 0")
    return Goal(tuple(map(Expectation.parse, usual)), is_own=False)
