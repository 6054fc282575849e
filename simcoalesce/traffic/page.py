"""Pages: one visit asks for several keys, all at once or one after the other."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from simcoalesce.request import NO_PAGE
from simcoalesce.traffic.unit_process import Instants
from simcoalesce.units import PositiveCount

Column = NDArray[np.int64]

_MOST: Final = 1_000


def _some_keys(page: dict[str, int]) -> dict[str, int]:
    if not 1 <= sum(page.values()) <= _MOST:
        raise ValueError(
            f"a page asks for 1 to {_MOST:,} keys; write e.g."
            " {product: 1, stock: 1, price: 3}"
        )
    if len(set(page_names(page))) < sum(page.values()):
        raise ValueError("two keys of a page have the same name")
    return page


Page = Annotated[
    dict[Annotated[str, Field(min_length=1)], PositiveCount],
    AfterValidator(_some_keys),
]
"""How many keys of each name a visit asks for: ``{product: 1, stock: 1, price: 3}``."""
Loads = Literal["parallel", "sequential"]


def page_names(page: Mapping[str, int]) -> tuple[str, ...]:
    """Return a name for each key of a page.

    >>> page_names({"product": 1, "price": 2})
    ('product', 'price-1', 'price-2')
    """
    return tuple(
        name if count == 1 else f"{name}-{number}"
        for name, count in page.items()
        for number in range(1, count + 1)
    )


def key_names(page: Mapping[str, int], keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of all keys that visits ask for.

    Of visits for one key of several they are e.g. ``price-2/key-17``: first those of
    the page's first key.
    """
    if len(keys) == 1:
        return page_names(page)
    return tuple(f"{name}/{key}" for name in page_names(page) for key in keys)


def repeated(visits: Instants, size: int) -> Instants:
    """Yield the instants of the requests of visits that ask for all keys at once."""
    return (np.repeat(block, size) for block in visits)


class PageRows(NamedTuple):
    """Which visits some requests belong to, shape (n,)."""

    visit: Column
    """The first request of the visit; a request that is no part of one is its own."""
    entry: Column | None = None
    """The index of the key within the page; None if there are no pages."""
    page: Column | None = None
    """As in `Requests`."""


class PageCursor:
    """Where in their pages the phases of an open loop are.

    The requests of a visit follow each other, since they come at the same instant.
    """

    def __init__(self, pages: Mapping[int, Page]) -> None:
        """Begin with the first visit of each phase.

        Args:
            pages: What a visit asks for, by the number of a phase with pages.
        """
        self._sizes = {number: sum(page.values()) for number, page in pages.items()}
        self._seen = dict.fromkeys(pages, 0)

    def next_rows(self, requests: Column, phase: NDArray[np.int32]) -> PageRows:
        """Return what the next requests belong to.

        Args:
            requests: Their ids, shape (n,).
            phase: The number of the phase of each, shape (n,).
        """
        if not self._sizes:
            return PageRows(requests)
        entry = np.zeros(len(requests), dtype=np.int64)
        page = np.full((len(requests), 2), NO_PAGE)
        for number, size in self._sizes.items():
            rows = np.flatnonzero(phase == number)
            entry[rows] = (self._seen[number] + np.arange(len(rows))) % size
            self._seen[number] += len(rows)
            page[rows, 0] = requests[rows] - entry[rows]
            page[rows, 1] = size
        return PageRows(requests - entry, entry, page)
