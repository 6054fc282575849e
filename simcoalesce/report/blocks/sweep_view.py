"""What a report shows of a sweep: one metric, what is wanted, and where we are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simcoalesce.conditions.condition import Condition
from simcoalesce.experiment.solve import evaluation_of
from simcoalesce.metrics import metric_of
from simcoalesce.report.blocks.estimate_text import value_text
from simcoalesce.report.blocks.number_format import counted

if TYPE_CHECKING:
    from simcoalesce.conditions.estimate import Estimate
    from simcoalesce.conditions.statement import Evaluation
    from simcoalesce.conditions.truth import Truth
    from simcoalesce.experiment.sweeps.sweep import Sweep, SweepPlan
    from simcoalesce.scenario.axis import Axis
    from simcoalesce.scenario.scenario import Scenario


MEETS_GOAL = "▒"
UNDECIDED = "?"
BASELINE = "◆"
"""Marks of a point that meets the goal, or may, and of the scenario as it is."""


@dataclass(frozen=True)
class SweepView:
    """A sweep, seen from one metric.

    Attributes:
        sweep: The sweep.
        metric: The metric's name.
        goal: What is wanted of it; None if nothing is.
        is_expected: Whether the goal is an expectation of the scenario.
    """

    sweep: "Sweep"
    metric: str
    goal: Condition | None = None
    is_expected: bool = False

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
        return value_text(value, metric_of(self.metric).unit)

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
        return self.truth(index) == "holds"

    def truth(self, index: int) -> "Truth | None":
        """Return whether a point meets the goal; None without a goal or numbers."""
        evaluation = self.evaluation(index)
        return evaluation.truth if evaluation else None

    def evaluation(self, index: int) -> "Evaluation | None":
        """Return what decides the goal at a point; None without a goal or numbers."""
        point = self.sweep.points[index]
        if self.goal is None or point is None or point.measured is None:
            return None
        return evaluation_of(self.goal, point.measured)

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
    if goal is not None and name in goal.names:
        return SweepView(sweep, name, goal)
    goal = _expected(sweep.plan.scenario, name)
    return SweepView(sweep, name, goal, is_expected=goal is not None)


def _expected(scenario: "Scenario", metric: str) -> Condition | None:
    goals = (one.that for one in scenario.expect)
    return next((goal for goal in goals if metric in goal.names), None)


def mark(view: SweepView, index: int) -> str:
    """Return the marks of a point."""
    baseline = BASELINE * view.is_baseline(index)
    marks = {"holds": MEETS_GOAL, "undecided": UNDECIDED}
    return f"{baseline}{marks.get(view.truth(index) or '', '')}"


def legend(view: SweepView) -> str:
    """Return what the marks mean that occur."""
    marks = {
        f"{MEETS_GOAL} meets {view.goal}": any(map(view.meets_goal, view.indices)),
        f"{UNDECIDED} undecided{_may_decide(view)}": "undecided"
        in map(view.truth, view.indices),
        f"{BASELINE} the scenario as it is": any(map(view.is_baseline, view.indices)),
        "✗ failed": bool(view.sweep.failed),
        "· not done": not view.sweep.is_complete,
    }
    return " · ".join(text for text, occurs in marks.items() if occurs)


def _may_decide(view: SweepView) -> str:
    """Return what may decide a point, unless nothing follows from such runs."""
    found = [one for one in map(view.evaluation, view.indices) if one]
    is_open = any(one.truth == "undecided" and one.has_verdict for one in found)
    return " (more --reps may decide)" if is_open else ""


def no_verdict_sentence(sweep: "Sweep") -> str:
    """Return at how many points nothing follows from the runs, and why; else empty."""
    without, done = len(sweep.without_verdict), len(sweep.done)
    if not without:
        return ""
    where = "" if without == done else f" at {without:,} of {counted(done, 'point')}"
    return f"No verdict{where}: {sweep.no_verdict}."


def goal_sentence(view: SweepView) -> str:
    """Return how many points meet the goal or may; empty without one."""
    if view.goal is None:
        return ""
    points = counted(len(view.sweep.done), "point")
    so_far = "" if view.sweep.is_complete else " so far"
    truths = [view.truth(index) for index in view.indices]
    number, undecided = truths.count("holds"), truths.count("undecided")
    meet = "meets" if number == 1 else "meet"
    source = " (from expect:)" if view.is_expected else ""
    rest = f", {undecided:,} undecided" if undecided else ""
    told = f"{number:,} of {points}{so_far} {meet} {view.goal}{source}{rest}"
    return f"{told}{_reach(view)}"


def _reach(view: SweepView) -> str:
    """Return how far it reaches that points meet the goal by equal numbers."""
    found = [one for one in map(view.evaluation, view.indices) if one]
    reaches = [one.reach for one in found if one.truth == "holds" and one.reach]
    least = max(reaches, key=lambda one: one.at_most_ratio or 0, default=None)
    if least is None or not least.at_most_ratio:
        return ""
    return f" (otherwise in {least.bound})"


def sweep_sentence(view: SweepView) -> str:
    """Return how many points meet the goal, and where the metric is least and most.

    Where nothing follows from the runs of a point, it says so too.
    """
    said = no_verdict_sentence(view.sweep)
    if len(view.sweep.without_verdict) == len(view.sweep.done) and said:
        return said
    return " ".join(filter(None, (_span_sentence(view), said)))


def _span_sentence(view: SweepView) -> str:
    known = {
        index: mean for index in view.indices if (mean := view.mean(index)) is not None
    }
    if not known:
        return "No point has this number."
    least, most = min(known, key=lambda i: known[i]), max(known, key=lambda i: known[i])
    low, high = view.value(known[least]), view.value(known[most])
    span = f"{view.metric} is {low} at each"
    if known[least] < known[most]:
        where = f"from {low} ({_where(view, least)}) to {high} ({_where(view, most)})"
        span = f"{view.metric} goes {where}"
    told = goal_sentence(view)
    return f"{told}; {span}." if told else f"{span}."


def _where(view: SweepView, index: int) -> str:
    """Return a point by the values in which it is not the scenario as it is."""
    plan = view.plan
    point = plan.points[index]
    texts = zip(plan.overrides(point), point, plan.baseline, strict=True)
    changed = [text for text, value, now in texts if value != now]
    return ", ".join(changed) or "as it is"
