"""A sweep in words: how many points meet the goal, and between what the metric lies."""

from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.sweep_view import SweepView

MEETS_GOAL = "▒"
BASELINE = "◆"
"""Marks of a point that meets the goal, and of the scenario as it is."""


def mark(view: SweepView, index: int) -> str:
    """Return the marks of a point."""
    baseline = BASELINE * view.is_baseline(index)
    return f"{baseline}{MEETS_GOAL * view.meets_goal(index)}"


def legend(view: SweepView) -> str:
    """Return what the marks mean that occur."""
    marks = {
        f"{MEETS_GOAL} meets {view.goal}": any(map(view.meets_goal, view.indices)),
        f"{BASELINE} the scenario as it is": any(map(view.is_baseline, view.indices)),
        "✗ failed": bool(view.sweep.failed),
        "· not done": not view.sweep.is_complete,
    }
    return " · ".join(text for text, occurs in marks.items() if occurs)


def goal_sentence(view: SweepView) -> str:
    """Return how many points meet the goal; empty without one."""
    if view.goal is None:
        return ""
    points = counted(len(view.sweep.done), "point")
    so_far = "" if view.sweep.is_complete else " so far"
    number = sum(map(view.meets_goal, view.indices))
    if not number:
        return f"None of {points}{so_far} meets {view.goal}"
    meet = "meets" if number == 1 else "meet"
    return f"{number:,} of {points}{so_far} {meet} {view.goal}"


def sweep_sentence(view: SweepView) -> str:
    """Return how many points meet the goal, and where the metric is least and most."""
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
    joint = "; " if any(map(view.meets_goal, view.indices)) else ": "
    return f"{told}{joint}{span}." if told else f"{span}."


def _where(view: SweepView, index: int) -> str:
    """Return a point by the values in which it is not the scenario as it is."""
    plan = view.plan
    point = plan.points[index]
    texts = zip(plan.overrides(point), point, plan.baseline, strict=True)
    changed = [text for text, value, now in texts if value != now]
    return ", ".join(changed) or "as it is"
