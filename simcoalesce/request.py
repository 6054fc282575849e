"""Requests: what clients ask of the edge."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

NO_PAGE: Final = -1
"""Marks a request that is no part of a page."""


@dataclass(slots=True, eq=False)
class Request:
    """One attempt of one request: which key, where, when.

    All attempts of a request share its id; draws belong to (id, attempt).
    """

    id: int
    key: int
    location: int
    isolate: int
    arrived_at_ns: int
    attempt: int = 0
    storable: bool = True
    """Whether a store or another's fetch may answer it, as a GET; others, as a POST,
    bypass them all and reach the origin."""

    def again(self, attempt: int) -> "Request":
        """Return another attempt of the same request."""
        return replace(self, attempt=attempt)

    def inside(self, isolate: int) -> "Request":
        """Return the same attempt, in an isolate."""
        return replace(self, isolate=isolate)


@dataclass(frozen=True, slots=True)
class Requests:
    """A chunk of traffic, in order of arrival, one array per column, shape (n,).

    Ids count up from the first request of the run. Keys and locations are indices
    into the names of the traffic; isolates are numbered over all locations. Where
    visitors ask for pages, `page` has two columns, shape (n, 2): the first request of
    the page, and how many requests the page has; `NO_PAGE` for other requests. Where
    some bypass all stores, `storable` says of each whether it does not; None: all may
    be answered from a store.
    """

    first_id: int
    arrived_at_ns: NDArray[np.int64]
    key: NDArray[np.int64]
    location: NDArray[np.int64]
    isolate: NDArray[np.int64]
    page: NDArray[np.int64] | None = None
    storable: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.arrived_at_ns)

    def first(self, count: int) -> "Requests":
        """Return the first requests of the chunk."""
        return self._part(self.first_id, slice(count))

    def after(self, count: int) -> "Requests":
        """Return the chunk without its first requests."""
        return self._part(self.first_id + count, slice(count, None))

    def _part(self, first_id: int, rows: slice) -> "Requests":
        return Requests(
            first_id,
            self.arrived_at_ns[rows],
            self.key[rows],
            self.location[rows],
            self.isolate[rows],
            None if self.page is None else self.page[rows],
            None if self.storable is None else self.storable[rows],
        )

    def request(self, index: int) -> Request:
        """Return one of them, by its index in the chunk."""
        return Request(
            self.first_id + index,
            int(self.key[index]),
            int(self.location[index]),
            int(self.isolate[index]),
            int(self.arrived_at_ns[index]),
            storable=self.storable is None or bool(self.storable[index]),
        )

    @staticmethod
    def joined(chunks: Sequence["Requests"]) -> "Requests":
        """Return consecutive chunks as one."""
        if len(chunks) == 1:
            return chunks[0]
        empty = np.empty(0, dtype=np.int64)
        pages = [chunk.page for chunk in chunks if chunk.page is not None]
        return Requests(
            first_id=chunks[0].first_id if chunks else 0,
            arrived_at_ns=np.concatenate([empty, *(s.arrived_at_ns for s in chunks)]),
            key=np.concatenate([empty, *(s.key for s in chunks)]),
            location=np.concatenate([empty, *(s.location for s in chunks)]),
            isolate=np.concatenate([empty, *(s.isolate for s in chunks)]),
            page=np.concatenate(pages) if pages else None,
            storable=_joined_flags(chunks),
        )


def _joined_flags(chunks: Sequence[Requests]) -> NDArray[np.bool_] | None:
    """Return `storable` of consecutive chunks, of which some may have none."""
    if all(chunk.storable is None for chunk in chunks):
        return None
    flags = (
        np.ones(len(one), dtype=np.bool_) if one.storable is None else one.storable
        for one in chunks
    )
    return np.concatenate([*flags])


class ClosedLoop(ABC):
    """Requests of which some depend on answers: they are made while a run goes on."""

    @abstractmethod
    def next_at_ns(self) -> int | None:
        """Return when the next request comes, as far as is known now.

        An answer before that instant may bring an earlier one. None: nobody sends
        anything before the next answer.
        """

    @abstractmethod
    def send(self, number: int) -> Request:
        """Return the next request; its id is the number of those before it."""

    @abstractmethod
    def pages(self) -> NDArray[np.int64] | None:
        """Return `Requests.page` of the requests that were sent since the last call."""

    @abstractmethod
    def answered(self, request: int, at_ns: int) -> None:
        """Take note that a request has its answer, whatever it is."""
