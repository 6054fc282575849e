"""What a report shows of a sweep: one metric, what is wanted, and where we are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcoalesce.conditions.condition import Condition
from simcoalesce.experiment.solve import evaluation_of
from simcoalesce.metrics import METRICS
from simcoalesce.report.blocks.estimate_text import value_text

if TYPE_CHECKING:
    from simcoalesce.conditions.estimate import Estimate
    from simcoalesce.experiment.sweeps.sweep import Sweep, SweepPlan
    from simcoalesce.scenario.axis import Axis
    from simcoalesce.scenario.scenario import Scenario


@dataclass(frozen=True)
class SweepView:
    """A sweep, seen from one metric.

    Attributes:
        sweep: The sweep.
        metric: The metric's name.
        goal: What is wanted of it; None if nothing is.
    """

    sweep: "Sweep"
    metric: str
    goal: Condition | None = None

    @property
    def plan(self) -> "SweepPlan":
        """What was to be simulated."""
        return self.sweep.plan

    @property
    def indices(self) -> range:
        """The index of each point."""
        return range(len(self.plan.points))

    @property
    def is_grid(self) -> bool:
        """Whether it is a grid of two parameters, which a map can show."""
        return len(self.plan.axes) == 2 and self.plan.sample == "grid"

    def estimate(self, index: int) -> "Estimate | None":
        """Return the metric at a point; None if it failed or is not done."""
        point = self.sweep.points[index]
        return point.estimate(self.metric) if point else None

    def mean(self, index: int) -> float | None:
        """Return the mean of the metric at a point; None if there is none."""
        known = self.estimate(index)
        return known.mean if known else None

    def value(self, value: float) -> str:
        """Write a value of the metric in its unit."""
        return value_text(value, METRICS[self.metric].unit)

    def text(self, index: int) -> str:
        """Return the metric at a point as people read it: ✗ failed, · not done."""
        mean = self.mean(index)
        if mean is not None:
            return self.value(mean)
        if self.estimate(index) is not None:
            return "-"
        point = self.sweep.points[index]
        return "✗" if point and point.failure else "·"

    def meets_goal(self, index: int) -> bool:
        """Whether the whole 95 % interval at a point is what is wanted."""
        point = self.sweep.points[index]
        if self.goal is None or point is None or point.measured is None:
            return False
        return evaluation_of(self.goal, point.measured).truth == "holds"

    @property
    def limits(self) -> list[float]:
        """What the goal compares the metric with."""
        statements = self.goal.statements if self.goal else ()
        return [one.limit for one in statements if one.subject.metric == self.metric]

    def is_baseline(self, index: int) -> bool:
        """Whether a point is what the scenario says now."""
        values = zip(
            self.plan.axes, self.plan.points[index], self.plan.baseline, strict=True
        )
        return all(
            now is not None and (value == now or _is_equal(axis, value, now))
            for axis, value, now in values
        )


def _is_equal(axis: "Axis", value: str, now: str) -> bool:
    number = axis.number(value)
    return number is not None and number == axis.number(now)


def view(sweep: "Sweep", metric: str | None, goal: Condition | None) -> SweepView:
    """Return a sweep as a report shows it.

    Args:
        sweep: The sweep.
        metric: Which one; the goal's, else origin_hits, if absent.
        goal: What is wanted; if absent, the first thing that the scenario expects of
            the metric.
    """
    name = metric or (goal.names[0] if goal else "origin_hits")
    if goal is None or name not in goal.names:
        goal = _expected(sweep.plan.scenario, name)
    return SweepView(sweep, name, goal)


def _expected(scenario: "Scenario", metric: str) -> Condition | None:
    goals = (one.that for one in scenario.expect)
    return next((goal for goal in goals if metric in goal.names), None)
