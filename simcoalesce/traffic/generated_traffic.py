"""Generated traffic: the requests of one run, or the clients who send them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from typing_extensions import override

from simcoalesce.request import Requests
from simcoalesce.traffic.client_queue import ClientQueue
from simcoalesce.traffic.drawn_traffic import DrawnTraffic


@dataclass(frozen=True)
class GeneratedTraffic:
    """The requests of one run.

    Attributes:
        keys: Names of the keys, by index; later versions of keys come last.
        locations: Names of the locations, by index.
        chunks: Consecutive requests in order of arrival; can be read once.
        closed_loop: In place of chunks, if some requests wait for answers to others.
        warnings: What the user should know of the traffic.
        no_verdict: Why nothing follows from a run of it; empty if something does.
        keys_at_start: How many of the keys there are before the run; None for all.
        drawn: How an engine makes the same requests itself; None if it cannot.
    """

    keys: Sequence[str]
    locations: tuple[str, ...]
    chunks: Iterator[Requests]
    warnings: list[str] = field(default_factory=list)
    no_verdict: str = ""
    closed_loop: ClientQueue | None = None
    keys_at_start: int | None = None
    drawn: DrawnTraffic | None = None


class NotAhead(Iterator[Requests]):
    """The chunks of a closed loop, which nobody knows before its run."""

    @override
    def __next__(self) -> Requests:
        raise ValueError(
            "some requests wait for answers to others (closed loop): they cannot be"
            " made before the run"
        )
