"""Log: what a text file says of its requests, as columns, and what was understood."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simcoalesce.logs.cache_status import NOT_LOGGED
from simcoalesce.logs.key_rule import KeyRule

CLIENT_METHODS: Final = ("GET", "HEAD")
"""What a store or a flight may answer."""


class RequestTarget(NamedTuple):
    """What a request asks for; None where the log does not say.

    `uri` is what was written: ``/p?q``, an absolute URL, or a key of any other form.
    """

    host: str | None
    uri: str | None


@dataclass(frozen=True, eq=False)
class Log:
    """The requests of a log in order of their starts, one array per column, shape (n,).

    `read_log(spec, columns)` reads only the columns it is asked for; the others say
    "not logged" of each request, and take no memory.

    Attributes:
        name: The file or files, as they were written.
        at_ns: Starts: since 1970 UTC on a wall clock, else since the run's start.
            Where a log stamps the end, its duration has been taken off if it has one
            (`starts`: "logged", "reckoned", or "ends" if they are still the ends).
        target: Index into `targets`, or NOT_LOGGED (-1).
        method: Index into `methods`, or NOT_LOGGED; a log without methods has GETs.
        status: HTTP status of the answer; 0 if not logged.
        duration_ns: From start to end as the log says; -1 if not logged.
        cache: A `CacheStatus`, or -1.
        origin_ns: How long the origin (upstream) took, all its tries; -1 if not logged.
        origin_status: Status of the origin's (last) answer; 0 if not logged.
        location: Index into `locations`, or -1.
        isolate: The number of an isolate within its location, or -1.
        targets: Unique (host, URI) pairs in the order of their first mention.
        methods: Unique methods, in capitals.
        locations: Unique names.
        is_wall_clock: Whether `at_ns` counts since 1970; else since the run's start.
        zero_ns: The instant at which a run of it begins; by default its first start.
        stamp_ns: How coarse the stamps are, measured from them: all whole seconds are
            1,000,000,000. The true instant lies in [at, at + stamp).
        format: The kind of its format (of several files, joined by " + ").
        fields: Each standard field that says something, and what it was read from.
        others: Names in the file that nothing was read from.
        candidates: Those of them that may be a key, the likeliest first.
        starts: Where `at_ns` comes from, see above.
        lines: How many lines could be requests, good and bad.
        bad: How many do not parse; `bad_lines` shows the first three, with numbers.
        left_out: How many parsed and are not used, by the word that says so: ``where
            status``, ``until`` and so on; and how many lines are no requests.
        assumptions: What was taken for granted, as sentences for a report.
        warnings: What the user must know, as sentences.
        no_verdict: Why nothing follows from it, as a sentence; empty if something does.
    """

    name: str
    at_ns: NDArray[np.int64]
    target: NDArray[np.int32]
    method: NDArray[np.int8]
    status: NDArray[np.int16]
    duration_ns: NDArray[np.int64]
    cache: NDArray[np.int8]
    origin_ns: NDArray[np.int64]
    origin_status: NDArray[np.int16]
    location: NDArray[np.int32]
    isolate: NDArray[np.int32]
    targets: tuple[RequestTarget, ...] = ()
    methods: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    is_wall_clock: bool = True
    zero_ns: int | None = None
    stamp_ns: int = 1
    format: str = ""
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    others: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    starts: str = "logged"
    lines: int = 0
    bad: int = 0
    bad_lines: tuple[str, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    no_verdict: str = ""

    def __len__(self) -> int:
        return len(self.at_ns)

    @property
    def from_start_ns(self) -> NDArray[np.int64]:
        """Instants of a run: of a wall clock, they count from the earliest request."""
        if not len(self):
            return self.at_ns
        if self.zero_ns is not None:
            return self.at_ns - self.zero_ns
        return self.at_ns - self.at_ns[0] if self.is_wall_clock else self.at_ns

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that occur."""
        return tuple(dict.fromkeys(one.host for one in self.targets if one.host))

    @property
    def storable(self) -> NDArray[np.bool_]:
        """Whether a store or a flight may answer: GET, HEAD, and what has no method."""
        return self.has_method(CLIENT_METHODS)

    def has_method(self, methods: Container[str]) -> NDArray[np.bool_]:
        """Return which requests have one of some methods, or none at all."""
        by_code = np.array([*(one in methods for one in self.methods), True])
        found: NDArray[np.bool_] = by_code[self.method]
        return found

    def keys(self, rule: KeyRule) -> tuple[NDArray[np.int32], tuple[str, ...]]:
        """Return the key of each request under a rule: codes, and their names.

        The rule is applied to the unique targets only. A request for nothing has the
        code NOT_LOGGED.
        """
        names: dict[str, int] = {}
        codes = [
            NOT_LOGGED if name is None else names.setdefault(name, len(names))
            for name in (rule.name(*target) for target in self.targets)
        ]
        of_target = np.array([*codes, NOT_LOGGED], dtype=np.int32)
        return of_target[self.target], tuple(names)
