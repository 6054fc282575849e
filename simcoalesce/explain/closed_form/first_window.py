"""The first miss window of a run: of the key and location with most requests."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from simcoalesce.explain.timeline.stampede_windows import (
    StampedeWindow,
    stampede_windows,
)
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import NEVER, Lookup, OriginRows, Outcomes
from simcoalesce.units import NS_PER_S


class FirstWindow(NamedTuple):
    """The first window of the key that is asked for most, where it is.

    Attributes:
        misses: Requests that missed in it, until the burst was over.
        calls: Calls of the origin that they made.
        requests: Requests of the burst that it belongs to.
        span_s: From the first of these to the last.
        came: How many of them came within the time that a window should last.
        refused: How many of the calls the origin refused.
        failed: How many of the calls ended in another error.
        stopped: How many of the requests got an error from a layer before the origin.
        given_up: How many of the requests ran into a time-out.
        answered_s: When the first answer came, after the first call; None if none did.
    """

    misses: float
    calls: float
    requests: float
    span_s: float
    came: float
    refused: float
    failed: float
    stopped: float
    given_up: float
    answered_s: float | None

    @property
    def rate_per_s(self) -> float:
        """Arrivals in a second, while the burst lasts."""
        return (self.requests - 1) / self.span_s

    @classmethod
    def of(
        cls, outcomes: Outcomes, window_s: float, path: Sequence[Layer]
    ) -> Self | None:
        """Return that of a run; None if it has none that anything could share.

        Args:
            outcomes: One run.
            window_s: How long a window should last; a silence as long ends a burst.
            path: The layers.
        """
        burst = _Burst.of(outcomes, window_s)
        if burst is None or not burst.span_ns:
            return None
        at_ns, is_member = burst.at_ns, burst.is_member
        rows, calls = outcomes.request_rows, outcomes.origin_rows
        is_its = np.isin(calls.request, rows.request[is_member])
        status = calls.status[is_its]
        failed_at = rows.served_by[is_member & ~rows.answered].tolist()
        errors = Counter(outcomes.layers[code] for code in failed_at)
        given_up = sum(errors.pop(one.served_by, 0) for one in path if one.gives_up)
        at_the_end = (name for name in errors if path[-1].noun_as(name))
        stopped = errors.total() - sum(errors[name] for name in at_the_end)
        return cls(
            misses=float(np.count_nonzero(is_member)),
            calls=float(len(status)),
            requests=float(len(at_ns)),
            span_s=burst.span_ns / NS_PER_S,
            came=float(np.count_nonzero(at_ns - at_ns[0] < window_s * NS_PER_S)),
            refused=float(np.count_nonzero(status == 429)),
            failed=float(np.count_nonzero(status >= 500)),
            stopped=float(stopped),
            given_up=float(given_up),
            answered_s=_answered_s(calls, is_its),
        )


def mean_of(firsts: Sequence[FirstWindow]) -> FirstWindow:
    """Return the means of windows, of those that have a value."""
    columns = zip(*firsts, strict=True)
    known = ([one for one in column if one is not None] for column in columns)
    means = [sum(column) / len(column) if column else None for column in known]
    return FirstWindow(*means)  # type: ignore[arg-type]  # only the last can be None


def missed_s(outcomes: Outcomes, window_s: float) -> NDArray[np.float64]:
    """Return when the requests of that window missed, since the first did.

    Args:
        outcomes: One run.
        window_s: How long a window should last; a silence as long ends a burst.
    """
    burst = _Burst.of(outcomes, window_s)
    if burst is None:
        return np.empty(0)
    at_ns = outcomes.request_rows.arrived_at_ns[burst.is_member]
    since_s: NDArray[np.float64] = (at_ns - burst.at_ns[0]) / NS_PER_S
    return since_s


@dataclass(frozen=True)
class _Burst:
    """Requests of one key at one location, from its first miss to a silence.

    Attributes:
        at_ns: When they came.
        is_member: Which requests of the run missed, until a cache served one of these.
    """

    at_ns: NDArray[np.int64]
    is_member: NDArray[np.bool_]

    @property
    def span_ns(self) -> int:
        """From the first of them to the last."""
        return int(self.at_ns[-1] - self.at_ns[0])

    @classmethod
    def of(cls, outcomes: Outcomes, window_s: float) -> Self | None:
        window, rows = _busiest(outcomes), outcomes.request_rows
        if window is None:
            return None
        is_like = (rows.key == window.key) & (rows.location == window.location)
        is_like &= rows.arrived_at_ns >= window.opened_at_ns
        at_ns = rows.arrived_at_ns[is_like]
        gaps = np.flatnonzero(np.diff(at_ns) > window_s * NS_PER_S)
        at_ns = at_ns[: int(gaps[0]) + 1] if len(gaps) else at_ns
        end_ns = int(at_ns[-1]) + 1
        if window.closed_at_ns != NEVER:
            end_ns = min(end_ns, window.closed_at_ns)
        is_miss = rows.lookup == int(Lookup.MISS)
        return cls(at_ns, is_like & is_miss & (rows.arrived_at_ns < end_ns))


def _busiest(outcomes: Outcomes) -> StampedeWindow | None:
    rows, keys = outcomes.request_rows, len(outcomes.keys)
    if not len(rows.request):
        return None
    busiest = int(np.bincount(rows.location * keys + rows.key).argmax())
    for window in stampede_windows(outcomes):
        if window.location * keys + window.key == busiest:
            return window
    return None


def _answered_s(calls: OriginRows, is_its: NDArray[np.bool_]) -> float | None:
    """Return when the first answer to some calls came, after the first of them."""
    good_ns = calls.completed_at_ns[is_its & (calls.status < 400)]
    if not len(good_ns):
        return None
    return int(good_ns.min() - calls.called_at_ns[is_its].min()) / NS_PER_S
