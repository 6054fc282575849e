"""Outcomes: three tables, written by the model and by the testbed alike.

Everything before them makes rows; everything after them (metrics, cost, charts) reads
rows, whatever made them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from simcoalesce.display import html_of
from simcoalesce.units import NS_PER_S

if TYPE_CHECKING:
    import pandas as pd

NEVER: Final = -1
"""Marks an integer that does not exist, e.g. the age of an answer from the origin."""

CLIENT_LEFT: Final = 499
"""Status of a request whose client closed the connection before it had an answer, as
nginx logs it (NGX_HTTP_CLIENT_CLOSED_REQUEST, 1.22.1 ``src/http/ngx_http_request.h``).
"""


class Noted(NamedTuple):
    """When something happened in a run that no row shows, and how often.

    Attributes:
        first_at_ns: When first.
        last_at_ns: When last.
        number: How often.
        most: The largest of what was noted with it, e.g. the length of a queue.
        longest_ns: The longest time that it took.
    """

    first_at_ns: int
    last_at_ns: int
    number: int
    most: int = 0
    longest_ns: int = 0


class Lookup(IntEnum):
    """What the caches had for a request; a bypass, as a POST, asks none of them."""

    MISS = 0
    HIT = 1
    STALE = 2
    BYPASS = 3


METHODS: Final = ("GET", "POST")
"""How tables call requests that may be answered from a store, and all others."""


def is_served(lookup: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which requests a cache had an answer for, fresh or not."""
    found: NDArray[np.bool_] = lookup > int(Lookup.MISS)
    return found & (lookup < int(Lookup.BYPASS))


class Role(IntEnum):
    """What a miss did: fetch, wait for another's fetch, or neither."""

    NONE = 0
    LEADER = 1
    FOLLOWER = 2


@dataclass(frozen=True, slots=True)
class RequestRows:
    """One row per request, in order of arrival; arrays of shape (requests,)."""

    request: NDArray[np.int64]
    key: NDArray[np.int64]
    location: NDArray[np.int64]
    isolate: NDArray[np.int64]
    arrived_at_ns: NDArray[np.int64]
    completed_at_ns: NDArray[np.int64]
    status: NDArray[np.int64]
    lookup: NDArray[np.int64]
    role: NDArray[np.int64]
    served_by: NDArray[np.int64]
    age_ns: NDArray[np.int64]
    attempts: NDArray[np.int64]

    @property
    def latency_ns(self) -> NDArray[np.int64]:
        """Time from arrival to answer, shape (requests,)."""
        return self.completed_at_ns - self.arrived_at_ns

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Whether each request got a usable answer (status below 400)."""
        return self.status < 400


@dataclass(frozen=True, slots=True)
class OriginRows:
    """One row per call that the origin received, in order of the calls."""

    request: NDArray[np.int64]
    key: NDArray[np.int64]
    called_at_ns: NDArray[np.int64]
    completed_at_ns: NDArray[np.int64]
    status: NDArray[np.int64]
    version: NDArray[np.int64]


Rows = TypeVar("Rows", RequestRows, OriginRows)


def chosen(rows: Rows, which: NDArray[np.bool_]) -> Rows:
    """Return some of the rows of a table, in their order."""
    columns = (getattr(rows, name)[which] for name in type(rows).__slots__)
    return type(rows)(*columns)


@dataclass(frozen=True)
class Outcomes:
    """What happened in one run.

    Attributes:
        request_rows: One row per request.
        origin_rows: One row per call of the origin. Count origin hits here, never on
            requests: a background refresh has no request that waits for it.
        usage: Counted operations by unit, e.g. ``{"kv_reads": 800}``.
        keys: Names of the keys, by index.
        locations: Names of the locations, by index.
        layers: Names of what may serve a request, by index of ``served_by``.
        warnings: What the user should know of the traffic.
        measured_ns: From when and until when metrics count (None: to the end).
        no_verdict: Why nothing follows from the run; empty if something does.
        page: The page that each request is a part of, as in `Requests`; None if nobody
            asks for pages.
        noted: What layers noted, by unit, if the run was asked to note it.
        repeats: Whether more than one attempt says that the first one failed.
    """

    request_rows: RequestRows
    origin_rows: OriginRows
    usage: Mapping[str, float]
    keys: tuple[str, ...] = ("key",)
    locations: tuple[str, ...] = ("home",)
    layers: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())
    measured_ns: tuple[int, int | None] = (0, None)
    no_verdict: str = ""
    page: NDArray[np.int64] | None = None
    noted: Mapping[str, Noted] = field(default_factory=dict)
    repeats: bool = False

    @cached_property
    def missed(self) -> NDArray[np.bool_]:
        """Which requests missed when they came, shape (requests,).

        Rows say what the last attempt found. What a cache serves does not fail, so who
        had to ask again has missed before, even if the last attempt is a hit.
        """
        rows = self.request_rows
        missed: NDArray[np.bool_] = rows.lookup == int(Lookup.MISS)
        if self.repeats:
            missed |= is_served(rows.lookup) & (rows.attempts > 1)
        return missed

    @property
    def method(self) -> NDArray[np.int64] | None:
        """Index into METHODS for each request; None if all are storable."""
        is_bypass = self.request_rows.lookup == int(Lookup.BYPASS)
        return is_bypass.astype(np.int64) if is_bypass.any() else None

    @cached_property
    def requests(self) -> "pd.DataFrame":
        """The requests as a table, one row each; instants and durations in seconds.

        Where some bypass all caches, the last column says the method.
        """
        rows, method = self.request_rows, self.method
        said = {} if method is None else {"method": _named(method, METHODS)}
        return _table(
            {
                "request": rows.request,
                "key": _named(rows.key, self.keys),
                "location": _named(rows.location, self.locations),
                "isolate": rows.isolate,
                "arrived_at_s": rows.arrived_at_ns / NS_PER_S,
                "completed_at_s": rows.completed_at_ns / NS_PER_S,
                "latency_s": rows.latency_ns / NS_PER_S,
                "status": rows.status,
                "lookup": _named(rows.lookup, [e.name.lower() for e in Lookup]),
                "role": _named(rows.role, [e.name.lower() for e in Role]),
                "served_by": _named(rows.served_by, self.layers),
                "age_s": np.where(rows.age_ns == NEVER, np.nan, rows.age_ns / NS_PER_S),
                "attempts": rows.attempts,
                **said,
            }
        )

    @cached_property
    def origin_hits(self) -> "pd.DataFrame":
        """The calls of the origin as a table, one row each; instants in seconds."""
        rows = self.origin_rows
        return _table(
            {
                "request": rows.request,
                "key": _named(rows.key, self.keys),
                "called_at_s": rows.called_at_ns / NS_PER_S,
                "completed_at_s": rows.completed_at_ns / NS_PER_S,
                "status": rows.status,
                "version": rows.version,
            }
        )

    def _repr_html_(self) -> str:
        return html_of(self)

    @cached_property
    def usage_table(self) -> "pd.DataFrame":
        """Counted operations as a table: unit, quantity."""
        return _table(
            {"unit": list(self.usage), "quantity": map(float, self.usage.values())}
        )


def is_of_bypass(outcomes: Outcomes) -> NDArray[np.bool_]:
    """Return which calls of the origin are of requests that bypass all caches."""
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    found: NDArray[np.bool_] = np.isin(
        calls.request, rows.request[rows.lookup == int(Lookup.BYPASS)]
    )
    return found


def _table(columns: Mapping[str, object]) -> "pd.DataFrame":
    import pandas as pd  # noqa: PLC0415 - a third of a second, only when asked for

    return pd.DataFrame(columns)


def _named(codes: NDArray[np.int64], names: "list[str] | tuple[str, ...]") -> object:
    import pandas as pd  # noqa: PLC0415 - a third of a second, only when asked for

    return pd.Categorical.from_codes(codes, categories=pd.Index(list(names), dtype=str))
