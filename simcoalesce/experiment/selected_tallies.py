"""Selected tallies: one more for each part of the requests that is asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.conditions.selection import index_of, selection_of
from simcoalesce.metrics.measured_span import MeasuredSpan
from simcoalesce.metrics.tally import Tally, in_order
from simcoalesce.model.rate_limit import window_of
from simcoalesce.outcomes import OriginRows, Outcomes, RequestRows
from simcoalesce.scenario.scenario import Scenario

_NUMBER: Final = np.uint32


def tally_of(scenario: Scenario, outcomes: Outcomes) -> Tally:
    """Return the counts of a whole run, and of the parts that are asked for.

    Raises:
        ValueError: If there is no such part.
    """
    tally = Tally.of(outcomes, window_ns=window_of(scenario.path[-1].rate_limits))
    parts = SelectedTallies(scenario, outcomes.keys, outcomes.locations)
    rows = outcomes.request_rows
    parts.arrive(rows.location)
    measured = MeasuredSpan(*outcomes.measured_ns)
    parts.add(measured.requests(rows), in_order(measured.calls(outcomes.origin_rows)))
    tally.selected = parts.by_name
    return tally


@dataclass(frozen=True, slots=True)
class _Part:
    """What is counted of a run: by index, and by instants; None is any."""

    key: int | None
    location: int | None
    begin_ns: int
    end_ns: int | None

    def selects(
        self,
        key: NDArray[np.int64],
        location: NDArray[np.int64] | None,
        at_ns: NDArray[np.int64],
    ) -> NDArray[np.bool_]:
        """Say of each row whether it is counted; shape (rows,)."""
        selected = at_ns >= self.begin_ns
        if self.end_ns is not None:
            selected &= at_ns < self.end_ns
        if self.key is not None:
            selected &= key == self.key
        if self.location is not None and location is not None:
            selected &= location == self.location
        return selected

    def requests(self, rows: RequestRows) -> RequestRows:
        """Return its requests; a key or location that is the only one is the first."""
        chosen = self.selects(rows.key, rows.location, rows.arrived_at_ns)
        columns = {name: getattr(rows, name)[chosen] for name in RequestRows.__slots__}
        only = {"key": self.key, "location": self.location}
        first = np.zeros(int(np.count_nonzero(chosen)), dtype=np.int64)
        columns |= {name: first for name, one in only.items() if one is not None}
        return RequestRows(**columns)

    def calls(self, rows: OriginRows, location: NDArray[np.int64] | None) -> OriginRows:
        """Return the calls for its keys and locations that come within its time."""
        chosen = self.selects(rows.key, location, rows.called_at_ns)
        return OriginRows(
            *(getattr(rows, name)[chosen] for name in OriginRows.__slots__)
        )


class SelectedTallies:
    """The tallies of the parts of the requests that a scenario is asked for.

    Attributes:
        by_name: The tallies by names such as errors[key=sale].
    """

    def __init__(
        self, scenario: Scenario, keys: Sequence[str], locations: Sequence[str]
    ) -> None:
        """Begin to count.

        Args:
            scenario: What is simulated.
            keys: Names of the keys.
            locations: Names of the locations.

        Raises:
            ValueError: If there is no such key, location or time.
        """
        self._parts: dict[_Part, Tally] = {}
        self.by_name: dict[str, Tally] = {}
        window_ns = window_of(scenario.path[-1].rate_limits)
        for name, part in _parts(scenario, keys, locations):
            tally = Tally(
                keys=len(keys) if part.key is None else 1,
                locations=len(locations) if part.location is None else 1,
                window_ns=window_ns,
            )
            self.by_name[name] = self._parts.setdefault(part, tally)
        self._needs_locations = any(one.location is not None for one in self._parts)
        self._locations = bytearray()

    def arrive(self, locations: NDArray[np.int64]) -> None:
        """Remember where the next requests arrive: 4 bytes each, if that is asked for.

        A call may come long after its request is answered.
        """
        if self._needs_locations:
            self._locations += locations.astype(_NUMBER).tobytes()

    def add(self, rows: RequestRows, calls: OriginRows) -> None:
        """Count requests and calls that come after all others."""
        location = None
        if self._needs_locations:
            known = np.frombuffer(self._locations, dtype=_NUMBER)
            # A timer has nobody who asked: its number is below those of requests.
            location = np.full(len(calls.request), -1)
            asked = calls.request >= 0
            location[asked] = known[calls.request[asked]]
            del known
        for part, tally in self._parts.items():
            tally.add(part.requests(rows))
            tally.calls.add(part.calls(calls, location))


def has_parts(
    scenario: Scenario, keys: Sequence[str], locations: Sequence[str]
) -> bool:
    """Return whether a scenario is asked for parts; refuse what there is not.

    Raises:
        ValueError: As for `SelectedTallies`.
    """
    return len([*_parts(scenario, keys, locations)]) > 0


def _parts(
    scenario: Scenario, keys: Sequence[str], locations: Sequence[str]
) -> Iterator[tuple[str, _Part]]:
    for name in scenario.selected_metrics:
        key_name, location_name, time = selection_of(name)
        try:
            key = index_of(key_name, "key", keys)
            location = index_of(location_name, "location", locations)
            lasts_ns: tuple[int, int | None] = (0, None)
            if time is not None:
                lasts_ns = time.within_ns(scenario.duration_ns, scenario.starts_at)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        yield name, _Part(key, location, *lasts_ns)
