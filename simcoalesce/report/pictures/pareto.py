"""The points of a sweep by two metrics: which ones are not dominated?"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from typing_extensions import override

from simcoalesce.experiment.sweeps.pareto import ParetoFront, ParetoPoint, ParetoVerdict
from simcoalesce.metrics import metric_of
from simcoalesce.report.blocks.estimate_text import value_text
from simcoalesce.report.blocks.number_format import counted, listed
from simcoalesce.report.blocks.pareto import listed_points, pareto_sentence
from simcoalesce.report.blocks.sweep_view import SweepView
from simcoalesce.report.drawing.axes import empty
from simcoalesce.report.drawing.paint import FAINT, INK
from simcoalesce.report.panels.chart_view import number_axis
from simcoalesce.report.picture import Picture

_COLOUR: Final = "#c96a3b"
_LOOKS: Final[Mapping[ParetoVerdict, tuple[str, Mapping[str, Any]]]] = {
    "dominated": ("dominated by another", {"marker": "x", "color": "#9a9a9a"}),
    "undecided": (
        "undecided",
        {"marker": "o", "facecolors": "white", "edgecolors": _COLOUR},
    ),
    "front": ("dominated by none", {"marker": "o", "color": _COLOUR}),
}
_POINTS: Final[Mapping[ParetoVerdict, Mapping[str, str]]] = {
    "dominated": {"name": "dominated", "colour": "#9a9a9a", "edge": "#6a6a6a"},
    "undecided": {"name": "undecided", "colour": "#f0cdb4", "edge": _COLOUR},
    "front": {"name": "front", "colour": _COLOUR, "edge": "#8c3d00"},
}
_MOST_NAMED: Final = 12
_MOST_NUMBERS: Final = 4
_NAME_CHARACTERS: Final = 24


class Pareto(Picture):
    """A marker for each point; a line joins those that no other dominates.

    Of more than two metrics it shows the first two; a point may be on the front by
    the others.
    """

    subject: ClassVar[type] = ParetoFront
    axes_inches: ClassVar[tuple[float, float]] = (6.9, 4.0)

    @override
    def headline(self, subject: ParetoFront) -> str:
        return pareto_sentence(subject).removesuffix(".")

    @override
    def subtitle(self, subject: ParetoFront) -> str:
        plan = subject.sweep.plan
        runs = counted(plan.replications, "run")
        parts = [f"{plan.scenario.label}: means of {runs} at each point"]
        parts.append("a number alone is that in the table")
        if subject.not_comparable:
            parts.append(f"{listed([*subject.not_comparable])} not comparable")
        if len(subject.metrics) > 2:
            parts.append(f"{len(subject.metrics)} metrics, of which two are shown")
        return " · ".join(parts)

    @override
    def series(self, subject: ParetoFront) -> Sequence[Mapping[str, Any]]:
        points = sorted(subject.points, key=lambda one: _at(subject, one))
        if not points:
            return ()
        across, up = subject.metrics[:2]
        x = [_at(subject, one)[0] for one in points]
        panel = {
            "title": f"{up} by {across}",
            "unit": metric_of(up).unit,
            "x": x,
            "at": [_named(subject, one) for one in points],
            "points": [
                {
                    **look,
                    "label": _LOOKS[verdict][0],
                    "values": [_if(subject, one, verdict) for one in points],
                }
                for verdict, look in _POINTS.items()
                if any(one.verdict == verdict for one in points)
            ],
            "high": max(_at(subject, one)[1] for one in points),
            "summary": pareto_sentence(subject),
        }
        axis = number_axis(x, metric_of(across).unit)
        return [{"name": "", "panel": panel, "view": axis}]

    @override
    def draw(self, subject: ParetoFront, ax: Any) -> None:
        if not subject.points:
            empty(ax, "no point has these numbers")
            return
        for verdict, (label, style) in _LOOKS.items():
            at = [_at(subject, one) for one in subject.points if one.verdict == verdict]
            if at:
                ax.scatter(*zip(*at, strict=True), s=34, label=label, zorder=3, **style)
        _front(subject, ax)
        _now(subject, ax)
        ax.grid(visible=True, axis="both")
        _axes(subject, ax)


def _named(front: ParetoFront, one: ParetoPoint) -> str:
    """Return the values of a point, and where it lies across."""
    across = front.metrics[0]
    mean = value_text(_at(front, one)[0], metric_of(across).unit)
    return f"{', '.join(front.sweep.plan.points[one.index])}: {across} {mean}"


def _if(front: ParetoFront, one: ParetoPoint, verdict: ParetoVerdict) -> float | None:
    return _at(front, one)[1] if one.verdict == verdict else None


def _at(front: ParetoFront, one: ParetoPoint) -> tuple[float, float]:
    across, up = front.metrics[:2]
    return front.mean(one.index, across), front.mean(one.index, up)


def _on_front(front: ParetoFront) -> Sequence[ParetoPoint]:
    certain = [one for one in front.points if one.verdict == "front"]
    return sorted(certain, key=lambda one: _at(front, one))


def _front(front: ParetoFront, ax: Any) -> None:
    found = _on_front(front)
    if len(front.metrics) == 2:
        line = [_at(front, one) for one in found]
        ax.plot(*zip(*line, strict=True), color=_COLOUR, linewidth=1.4, zorder=2)
    for at, names in _names(front).items():
        style = {"fontsize": 8, "color": FAINT}
        ax.annotate(names, at, (6, 5), textcoords="offset points", **style)


def _names(front: ParetoFront) -> Mapping[tuple[float, float], str]:
    """Return what stands beside points: their values, or if long their numbers."""
    numbers: dict[tuple[float, float], list[int]] = {}
    listed = listed_points(front)
    for number, one in enumerate(listed, start=1):
        numbers.setdefault(_at(front, one), []).append(number)
    names = {}
    for at, found in numbers.items():
        name = ", ".join(front.sweep.plan.points[listed[found[0] - 1].index])
        is_short = len(found) == 1 and len(name) <= _NAME_CHARACTERS
        some = ", ".join(map(str, found[:_MOST_NUMBERS]))
        rest = ", …" if len(found) > _MOST_NUMBERS else ""
        names[at] = name if is_short and len(numbers) <= _MOST_NAMED else some + rest
    return names


def _now(front: ParetoFront, ax: Any) -> None:
    seen = SweepView(front.sweep, front.metrics[0])
    for one in front.points:
        if seen.is_baseline(one.index):
            x, y = _at(front, one)
            label = "the scenario as it is"
            style = {"facecolors": "none", "edgecolors": INK, "linewidths": 1.4}
            ax.scatter([x], [y], s=110, marker="D", label=label, zorder=4, **style)


def _axes(front: ParetoFront, ax: Any) -> None:
    for axis, metric in zip((ax.xaxis, ax.yaxis), front.metrics, strict=False):
        unit = metric_of(metric).unit
        axis.set_major_formatter(lambda value, _, unit=unit: value_text(value, unit))
        axis.set_label_text(metric)
    ax.margins(0.08)
