"""What a report shows of a sweep: one metric, what is wanted, and where we are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcoalesce.metrics import METRICS
from simcoalesce.metrics.claim import Claim
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
    goal: Claim | None = None

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
        known = self.estimate(place)
        if self.goal is None or known is None or known.mean is None or known.reason:
            return False
        low = known.mean if known.low is None else known.low
        high = known.mean if known.high is None else known.high
        return self.goal.truth(low, high) == "holds"

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


def view(sweep: "Sweep", metric: str | None, goal: Claim | None) -> SweepView:
    """Return a sweep as a report shows it.

    Args:
        sweep: The sweep.
        metric: Which one; the goal's, else origin_hits, if absent.
        goal: What is wanted; if absent, the first thing that the scenario expects of
            the metric.
    """
    name = metric or (goal.metric if goal else "origin_hits")
    if goal is None or goal.metric != name:
        goal = _expected(sweep.plan.scenario, name)
    return SweepView(sweep, name, goal)


def _expected(scenario: "Scenario", metric: str) -> Claim | None:
    claims: Sequence[Claim] = [one.that for one in scenario.expect]
    return next((claim for claim in claims if claim.metric == metric), None)
