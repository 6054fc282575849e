"""What a report shows of a sweep: one metric, what is wanted, and where we are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcoalesce.conditions.condition import Condition
from simcoalesce.experiment.solve import evaluation_of
from simcoalesce.metrics import METRICS
from simcoalesce.report.blocks.estimate_text import value_text

if TYPE_CHECKING:
    from simcoalesce.experiment.estimate import Estimate
    from simcoalesce.experiment.sweeps.point import SweepPoint
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

    def estimate(self, place: int) -> "Estimate | None":
        """Return the metric at a point; None if it failed or is not done."""
        cell = self.sweep.points[place]
        return cell.estimate(self.metric) if cell else None

    def text(self, place: int) -> str:
        """Return the metric at a point as people read it: ✗ failed, · not done."""
        cell = self.sweep.points[place]
        estimate = self.estimate(place)
        if estimate is None:
            return "✗" if _has_failed(cell) else "·"
        if estimate.mean is None:
            return "-"
        return value_text(estimate.mean, METRICS[self.metric].unit)

    def meets_goal(self, place: int) -> bool:
        """Whether the whole 95 % interval at a point is what is wanted."""
        point = self.sweep.points[place]
        if self.goal is None or point is None or point.measured is None:
            return False
        return evaluation_of(self.goal, point.measured).truth == "holds"

    @property
    def limits(self) -> list[float]:
        """What the goal compares the metric with."""
        statements = self.goal.statements if self.goal else ()
        return [one.limit for one in statements if one.subject.metric == self.metric]

    def is_present(self, place: int) -> bool:
        """Whether a point is what the scenario says now."""
        values = zip(
            self.plan.axes, self.plan.points[place], self.plan.baseline, strict=True
        )
        return all(
            now is not None and (value == now or _is_equal(axis, value, now))
            for axis, value, now in values
        )


def _has_failed(cell: "SweepPoint | None") -> bool:
    return cell is not None and cell.failure is not None


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
