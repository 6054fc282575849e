"""Client draws: what the requests of clients ask for, whatever the answers are."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.traffic.bypass_draws import BypassDraws
from simcoalesce.traffic.key_index import KeyIndex
from simcoalesce.traffic.routing import Routing

_PHASES: Final = 62
_CLIENT_BITS: Final = 32
_REQUEST_BITS: Final = 24
_BLOCK: Final = 16
"""So many requests of a client are drawn at once."""

Drawn = list[tuple[int, int, int, bool]]
"""Key, location and isolate of some requests of a client, the last one first; and
whether a store may answer each."""


def draw_id(phase: int, client: int, number: int) -> int:
    """Return the id under which a client's request draws, in place of its own.

    It says whose request it is, and depends on no answer. It is above the ids of an
    open loop, whose streams it shares.
    """
    return (phase % _PHASES + 1 << _CLIENT_BITS | client) << _REQUEST_BITS | number


@dataclass(frozen=True)
class ClientDraws:
    """The draws of the clients of one phase.

    Attributes:
        at_ns: When the phase starts.
        phase: Its number.
        keys: The keys.
        routing: The locations and isolates.
        bypasses: Which requests no store may answer.
        is_by_client: Whether a client's number decides its isolate.
        page_size: How many requests make a page; 0 if nobody asks for pages.
        is_parallel: Whether a client sends all requests of a page at once.
    """

    at_ns: int
    phase: int
    keys: KeyIndex
    routing: Routing
    bypasses: BypassDraws
    is_by_client: bool
    page_size: int = 0
    is_parallel: bool = False

    def drawn(self, client: int, first: int) -> Drawn:
        """Return what a client asks for from its request `first` on, and where.

        A client stays at its location. All requests of a page are for what its visit
        draws.
        """
        numbers = np.arange(first, first + (self.page_size or _BLOCK))
        visit, entry = np.divmod(numbers, self.page_size or 1)
        begin = draw_id(self.phase, client, 0)
        ids = begin + numbers
        phase = np.full(len(ids), self.phase, dtype=np.int32)
        key = self.keys.keys(begin + visit, phase, entry)
        home = self.routing.location(np.array([begin]))
        location = np.repeat(home, len(ids))
        isolate = self._isolate(client, ids, location, key)
        isolate = isolate + location * self.routing.isolates
        storable = self.bypasses.storable(ids, phase)
        columns = (column[::-1].tolist() for column in (key, location, isolate))
        if storable is None:
            storable = np.ones(len(ids), dtype=np.bool_)
        return list(zip(*columns, storable[::-1].tolist(), strict=True))

    def _isolate(
        self,
        client: int,
        ids: NDArray[np.int64],
        location: NDArray[np.int64],
        key: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        if self.is_by_client:
            return np.full(len(ids), client % self.routing.isolates)
        return self.routing.isolate(ids, location, key)
