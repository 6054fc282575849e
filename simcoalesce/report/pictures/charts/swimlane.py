"""One thin line for each request, coloured by phase: what did each one wait for?"""

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Literal

import numpy as np
from typing_extensions import override

from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.number_format import count
from simcoalesce.report.pictures.chart import Chart, headline
from simcoalesce.report.pictures.chart_context import ChartContext
from simcoalesce.report.pictures.headline import subtitle, wait_headline
from simcoalesce.report.pictures.outcome_class import (
    PAINTS,
    OutcomeClass,
    Paint,
    outcome_classes,
)
from simcoalesce.report.pictures.phases import Phase, Segments, phase_paints, segments
from simcoalesce.report.pictures.time_axis import TimeAxis
from simcoalesce.report.pictures.viewport import (
    Viewport,
    largest_stampede,
    longest_wait,
)

_MOST_LANES: Final = 2_000
_SAMPLE: Final = 800
_MOST_CALLERS: Final = 200
_FEW: Final = 20
_HEIGHT_POINTS: Final = 350


class Swimlane(Chart):
    """Requests from top to bottom by arrival, time from left to right."""

    question: ClassVar[str] = "What did each request wait for?"
    size_inches: ClassVar[tuple[float, float]] = (9.6, 7.2)

    kind: Literal["swimlane"] = "swimlane"

    @override
    def draw(self, outcomes: Outcomes, setting: ChartContext | None, ax: Any) -> None:
        view = largest_stampede(outcomes)
        if not view.is_zoomed:
            view = longest_wait(outcomes)
        lanes = _lanes(outcomes, view)
        said = subtitle(outcomes, view, setting)
        if len(lanes) < len(view.shown):
            of = count(len(view.shown))
            said += f" · a sample of {count(len(lanes))} of {of} requests"
        axis = TimeAxis.of(view, setting)
        axis.apply(ax)
        drawn, paints = segments(outcomes, lanes), phase_paints(setting)
        _lines(ax, drawn, paints, lanes_count=len(lanes), axis=axis)
        _errors(ax, outcomes, lanes, axis)
        ax.set_ylim(1.006 * len(lanes), -0.006 * len(lanes))
        ax.set_ylabel("requests in order of arrival")
        ax.yaxis.get_major_locator().set_params(integer=True)
        ax.yaxis.set_major_formatter(lambda y, _: f"{y:,.0f}")
        ax.grid(visible=False)
        headline(ax, wait_headline(outcomes, view), said)


def _lanes(outcomes: Outcomes, view: Viewport) -> Any:
    """Return the rows to draw: all, or an even sample.

    The longest wait is always drawn, and so are those that fetched if they are few.
    """
    shown = view.shown
    if len(shown) <= _MOST_LANES:
        return shown
    rows = outcomes.request_rows
    even = shown[np.linspace(0, len(shown) - 1, _SAMPLE).astype(np.int64)]
    called = shown[
        np.isin(rows.request[shown], outcomes.origin_rows.request[view.calls])
    ]
    longest = shown[[np.argmax(rows.latency_ns[shown])]]
    few = called if len(called) <= _MOST_CALLERS else longest
    return np.union1d(np.union1d(even, longest), few)


def _lines(
    ax: Any,
    drawn: Segments,
    paints: Mapping[Phase, Paint],
    *,
    lanes_count: int,
    axis: TimeAxis,
) -> None:
    pitch = _HEIGHT_POINTS / max(lanes_count, 1)
    # Many lines overlap a little, or the gaps between them would make a pattern.
    width = min(0.75 * pitch, 12.0) if pitch > 2 else 1.15 * pitch
    for phase in Phase:
        is_phase = drawn.phase == phase
        if not is_phase.any():
            continue
        paint = paints[phase]
        lane = drawn.lane[is_phase] + 0.5
        gap = np.full(len(lane), np.nan)
        # One path with gaps: a tenth of the size of a line for each request.
        x = np.stack(
            [axis.at(drawn.start_ns[is_phase]), axis.at(drawn.end_ns[is_phase]), gap]
        )
        y = np.stack([lane, lane, gap])
        ax.plot(
            x.T.ravel(),
            y.T.ravel(),
            color=paint.colour,
            linewidth=_seen(width, len(lane)),
        )
        ax.plot([], [], color=paint.colour, linewidth=6, label=paint.label)


def _seen(width: float, lines: int) -> float:
    """Return a width at which a few lines are seen among hundreds."""
    return max(width, 1.8) if lines <= _FEW else width


def _errors(ax: Any, outcomes: Outcomes, lanes: Any, axis: TimeAxis) -> None:
    """End the line of a request that got an error with a mark."""
    rows = outcomes.request_rows
    ending = outcome_classes(rows)[lanes]
    for wanted, marker in ((OutcomeClass.REFUSED, "x"), (OutcomeClass.FAILED, "+")):
        place = np.flatnonzero(ending == wanted)
        if len(place):
            ax.plot(
                axis.at(rows.completed_at_ns[lanes[place]]),
                place + 0.5,
                marker,
                color=PAINTS[wanted].edge
                if wanted is OutcomeClass.REFUSED
                else "#222222",
                markersize=3.5,
                markeredgewidth=0.8,
                label=PAINTS[wanted].label,
            )
