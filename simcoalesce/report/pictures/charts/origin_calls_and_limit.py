"""Calls of the origin against what its limit allows: why 429, and when?"""

from typing import Any, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.outcomes import OriginRows, Outcomes
from simcoalesce.report.blocks.number_format import count
from simcoalesce.report.pictures.allowance import allowed_so_far
from simcoalesce.report.pictures.chart import Chart, headline
from simcoalesce.report.pictures.chart_context import (
    ChartContext,
    clock_text,
    limit_text,
    rate_limits,
)
from simcoalesce.report.pictures.headline import origin_headline, subtitle
from simcoalesce.report.pictures.outcome_class import PAINTS, OutcomeClass
from simcoalesce.report.pictures.time_axis import TimeAxis
from simcoalesce.report.pictures.viewport import Viewport, first_refusals, whole_run

_MOST_POINTS: Final = 400
_MOST_CROSSES: Final = 400
_IN_SIGHT: Final = 4
_ACCEPTED: Final = PAINTS[OutcomeClass.LEADER]
_REFUSED: Final = PAINTS[OutcomeClass.REFUSED]


class OriginCallsAndLimit(Chart):
    """Calls so far against calls allowed so far; every refusal is a cross."""

    question: ClassVar[str] = "How many calls does the origin get, and how many may it?"

    kind: Literal["origin_calls_and_limit"] = "origin_calls_and_limit"

    @override
    def is_possible(self, outcomes: Outcomes) -> bool:
        return len(outcomes.origin_rows.request) > 0

    @override
    def draw(self, outcomes: Outcomes, setting: ChartContext | None, ax: Any) -> None:
        view = whole_run(outcomes)
        _panel(ax, outcomes, setting, view)
        headline(
            ax, origin_headline(outcomes, setting), subtitle(outcomes, view, setting)
        )
        near = first_refusals(outcomes)
        if near is not None:
            below = ax.inset_axes((0, -0.88, 1, 0.62))
            _panel(below, outcomes, setting, near)
            at = clock_text(setting, near.zero_ns)
            below.set_title(
                f"The same, where the refusals begin: at {at}",
                loc="left",
                fontsize=9,
            )


def _panel(
    ax: Any, outcomes: Outcomes, setting: ChartContext | None, view: Viewport
) -> None:
    calls, axis = outcomes.origin_rows, TimeAxis.of(view, setting)
    axis.apply(ax)
    ax.set_ylabel("calls since then" if view.is_zoomed else "calls so far")
    # A zoomed panel counts anew, so that its axis, too, begins at zero.
    before = int(np.count_nonzero(calls.called_at_ns < view.start_ns))
    seen = int(np.count_nonzero(calls.called_at_ns < view.end_ns)) - before
    _calls(ax, calls, axis, before)
    allowed = _limit(ax, calls, setting, axis, before=before, seen=seen)
    _crosses(ax, calls, axis, before)
    ax.set_ylim(0, 1.08 * max(seen, allowed, 1))
    ax.yaxis.get_major_locator().set_params(integer=True)
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:,.0f}")


def _calls(ax: Any, calls: OriginRows, axis: TimeAxis, before: int) -> None:
    """Draw calls received as a line, and accepted ones as an area below it."""
    order = np.argsort(calls.called_at_ns, kind="stable")
    is_accepted = calls.status[order] != 429
    at_ns, view = calls.called_at_ns[order], axis.view
    picked = _picked(at_ns, view)
    x = axis.at(np.concatenate([[view.start_ns], at_ns[picked], [view.end_ns]]))
    total = _stepped(picked + 1 - before)
    taken = _stepped(np.cumsum(is_accepted[before:])[picked - before])
    ax.fill_between(
        x,
        taken,
        step="post",
        color=_ACCEPTED.colour,
        alpha=0.45,
        linewidth=0,
        label=f"accepted  {count(int(np.count_nonzero(is_accepted)))}",
    )
    if not is_accepted.all():
        ax.fill_between(
            x, taken, total, step="post", color=_REFUSED.colour, alpha=0.18, linewidth=0
        )
    ax.step(
        x,
        total,
        where="post",
        color=_ACCEPTED.edge,
        linewidth=1.5,
        label=f"calls received  {count(len(order))}",
    )


def _picked(at_ns: NDArray[np.int64], view: Viewport) -> NDArray[np.int64]:
    """Return the places of the calls in a view, evenly thinned if they are many."""
    inside = np.flatnonzero((at_ns >= view.start_ns) & (at_ns < view.end_ns))
    number = min(len(inside), _MOST_POINTS)
    return inside[np.linspace(0, max(len(inside) - 1, 0), number).astype(np.int64)]


def _stepped(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return counts with the zero before the first call, and the last to the end."""
    return np.concatenate([[0], counts, counts[-1:] if len(counts) else [0]])


def _limit(
    ax: Any,
    calls: OriginRows,
    setting: ChartContext | None,
    axis: TimeAxis,
    *,
    before: int,
    seen: int,
) -> float:
    """Draw what the limits allow; return its highest value that belongs in sight."""
    limits, view = rate_limits(setting), axis.view
    allowed = allowed_so_far(calls, limits, view.start_ns, view.end_ns)
    if allowed is None:
        return 0.0
    instants_ns, most = allowed
    most = most - before
    most = np.where(most <= _IN_SIGHT * seen + 10, most, np.nan)
    is_far = bool(np.isnan(most).all())
    named = " and ".join(limit_text(limit) for limit in limits)
    ax.step(
        axis.at(instants_ns),
        most,
        where="post",
        color="#222222",
        linewidth=1.2,
        linestyle=(0, (5, 2)),
        label=f"allowed: {named}{' (far above)' if is_far else ''}",
    )
    return 0.0 if is_far else float(np.nanmax(most))


def _crosses(ax: Any, calls: OriginRows, axis: TimeAxis, before: int) -> None:
    """Mark each refused call at its place among all calls."""
    order, view = np.argsort(calls.called_at_ns, kind="stable"), axis.view
    place = np.flatnonzero(calls.status[order] == 429)
    at_ns = calls.called_at_ns[order[place]]
    is_inside = (at_ns >= view.start_ns) & (at_ns < view.end_ns)
    place, at_ns = place[is_inside], at_ns[is_inside]
    if not len(place):
        return
    every = -(-len(place) // _MOST_CROSSES)
    thinned = "" if every == 1 else f", one cross for {every}"
    ax.plot(
        axis.at(at_ns[::every]),
        place[::every] + 1 - before,
        "x",
        color=_REFUSED.colour,
        markersize=5,
        markeredgewidth=1.1,
        clip_on=False,
        label=f"refused (429)  {count(len(place))}{thinned}",
    )
