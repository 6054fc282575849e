"""One thin line for each request, coloured by phase: what did each one wait for?"""

from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.report.blocks.number_format import count, counted, duration, listed
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.drawing.axes import count_axis
from simcoalesce.report.drawing.paint import INK, PAINTS, Paint, phase_paints
from simcoalesce.report.drawing.time_axis import TimeAxis
from simcoalesce.report.picture import Picture
from simcoalesce.report.rows.outcome_class import OutcomeClass, outcome_classes
from simcoalesce.report.rows.phases import Phase, Segments, segments
from simcoalesce.report.rows.viewport import Viewport, longest_wait

_MOST_LANES: Final = 2_000
_SAMPLE: Final = 800
_MOST_CALLERS: Final = 200
_FEW: Final = 20
_HEIGHT_POINTS: Final = 350
_GROUPS: Final = {
    OutcomeClass.LEADER: "fetch",
    OutcomeClass.FOLLOWER: "follower",
    OutcomeClass.HIT: "cache hit",
    OutcomeClass.STALE: "stale hit",
    OutcomeClass.REFUSED: "refusal",
    OutcomeClass.FAILED: "failure",
}


class Swimlane(Picture):
    """Requests from top to bottom by arrival, time from left to right."""

    subject: ClassVar[type] = RunView
    axes_inches: ClassVar[tuple[float, float]] = (8.64, 4.9)

    @override
    def is_possible(self, subject: RunView) -> bool:
        return len(subject.outcomes.request_rows.request) > 0

    @override
    def headline(self, subject: RunView) -> str:
        rows, shown = subject.outcomes.request_rows, _viewport(subject).shown
        classes, latency_ns = outcome_classes(rows)[shown], rows.latency_ns[shown]
        told = []
        for kind, name in _GROUPS.items():
            of_kind = latency_ns[classes == kind]
            if len(of_kind):
                middle = duration(float(np.median(of_kind)) / 1e9)
                told.append(f"{middle} for {counted(len(of_kind), name)}")
        return f"Median wait {listed(told)}"

    @override
    def subtitle(self, subject: RunView) -> str:
        viewport = _viewport(subject)
        told, lanes = subject.subtitle(viewport), len(_lanes(subject, viewport))
        if lanes == len(viewport.shown):
            return told
        of = count(len(viewport.shown))
        return f"{told} · a sample of {count(lanes)} of {of} requests"

    @override
    def draw(self, subject: RunView, ax: Any) -> None:
        viewport = _viewport(subject)
        lanes, axis = _lanes(subject, viewport), TimeAxis.of(subject, viewport)
        axis.apply(ax)
        drawn = segments(subject.outcomes, lanes)
        for phase, paint in phase_paints(subject.scenario).items():
            _lines(ax, drawn, len(lanes), axis, phase, paint)
        _errors(ax, subject, lanes, axis)
        ax.set_ylim(1.006 * len(lanes), -0.006 * len(lanes))
        ax.set_ylabel("requests in order of arrival")
        count_axis(ax.yaxis)
        ax.grid(visible=False)


def _viewport(run: RunView) -> Viewport:
    is_one_key = run.stampede.is_zoomed and run.stampede.window is not None
    return run.stampede if is_one_key else longest_wait(run.outcomes)


def _lanes(run: RunView, viewport: Viewport) -> NDArray[np.int64]:
    """Return the rows to draw: all, or an even sample.

    The longest wait is always drawn, and so are those that fetched if they are few.
    """
    shown = viewport.shown
    if len(shown) <= _MOST_LANES:
        return shown
    rows, calls = run.outcomes.request_rows, run.outcomes.origin_rows
    even = shown[np.linspace(0, len(shown) - 1, _SAMPLE).astype(np.int64)]
    called = shown[np.isin(rows.request[shown], calls.request[viewport.calls])]
    longest = shown[[np.argmax(rows.latency_ns[shown])]]
    few = called if len(called) <= _MOST_CALLERS else longest
    return np.union1d(np.union1d(even, longest), few)


def _lines(
    ax: Any, drawn: Segments, lanes: int, axis: TimeAxis, phase: Phase, paint: Paint
) -> None:
    """Draw what the requests spend on one phase."""
    is_phase = drawn.phase == phase
    if not is_phase.any():
        return
    pitch = _HEIGHT_POINTS / max(lanes, 1)
    # Many lines overlap a little, or the gaps between them would make a pattern.
    width = min(0.75 * pitch, 12.0) if pitch > 2 else 1.15 * pitch
    lane = drawn.lane[is_phase] + 0.5
    gap = np.full(len(lane), np.nan)
    # One path with gaps: a tenth of the size of a line for each request.
    start, end = axis.at([drawn.start_ns[is_phase], drawn.end_ns[is_phase]])
    x, y = np.stack([start, end, gap]), np.stack([lane, lane, gap])
    # A few lines are seen among hundreds.
    seen = max(width, 1.8) if len(lane) <= _FEW else width
    ax.plot(x.T.ravel(), y.T.ravel(), color=paint.colour, linewidth=seen)
    ax.plot([], [], color=paint.colour, linewidth=6, label=paint.label)


def _errors(ax: Any, run: RunView, lanes: NDArray[np.int64], axis: TimeAxis) -> None:
    """End the line of a request that got an error with a mark."""
    rows = run.outcomes.request_rows
    classes = outcome_classes(rows)[lanes]
    marks = (
        (OutcomeClass.REFUSED, "x", PAINTS[OutcomeClass.REFUSED].edge),
        (
            OutcomeClass.FAILED,
            "+",
            INK,
        ),
    )
    for kind, marker, colour in marks:
        lane = np.flatnonzero(classes == kind)
        if len(lane):
            ax.plot(
                axis.at(rows.completed_at_ns[lanes[lane]]),
                lane + 0.5,
                marker,
                color=colour,
                markersize=3.5,
                markeredgewidth=0.8,
                label=PAINTS[kind].label,
            )
