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
from simcoalesce.outcomes import NEVER, Lookup, OriginRows, Outcomes, chosen
from simcoalesce.units import NS_PER_S


class KeyAtLocation(NamedTuple):
    """A key, and the location at which it is asked for; None: at all of them."""

    key: int
    location: int | None


class FirstWindow(NamedTuple):
    """The first window of the key that is asked for most, where it is.

    Attributes:
        misses: Requests that missed in it, until the burst was over.
        calls: Calls of the origin that they made.
        requests: Requests of the burst that it belongs to.
        span_s: From the first of these to the last.
        refused: How many of the calls the origin refused.
        failed: How many of the calls ended in another error.
        stopped: How many of the requests got an error from a layer before the origin.
        given_up: How many of the requests ran into a time-out.
        bypasses: Further requests of the burst, which ask no cache, and call.
        opened_s: When it opened.
        answered_s: When the first answer came, after the first call; None if none did.
        lasts_s: From its first miss to the first cache hit; None if there was none.
    """

    misses: float
    calls: float
    requests: float
    span_s: float
    refused: float
    failed: float
    stopped: float
    given_up: float
    bypasses: float
    opened_s: float
    answered_s: float | None
    lasts_s: float | None

    @classmethod
    def of(cls, outcomes: Outcomes, burst: "FirstBurst", path: Sequence[Layer]) -> Self:
        """Return that of a run.

        Args:
            outcomes: The run.
            burst: Its requests.
            path: The layers.
        """
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
            refused=float(np.count_nonzero(status == 429)),
            failed=float(np.count_nonzero(status >= 500)),
            stopped=float(stopped),
            given_up=float(given_up),
            bypasses=float(burst.bypasses),
            opened_s=int(at_ns[0]) / NS_PER_S,
            answered_s=_answered_s(calls, is_its),
            lasts_s=burst.lasts_s,
        )


def mean_of(firsts: Sequence[FirstWindow]) -> FirstWindow:
    """Return the means of windows, of those that have a value."""
    columns = zip(*firsts, strict=True)
    known = ([one for one in column if one is not None] for column in columns)
    means = [sum(column) / len(column) if column else None for column in known]
    return FirstWindow(*means)  # type: ignore[arg-type]  # only the last can be None


@dataclass(frozen=True)
class FirstBurst:
    """Requests of one key at one location, from its first miss to a silence.

    Those that bypass all caches are no part of it: each is a call besides.

    Attributes:
        at_ns: When they came.
        further_ns: When they, and all that followed, came.
        is_member: Which requests of the run missed, until a cache served one of these.
        closed_at_ns: When that was; NEVER if none was served.
        bypasses: How many came from the first of them to the last that ask no cache.
    """

    at_ns: NDArray[np.int64]
    further_ns: NDArray[np.int64]
    is_member: NDArray[np.bool_]
    closed_at_ns: int
    bypasses: int = 0

    @property
    def span_ns(self) -> int:
        """From the first of them to the last."""
        return int(self.at_ns[-1] - self.at_ns[0])

    @property
    def arrivals_s(self) -> NDArray[np.float64]:
        """When they, and all that followed, came, since the first did."""
        since_s: NDArray[np.float64] = (self.further_ns - self.at_ns[0]) / NS_PER_S
        return since_s

    @property
    def lasts_s(self) -> float | None:
        """From the first of them to the first cache hit; None if there is none."""
        if self.closed_at_ns == NEVER:
            return None
        return (self.closed_at_ns - int(self.at_ns[0])) / NS_PER_S

    @classmethod
    def of(
        cls, outcomes: Outcomes, window_s: float, key_at: KeyAtLocation | None
    ) -> Self | None:
        """Return that of a run; None if it has none that anything could share.

        Args:
            outcomes: One run.
            window_s: How long a window should last; a silence as long ends a burst.
            key_at: Of which key and location.
        """
        windows, rows = _windows(outcomes, key_at), outcomes.request_rows
        if key_at is None or not windows:
            return None
        is_like = rows.key == key_at.key
        if key_at.location is not None:
            is_like &= rows.location == key_at.location
        is_like &= rows.arrived_at_ns >= windows[0].opened_at_ns
        is_bypass = rows.lookup == int(Lookup.BYPASS)
        posts_ns = rows.arrived_at_ns[is_like & is_bypass]
        is_like &= ~is_bypass
        further_ns = rows.arrived_at_ns[is_like]
        gaps = np.flatnonzero(np.diff(further_ns) > window_s * NS_PER_S)
        at_ns = further_ns[: int(gaps[0]) + 1] if len(gaps) else further_ns
        ends = [one.closed_at_ns for one in windows if one.closed_at_ns != NEVER]
        end_ns = min([int(at_ns[-1]) + 1, *ends])
        is_member = is_like & outcomes.missed & (rows.arrived_at_ns < end_ns)
        bypasses = int(np.count_nonzero(posts_ns <= at_ns[-1]))
        closed_at_ns = min(ends, default=NEVER)
        found = cls(at_ns, further_ns, is_member, closed_at_ns, bypasses)
        return found if found.span_ns else None


def missed_s(
    outcomes: Outcomes, window_s: float, path: Sequence[Layer]
) -> NDArray[np.float64]:
    """Return when the requests of that window missed, since the first did.

    Args:
        outcomes: One run.
        window_s: How long a window should last; a silence as long ends a burst.
        path: The layers.
    """
    burst = FirstBurst.of(outcomes, window_s, busiest(outcomes, path))
    if burst is None:
        return np.empty(0)
    at_ns = outcomes.request_rows.arrived_at_ns[burst.is_member]
    since_s: NDArray[np.float64] = (at_ns - burst.at_ns[0]) / NS_PER_S
    return since_s


def busiest(outcomes: Outcomes, path: Sequence[Layer]) -> KeyAtLocation | None:
    """Return the key that is asked for most, and where; None without requests.

    What all locations find in one store or tier is asked for at all of them.
    """
    rows, keys = outcomes.request_rows, len(outcomes.keys)
    rows = chosen(rows, rows.lookup != int(Lookup.BYPASS))
    if not len(rows.request):
        return None
    if any(one.found_at == "all" for one in path if one.looks_up or one.shares):
        return KeyAtLocation(int(np.bincount(rows.key).argmax()), None)
    most = int(np.bincount(rows.location * keys + rows.key).argmax())
    return KeyAtLocation(most % keys, most // keys)


def _windows(outcomes: Outcomes, key_at: KeyAtLocation | None) -> list[StampedeWindow]:
    """Return the first windows of a key at a location, or at each of all."""
    found: dict[int, StampedeWindow] = {}
    if key_at is not None:
        for one in stampede_windows(outcomes):
            if one.key == key_at.key and key_at.location in {None, one.location}:
                found.setdefault(one.location, one)
    return [*found.values()]


def _answered_s(calls: OriginRows, is_its: NDArray[np.bool_]) -> float | None:
    """Return when the first answer to some calls came, after the first of them."""
    good_ns = calls.completed_at_ns[is_its & (calls.status < 400)]
    if not len(good_ns):
        return None
    return int(good_ns.min() - calls.called_at_ns[is_its].min()) / NS_PER_S
