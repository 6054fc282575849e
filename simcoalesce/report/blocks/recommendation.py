"""What meets the goal: what it takes, costs and does under double the traffic."""

from collections.abc import Iterator, Sequence

from simcoalesce.explain.counterfactuals.floor import Floor
from simcoalesce.explain.counterfactuals.recommendation import Doubled, Recommended
from simcoalesce.explain.counterfactuals.threshold import Threshold
from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.estimate_text import value_text
from simcoalesce.report.blocks.number_format import (
    count,
    counted,
    listed,
    spaced_units,
)
from simcoalesce.report.blocks.report import Block, Toned

_HEADER = (
    "change",
    "effort",
    "origin calls",
    "p99",
    "a month",
    "under double the traffic",
)
_MONTH = _HEADER.index("a month")


def recommendation_blocks(explanation: Explanation) -> Iterator[Block]:
    """Yield what meets the goal, and how far each remedy must go for that."""
    if explanation.recommended:
        yield _recommended(explanation)
    if explanation.thresholds:
        yield _thresholds(explanation.thresholds)


def _thresholds(points: Sequence[Threshold]) -> Block:
    """Return a row for each that is met, and a sentence on all others."""
    met = [one for one in points if one.meets is not None]
    missed = [
        f"{one.label} ({spaced_units(one.strongest)}: {_calls(one.origin_hits)})"
        for one in points
        if one.meets is None
    ]
    return Block(
        "Thresholds: the weakest setting that meets the goal",
        header=("change", "setting", "verdict") if met else (),
        rows=[(one.label, threshold_text(one), one.verdict or "") for one in met],
        notes=[f"Out of reach at any setting: {'; '.join(missed)}."] if missed else (),
    )


def _recommended(explanation: Explanation) -> Block:
    has_month = explanation.base["cost_month_usd"].mean is not None
    shown = [place for place in range(len(_HEADER)) if has_month or place != _MONTH]
    rows = [_row(one) for one in explanation.recommended]
    return Block(
        "What meets the goal",
        header=[_HEADER[place] for place in shown],
        rows=[[row[place] for place in shown] for row in rows],
        numbers=[shown.index(place) for place in (2, 3, _MONTH) if place in shown],
        notes=(
            "By effort (setting, code, component), then by the bill, then by calls.",
            *(
                f"{one.label}: {one.warning}."
                for one in explanation.recommended
                if one.warning
            ),
        ),
    )


def _row(one: Recommended) -> Sequence[str]:
    metrics = one.metrics
    bill, p99 = metrics["cost_month_usd"], metrics["latency_p99_s"]
    return (
        name_of(one),
        one.effort,
        count(metrics["origin_hits"].mean or 0.0),
        "-" if p99.mean is None else value_text(p99.mean, p99.unit),
        "-" if bill.mean is None else value_text(bill.mean, bill.unit),
        "" if one.doubled is None else _doubled(one.doubled),
    )


def name_of(one: Recommended) -> str:
    """Return what a change is called, with its setting where that is not the usual."""
    if one.is_at_threshold:
        return f"{one.label} ({spaced_units(one.setting)})"
    return one.label


def _doubled(known: Doubled) -> str:
    if known.verdict == "fixes":
        return Toned("meets it too", "good")
    calls = counted(known.metrics["origin_hits"].mean or 0.0, "call")
    errors = counted(known.metrics["errors"].mean or 0.0, "error")
    return Toned(f"{known.verdict}: {calls}, {errors}", "warn")


def what_to_do(explanation: Explanation) -> str:
    """Return what meets the goal, or that nothing does, in a sentence or two."""
    if explanation.goal.is_met_already:
        goal = listed([str(one) for one in explanation.goal.expectations])
        return (
            f"Nothing: the incident meets the goal as it is ({goal}). If something else"
            " hurt, state it in expect:, e.g. latency_p99_s <= 500ms; then that is the"
            " goal."
        )
    named = [name_of(one) for one in explanation.recommended]
    if not named:
        return f"Nothing that was tried meets the goal. {floor_text(explanation.floor)}"
    if explanation.recommended[0].verdict == "hides":
        hiding = "; ".join(named)
        return f"Nothing fixes it. The origin may carry it instead: {hiding}."
    if explanation.combinations:
        together = "; ".join(named)
        return f"No single change meets the goal. Together these do: {together}."
    return f"One of these meets the goal: {'; '.join(named)}."


def floor_text(floor: Floor) -> str:
    """Return what even a perfect cache leaves, against the limit of the origin."""
    calls = counted(floor.calls, "call")
    told = f"Even a perfect cache leaves {calls}"
    if not floor.limit:
        return f"{told}."
    if not floor.refused:
        them = "it" if floor.calls == 1 else "them"
        return f"{told}, and the origin takes {them} ({floor.limit})."
    return f"{told}, and the origin takes {count(floor.taken)} ({floor.limit})."


def threshold_text(point: Threshold) -> str:
    """Return the weakest setting of a remedy that meets the goal."""
    meets = spaced_units(point.meets or point.strongest)
    if point.fails is None:
        return meets
    return f"{meets}, not with {spaced_units(point.fails)}"


def _calls(number: float) -> str:
    return counted(number, "call")
