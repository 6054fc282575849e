"""Calls of the origin against what its limit allows: why 429, and when?"""

from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.model.rate_limits.token_bucket import TokenBucket
from simcoalesce.outcomes import OriginRows
from simcoalesce.report.blocks.number_format import count, counted, share
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.blocks.scenario_text import limit_text, rate_limits
from simcoalesce.report.drawing.axes import bars, count_axis, panels
from simcoalesce.report.drawing.paint import INK, PAINTS
from simcoalesce.report.drawing.time_axis import TimeAxis
from simcoalesce.report.panels.calls_charts import calls_charts
from simcoalesce.report.panels.run_charts import Charts
from simcoalesce.report.picture import Picture
from simcoalesce.report.rows.allowance import allowed_so_far
from simcoalesce.report.rows.bins import bin_edges_ns
from simcoalesce.report.rows.outcome_class import OutcomeClass
from simcoalesce.report.rows.over_time import calls_per_s
from simcoalesce.report.rows.tokens import fewest_tokens
from simcoalesce.report.rows.viewport import Viewport, first_refusals

_MOST_POINTS: Final = 400
_MOST_CROSSES: Final = 400
_IN_SIGHT: Final = 4
_FEWEST_BINS: Final = 100
_LONG_NS: Final = 10_000_000_000
_ACCEPTED: Final = PAINTS[OutcomeClass.LEADER]
_REFUSED: Final = PAINTS[OutcomeClass.REFUSED]


class OriginCallsAndLimit(Picture):
    """Calls so far against calls allowed so far; every refusal is a cross.

    Where the limit is one token bucket, it is calls a second, and the tokens left.
    """

    subject: ClassVar[type] = RunView

    @override
    def is_possible(self, subject: RunView) -> bool:
        return len(subject.outcomes.origin_rows.request) > 0

    @override
    def size_inches(self, subject: RunView) -> tuple[float, float]:
        width, height = self.axes_inches
        return (width, 0.5 * height) if _bucket(subject) else (width, height)

    @override
    def headline(self, subject: RunView) -> str:
        calls = subject.outcomes.origin_rows
        received, is_refused = len(calls.request), calls.status == 429
        refused = int(np.count_nonzero(is_refused))
        got = f"The origin gets {counted(received, 'call')}"
        if not refused:
            requests = len(subject.outcomes.request_rows.request)
            return f"{got} for {counted(requests, 'request')} and refuses none"
        first_ns = int(calls.called_at_ns[is_refused].min())
        before = int(np.count_nonzero(calls.called_at_ns[~is_refused] <= first_ns))
        is_long = np.ptp(calls.called_at_ns) > _LONG_NS
        at = subject.clock(first_ns, digits=0 if is_long else 3)
        return (
            f"{got} and refuses {count(refused)} ({share(refused, received)}):"
            f" the first at {at}, after {count(before)} accepted"
        )

    @override
    def subtitle(self, subject: RunView) -> str:
        return subject.subtitle(subject.whole)

    @override
    def series(self, subject: RunView) -> Charts:
        return calls_charts(subject)

    @override
    def draw(self, subject: RunView, ax: Any) -> None:
        bucket = _bucket(subject)
        if bucket is not None:
            _bucket_panels(ax, subject, bucket)
            return
        _panel(ax, subject, subject.whole)
        near = first_refusals(subject.outcomes)
        if near is not None:
            below = ax.inset_axes((0, -0.88, 1, 0.62))
            _panel(below, subject, near)
            at = subject.clock(near.zero_ns)
            told = f"The same, where the refusals begin: at {at}"
            below.set_title(told, loc="left", fontsize=9)


def _bucket(run: RunView) -> TokenBucket | None:
    """Return the token bucket that is the limit of all calls; None if there is none."""
    limits = rate_limits(run.scenario)
    limit = limits[0] if len(limits) == 1 else None
    is_bucket = isinstance(limit, TokenBucket) and limit.counts_all
    return limit if isinstance(limit, TokenBucket) and is_bucket else None


def _bucket_panels(ax: Any, run: RunView, bucket: TokenBucket) -> None:
    """Draw calls a second against the rate, and below the tokens left."""
    calls, axis = run.outcomes.origin_rows, TimeAxis.of(run, run.whole)
    edges_ns = bin_edges_ns(run.whole, _FEWEST_BINS)
    x, rates = axis.at(edges_ns), calls_per_s(calls, edges_ns)
    upper, lower = panels(ax, 2)
    axis.apply(lower)
    upper.set_xlabel("")
    refused = int(np.count_nonzero(calls.status == 429))
    numbers = (len(calls.status) - refused, refused)
    below, width = np.zeros(rates.shape[1]), np.diff(x)
    upper.set_ylim(0, 1.1 * max(float(rates.sum(axis=0).max()), bucket.rate_per_s))
    paints = (_ACCEPTED, "accepted"), (_REFUSED, _REFUSED.label)
    for (paint, name), number, heights in zip(paints, numbers, rates, strict=True):
        style = {"facecolor": paint.colour, "label": f"{name}  {count(number)}"}
        if number:
            bars(upper, x[:-1], below, width=width, height=heights, **style)
        below = below + heights
    line = {"color": INK, "linewidth": 1.2, "linestyle": (0, (5, 2))}
    label = f"refilled: {count(bucket.rate_per_s)} tokens/s"
    upper.axhline(bucket.rate_per_s, label=label, **line)
    upper.set_ylabel("calls/s")
    count_axis(upper.yaxis)
    left = fewest_tokens(calls, bucket, edges_ns)
    lower.stairs(left, x, color=INK, fill=True, alpha=0.12, linewidth=0)
    lower.stairs(left, x, color=INK, linewidth=1.2)
    lower.set_ylim(0, 1.1 * bucket.burst)
    lower.set_ylabel(f"tokens left of {count(bucket.burst)}")
    count_axis(lower.yaxis)


def _panel(ax: Any, run: RunView, viewport: Viewport) -> None:
    calls, axis = run.outcomes.origin_rows, TimeAxis.of(run, viewport)
    axis.apply(ax)
    ax.set_ylabel("calls since then" if viewport.is_zoomed else "calls so far")
    # A zoomed panel counts anew, so that its axis, too, begins at zero.
    before = int(np.count_nonzero(calls.called_at_ns < viewport.start_ns))
    seen = int(np.count_nonzero(calls.called_at_ns < viewport.end_ns)) - before
    _calls(ax, calls, axis, before)
    allowed = _limit(ax, run, axis, before=before, seen=seen)
    _crosses(ax, calls, axis, before)
    ax.set_ylim(0, 1.08 * max(seen, allowed, 1))
    count_axis(ax.yaxis)


def _calls(ax: Any, calls: OriginRows, axis: TimeAxis, before: int) -> None:
    """Draw calls received as a line, and accepted ones as an area below it."""
    order = np.argsort(calls.called_at_ns, kind="stable")
    is_accepted = calls.status[order] != 429
    at_ns, viewport = calls.called_at_ns[order], axis.viewport
    picked = _picked(at_ns, viewport)
    ends_ns = [viewport.start_ns], [viewport.end_ns]
    x = axis.at(np.concatenate([ends_ns[0], at_ns[picked], ends_ns[1]]))
    total = _stepped(picked + 1 - before)
    taken = _stepped(np.cumsum(is_accepted[before:])[picked - before])
    area: dict[str, Any] = {"step": "post", "linewidth": 0}
    accepted = f"accepted  {count(int(np.count_nonzero(is_accepted)))}"
    ax.fill_between(
        x, taken, color=_ACCEPTED.colour, alpha=0.45, label=accepted, **area
    )
    if not is_accepted.all():
        ax.fill_between(x, taken, total, color=_REFUSED.colour, alpha=0.18, **area)
    line = {"color": _ACCEPTED.edge, "linewidth": 1.5}
    ax.step(
        x, total, where="post", label=f"calls received  {count(len(order))}", **line
    )


def _picked(at_ns: NDArray[np.int64], viewport: Viewport) -> NDArray[np.int64]:
    """Return the indices of the calls in sight, evenly thinned if they are many."""
    inside = np.flatnonzero((at_ns >= viewport.start_ns) & (at_ns < viewport.end_ns))
    number = min(len(inside), _MOST_POINTS)
    return inside[np.linspace(0, max(len(inside) - 1, 0), number).astype(np.int64)]


def _stepped(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return counts with the zero before the first call, and the last to the end."""
    return np.concatenate([[0], counts, counts[-1:] if len(counts) else [0]])


def _limit(ax: Any, run: RunView, axis: TimeAxis, *, before: int, seen: int) -> float:
    """Draw what the limits allow; return its highest value that belongs in sight."""
    limits, viewport = rate_limits(run.scenario), axis.viewport
    calls = run.outcomes.origin_rows
    named = " and ".join(limit_text(limit) for limit in limits)
    if not all(limit.counts_all for limit in limits):
        ax.plot([], [], " ", label=f"allowed: {named}: no line for all")
    allowed = allowed_so_far(calls, limits, viewport.start_ns, viewport.end_ns)
    if allowed is None:
        return 0.0
    instants_ns, most = allowed
    most = most - before
    most = np.where(most <= _IN_SIGHT * seen + 10, most, np.nan)
    is_far = bool(np.isnan(most).all())
    ax.step(
        axis.at(instants_ns),
        most,
        where="post",
        color=INK,
        linewidth=1.2,
        linestyle=(0, (5, 2)),
        label=f"allowed: {named}{' (far above)' if is_far else ''}",
    )
    return 0.0 if is_far else float(np.nanmax(most))


def _crosses(ax: Any, calls: OriginRows, axis: TimeAxis, before: int) -> None:
    """Mark each refused call at its place among all calls."""
    order, viewport = np.argsort(calls.called_at_ns, kind="stable"), axis.viewport
    rank = np.flatnonzero(calls.status[order] == 429)
    at_ns = calls.called_at_ns[order[rank]]
    is_inside = (at_ns >= viewport.start_ns) & (at_ns < viewport.end_ns)
    rank, at_ns = rank[is_inside], at_ns[is_inside]
    if not len(rank):
        return
    every = -(-len(rank) // _MOST_CROSSES)
    thinned = "" if every == 1 else f", one cross for {every}"
    ax.plot(
        axis.at(at_ns[::every]),
        rank[::every] + 1 - before,
        "x",
        color=_REFUSED.colour,
        markersize=5,
        markeredgewidth=1.1,
        clip_on=False,
        label=f"refused (429)  {count(len(rank))}{thinned}",
    )
